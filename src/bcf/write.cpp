#include <algorithm>
#include <cmath>
#include <set>

#include "archive/zip.h"
#include "bcf/write_internal.h"

namespace aecos::bcf {
namespace {

using xml::XmlWriter;

Error unusable(const Topic& topic, const std::string& what) {
  return {ErrorCode::invalid_input, "topic " + topic.guid + ": " + what};
}

bool is_sound(const Camera& camera) {
  const auto finite = [](const Vector& vector) {
    return std::all_of(vector.begin(), vector.end(), [](double each) { return std::isfinite(each); });
  };
  return finite(camera.position) && finite(camera.direction) && finite(camera.up) && camera.field_of_view_degrees > 0 &&
         camera.field_of_view_degrees < 180 && std::isfinite(camera.view_height_m) && camera.aspect_ratio > 0 &&
         std::isfinite(camera.aspect_ratio);
}

Result<> check(const Topic& topic, bool is_3) {
  if (!is_guid(topic.guid)) return unusable(topic, "its guid is none");
  if (word(topic.title).empty()) return unusable(topic, "it has no title");
  if (!topic.creation_date || word(topic.creation_author).empty())
    return unusable(topic, "it does not say when it was made, and by whom");
  if (is_3 && (word(topic.type).empty() || word(topic.status).empty()))
    return unusable(topic, "it has no type or no status, which BCF 3.0 must have");
  for (const Comment& comment : topic.comments)
    if (!is_guid(comment.guid) || !comment.date || word(comment.author).empty() ||
        !(comment.viewpoint.empty() || is_guid(comment.viewpoint)))
      return unusable(topic, "a comment has no guid, date or author");
  for (const std::string& guid : topic.related_topics)
    if (!is_guid(guid)) return unusable(topic, "a related topic's guid is none");
  std::set<std::string> guids;
  for (const Viewpoint& viewpoint : topic.viewpoints) {
    if (!is_guid(viewpoint.guid) || !guids.insert(viewpoint.guid).second)
      return unusable(topic, "a viewpoint has no guid, or that of another");
    if (is_3 && !viewpoint.camera) return unusable(topic, "a viewpoint has no camera, which BCF 3.0 must have");
    if (viewpoint.camera && !is_sound(*viewpoint.camera)) return unusable(topic, "a camera is nowhere");
  }
  return {};
}

std::string extensions_xml(const Extensions& extensions) {
  XmlWriter xml;
  xml.begin("Extensions");
  write_list(xml, "TopicTypes", "TopicType", extensions.types);
  write_list(xml, "TopicStatuses", "TopicStatus", extensions.statuses);
  write_list(xml, "Priorities", "Priority", extensions.priorities);
  write_list(xml, "TopicLabels", "TopicLabel", extensions.labels);
  write_list(xml, "Users", "User", extensions.users);
  write_list(xml, "Stages", "Stage", extensions.stages);
  return std::move(xml.end()).take();
}

// 2.1 has them as a narrower form of its own schema.
std::string extensions_xsd(const Extensions& extensions) {
  XmlWriter xml;
  xml.begin("xs:schema", {{"xmlns:xs", "http://www.w3.org/2001/XMLSchema"}});
  xml.begin("xs:redefine", {{"schemaLocation", "markup.xsd"}});
  const auto narrow = [&](std::string_view type, const std::vector<std::string>& words) {
    if (words.empty()) return;
    xml.begin("xs:simpleType", {{"name", type}}).begin("xs:restriction", {{"base", type}});
    for (const std::string& each : words) xml.empty("xs:enumeration", {{"value", word(each)}});
    xml.end().end();
  };
  narrow("TopicType", extensions.types);
  narrow("TopicStatus", extensions.statuses);
  narrow("TopicLabel", extensions.labels);
  narrow("Priority", extensions.priorities);
  narrow("UserIdType", extensions.users);
  narrow("Stage", extensions.stages);
  return std::move(xml.end().end()).take();
}

std::string project_xml(const Archive& archive, bool is_3) {
  XmlWriter xml;
  xml.begin(is_3 ? "ProjectInfo" : "ProjectExtension");
  if (const std::string id = word(archive.project_id); !id.empty())
    xml.begin("Project", {{"ProjectId", id}}).element_if_any("Name", word(archive.project_name)).end();
  if (!is_3) xml.element("ExtensionSchema", "extensions.xsd");
  return std::move(xml.end()).take();
}

}  // namespace

void list_used(Archive& archive) {
  Extensions& all = archive.extensions;
  const auto add = [](std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
  };
  for (const Topic& topic : archive.topics) {
    add(all.types, topic.type);
    add(all.statuses, topic.status);
    add(all.priorities, topic.priority);
    add(all.stages, topic.stage);
    for (const std::string& label : topic.labels) add(all.labels, label);
    for (const std::string& user : {topic.creation_author, topic.modified_author, topic.assigned_to})
      add(all.users, user);
    for (const Comment& comment : topic.comments)
      for (const std::string& user : {comment.author, comment.modified_author}) add(all.users, user);
  }
}

Result<std::string> write(const Archive& archive) {
  const bool is_3 = archive.version == Version::v3_0;
  if (archive.topics.size() > topics_max)
    return Error{ErrorCode::invalid_input, std::to_string(archive.topics.size()) +
                                               " topics are too many for a BCF archive, which holds " +
                                               std::to_string(topics_max) + "; ask for fewer"};
  std::vector<std::pair<std::string, std::string>> texts;
  XmlWriter version;
  version.empty("Version", {{"VersionId", is_3 ? "3.0" : "2.1"}});
  texts.emplace_back("bcf.version", std::move(version).take());
  if (!is_3 || !word(archive.project_id).empty()) texts.emplace_back("project.bcfp", project_xml(archive, is_3));
  texts.emplace_back(is_3 ? "extensions.xml" : "extensions.xsd",
                     is_3 ? extensions_xml(archive.extensions) : extensions_xsd(archive.extensions));
  std::set<std::string> guids;
  for (const Topic& topic : archive.topics) {
    AECOS_TRY(check(topic, is_3));
    if (!guids.insert(topic.guid).second) return unusable(topic, "it is there twice");
    texts.emplace_back(topic.guid + "/markup.bcf", markup_text(topic, is_3));
    for (const Viewpoint& viewpoint : topic.viewpoints)
      texts.emplace_back(topic.guid + "/" + viewpoint.guid + ".bcfv", viewpoint_text(viewpoint, is_3));
  }
  std::vector<archive::File> files;
  for (const auto& [name, text] : texts) files.push_back({name, text});
  return archive::write_zip(files);
}

}  // namespace aecos::bcf
