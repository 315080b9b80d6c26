#include "hub/to_json.h"

#include "hub/answer.h"

namespace aecos::hub {

void write(text::JsonWriter& json, const store::User& user) {
  json.begin_object().member("login", user.login).member("name", user.name).member("email", user.email);
  json.member("administrator", user.administrator).member("disabled", user.disabled);
  member_time(json, "created", user.created_us);
  json.end_object();
}

void write(text::JsonWriter& json, const store::Token& token) {
  json.begin_object().member("id", token.id).member("kind", token.kind).member("login", token.login);
  json.member("name", token.name).member("project", token.project).key("scopes").begin_array();
  for (const std::string& scope : token.scopes) json.value(scope);
  json.end_array();
  member_time(json, "created", token.created_us);
  member_time(json, "expires", token.expires_us);
  member_time(json, "used", token.used_us);
  member_time(json, "revoked", token.revoked_us);
  json.end_object();
}

void write(text::JsonWriter& json, const store::Project& project) {
  json.begin_object().member("name", project.name).member("title", project.title);
  json.member("createdBy", project.created_by).member("archived", project.archived);
  member_time(json, "created", project.created_us);
  json.member("sequence", project.last_sequence).end_object();
}

void write(text::JsonWriter& json, const store::Lock& lock) {
  json.begin_object().member("id", lock.id).member("kind", lock.kind).member("target", lock.target);
  if (lock.kind == "properties") json.member("propertySet", lock.property_set);
  json.member("holder", lock.holder).member("reason", lock.reason).member("branch", lock.branch);
  json.member("elementName", lock.element_name).member("elementClass", lock.element_class);
  member_time(json, "acquired", lock.acquired_us);
  member_time(json, "expires", lock.expires_us);
  if (!lock.asked_by.empty()) {
    json.key("asked").begin_object().member("by", lock.asked_by).member("message", lock.asked_message);
    member_time(json, "time", lock.asked_us);
    json.end_object();
  }
  json.end_object();
}

void write(text::JsonWriter& json, const store::ChangeRequest& request) {
  json.begin_object().member("number", request.number).member("title", request.title).member("text", request.text);
  json.member("author", request.author).member("source", request.source).member("target", request.target);
  json.member("state", request.state).member("mergedCommit", request.merged_commit);
  json.member("mergedBy", request.merged_by);
  member_time(json, "created", request.created_us);
  member_time(json, "updated", request.updated_us);
  json.end_object();
}

void write(text::JsonWriter& json, const store::Approval& approval) {
  json.begin_object().member("login", approval.login).member("commit", approval.commit);
  json.member("verdict", approval.verdict).member("text", approval.text);
  member_time(json, "time", approval.time_us);
  json.end_object();
}

void write(text::JsonWriter& json, const store::Check& check) {
  json.begin_object().member("commit", check.commit).member("name", check.name).member("state", check.state);
  json.member("summary", check.summary).member("url", check.url).member("reporter", check.reporter);
  member_time(json, "time", check.time_us);
  json.end_object();
}

void write(text::JsonWriter& json, const Present& present) {
  json.begin_object().member("login", present.login).member("client", present.client);
  json.member("branch", present.branch).member("path", present.path).member("element", present.element);
  json.member("state", present.state);
  member_time(json, "since", present.since_us);
  json.end_object();
}

}  // namespace aecos::hub
