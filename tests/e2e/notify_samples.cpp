// What notifications look like, for tests in Python and for people.
//
//   notify_samples                                      every sample in every channel, as JSON
//   notify_samples post KIND URL [SECRET]               posts the first sample there; prints what became of it
//   notify_samples mail URL CA_FILE USER PASSWORD TO    mails it; an empty USER: without signing in

#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "event/event.h"
#include "event/story.h"
#include "notify/channel.h"
#include "text/json_writer.h"

namespace {

using namespace aecos;
using event::Draft;
using notify::Kind;

constexpr const char* secret =
    "whs"
    "ec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwUwUw0BHjGAA=";
constexpr const char* hub = "https://hub.example.org";

struct Sample {
  std::string name;
  std::string json;  // The sealed event; of several the last.
  event::Story story;
};

event::ElementChange wall(int number, diff::ChangeKind kind, const std::string& at, diff::Value before,
                          diff::Value after) {
  char id[23];
  std::snprintf(id, sizeof id, "2O2Fr$t4X7Zf8NOew3%04d", number);
  const diff::ElementRef element{id, "IfcWall", "W-" + std::to_string(number)};
  diff::Change change{kind, element, at, std::move(before), std::move(after)};
  change.storey = "Level 1";
  return {element, "models/house.ifc", {change}, "Level 1"};
}

event::ElementChange fire_rating(int number, const char* before, const char* after) {
  return wall(number, diff::ChangeKind::property, "Pset_WallCommon.FireRating", before, after);
}

Draft draft(const std::string& type, const std::string& actor, const std::string& subject, const std::string& summary) {
  Draft made;
  made.id = event::make_id(1'795'597'200'000'000, sha256(summary).substr(0, 10));
  made.project = "house";
  made.type = type;
  made.actor = actor;
  made.subject = subject;
  made.summary = summary;
  made.time_us = 1'795'597'200'000'000;
  return made;
}

Draft on_develop(Draft made, std::vector<event::ElementChange> elements) {
  made.branch = "develop";
  made.commit = std::string(40, 'a');
  made.elements = std::move(elements);
  return made;
}

Draft with_cost(Draft made) {
  made.more.emplace_back("cost", R"({"currency":"EUR","before":"90000.00","after":"91250.00","difference":"+1250.00",)"
                                 R"("missingRates":2,"missingQuantities":0,"changedElements":1})");
  return made;
}

Sample sample(const std::string& name, const Draft& made) {
  const event::Sealed sealed = event::seal(made, 17, std::string(64, '0'));
  const auto entry = event::read(sealed.json);
  if (!entry) throw std::runtime_error(entry.error().message);
  return {name, sealed.json, event::story_of({&*entry, 1}, hub)};
}

std::vector<Sample> samples() {
  std::vector<event::ElementChange> many;
  for (int number = 0; number < 300; ++number) many.push_back(fire_rating(number, R"("REI 60")", R"("REI 120")"));
  const std::string hostile =
      "@everyone <!channel> **bold** _it_ `code` [bank](https://evil.example) <script>x</script> :tada: "
      "\u202egnp.exe\u2066 {{DATE(2026-01-01T00:00:00Z)}} \r\nBcc: all@example.org\r\n 😀";
  std::vector<event::ElementChange> hostile_walls = {fire_rating(1, R"("*a*")", R"("<@U1>")")};
  hostile_walls[0].element.name = hostile_walls[0].changes[0].element.name = hostile;
  return {
      sample("fire_rating",
             on_develop(draft("commit.integrated", "ana", "develop", "W-12: FireRating REI 60 → REI 120"),
                        {fire_rating(12, R"("REI 60")", R"("REI 120")")})),
      sample("many_changes",
             on_develop(draft("commit.integrated", "ben", "develop", "300 walls: FireRating REI 60 → REI 120"),
                        std::move(many))),
      sample("cost", with_cost(on_develop(
                         draft("commit.integrated", "ana", "develop", "W-12: GrossSideArea 10 → 14 m²"),
                         {wall(12, diff::ChangeKind::quantity, "Qto_WallBaseQuantities.GrossSideArea", "10", "14")}))),
      sample("conflict", on_develop(draft("conflict.opened", "ben", "c-5f0c9a1b77e2",
                                          "W-12: FireRating is wanted two ways: REI 90 (ana), REI 120 (ben)"),
                                    {fire_rating(12, R"("REI 90")", R"("REI 120")")})),
      sample("change_request_opened",
             draft("changeRequest.opened", "ana", "7", "ana opened change request 7: Fire ratings of level 1")),
      sample("change_request_approved",
             draft("changeRequest.approved", "cleo", "7", "cleo approved change request 7: Fire ratings of level 1")),
      sample("lock_asked", draft("lock.asked", "ben", "lock-3", "ben asks ana for W-12: only the fire rating, please")),
      sample("lock_broken", draft("lock.broken", "cleo", "lock-3", "cleo broke ana's lock of W-12")),
      sample("hostile", on_develop(draft("commit.integrated", "ana", "develop", hostile), std::move(hostile_walls))),
  };
}

notify::Target target_of(Kind kind) {
  const std::map<Kind, std::string> urls = {
      {Kind::slack, "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"},
      {Kind::teams, "https://prod-01.westeurope.logic.azure.com:443/workflows/0123/triggers/manual/paths/invoke?sig=x"},
      {Kind::discord, "https://discord.com/api/webhooks/1234567890/abcdefghijklmnop"},
      {Kind::webhook, "https://receiver.example.org/hook"}};
  notify::Target target = {.kind = kind, .url = urls.at(kind)};
  if (kind == Kind::webhook) target.secrets = {secret};
  return target;
}

notify::Sending sending_of(const Sample& one) {
  notify::Sending sending;
  sending.id = one.story.id;
  using namespace std::chrono;
  sending.time_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  sending.event_json = one.json;
  sending.hub_name = "hub.example.org";
  sending.unsubscribe_url = "https://hub.example.org/settings/notifications";
  return sending;
}

notify::Target mail_target(std::vector<std::string> to) {
  return {.kind = Kind::mail, .mail_to = std::move(to), .mail_from = "aecos für alle <aecos@example.org>"};
}

void add_message(text::JsonWriter& json, const Sample& one, const std::string& form, const notify::Target& target) {
  const auto call = notify::render(target, one.story, sending_of(one));
  if (!call) throw std::runtime_error(call.error().message);
  json.begin_object().member("story", one.name).member("kind", form).member("method", call->method);
  json.member("url", call->url).key("headers").begin_object();
  for (const auto& [name, value] : call->headers) json.member(name, value);
  json.end_object().member("body", call->body).member("event", one.json).end_object();
}

void add_mail(text::JsonWriter& json, const std::string& name, std::span<const event::Story> stories,
              const notify::Sending& sending) {
  const auto mail = notify::render_mail(mail_target({"ana@example.org"}), stories, sending);
  if (!mail) throw std::runtime_error(mail.error().message);
  json.begin_object().member("story", name).member("from", mail->from).key("to").begin_array();
  for (const std::string& to : mail->to) json.value(to);
  json.end_array().member("message", mail->message).end_object();
}

int print_all() {
  const std::vector<Sample> all = samples();
  text::JsonWriter json(2);
  json.begin_object().member("secret", secret).key("messages").begin_array();
  for (const Sample& one : all) {
    for (const Kind kind : {Kind::slack, Kind::teams, Kind::discord, Kind::webhook})
      add_message(json, one, std::string(notify::to_string(kind)), target_of(kind));
    notify::Target card = target_of(Kind::teams);
    card.teams_form = notify::TeamsForm::card;
    add_message(json, one, "teams card", card);
  }
  json.end_array().key("mails").begin_array();
  std::vector<event::Story> stories;
  for (const Sample& one : all) {
    add_mail(json, one.name, {&one.story, 1}, sending_of(one));
    stories.push_back(one.story);
  }
  add_mail(json, "digest", stories, sending_of(all[0]));
  json.end_array().end_object();
  std::cout << std::move(json).take();
  return 0;
}

int print(const notify::Outcome& outcome) {
  constexpr const char* verdicts[] = {"delivered", "again", "refused", "gone"};
  text::JsonWriter json;
  json.begin_object().member("verdict", verdicts[static_cast<int>(outcome.verdict)]);
  json.member("retry_after_ms", outcome.retry_after_ms).member("pause_ms", outcome.pause_ms);
  json.member("is_rate_limit", outcome.is_rate_limit).member("is_for_service", outcome.is_for_service);
  json.member("why", outcome.why).end_object();
  std::cout << std::move(json).take() << "\n";
  return 0;
}

int post(const std::string& kind, const std::string& url, const std::string& signing_secret) {
  const Sample one = samples()[0];
  notify::Target target = {.kind = *notify::kind_of(kind), .url = url};
  if (!signing_secret.empty()) target.secrets = {signing_secret};
  auto call = notify::render(target, one.story, sending_of(one));
  if (!call) return print(notify::judge_failure(target, call.error()));
  call->guard = http::guard_by({{"127.0.0.1"}});
  call->timeout_ms = 3000;
  const auto response = http::make_client()->send(*call);
  return print(response ? notify::judge(target, *response) : notify::judge_failure(target, response.error()));
}

int mail(const std::vector<std::string>& arguments) {
  const Sample one = samples()[0];
  const notify::Target target = mail_target({arguments.begin() + 4, arguments.end()});
  http::MailServer server = {.url = arguments[0], .user = arguments[2], .password = arguments[3]};
  server.ca_file = arguments[1];
  server.timeout_ms = 5000;
  server.guard = http::guard_by({{"127.0.0.1", "localhost"}});
  const auto made = notify::render_mail(target, {&one.story, 1}, sending_of(one));
  if (!made) return print(notify::judge_failure(target, made.error()));
  const auto answer = http::send_mail(server, *made);
  return print(answer ? notify::judge(*answer) : notify::judge_failure(target, answer.error()));
}

}  // namespace

int main(int count, char** texts) {
  const std::vector<std::string> arguments(texts + 1, texts + count);
  try {
    if (arguments.empty()) return print_all();
    if (arguments[0] == "post" && count >= 4) return post(arguments[1], arguments[2], count > 4 ? arguments[3] : "");
    if (arguments[0] == "mail" && count >= 7) return mail({arguments.begin() + 1, arguments.end()});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  std::cerr << "notify_samples [post KIND URL [SECRET] | mail URL CA_FILE USER PASSWORD TO…]\n";
  return 2;
}
