#include "element/join.h"

#include <algorithm>

#include "base/hash.h"
#include "element/folder.h"
#include "element/join_internal.h"

namespace aecos::element {
namespace {

std::string path_of(const std::string& slug) {
  return std::string(folders_path) + "/" + slug + "/" + std::string(ifc_file);
}

Error in_file(const std::string& path, const Error& error) { return {error.code, path + ":" + error.message}; }

}  // namespace

// What the file tells itself; not what it only borrows from the frame or refers to.
bool Joiner::is_own(const Part& part, Index i) const {
  if (!part.is_object(i) || part.is_reference(i)) return false;
  const ifc::ClassTraits& traits = part.traits(i);
  const schema::Schema* const schema = part.model.schema;
  return is_element_class(schema, traits) || is_feature_class(schema, traits) || is_port_class(schema, traits);
}

// A relation stands in the file of the element that it is of, or in the frame; a file of another tool may have others.
bool Joiner::is_told(const Part& part, Index i, std::int64_t file) const {
  if (file == of_frame || !part.is_relation(i)) return true;
  const auto refs = part.model.file.refs_of(i);
  return std::any_of(refs.begin(), refs.end(), [&](Index end) { return end != no_instance && is_own(part, end); });
}

Result<> Joiner::settle(const Part& part, std::int64_t file) {
  if (schema_ == nullptr) schema_ = part.model.schema;
  if (part.model.schema != schema_ || schema_ == nullptr)
    return Error{ErrorCode::invalid_input, " its schema is not that of the model; convert one of them first"};
  for (Index i = 0; i < part.model.size(); ++i) {
    const std::uint64_t id = part.model.file.instances[i].id;
    ids_.see(id);
    if (part.is_reference(i)) continue;
    const std::uint64_t who = identity(part, i, ambiguous_);
    if (who == 0 || part.traits(i).layer || !is_told(part, i, file)) continue;
    const auto [known, is_new] = homes_.emplace(who, Home{file, 0, 0});
    if (!is_new) {
      if (known->second.file != of_frame && known->second.file != file && is_own(part, i) &&
          is_element_class(schema_, part.traits(i)))
        return Error{ErrorCode::invalid_input,
                     " " + part.model.global_id(i) + " stands in another folder too; remove one of them"};
      continue;
    }
    known->second.id = ids_.take(id);
    if (is_own(part, i) && is_element_class(schema_, part.traits(i))) ++joined_.elements;
    if (!part.traits(i).product) continue;
    const auto placement = part.model.refs_in(i, at_placement);
    if (placement.size() == 1 && placement[0] != no_instance && part.model.placed[placement[0]] == i)
      places_.emplace(who, ids_.take(part.model.file.instances[placement[0]].id));
  }
  for (const std::uint64_t missing : part.model.file.missing) ids_.see(missing);
  return {};
}

Result<> Joiner::open(std::string_view frame, const JoinSource& source) {
  has_frame_ = !frame.empty();
  if (has_frame_) {
    auto part = read_part(frame, classes_);
    if (!part) return in_file("frame.ifc", part.error());
    frame_ = *std::move(part);
    header_ = header_text(frame_);
    ambiguous_ = find_ambiguous(frame_);
    // All ids of the frame stay; those of elements that it names are theirs.
    AECOS_TRY(settle(frame_, of_frame));
  }
  for (std::size_t k = 0; k < source.count; ++k) {
    const std::string path = path_of(source.slug(k));
    AECOS_TRY_ASSIGN(const std::string text, source.element_ifc(k));
    const auto part = read_part(text, classes_);
    if (!part) return in_file(path, part.error());
    if (auto settled = settle(*part, static_cast<std::int64_t>(k)); !settled) return in_file(path, settled.error());
    if (header_.empty() && schema_header_.empty()) {
      for (const std::string& schema : part->model.file.schemas) schema_header_ += "'" + schema + "'";
    }
  }
  return {};
}

Result<> Joiner::add_all(const JoinSource& source) {
  if (has_frame_) {
    hash_content(frame_, ambiguous_);
    File file{frame_, of_frame, ""};
    add(file);
  }
  for (std::size_t k = 0; k < source.count; ++k) {
    AECOS_TRY_ASSIGN(const std::string text, source.element_ifc(k));
    auto part = read_part(text, classes_);
    if (!part) return in_file(path_of(source.slug(k)), part.error());
    hash_content(*part, ambiguous_);
    File file{*part, static_cast<std::int64_t>(k), source.slug(k)};
    add(file);
  }
  return {};
}

Joined Joiner::take() && {
  for (auto& [key, relation] : gathered_) {
    if (relation.several) std::sort(relation.members.begin(), relation.members.end());
    relation.members.erase(std::unique(relation.members.begin(), relation.members.end()), relation.members.end());
    if (!relation.has_list) {
      lines_.set(relation.id, relation.before + relation.after);
      continue;
    }
    std::string line = relation.before + "(";
    for (std::size_t k = 0; k < relation.members.size(); ++k)
      line += (k == 0 ? "#" : ",#") + std::to_string(relation.members[k]);
    lines_.set(relation.id, line + ")" + relation.after);
  }
  if (!edits_.empty()) lines_.sweep();
  const std::string header = header_.empty() ? "\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','2000-01-01T00:00:00',"
                                               "(''),(''),'aecos','aecos','');\nFILE_SCHEMA((" +
                                                   schema_header_ + "));\n"
                                             : std::string(header_);
  joined_.model = std::move(lines_).take(header);
  return std::move(joined_);
}

Result<Joined> join(std::string_view frame, const JoinSource& source) {
  Joiner joiner;
  AECOS_TRY(joiner.open(frame, source));
  AECOS_TRY(joiner.add_all(source));
  return std::move(joiner).take();
}

}  // namespace aecos::element
