#include <algorithm>

#include "bcf/write_internal.h"
#include "xml/document.h"

namespace aecos::bcf {
namespace {

using xml::XmlWriter;

void write_date(XmlWriter& xml, std::string_view name, const std::optional<TimeUs>& date) {
  if (date) xml.element(name, date_text(*date));
}

class TopicWriter {
 public:
  TopicWriter(const Topic& topic, bool is_3) : topic_(topic), is_3_(is_3) {}

  std::string markup() {
    xml_.begin("Markup");
    write_files();
    xml_.begin("Topic", {{"Guid", topic_.guid},
                         {"ServerAssignedId", is_3_ ? word(topic_.server_assigned_id) : std::string()},
                         {"TopicType", word(topic_.type)},
                         {"TopicStatus", word(topic_.status)}});
    write_topic();
    if (!is_3_) xml_.end();
    write_comments();
    write_viewpoints();
    if (is_3_) xml_.end();
    return std::move(xml_.end()).take();
  }

 private:
  void write_files() {
    if (topic_.files.empty()) return;
    xml_.begin("Header");
    if (is_3_) xml_.begin("Files");
    for (const File& file : topic_.files) {
      xml_.begin("File", {{"IfcProject", ifc_guid(file.ifc_project)},
                          {"IfcSpatialStructureElement", ifc_guid(file.ifc_spatial_structure_element)},
                          {is_3_ ? "IsExternal" : "isExternal", yes(file.external)}});
      xml_.element_if_any("Filename", word(file.filename));
      write_date(xml_, "Date", file.date);
      xml_.element_if_any("Reference", word(file.reference)).end();
    }
    if (is_3_) xml_.end();
    xml_.end();
  }

  void write_topic() {
    if (is_3_) write_list(xml_, "ReferenceLinks", "ReferenceLink", topic_.reference_links);
    if (!is_3_)
      for (const std::string& link : topic_.reference_links) xml_.element_if_any("ReferenceLink", word(link));
    xml_.element("Title", topic_.title);
    xml_.element_if_any("Priority", word(topic_.priority));
    if (topic_.index) xml_.element("Index", std::to_string(*topic_.index));
    if (is_3_) write_list(xml_, "Labels", "Label", topic_.labels);
    if (!is_3_)
      for (const std::string& label : topic_.labels) xml_.element_if_any("Labels", word(label));
    write_date(xml_, "CreationDate", topic_.creation_date);
    xml_.element("CreationAuthor", word(topic_.creation_author));
    write_date(xml_, "ModifiedDate", topic_.modified_date);
    xml_.element_if_any("ModifiedAuthor", word(topic_.modified_author));
    write_date(xml_, "DueDate", topic_.due_date);
    xml_.element_if_any("AssignedTo", word(topic_.assigned_to)).element_if_any("Stage", word(topic_.stage));
    if (!word(topic_.description).empty()) xml_.element("Description", topic_.description);
    if (is_3_ && !topic_.related_topics.empty()) xml_.begin("RelatedTopics");
    for (const std::string& guid : topic_.related_topics) xml_.empty("RelatedTopic", {{"Guid", guid}});
    if (is_3_ && !topic_.related_topics.empty()) xml_.end();
  }

  void write_comments() {
    if (topic_.comments.empty()) return;
    if (is_3_) xml_.begin("Comments");
    for (const Comment& comment : topic_.comments) {
      xml_.begin("Comment", {{"Guid", comment.guid}});
      write_date(xml_, "Date", comment.date);
      xml_.element("Author", word(comment.author));
      if (!is_3_ || !word(comment.text).empty()) xml_.element("Comment", comment.text);
      if (!comment.viewpoint.empty()) xml_.empty("Viewpoint", {{"Guid", comment.viewpoint}});
      write_date(xml_, "ModifiedDate", comment.modified_date);
      xml_.element_if_any("ModifiedAuthor", word(comment.modified_author)).end();
    }
    if (is_3_) xml_.end();
  }

  void write_viewpoints() {
    if (topic_.viewpoints.empty()) return;
    if (is_3_) xml_.begin("Viewpoints");
    for (const Viewpoint& viewpoint : topic_.viewpoints) {
      xml_.begin(is_3_ ? "ViewPoint" : "Viewpoints", {{"Guid", viewpoint.guid}});
      xml_.element("Viewpoint", viewpoint.guid + ".bcfv");
      if (viewpoint.index) xml_.element("Index", std::to_string(*viewpoint.index));
      xml_.end();
    }
    if (is_3_) xml_.end();
  }

  const Topic& topic_;
  bool is_3_;
  XmlWriter xml_;
};

}  // namespace

std::string word(std::string_view text) { return std::string(xml::trimmed(xml::clean(text))); }

bool is_ifc_guid(std::string_view text) {
  return text.size() == 22 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
         });
}

std::string ifc_guid(const std::string& text) { return is_ifc_guid(text) ? text : std::string(); }

std::string yes(bool truth) { return truth ? "true" : "false"; }

void write_list(XmlWriter& xml, std::string_view list, std::string_view name, const std::vector<std::string>& words) {
  if (words.empty()) return;
  xml.begin(list);
  for (const std::string& each : words) xml.element_if_any(name, word(each));
  xml.end();
}

std::string markup_text(const Topic& topic, bool is_3) { return TopicWriter(topic, is_3).markup(); }

}  // namespace aecos::bcf
