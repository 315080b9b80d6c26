#include "cli/ifcmerge.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "merge/merge.h"
#include "os/path.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

using merge::Conflict;
using merge::ConflictKind;
using merge::Side;

constexpr std::string_view usage =
    "Usage: ifcmerge [--prioritise-local] base.ifc local.ifc remote.ifc merged.ifc\n"
    "  --prioritise-local    Prioritise local IDs instead of remote IDs in case of conflict\n";

struct Arguments {
  std::array<std::string, 4> files;  // base, local, remote, merged
  bool local_first = false;
};

// The side of priority is merged as ours: it keeps its ids, and its values stand.
struct Inputs {
  os::MappedFile base, local, remote;
};

// The STEP id of the instance with that GlobalId; 0: none.
std::uint64_t find_step_id(std::string_view file, const std::string& global_id) {
  if (global_id.empty()) return 0;
  const std::size_t at = file.find("('" + global_id + "'");
  if (at == std::string_view::npos) return 0;
  const std::size_t hash = file.rfind('#', at);
  if (hash == std::string_view::npos || file.substr(hash, at - hash).find(';') != std::string_view::npos) return 0;
  std::uint64_t id = 0;
  for (std::size_t i = hash + 1; i < at && is_digit(file[i]); ++i)
    id = id * 10 + static_cast<std::uint64_t>(file[i] - '0');
  return id;
}

// A value as STEP writes it, as far as it is a simple one.
std::string as_step(const merge::Value& value) {
  if (!value) return "$";
  const auto document = text::parse_json(*value);
  const auto text = document ? document->root().as_string() : std::nullopt;
  if (!text) return *value;
  std::string step = "'";
  for (const char c : *text) step += c == '\'' ? std::string("''") : std::string(1, c);
  return step + "'";
}

// Of attributes that all rooted instances have, counted from 1; 0: another one.
int attribute_index(std::string_view at) {
  constexpr std::array<std::string_view, 8> names{"",           "GlobalId",  "OwnerHistory",  "Name", "Description",
                                                  "ObjectType", "Placement", "Representation"};
  const auto found = std::find(names.begin() + 1, names.end(), at);
  return found == names.end() ? 0 : static_cast<int>(found - names.begin());
}

bool is_settled(const Conflict& conflict) {
  return conflict.kind == ConflictKind::both_changed && conflict.at == "Placement";
}

class Report {
 public:
  Report(const Arguments& arguments, const Inputs& inputs) : arguments_(arguments), inputs_(inputs) {}

  std::string text(const std::vector<Conflict>& conflicts) {
    json_.begin_object().member("status", "failed").member("message", "Merge failed due to conflicts");
    json_.key("conflicts").begin_array();
    for (const Conflict& conflict : conflicts)
      if (!is_settled(conflict)) write(conflict);
    json_.end_array().key("resolved").begin_array();
    for (const Conflict& conflict : conflicts)
      if (is_settled(conflict)) write(conflict);
    json_.end_array().end_object();
    return std::move(json_).take();
  }

 private:
  void write(const Conflict& conflict) {
    const merge::Value& local = arguments_.local_first ? conflict.ours : conflict.theirs;
    const merge::Value& remote = arguments_.local_first ? conflict.theirs : conflict.ours;
    const std::string& guid = conflict.element.global_id;
    const std::uint64_t in_local = find_step_id(inputs_.local.bytes(), guid);
    const std::uint64_t in_remote = find_step_id(inputs_.remote.bytes(), guid);
    const std::uint64_t first = arguments_.local_first ? in_local : in_remote;
    const std::uint64_t second = arguments_.local_first ? in_remote : in_local;
    const std::uint64_t id = first != 0 ? first : second != 0 ? second : find_step_id(inputs_.base.bytes(), guid);
    json_.begin_object().member("type", type_of(conflict)).member("entity_id", id);
    json_.member("original_local_id", in_local).member("original_remote_id", in_remote);
    json_.member("entity_class", upper(conflict.element.ifc_class));
    if (const int index = attribute_index(conflict.at); index != 0) json_.member("attribute_index", index);
    json_.member("message", message_of(conflict, local, remote));
    json_.member("global_id", guid).member("name", conflict.element.name).member("at", conflict.at);
    json_.member("base_value", as_step(conflict.base)).member("local_value", as_step(local));
    json_.member("remote_value", as_step(remote));
    const merge::Value& selected = conflict.chosen == Side::base   ? conflict.base
                                   : conflict.chosen == Side::ours ? conflict.ours
                                                                   : conflict.theirs;
    json_.member("selected_value", as_step(selected));
    json_.member("local_file", arguments_.files[1]).member("remote_file", arguments_.files[2]).end_object();
  }

  static std::string_view type_of(const Conflict& conflict) {
    switch (conflict.kind) {
      case ConflictKind::deleted_changed:
        return "entity_deleted_and_modified";
      case ConflictKind::deleted_referenced:
        return "required_entity_deleted";
      default:
        return conflict.at == "Class" ? "class_changed" : "attribute_conflict";
    }
  }

  std::string message_of(const Conflict& conflict, const merge::Value& local, const merge::Value& remote) const {
    const bool gone_in_local = !local && remote;
    const std::string deleter = gone_in_local ? "local" : "remote";
    const std::string keeper = gone_in_local ? "remote" : "local";
    switch (conflict.kind) {
      case ConflictKind::deleted_changed:
        return "Entity deleted in " + deleter + " but modified in " + keeper;
      case ConflictKind::deleted_referenced:
        return "Entity required by " + keeper + " was deleted in " + deleter;
      default:
        return "Attribute conflict in both local and remote (prioritising " +
               std::string(arguments_.local_first ? "local" : "remote") + ")";
    }
  }

  const Arguments& arguments_;
  const Inputs& inputs_;
  text::JsonWriter json_{2};
};

Result<int> merge_files(const Arguments& arguments, Context& context) {
  Inputs inputs;
  AECOS_TRY_ASSIGN(inputs.base, open_input(context, arguments.files[0]));
  AECOS_TRY_ASSIGN(inputs.local, open_input(context, arguments.files[1]));
  AECOS_TRY_ASSIGN(inputs.remote, open_input(context, arguments.files[2]));
  const auto& ours = arguments.local_first ? inputs.local : inputs.remote;
  const auto& theirs = arguments.local_first ? inputs.remote : inputs.local;
  merge::Options options;
  options.path = os::name_of(arguments.files[3]);
  AECOS_TRY_ASSIGN(const merge::Outcome outcome,
                   merge::merge_ifc(inputs.base.bytes(), ours.bytes(), theirs.bytes(), options));
  if (!std::all_of(outcome.conflicts.begin(), outcome.conflicts.end(), is_settled)) {
    context.terminal.raw(Report(arguments, inputs).text(outcome.conflicts));
    return exit_findings;
  }
  AECOS_TRY(context.files.write(context.path(arguments.files[3]), outcome.merged));
  context.terminal.say("Success!");
  return exit_ok;
}

}  // namespace

bool is_ifcmerge(std::string_view program) {
  const std::string_view name = os::name_of(program);
  return name == "ifcmerge" || name == "ifcmerge.exe";
}

int run_ifcmerge(const std::vector<std::string>& arguments, Context& context) {
  Arguments parsed;
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") {
      context.terminal.raw(usage);
      return exit_ok;
    }
    if (argument == "--prioritise-local")
      parsed.local_first = true;
    else
      files.push_back(argument);
  }
  if (files.size() != parsed.files.size()) {
    context.terminal.fail({ErrorCode::invalid_input, std::string(usage.substr(0, usage.find('\n')))});
    return exit_unusable;
  }
  std::move(files.begin(), files.end(), parsed.files.begin());
  try {
    const auto status = merge_files(parsed, context);
    if (status) return *status;
    context.terminal.fail(status.error());
    return exit_status(status.error().code);
  } catch (const std::exception& error) {
    context.terminal.fail({ErrorCode::unavailable, std::string("this is a fault of ifcmerge: ") + error.what()});
    return exit_bug;
  }
}

}  // namespace aecos::cli
