#include "os/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "os/clock.h"
#include "os/environment.h"
#include "os/file_system.h"

namespace aecos::os {
namespace {

Result<Finished> run(const Command& command) { return real_process_runner()->run(command); }
Command shell(const std::string& script) { return Command{.argv = {"sh", "-c", script}}; }

// Whether the process is gone, or dead and waiting for its parent to notice.
bool ends_soon(const std::string& process) {
  auto clock = real_clock();
  auto files = real_file_system();
  for (int tries = 0; tries < 100; ++tries) {
    auto state = files->read("/proc/" + process + "/stat");
    if (!state || state->find(") Z ") != std::string::npos) return true;
    clock->sleep_us(50'000);
  }
  return false;
}

TEST(Process, OutputAndStatusAreKept) {
  auto finished = *run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.error, "err\n");
  EXPECT_FALSE(finished.ok());
  EXPECT_TRUE(run(shell("exit 0"))->ok());
}

TEST(Process, NothingThatIsOpenHereIsOpenThere) {
  const int opened = ::dup(STDERR_FILENO);
  EXPECT_EQ(run({.argv = {"ls", "/proc/self/fd"}})->output, "0\n1\n2\n3\n");  // 3 is the folder itself.
  ::close(opened);
}

TEST(Process, ArgumentsArriveAsTheyAre) {
  Command command{.argv = {"printf", "%s|", "a b", "", "$HOME", "*", "ü\n'\""}};
  EXPECT_EQ(run(command)->output, "a b||$HOME|*|ü\n'\"|");
}

TEST(Process, InputLargerThanAnyPipeGoesThrough) {
  std::string input;
  for (int i = 0; i < 1'000'000; ++i) input += static_cast<char>(i * 31 >> 3);
  Command command{.argv = {"cat"}, .input = input};
  EXPECT_EQ(run(command)->output, input);
  int pieces = 0;
  Command streamed{.argv = {"cat"}};
  streamed.next_input = [&] { return ++pieces <= 100 ? std::string(10'000, 'x') : std::string(); };
  EXPECT_EQ(run(streamed)->output, std::string(1'000'000, 'x'));
}

TEST(Process, AProgramThatDoesNotReadItsInputIsNoFault) {
  Command command{.argv = {"true"}, .input = std::string(1'000'000, 'x')};
  EXPECT_TRUE(run(command)->ok());
  EXPECT_EQ(run(shell("exec <&-; sleep 0.1; exit 4"))->status, 4);
}

TEST(Process, LinesComeAsTheyAreWritten) {
  std::vector<std::string> output, error;
  auto command = shell("printf 'a\\nb\\r\\n\\nc'; printf '10%%\\r20%%\\rdone\\n' >&2");
  command.on_output_line = [&](std::string_view line) { output.emplace_back(line); };
  command.on_error_line = [&](std::string_view line) { error.emplace_back(line); };
  auto finished = *run(command);
  EXPECT_EQ(output, (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(error, (std::vector<std::string>{"10%", "20%", "done"}));
  EXPECT_EQ(finished.output, "a\nb\r\n\nc");
}

TEST(Process, AnExceptionOfACallbackEndsTheProgram) {
  auto clock = real_clock();
  auto start = clock->monotonic_us();
  auto command = shell("echo a; sleep 60");
  command.on_output_line = [](std::string_view) { throw std::runtime_error("stop"); };
  EXPECT_THROW((void)run(command), std::runtime_error);
  EXPECT_LT(clock->monotonic_us() - start, 30'000'000);
}

TEST(Process, AnExceptionOfTheFirstPieceOfInputEndsTheProgram) {
  auto clock = real_clock();
  auto files = real_file_system();
  const std::string note = testing::TempDir() + "aecos-process-" + std::to_string(real_environment()->process_id());
  auto command = shell("echo $$ > '" + note + "'; sleep 60");
  command.next_input = [&]() -> std::string {
    while (!files->read(note) || files->read(note)->empty()) clock->sleep_us(1000);
    throw std::runtime_error("stop");
  };
  EXPECT_THROW((void)run(command), std::runtime_error);
  auto process = *files->read(note);
  process.pop_back();
  EXPECT_TRUE(ends_soon(process));
  EXPECT_TRUE(files->remove(note));
}

TEST(Process, FolderAndEnvironmentAreThoseAskedFor) {
  Command command = shell("pwd; echo \"$A|${HOME-none}|$PATH\"");
  command.directory = "/";
  command.environment = {{"A", "b=c d"}, {"HOME", std::nullopt}};
  auto path = real_environment()->variable("PATH").value_or("");
  EXPECT_EQ(run(command)->output, "/\nb=c d|none|" + path + "\n");
}

TEST(Process, WhatCannotBeStartedIsAnError) {
  EXPECT_EQ(run({.argv = {"no-such-program-here"}}).error().code, ErrorCode::not_found);
  EXPECT_EQ(run({.argv = {"true"}, .directory = "/no/such/folder"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(run({.argv = {"/"}}).error().code, ErrorCode::denied);
  EXPECT_EQ(run({}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(run({.argv = {"echo", std::string("a\0b", 3)}}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(run({.argv = {"true"}, .environment = {{"A=B", "c"}}}).error().code, ErrorCode::invalid_input);
}

TEST(Process, ASignalCountsAsStatus) { EXPECT_EQ(run(shell("kill -9 $$"))->status, 137); }

TEST(Process, ATimeoutEndsTheProgramAndAllItStarted) {
  auto clock = real_clock();
  auto start = clock->monotonic_us();
  auto command = shell("sleep 61 & echo $!; sleep 62; echo never");
  command.timeout_ms = 200;
  auto finished = *run(command);
  EXPECT_TRUE(finished.timed_out);
  EXPECT_FALSE(finished.ok());
  EXPECT_EQ(finished.output.find("never"), std::string::npos);
  EXPECT_LT(clock->monotonic_us() - start, 30'000'000);
  auto child = finished.output.substr(0, finished.output.find('\n'));
  EXPECT_TRUE(ends_soon(child));
}

TEST(Process, ATimeoutAlsoEndsWhoeverIgnoresTheRequest) {
  auto command = shell("trap '' TERM; echo ready; sleep 61; sleep 62");
  command.timeout_ms = 200;
  auto finished = *run(command);
  EXPECT_TRUE(finished.timed_out);
  EXPECT_EQ(finished.status, 137);
}

TEST(Process, WhatIsLeftRunningIsNotWaitedFor) {
  auto clock = real_clock();
  auto start = clock->monotonic_us();
  auto finished = *run(shell("(sleep 5; true) & echo done"));
  EXPECT_TRUE(finished.ok());
  EXPECT_EQ(finished.output, "done\n");
  EXPECT_LT(clock->monotonic_us() - start, 4'000'000);
}

TEST(Process, AProgramThatClosesItsOutputIsWaitedFor) {
  EXPECT_EQ(run(shell("exec >&- 2>&-; sleep 0.2; exit 5"))->status, 5);
}

TEST(Process, NoDescriptorIsLeftOpenAndNoneInherited) {
  auto files = real_file_system();
  if (!exists(*files, "/proc/self/fd")) GTEST_SKIP() << "no /proc here";
  auto before = files->list("/proc/self/fd")->size();
  auto listed = run({.argv = {"ls", "/proc/self/fd"}})->output;
  EXPECT_EQ(files->list("/proc/self/fd")->size(), before);
  EXPECT_LE(std::count(listed.begin(), listed.end(), '\n'), static_cast<std::ptrdiff_t>(before) + 1);
}

TEST(Process, OutputThatIsTakenIsNotKept) {
  std::size_t taken = 0;
  Command command = shell("head -c 20000000 /dev/zero");
  command.on_output = [&](std::string_view bytes) { return taken += bytes.size(), true; };
  const Finished finished = *run(command);
  EXPECT_TRUE(finished.ok());
  EXPECT_EQ(taken, 20'000'000U);
  EXPECT_EQ(finished.output, "");
}

TEST(Process, WhoWantsNoMoreOutputEndsIt) {
  Command command = shell("while true; do echo more; done");
  command.on_output = [](std::string_view) { return false; };
  const Finished finished = *run(command);
  EXPECT_TRUE(finished.cancelled);
  EXPECT_FALSE(finished.timed_out);
  EXPECT_FALSE(finished.ok());
}

TEST(Process, OutputThatIsRefusedAtTheLastMomentIsCancelledToo) {
  Command command = shell("echo all");
  command.on_output = [](std::string_view) { return false; };
  const Finished finished = *run(command);
  EXPECT_TRUE(finished.cancelled);
  EXPECT_FALSE(finished.ok());
}

TEST(Process, WhoIgnoresTheRequestToEndIsKilled) {
  Command command = shell("trap '' TERM; while true; do echo more; done");
  command.on_output = [](std::string_view) { return false; };
  const Finished finished = *run(command);
  EXPECT_TRUE(finished.cancelled);
  EXPECT_EQ(finished.status, 137);
}

TEST(Process, SilenceDoesNotKeepFromBeingCancelled) {
  int asked = 0;
  Command command = shell("sleep 100");
  command.is_cancelled = [&] { return ++asked == 3; };
  EXPECT_TRUE(run(command)->cancelled);
}

TEST(Process, CancellingEndsItAndWhatItStarted) {
  std::string child;
  bool cancel = false;
  Command command = shell("sleep 100 & echo $!; wait");
  command.on_output_line = [&](std::string_view line) { child = line, cancel = true; };
  command.is_cancelled = [&] { return cancel; };
  EXPECT_TRUE(run(command)->cancelled);
  EXPECT_TRUE(ends_soon(child));
}

TEST(Process, ACleanEnvironmentHasThePathAndWhatIsGiven) {
  Command command{.argv = {"env"}, .environment = {{"A", "1"}}, .clean_environment = true};
  auto lines = run(command)->output;
  EXPECT_NE(lines.find("A=1\n"), std::string::npos);
  EXPECT_NE(lines.find("PATH="), std::string::npos);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
}

TEST(Process, AScriptedRunnerAnswersAndNotes) {
  ScriptedProcessRunner runner([](const Command& command) -> Result<Finished> {
    if (command.argv[0] != "git") return Error{ErrorCode::not_found, command.argv[0]};
    return Finished{.output = "git version 2.39\n"};
  });
  EXPECT_EQ(runner.run({.argv = {"git", "version"}})->output, "git version 2.39\n");
  EXPECT_EQ(runner.run({.argv = {"hg"}}).error().code, ErrorCode::not_found);
  EXPECT_EQ(runner.commands().at(0).argv.at(1), "version");
}

}  // namespace
}  // namespace aecos::os
