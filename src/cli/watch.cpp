#include "cli/watch.h"

#include <ostream>
#include <utility>

#include "cli/direct_message.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "http/client.h"
#include "os/termination.h"
#include "sync/watch.h"

namespace aecos::cli {
namespace {

void say_link(Context& context, sync::Link link, const std::string& why) {
  if (link == sync::Link::connected) context.terminal.say("Connected: what others share comes in at once.");
  if (link == sync::Link::lost) {
    context.terminal.warn("the hub cannot be reached (" + why +
                          "); what you save is committed, and goes out when it is back");
  }
}

}  // namespace

Result<int> watch(Context& context, bool as_json) {
  AECOS_TRY_ASSIGN(const sync::Workspace workspace, open_workspace(context));
  const auto termination = os::catch_termination();
  AECOS_TRY_ASSIGN(const auto watcher, os::watch_folder(workspace.root, sync::is_left_out));
  sync::WatchOptions options;
  options.connect = [] { return http::make_client(); };
  options.is_ending = [&] { return termination->wait(0); };
  // Whoever reads along in a pipe sees it at once, too.
  const auto flush = [&] {
    if (context.output != nullptr) context.output->flush();
  };
  std::string told;  // What is in the way is told once, and tried again every few seconds.
  options.synced = [&](const sync::SyncReport& report) {
    told.clear();
    if (as_json) {
      context.terminal.raw(report_json(report, 0) + "\n");
    } else {
      context.terminal.say(context.terminal.paint(Paint::dim, clock_text(context)));
      say_report(context.terminal, report, false);
      if (report.trouble) context.terminal.warn(report.trouble->message);
    }
    tell_directly(context, workspace.root, report);
    flush();
  };
  options.failed = [&](const Error& error) {
    if (std::exchange(told, error.message) != error.message)
      context.terminal.warn(error.message + "; it is tried again");
  };
  options.linked = [&](sync::Link link, const std::string& why) {
    if (!as_json) say_link(context, link, why);
    flush();
  };
  const sync::World world{context.files, context.clock, context.random, context.processes};
  if (!as_json) context.terminal.say("Watching " + printable(workspace.root) + "; Ctrl-C ends it.");
  flush();
  AECOS_TRY(sync::watch(world, workspace.root, *watcher, options));
  return exit_ok;
}

}  // namespace aecos::cli
