#include <algorithm>
#include <map>
#include <set>

#include "archive/zip.h"
#include "base/ascii.h"
#include "bcf/read_internal.h"
#include "xml/writer.h"

namespace aecos::bcf {
namespace {

using xml::Node;

Error unusable(const std::string& what) { return {ErrorCode::invalid_input, "the BCF archive " + what}; }

std::string shown(std::string_view name) { return "\"" + xml::clean(name.substr(0, 80)) + "\""; }

bool is_outside(std::string_view name) {
  if (name.starts_with('/') || (name.size() > 1 && name[1] == ':')) return true;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    if (name.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

bool has_control(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

class Reader {
 public:
  Reader(const archive::ZipReader& zip, const ReadLimits& limits) : zip_(zip), limits_(limits) {}

  Result<Archive> run() {
    AECOS_TRY(list_files());
    AECOS_TRY(read_version());
    AECOS_TRY(read_project());
    AECOS_TRY(read_extensions());
    AECOS_TRY(read_topics());
    return std::move(archive_);
  }

 private:
  // By their names as the rest of the archive refers to them: in lower case, with slashes.
  Result<> list_files() {
    for (const archive::Entry& entry : zip_.entries()) {
      std::string name = lower(entry.name);
      std::replace(name.begin(), name.end(), '\\', '/');
      while (name.starts_with("./")) name.erase(0, 2);
      if (is_outside(name) || has_control(name))
        return unusable("has an entry " + shown(entry.name) + ", which leads out of it; it is not read");
      if (entry.symbolic_link) return unusable("has a link, " + shown(entry.name) + "; it is not read");
      if (entry.is_folder() || name.empty()) continue;
      if (!files_.emplace(name, &entry).second)
        return unusable("has two files called " + shown(entry.name) + "; it is not read");
      if (name.ends_with("/markup.bcf") && name.find('/') == name.rfind('/')) markups_.push_back(std::move(name));
    }
    if (markups_.size() > limits_.topics)
      return unusable("has more than " + std::to_string(limits_.topics) + " topics; it is not read");
    return {};
  }

  // Absent: there is no such file.
  Result<std::optional<std::string>> content(const std::string& name) {
    const auto found = files_.find(lower(name));
    if (found == files_.end()) return std::optional<std::string>();
    const std::uint64_t size_max = std::min(limits_.file_bytes, limits_.bytes - bytes_);
    auto bytes = zip_.read(*found->second, size_max);
    if (!bytes) return unusable("cannot be read at " + shown(found->second->name) + ": " + bytes.error().message);
    bytes_ += bytes->size();
    return std::optional<std::string>(*std::move(bytes));
  }

  void leave_out(const std::string& name, const std::string& why) {
    const auto found = files_.find(lower(name));
    archive_.faults.push_back(xml::clean(found == files_.end() ? name : found->second->name) + ":" + why);
  }

  Result<> read_version() {
    AECOS_TRY_ASSIGN(const auto text, content("bcf.version"));
    if (!text) return unusable("has no bcf.version; is it one?");
    auto document = xml::Document::parse(*text, marks_max);
    if (!document) return unusable("cannot be read: bcf.version:" + document.error().message);
    const std::string version = word_of(document->root(), "VersionId");
    if (version.starts_with("3.")) {
      archive_.version = Version::v3_0;
    } else if (version.starts_with("2.0")) {
      archive_.version = Version::v2_0;
    } else if (version.starts_with("2.1") || version == "2") {
      archive_.version = Version::v2_1;
    } else {
      return unusable("is of version " + shown(version) + "; 2.0, 2.1 and 3.0 are read");
    }
    return {};
  }

  Result<> read_project() {
    AECOS_TRY_ASSIGN(const auto text, content("project.bcfp"));
    if (!text) return {};
    auto document = xml::Document::parse(*text, marks_max);
    if (!document) {
      leave_out("project.bcfp", document.error().message);
      return {};
    }
    const Node project = document->root().child("Project");
    archive_.project_id = word_of(project, "ProjectId");
    archive_.project_name = word_of(project.child("Name"));
    schema_ = word_of(document->root().child("ExtensionSchema"));
    return {};
  }

  Result<> read_extensions() {
    const std::string name = archive_.version == Version::v3_0 ? "extensions.xml" : schema_;
    if (name.empty()) return {};
    AECOS_TRY_ASSIGN(const auto text, content(name));
    if (!text) return {};
    auto document = xml::Document::parse(*text, marks_max);
    if (!document) {
      leave_out(name, document.error().message);
    } else if (archive_.version == Version::v3_0) {
      for (Node list = document->root().first(); list; list = list.next())
        if (auto* const words = words_of(list.local_name()))
          for (Node item = list.first(); item; item = item.next()) words->push_back(word_of(item));
    } else {
      for (Node node = document->root().child("redefine").first(); node; node = node.next())
        if (auto* const words = words_of(node.attribute("name")))
          for (Node item = node.child("restriction").first(); item; item = item.next())
            if (item.local_name() == "enumeration") words->push_back(word_of(item, "value"));
    }
    return {};
  }

  // By what 3.0 calls the list, and 2.1 the type.
  std::vector<std::string>* words_of(std::string_view name) {
    Extensions& all = archive_.extensions;
    if (name == "TopicTypes" || name == "TopicType") return &all.types;
    if (name == "TopicStatuses" || name == "TopicStatus") return &all.statuses;
    if (name == "Priorities" || name == "Priority") return &all.priorities;
    if (name == "TopicLabels" || name == "TopicLabel") return &all.labels;
    if (name == "Users" || name == "UserIdType") return &all.users;
    return name == "Stages" || name == "Stage" ? &all.stages : nullptr;
  }

  Result<> read_topics() {
    std::set<std::string> guids;
    for (const std::string& name : markups_) {
      const std::string folder = name.substr(0, name.find('/'));
      AECOS_TRY_ASSIGN(const auto text, content(name));
      auto markup = read_markup(text.value_or(""), folder, limits_);
      if (!markup) {
        leave_out(name, markup.error().message);
      } else if (!guids.insert(markup->topic.guid).second) {
        leave_out(name, " the topic " + markup->topic.guid + " is there twice");
      } else {
        AECOS_TRY(read_viewpoints(folder, *markup));
        archive_.topics.push_back(std::move(markup->topic));
      }
    }
    return {};
  }

  Result<> read_viewpoints(const std::string& folder, Markup& markup) {
    for (std::size_t i = 0; i < markup.viewpoint_files.size(); ++i) {
      if (markup.viewpoint_files[i].empty()) continue;
      std::string name = folder + "/" + markup.viewpoint_files[i];
      std::replace(name.begin(), name.end(), '\\', '/');
      AECOS_TRY_ASSIGN(const auto text, content(name));
      if (!text) {
        leave_out(name, " there is no such viewpoint");
      } else if (auto read = read_viewpoint(*text, limits_, markup.topic.viewpoints[i]); !read) {
        leave_out(name, read.error().message);
      }
    }
    return {};
  }

  const archive::ZipReader& zip_;
  const ReadLimits& limits_;
  std::map<std::string, const archive::Entry*> files_;
  std::vector<std::string> markups_;
  std::string schema_;
  std::uint64_t bytes_ = 0;
  Archive archive_;
};

}  // namespace

Result<Archive> read(std::string_view zip, const ReadLimits& limits) {
  AECOS_TRY_ASSIGN(const archive::ZipReader reader, archive::ZipReader::open(zip, limits.entries));
  return Reader(reader, limits).run();
}

}  // namespace aecos::bcf
