#include "hub/mesh_worker.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "os/path.h"

namespace aecos::hub {
namespace {

// Speaks as the kernel does. The file it gets is what it is to do: a word, and the number of the element to do it at.
constexpr std::string_view kernel = R"(
const pieces = [];
for await (const piece of process.stdin) pieces.push(piece);
const input = Buffer.concat(pieces).toString();
if (input.length === 0) process.exit(0);
const [head, file] = [input.slice(0, input.indexOf("\n")), input.slice(input.indexOf("\n") + 1)];
const { elements, memoryMB } = JSON.parse(head), [word, at] = file.split(" ");
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
if (word === "unreadable") { process.stderr.write("the file cannot be opened\nsecond line\n"); process.exit(1); }
say({ opened: true });
const numbers = (array) => Buffer.from(array.buffer).toString("base64");
for (const id of elements) {
  if (word === "end" && id === Number(at)) process.exit(3);
  if (word === "hang" && id === Number(at)) await new Promise((done) => setTimeout(done, 600000));
  const vertices = numbers(Float64Array.from([0, 0, 0, id, 0, 0, 0, memoryMB, 0]));
  const bad = { colour: [1, 1, 1, 1], vertices, indices: numbers(Uint32Array.from([0, 1, 7])) };
  const good = { colour: [1, 0, 0, 1], vertices, indices: numbers(Uint32Array.from([0, 1, 2])) };
  say({ id, meshes: word === "bad" ? [bad, good] : [good] });
}
if (word === "stay") await new Promise((done) => setTimeout(done, 600000));
process.exit(0);
)";

class MeshWorkerTest : public testing::Test {
 protected:
  MeshWorkerTest() : files_(os::real_file_system()), processes_(os::real_process_runner()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "aecos-kernel-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    config_.view_tools = folder_;
    config_.view_memory_mb = 7;
    EXPECT_TRUE(files_->write(os::join(folder_, "mesh_worker.mjs"), kernel));
    store_ = *store::open("sqlite::memory:");
    clock_ = os::real_clock();
    random_ = os::real_random();
    worker_ = std::make_unique<MeshWorker>(Parts{config_, *files_, *clock_, *random_, *processes_, *store_, log_});
  }
  ~MeshWorkerTest() override {
    worker_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  MeshWorkerTest(const MeshWorkerTest&) = delete;
  MeshWorkerTest& operator=(const MeshWorkerTest&) = delete;

  void SetUp() override {
    os::Command command;
    command.argv = {config_.view_node, "--version"};
    const auto finished = processes_->run(command);
    if (!finished || !finished->ok()) GTEST_SKIP() << "there is no Node.js";
  }

  MeshWorker::Outcome convert(const std::string& file) {
    taken_.clear();
    return worker_->convert(file, {11, 12, 13}, [&](std::size_t position, const std::vector<speckle::Mesh>& meshes) {
      EXPECT_EQ(position, taken_.size());
      taken_.push_back(meshes);
    });
  }

  Config config_;
  std::string folder_;
  std::unique_ptr<os::FileSystem> files_;
  std::unique_ptr<os::ProcessRunner> processes_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<os::Clock> clock_;
  std::unique_ptr<os::Random> random_;
  SilentLog log_;
  std::unique_ptr<MeshWorker> worker_;
  std::vector<std::vector<speckle::Mesh>> taken_;
};

TEST_F(MeshWorkerTest, GivesTheMeshesInTheOrderAskedForBatchAfterBatch) {
  EXPECT_TRUE(worker_->look());
  for (int round = 0; round < 3; ++round) {
    const MeshWorker::Outcome outcome = convert("work");
    EXPECT_TRUE(outcome.opened);
    EXPECT_EQ(outcome.finished, 3U);
    EXPECT_EQ(outcome.why, "");
    ASSERT_EQ(taken_.size(), 3U);
    ASSERT_EQ(taken_[1].size(), 1U);
    EXPECT_EQ(taken_[1][0].vertices, (std::vector<double>{0, 0, 0, 12, 0, 0, 0, 7, 0}));
    EXPECT_EQ(taken_[1][0].indices, (std::vector<std::uint32_t>{0, 1, 2}));
  }
}

TEST_F(MeshWorkerTest, ABrokenMeshIsLeftOutAndTheOthersAreTaken) {
  EXPECT_EQ(convert("bad").why, "");
  ASSERT_EQ(taken_.size(), 3U);
  EXPECT_EQ(taken_[0].size(), 1U);
}

TEST_F(MeshWorkerTest, SaysWhereTheKernelEndedAndGoesOnWithTheNextBatch) {
  const MeshWorker::Outcome ended = convert("end 12");
  EXPECT_TRUE(ended.opened);
  EXPECT_EQ(ended.finished, 1U);
  EXPECT_EQ(ended.why, "the kernel ended with status 3");
  const MeshWorker::Outcome unread = convert("unreadable");
  EXPECT_FALSE(unread.opened);
  EXPECT_EQ(unread.finished, 0U);
  EXPECT_EQ(unread.why, "the file cannot be opened");
  EXPECT_EQ(convert("work").finished, 3U);
}

TEST_F(MeshWorkerTest, WhatTheKernelDoesNotGetOnWithIsGivenUp) {
  config_.view_patience_s = 1;
  const MeshWorker::Outcome outcome = convert("hang 13");
  EXPECT_EQ(outcome.finished, 2U);
  EXPECT_EQ(outcome.why, "the kernel did not get on with it");
}

TEST_F(MeshWorkerTest, WhoeverWaitsDoesNotWaitForTheProcessToEnd) {
  const MeshWorker::Outcome outcome = convert("stay");  // It would stay for ten minutes.
  EXPECT_EQ(outcome.finished, 3U);
  EXPECT_EQ(outcome.why, "");
  worker_->stop();
}

TEST_F(MeshWorkerTest, WhatIsMissingIsSaid) {
  config_.view_node = "/nowhere/node";
  EXPECT_NE(worker_->look().error().message.find("install the package nodejs"), std::string::npos);
  EXPECT_NE(convert("work").why, "");
  config_.view_tools = "";
  EXPECT_NE(worker_->look().error().message.find("./dev web makes them"), std::string::npos);
}

}  // namespace
}  // namespace aecos::hub
