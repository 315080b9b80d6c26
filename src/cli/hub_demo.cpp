// aecos hub demo: a hub with a sample house and two colleagues at work in it, to join and to look at.

#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <ostream>
#include <thread>

#include "cli/command.h"
#include "cli/demo_team.h"
#include "cli/view_tools.h"
#include "cost/rates.h"
#include "hub/serve.h"
#include "os/path.h"
#include "os/termination.h"
#include "sample/house.h"
#include "sample/rates.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t pause_us = 4'000'000;  // Between two edits of a colleague.
constexpr const char* project = "house";
constexpr const char* title = "House on the hill";

struct Colleague {
  const char* login;
  const char* name;
  const char* role;
};
constexpr std::array<Colleague, 2> colleagues{{{"ana", "Ana", "architect"}, {"ben", "Ben", "structural engineer"}}};

struct Arguments {
  std::string data, listen = "127.0.0.1:8420";
  std::int64_t edits = 0;  // Of each colleague; 0: until the end.
};

class HubDemo {
 public:
  HubDemo(Context& context, hub::Service& service, std::string root)
      : context_(context), service_(service), root_(std::move(root)), program_(context.environment.program()) {}

  Result<> set_up() {
    hub::Hub& hub = service_.hub();
    for (const Colleague& colleague : colleagues) AECOS_TRY(make_known(colleague.login, colleague.name));
    AECOS_TRY(make_known("you", "You"));
    auto made = hub.projects.create(project, title, "ana");
    if (!made && made.error().code != ErrorCode::changed_meanwhile) return std::move(made).error();
    const Result<> granted = hub.parts.store.write([&](store::Tables& tables) -> Result<> {
      AECOS_TRY(tables.set_grant({project, "ben", "write"}));
      return tables.set_grant({project, "you", "write"});
    });
    AECOS_TRY(granted);
    for (const Colleague& colleague : colleagues) AECOS_TRY(sit_down(colleague));
    return {};
  }

  Result<std::string> address(const std::string& login) {
    hub::TokenWish wish;
    wish.login = login;
    wish.name = "demonstration";
    wish.scopes = {"write"};
    AECOS_TRY_ASSIGN(const hub::NewToken made, service_.hub().accounts.issue(wish));
    const std::string url = service_.url();
    const std::size_t host = url.find("://") + 3;
    return url.substr(0, host) + login + ":" + made.secret + "@" + url.substr(host) + "/" + project + ".git";
  }

  void start(std::int64_t edits) {
    for (std::size_t k = 0; k < colleagues.size(); ++k) {
      threads_.emplace_back([this, k, edits] { work(k, edits); });
    }
  }
  void stop() {
    is_over_ = true;
    threads_.clear();
  }
  [[nodiscard]] bool is_done() const { return done_ == colleagues.size(); }

 private:
  Result<> make_known(const std::string& login, const std::string& name) {
    store::User user;
    user.login = login;
    user.name = name;
    user.email = login + "@example.org";
    auto added = service_.hub().accounts.add_user(user, "");
    if (added || added.error().code == ErrorCode::changed_meanwhile) return {};
    return std::move(added).error();
  }

  std::string desk(const Colleague& colleague) const { return os::join(root_, colleague.login); }
  std::string home(const Colleague& colleague) const {
    return os::join(root_, std::string("homes/") + colleague.login);
  }

  Result<> aecos(const Colleague& colleague, std::vector<std::string> arguments) {
    os::Command command;
    command.argv = {program_, "-C", desk(colleague)};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = demo_environment(home(colleague));
    AECOS_TRY_ASSIGN(const os::Finished finished, context_.processes.run(command));
    if (finished.status == exit_ok || finished.status == exit_findings) return {};
    return Error{ErrorCode::unavailable, std::string(colleague.name) + ": aecos " + arguments.front() + ": " +
                                             finished.error.substr(0, finished.error.find('\n'))};
  }

  // A work tree of their own; the first one brings the house.
  Result<> sit_down(const Colleague& colleague) {
    AECOS_TRY(os::remove_all(context_.files, desk(colleague)));
    AECOS_TRY(context_.files.create_directories(desk(colleague)));
    AECOS_TRY(context_.files.create_directories(home(colleague)));
    AECOS_TRY(context_.files.write(
        os::join(home(colleague), ".gitconfig"),
        std::string("[user]\n\tname = ") + colleague.name + "\n\temail = " + colleague.login + "@example.org\n"));
    AECOS_TRY_ASSIGN(const std::string url, address(colleague.login));
    AECOS_TRY(aecos(colleague, {"init", "--remote", url, "--name", title, "--member", colleague.login}));
    const std::string model = os::join(desk(colleague), demo_model);
    if (!os::exists(context_.files, model)) {
      AECOS_TRY(context_.files.create_directories(std::string(os::parent_of(model))));
      AECOS_TRY(context_.files.write(model, sample::house()));
      AECOS_TRY(context_.files.write(os::join(desk(colleague), cost::rates_path), sample::rates()));
    }
    return aecos(colleague, {"sync"});
  }

  // Along its wall, and back again.
  static Result<> move_about(sample::Editor& editor, const std::string& window) {
    constexpr double step_mm = 150, same_mm = 1;
    AECOS_TRY_ASSIGN(const sample::Editor first, sample::Editor::open(sample::house(), ""));
    const auto here = editor.location(window), home = first.location(window);
    if (!here || !home) return Error{ErrorCode::not_found, "there is no window " + window};
    const double away_mm = here->at(0) - home->at(0);
    return editor.move(window, std::abs(away_mm) > same_mm ? -away_mm : step_mm, 0, 0);
  }

  // The architect moves windows about, the engineer rates walls; now and then both want the same wall.
  Result<std::string> edit(std::size_t who, int round, sample::Editor& editor) {
    constexpr std::array<const char*, 4> ratings{"REI 30", "REI 60", "REI 90", "REI 120"};
    const std::string wall = "W-0" + std::to_string(1 + round % 4), window = "F-0" + std::to_string(1 + round % 6);
    if (who == 0 && round % 3 != 2) {
      AECOS_TRY(move_about(editor, sample::house_id(window)));
      return window + " moved";
    }
    const std::string rating = ratings[static_cast<std::size_t>(round + static_cast<int>(who)) % ratings.size()];
    AECOS_TRY(
        editor.set_property(sample::house_id(wall), "Pset_WallCommon", "FireRating", "IFCLABEL('" + rating + "')"));
    return wall + " FireRating " + rating;
  }

  Result<> step(std::size_t who, int round) {
    const Colleague& colleague = colleagues[who];
    AECOS_TRY(aecos(colleague, {"sync"}));
    const std::string model = os::join(desk(colleague), demo_model);
    AECOS_TRY_ASSIGN(const std::string text, context_.files.read(model));
    AECOS_TRY_ASSIGN(sample::Editor editor,
                     sample::Editor::open(text, std::string(colleague.login) + std::to_string(round)));
    AECOS_TRY_ASSIGN(const std::string what, edit(who, round, editor));
    AECOS_TRY(context_.files.write(model, editor.text()));
    AECOS_TRY(aecos(colleague, {"sync"}));
    say(context_.terminal.paint(Paint::bold, colleague.name) + " (" + colleague.role + "): " + what);
    return {};
  }

  void work(std::size_t who, std::int64_t edits) {
    for (int round = 0; !is_over_ && (edits == 0 || round < edits); ++round) {
      if (const auto done = step(who, round); !done && !is_over_) say(done.error().message);
      const std::int64_t until = context_.clock.monotonic_us() + (edits == 0 ? pause_us : 0);
      while (!is_over_ && context_.clock.monotonic_us() < until) context_.clock.sleep_us(50'000);
    }
    ++done_;
  }

  void say(const std::string& text) {
    const std::lock_guard lock(mutex_);
    context_.terminal.say("  " + text);
    if (context_.output != nullptr) context_.output->flush();
  }

  Context& context_;
  hub::Service& service_;
  std::string root_, program_;
  std::mutex mutex_;
  std::atomic<bool> is_over_ = false;
  std::atomic<std::size_t> done_ = 0;
  std::vector<std::jthread> threads_;
};

std::string secret_in(const std::string& address) {
  const std::size_t begin = address.find("you:") + 4;
  return address.substr(begin, address.find('@') - begin);
}

void say_how_to_join(Context& context, const hub::Service& service, const std::string& address, bool has_view) {
  Terminal& terminal = context.terminal;
  const std::string aecos = context.environment.program(), api = service.url() + "/api/v1";
  const std::string secret = secret_in(address);
  terminal.say(terminal.paint(Paint::bold, "A hub is running at " + service.url()) + ", with the project " + title +
               " and two colleagues at work in it.");
  terminal.say("Join them from another terminal:");
  terminal.say("  git clone -c user.name=You -c user.email=you@example.org " + address + " my-house && cd my-house");
  terminal.say("  " + aecos + " init --member you && " + aecos + " sync --watch");
  terminal.say("Look at the building:  " + service.url() + "/projects/" + project + "/view      (" +
               (has_view ? "sign in as \"you\", the password is " + secret : "once ./dev web has made what it needs") +
               ")");
  terminal.say("Look at the team:      " + aecos + " sync status --watch      (in my-house)");
  terminal.say("What it costs:         " + aecos + " cost      (in my-house)");
  terminal.say("The API:               curl -H 'Authorization: Bearer " + secret + "' " + api +
               "/projects/house/events");
  terminal.say("What happens, live:    curl -N -H 'Authorization: Bearer " + secret + "' " + api +
               "/projects/house/stream");
  terminal.say("Ctrl-C ends it. Their edits:");
  if (context.output != nullptr) context.output->flush();
}

Result<int> run(Context& context, const Arguments& arguments) {
  const std::string root = context.path(arguments.data.empty() ? "aecos-hub-demo" : arguments.data);
  hub::Config config;
  config.data = os::join(root, "hub");
  config.log_level = "error";
  config.view_tools = view_tools_beside(context);
  AECOS_TRY(hub::read_listen(arguments.listen, config));
  const auto termination = os::catch_termination();
  const hub::World world{context.files, context.clock, context.random, context.processes};
  AECOS_TRY_ASSIGN(const auto opened, hub::Opened::open(world, config));
  AECOS_TRY_ASSIGN(const auto service, hub::Service::start(*opened));
  HubDemo demo(context, *service, os::join(root, "desks"));
  context.terminal.progress("making the project and its two work trees");
  AECOS_TRY(demo.set_up());
  AECOS_TRY_ASSIGN(const std::string address, demo.address("you"));
  AECOS_TRY(service->hub().accounts.set_password("you", secret_in(address)));
  say_how_to_join(context, *service, address, !config.view_tools.empty());
  demo.start(arguments.edits);
  constexpr std::int64_t look_us = 100'000;
  while (!termination->wait(look_us) && !demo.is_done()) {
  }
  demo.stop();
  AECOS_TRY_ASSIGN(const std::vector<event::Fault> faults, service->hub().audit.verify(project));
  context.terminal.say(faults.empty() ? "The audit trail is whole." : faults.front().what);
  service->stop(1'000);
  return faults.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_hub_demo(Command& hub, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  Command* command = hub.add_subcommand("demo", "A hub with a sample house and two colleagues at work, to join");
  command->add_option("--data", arguments->data, "Folder for all of it (default: aecos-hub-demo)");
  command->add_option("--listen", arguments->listen, "ADDRESS:PORT (default: 127.0.0.1:8420)");
  command->add_option("--edits", arguments->edits, "End after so many edits of each; 0: never");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
