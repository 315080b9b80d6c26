#include <charconv>

#include "bcf/read_internal.h"
#include "xml/writer.h"

namespace aecos::bcf {
namespace {

using xml::Node;

// Lists stand side by side in 2.0 and 2.1, and in an element of their own in 3.0: calls `each` for every item of both.
template <class Each>
Result<> for_each(Node parent, std::string_view name, std::string_view list, const Each& each) {
  for (Node node = parent.first(); node; node = node.next()) {
    const bool is_list = node.local_name() == list && node.first() && node.first().local_name() == name;
    if (!is_list) {
      if (node.local_name() == name) AECOS_TRY(each(node));
      continue;
    }
    for (Node item = node.first(); item; item = item.next())
      if (item.local_name() == name) AECOS_TRY(each(item));
  }
  return {};
}

class MarkupReader {
 public:
  MarkupReader(std::string_view xml, const ReadLimits& limits) : xml_(xml), limits_(limits) {}

  Result<Markup> run(std::string_view folder) {
    AECOS_TRY_ASSIGN(const xml::Document document, xml::Document::parse(xml_, marks_max));
    const Node root = document.root();
    if (root.local_name() != "Markup")
      return fault(root, "the root is <" + std::string(root.name()) + ">, not <Markup>");
    const Node node = root.child("Topic");
    if (!node) return fault(root, "there is no <Topic>");
    AECOS_TRY(read_files(root.child("Header")));
    AECOS_TRY(read_topic(node, folder));
    for (const Node parent : {node, root}) {  // 3.0 has them in the topic, older versions beside it.
      AECOS_TRY(for_each(parent, "Comment", "Comments", [&](Node comment) { return read_comment(comment); }));
      AECOS_TRY(read_viewpoints(parent));
    }
    return std::move(markup_);
  }

 private:
  Error fault(Node node, const std::string& what) const {
    return {ErrorCode::invalid_input, xml::position(xml_, node.offset()) + ": " + what};
  }

  Result<> count(Node node) {
    if (++parts_ <= limits_.parts) return {};
    return fault(node, "the topic has more than " + std::to_string(limits_.parts) + " parts");
  }

  Result<> read_date(Node parent, std::string_view name, std::optional<TimeUs>& date) const {
    const Node node = parent.child(name);
    const std::string word = word_of(node);
    if (word.empty()) return {};
    date = parse_date(word);
    return date ? Result<>()
                : fault(node, "<" + std::string(name) + "> is \"" + word.substr(0, 40) +
                                  "\", no date like 2026-03-31T12:00:00Z");
  }

  static std::optional<int> number(Node node) {
    const std::string word = word_of(node);
    int value = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool whole = !word.empty() && parsed.ec == std::errc() && parsed.ptr == word.data() + word.size();
    return whole ? std::optional<int>(value) : std::nullopt;
  }

  Result<> read_topic(Node node, std::string_view folder) {
    Topic& topic = markup_.topic;
    const std::string guid = word_of(node, "Guid");
    topic.guid = normal_guid(guid.empty() ? folder : std::string_view(guid));
    if (topic.guid.empty()) return fault(node, "the topic's Guid is \"" + guid.substr(0, 60) + "\", which is none");
    topic.server_assigned_id = word_of(node, "ServerAssignedId");
    topic.type = word_of(node, "TopicType");
    topic.status = word_of(node, "TopicStatus");
    topic.title = text_of(node.child("Title"));
    topic.priority = word_of(node.child("Priority"));
    topic.index = number(node.child("Index"));
    AECOS_TRY(read_date(node, "CreationDate", topic.creation_date));
    AECOS_TRY(read_date(node, "ModifiedDate", topic.modified_date));
    AECOS_TRY(read_date(node, "DueDate", topic.due_date));
    topic.creation_author = word_of(node.child("CreationAuthor"));
    topic.modified_author = word_of(node.child("ModifiedAuthor"));
    topic.assigned_to = word_of(node.child("AssignedTo"));
    topic.stage = word_of(node.child("Stage"));
    topic.description = text_of(node.child("Description"));
    return read_lists(node);
  }

  Result<> read_lists(Node node) {
    const auto add_word = [&](std::vector<std::string>& list) {
      return [this, &list](Node item) -> Result<> {
        AECOS_TRY(count(item));
        if (std::string word = word_of(item); !word.empty()) list.push_back(std::move(word));
        return {};
      };
    };
    Topic& topic = markup_.topic;
    AECOS_TRY(for_each(node, "ReferenceLink", "ReferenceLinks", add_word(topic.reference_links)));
    AECOS_TRY(for_each(node, "Label", "Labels", add_word(topic.labels)));
    for (Node item = node.first(); item; item = item.next())
      if (item.local_name() == "Labels" && !item.first()) AECOS_TRY(add_word(topic.labels)(item));
    const auto add_related = [&](Node item) -> Result<> {
      AECOS_TRY(count(item));
      if (std::string guid = normal_guid(word_of(item, "Guid")); !guid.empty())
        topic.related_topics.push_back(std::move(guid));
      return {};
    };
    AECOS_TRY(for_each(node, "RelatedTopic", "RelatedTopics", add_related));
    for (Node item = node.first(); item; item = item.next())
      if (item.local_name() == "RelatedTopics" && item.has("Guid")) AECOS_TRY(add_related(item));
    return {};
  }

  Result<> read_files(Node header) {
    return for_each(header, "File", "Files", [&](Node node) -> Result<> {
      AECOS_TRY(count(node));
      File file;
      file.ifc_project = word_of(node, "IfcProject");
      file.ifc_spatial_structure_element = word_of(node, "IfcSpatialStructureElement");
      const std::string external = word_of(node, node.has("IsExternal") ? "IsExternal" : "isExternal");
      file.external = external != "false" && external != "0";
      file.filename = word_of(node.child("Filename"));
      file.reference = word_of(node.child("Reference"));
      AECOS_TRY(read_date(node, "Date", file.date));
      markup_.topic.files.push_back(std::move(file));
      return {};
    });
  }

  Result<> read_comment(Node node) {
    AECOS_TRY(count(node));
    Comment comment;
    comment.guid = normal_guid(word_of(node, "Guid"));
    comment.author = word_of(node.child("Author"));
    comment.text = text_of(node.child("Comment"));
    comment.viewpoint = normal_guid(word_of(node.child("Viewpoint"), "Guid"));
    comment.modified_author = word_of(node.child("ModifiedAuthor"));
    AECOS_TRY(read_date(node, "Date", comment.date));
    AECOS_TRY(read_date(node, "ModifiedDate", comment.modified_date));
    markup_.topic.comments.push_back(std::move(comment));
    return {};
  }

  Result<> read_viewpoints(Node parent) {
    const auto add = [&](Node node) -> Result<> {
      AECOS_TRY(count(node));
      Viewpoint viewpoint;
      viewpoint.guid = normal_guid(word_of(node, "Guid"));
      viewpoint.snapshot = word_of(node.child("Snapshot"));
      viewpoint.index = number(node.child("Index"));
      markup_.topic.viewpoints.push_back(std::move(viewpoint));
      markup_.viewpoint_files.push_back(word_of(node.child("Viewpoint")));
      return {};
    };
    for (Node node = parent.first(); node; node = node.next()) {
      if (node.local_name() != "Viewpoints") continue;
      if (node.has("Guid")) {
        AECOS_TRY(add(node));
        continue;
      }
      for (Node item = node.first(); item; item = item.next())
        if (item.local_name() == "ViewPoint") AECOS_TRY(add(item));
    }
    return {};
  }

  std::string_view xml_;
  const ReadLimits& limits_;
  Markup markup_;
  std::uint64_t parts_ = 0;
};

}  // namespace

std::string text_of(Node node) { return xml::clean(node.text()); }
std::string word_of(Node node) { return std::string(xml::trimmed(text_of(node))); }
std::string word_of(Node node, const char* attribute) {
  return std::string(xml::trimmed(xml::clean(node.attribute(attribute))));
}

Result<Markup> read_markup(std::string_view xml, std::string_view folder, const ReadLimits& limits) {
  return MarkupReader(xml, limits).run(folder);
}

}  // namespace aecos::bcf
