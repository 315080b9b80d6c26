#include "hub/forge_order.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

using forge::Delivery;
using What = Delivery::What;

constexpr std::size_t befores_max = 20;

// What is known of one branch, pull request or review.
struct Known {
  std::int64_t time_us = 0;
  std::string state;                // Of a pull request.
  std::string after;                // Of a branch.
  std::deque<std::string> befores;  // Where it was, the last one last.
};

std::string name_of(const std::string& project, const Delivery& delivery) {
  const std::string prefix = "forge " + project + " ";
  if (delivery.what == What::push) return prefix + "branch " + delivery.branch;
  const std::string pull = prefix + "pull " + std::to_string(delivery.number);
  return delivery.what == What::review ? pull + " review " + delivery.member : pull;
}

std::optional<Known> read(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  const auto document = text::parse_json(*json);
  if (!document) return std::nullopt;
  const text::JsonNode root = document->root();
  Known known;
  known.time_us = root["time"].as_int().value_or(0);
  known.state = root["state"].as_string().value_or(std::string_view());
  known.after = root["after"].as_string().value_or(std::string_view());
  for (const text::JsonNode each : root["befores"])
    known.befores.emplace_back(each.as_string().value_or(std::string_view()));
  return known;
}

std::string to_json(const Known& known) {
  text::JsonWriter json;
  json.begin_object().member("time", known.time_us).member("state", known.state).member("after", known.after);
  json.key("befores").begin_array();
  for (const std::string& each : known.befores) json.value(each);
  json.end_array().end_object();
  return std::move(json).take();
}

// Pushes hang together: one begins where the one before it ended. Where one is missing, the forge's clock tells, or the
// history.
bool is_older_push(const Delivery& push, const Known& known, const IsInside& is_inside) {
  if (push.before == known.after) return false;
  if (push.time_us != 0 && known.time_us != 0 && push.time_us != known.time_us) return push.time_us < known.time_us;
  const bool led_here = std::find(known.befores.begin(), known.befores.end(), push.after) != known.befores.end();
  return led_here || is_inside(push.after, known.after);
}

// Within the same second, what is closed was closed last.
bool is_older_state(const Delivery& pull, const Known& known) {
  if (pull.time_us == 0 || known.time_us == 0) return false;
  const bool was_closed = !known.state.empty() && known.state != "open";
  return pull.time_us < known.time_us || (pull.time_us == known.time_us && was_closed && pull.state == "open");
}

}  // namespace

Result<std::string> note_order(store::Tables& tables, const std::string& project, const Delivery& delivery,
                               const IsInside& is_inside) {
  if (delivery.what == What::team || delivery.what == What::other) return std::string();
  const std::string name = name_of(project, delivery);
  AECOS_TRY_ASSIGN(const auto kept, tables.setting(name));
  const std::optional<Known> known = read(kept);
  const bool is_push = delivery.what == What::push;
  const bool is_older =
      known && (is_push ? is_older_push(delivery, *known, is_inside) : is_older_state(delivery, *known));
  if (is_older) return std::string("something newer is known already");
  Known now;
  now.time_us = delivery.time_us;
  if (is_push) {
    now.after = delivery.after;
    if (known) now.befores = known->befores;
    now.befores.push_back(delivery.before);
    if (now.befores.size() > befores_max) now.befores.pop_front();
  } else if (delivery.what == What::pull_request) {
    now.state = delivery.state;
  }
  AECOS_TRY(tables.set_setting(name, to_json(now)));
  return std::string();
}

}  // namespace aecos::hub
