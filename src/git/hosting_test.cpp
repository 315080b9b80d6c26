#include "git/hosting.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "git/pruner_test_internal.h"
#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

// A bare repository on a server, and a clone of it.
class Hosting : public ::testing::Test {
 protected:
  Hosting() {
    EXPECT_TRUE(create_bare(*files_, bare_, "main"));
    desk_.write("a.json", "{}\n");
    first_ = desk_.commit();
  }

  ByteReader reader(std::string bytes) {
    sent_ = std::move(bytes);
    at_ = 0;
    return ByteReader([this](std::span<char> into) -> Result<std::size_t> {
      const std::size_t count = std::min<std::size_t>({into.size(), sent_.size() - at_, 7});
      sent_.copy(into.data(), count, at_);
      at_ += count;
      return count;
    });
  }
  std::string pack(const std::string& revisions, std::vector<std::string> options = {}) {
    std::vector<std::string> arguments{"pack-objects", "--revs", "--stdout", "-q"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return *desk_.program().run(arguments, revisions);
  }
  Quarantine::Place place(const std::string& name = "x") {
    served_.emplace(bare());
    return {*files_, desk_.runner(), *served_, bare_, desk_.folder(), name};
  }
  Repository bare() { return *Repository::open(bare_); }

  std::unique_ptr<os::FileSystem> files_ = os::real_file_system();
  Scratch desk_;
  std::string bare_ = desk_.folder() + "/.git/server.git";
  CommitId first_;
  std::optional<Repository> served_;
  std::string sent_;
  std::size_t at_ = 0;
};

TEST_F(Hosting, WhatGitPushesIsReadToThePack) {
  const std::string zero(40, '0'), id = first_.hex();
  const std::string command = zero + " " + id + " refs/for/main";
  const auto framed = [](const std::string& text) {
    char head[5];
    std::snprintf(head, sizeof head, "%04zx", text.size() + 4);
    return head + text;
  };
  const std::string capabilities =
      std::string(1, '\0') + " report-status side-band-64k push-options atomic agent=git/2";
  ByteReader bytes = reader(framed(command + capabilities) + "0000" + framed("ci.skip") + "0000PACKrest");
  const auto request = read_receive_request(bytes);
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->commands.size(), 1U);
  EXPECT_EQ(request->commands[0].ref, "refs/for/main");
  EXPECT_FALSE(request->commands[0].from);
  EXPECT_EQ(request->commands[0].to, first_);
  EXPECT_TRUE(request->report_status && request->side_band && request->atomic && request->has_pack());
  EXPECT_EQ(request->push_options, std::vector<std::string>{"ci.skip"});
  EXPECT_EQ(request->agent, "git/2");
  EXPECT_EQ(*bytes.exactly(8), "PACKrest");
}

TEST_F(Hosting, FoldersMayGoWhileAPackIsTakenOver) {
  Pruner pruner(bare_ + "/objects");
  for (int round = 0; round < 5; ++round) {
    for (int k = 0; k < 300; ++k)
      desk_.write("elements/" + std::to_string(k), std::to_string(round) + " and " + std::to_string(k));
    const CommitId before = *CommitId::from_hex(desk_.git({"rev-parse", "HEAD"}).substr(0, 40)), now = desk_.commit();
    ByteReader bytes = reader(pack(now.hex() + (round == 0 ? "" : "\n^" + before.hex())));
    const auto taken = Quarantine::unpack(place("x" + std::to_string(round)), bytes, {});
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE((*taken)->take_over());
  }
  pruner.end();
  EXPECT_EQ(*Program(desk_.runner(), bare_).run({"fsck", "--full", "--no-dangling"}), "");
}

TEST_F(Hosting, AskingWhetherOneMayPushIsNoCommand) {
  ByteReader bytes = reader("0000");
  EXPECT_TRUE(read_receive_request(bytes)->commands.empty());
}

TEST_F(Hosting, WhatIsNoPushIsRefused) {
  const std::string id = first_.hex(), zero(40, '0');
  for (const std::string ref : {"refs/heads/../x", "refs/heads/a..b", "heads/main", "refs/heads/x.lock", "refs//x",
                                "refs/heads/-x", "refs/heads/a b", "refs/heads/a\x01"}) {
    const std::string line = zero + " " + id + " " + ref;
    char head[5];
    std::snprintf(head, sizeof head, "%04zx", line.size() + 4);
    ByteReader bytes = reader(head + line + "0000");
    EXPECT_FALSE(read_receive_request(bytes)) << ref;
  }
  for (const std::string text : {"", "00", "zzzz", "0001", "0006ab0000", "00ff"}) {
    ByteReader bytes = reader(text);
    EXPECT_FALSE(read_receive_request(bytes)) << text;
  }
}

TEST_F(Hosting, ObjectsAreSeenInQuarantineAndStayWhenTakenOver) {
  ByteReader bytes = reader(pack("HEAD"));
  {
    auto quarantine = Quarantine::unpack(place(), bytes, {});
    ASSERT_TRUE(quarantine) << quarantine.error().message;
    Repository seeing = bare();
    EXPECT_FALSE(seeing.has_object(first_));
    ASSERT_TRUE((*quarantine)->show_to(seeing));
    EXPECT_TRUE(seeing.read_commit(first_));
    EXPECT_TRUE((*quarantine)->take_over());
  }
  EXPECT_TRUE(bare().read_commit(first_));
  EXPECT_TRUE(desk_.git({"--git-dir=" + bare_, "count-objects"}).starts_with("3 objects"));
  const auto entries = files_->list(bare_ + "/objects");
  ASSERT_TRUE(entries);
  for (const os::DirectoryEntry& entry : *entries) EXPECT_FALSE(entry.name.starts_with("tmp_")) << entry.name;
}

TEST_F(Hosting, LargePacksStayPacks) {
  for (int i = 0; i < 120; ++i) desk_.write("elements/" + std::to_string(i) + ".json", std::to_string(i));
  const CommitId many = desk_.commit();
  ByteReader bytes = reader(pack("HEAD"));
  auto quarantine = Quarantine::unpack(place(), bytes, {});
  ASSERT_TRUE(quarantine) << quarantine.error().message;
  EXPECT_TRUE((*quarantine)->take_over());
  EXPECT_TRUE(bare().read_commit(many));
  EXPECT_GE(files_->list(bare_ + "/objects/pack")->size(), 2U);
}

TEST_F(Hosting, ThinPacksNeedWhatIsThere) {
  std::string long_text;
  for (int i = 0; i < 500; ++i) long_text += "line " + std::to_string(i) + "\n";
  desk_.write("long.md", long_text);
  const CommitId before = desk_.commit();
  desk_.write("long.md", long_text + "more\n");
  const CommitId after = desk_.commit();
  const std::string thin = pack("HEAD\n^" + before.hex() + "\n", {"--thin"});
  ByteReader alone = reader(thin);
  EXPECT_FALSE(Quarantine::unpack(place("a"), alone, {}));
  ByteReader all = reader(pack(before.hex() + "\n"));
  EXPECT_TRUE((*Quarantine::unpack(place("b"), all, {}))->take_over());
  ByteReader again = reader(thin);
  EXPECT_TRUE((*Quarantine::unpack(place("c"), again, {}))->take_over());
  EXPECT_TRUE(bare().read_commit(after));
}

TEST_F(Hosting, WhatIsIncompleteOrBrokenLeavesNothing) {
  desk_.write("b.json", "{\"b\":1}\n");
  desk_.commit();
  const std::string whole = pack("HEAD");
  std::string cut = whole.substr(0, whole.size() / 2), bent = whole;
  bent[whole.size() - 30] = static_cast<char>(bent[whole.size() - 30] ^ 1);
  const std::string without_files = pack("HEAD", {"--filter=blob:none"});
  for (const std::string& bad : {cut, bent, without_files, std::string("PACK"), std::string("no pack at all")}) {
    ByteReader bytes = reader(bad);
    EXPECT_FALSE(Quarantine::unpack(place(), bytes, {}));
  }
  EXPECT_EQ(files_->list(bare_ + "/objects")->size(), 2U);
}

TEST_F(Hosting, PathsThatWouldHarmAreRefused) {
  const std::string blob = *desk_.program().run({"hash-object", "-w", "--stdin"}, "x");
  const std::string evil = *desk_.program().run({"mktree"}, "100644 blob " + blob.substr(0, 40) + "\t.git\n");
  const std::string commit = *desk_.program().run({"commit-tree", evil.substr(0, 40), "-m", "evil"});
  ByteReader bytes = reader(pack(commit));
  const auto refused = Quarantine::unpack(place(), bytes, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
}

TEST_F(Hosting, MoreThanAllowedIsRefused) {
  desk_.write("noise.bin", [] {
    std::string noise;
    std::uint64_t state = 1;
    for (int i = 0; i < 300'000; ++i) noise += static_cast<char>((state = state * 6364136223846793005U + 1) >> 56U);
    return noise;
  }());
  desk_.commit();
  ByteReader bytes = reader(pack("HEAD"));
  Quarantine::Limits limits;
  limits.bytes_max = 100'000;
  EXPECT_FALSE(Quarantine::unpack(place(), bytes, limits));
}

TEST_F(Hosting, LeftOversAreSwept) {
  ASSERT_TRUE(files_->create_directories(bare_ + "/objects/tmp_objdir-incoming-old/pack"));
  EXPECT_TRUE(sweep_leftovers(*files_, bare_));
  EXPECT_EQ(files_->list(bare_ + "/objects")->size(), 2U);
}

// The server is killed while git unpacks, and the next one sweeps: git lives on and has all of the pack.
TEST_F(Hosting, AGitThatOutlivesItsServerMakesNothingAnew) {
  class Looking final : public os::ProcessRunner {
   public:
    Looking(os::ProcessRunner& inner, std::function<void()> look) : inner_(inner), look_(std::move(look)) {}
    Result<os::Finished> run(const os::Command& command) override {
      auto finished = inner_.run(command);
      look_();
      return finished;
    }

   private:
    os::ProcessRunner& inner_;
    std::function<void()> look_;
  };
  for (int i = 0; i < 120; ++i) desk_.write("elements/" + std::to_string(i), std::to_string(i));
  desk_.commit();
  const std::string whole = pack("HEAD");
  std::size_t at = 0;
  bool swept = false;
  ByteReader bytes([&](std::span<char> into) -> Result<std::size_t> {
    if (at > whole.size() / 2 && !std::exchange(swept, true)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));  // For git to be at work.
      EXPECT_EQ(files_->list(bare_ + "/objects")->size(), 3U);
      EXPECT_TRUE(sweep_leftovers(*files_, bare_));
    }
    const std::size_t size = whole.copy(into.data(), std::min<std::size_t>(into.size(), 1000), at);
    at += size;
    return size;
  });
  std::size_t left = 0;
  Looking looking(desk_.runner(), [&] { left = files_->list(bare_ + "/objects")->size(); });
  served_.emplace(bare());
  EXPECT_FALSE(Quarantine::unpack({*files_, looking, *served_, bare_, desk_.folder(), "old"}, bytes, {}));
  EXPECT_TRUE(swept);
  EXPECT_EQ(left, 2U);
}

TEST_F(Hosting, TheServersSettingsAreGits) {
  EXPECT_EQ(desk_.git({"--git-dir=" + bare_, "config", "receive.autogc"}), "false\n");
  EXPECT_EQ(desk_.git({"--git-dir=" + bare_, "symbolic-ref", "HEAD"}), "refs/heads/main\n");
  EXPECT_EQ(desk_.git({"--git-dir=" + bare_, "fsck"}), "");
}

TEST_F(Hosting, TheAdvertisementIsAsGitReadsIt) {
  ByteReader bytes = reader(pack("HEAD"));
  EXPECT_TRUE((*Quarantine::unpack(place(), bytes, {}))->take_over());
  Repository repository = bare();
  EXPECT_TRUE(repository.update_ref("refs/heads/main", std::nullopt, first_, "test"));
  EXPECT_TRUE(repository.update_ref("refs/aecos/audit", std::nullopt, first_, "test"));
  const std::string text =
      *receive_advertisement(repository, [](const std::string& ref) { return ref.starts_with("refs/aecos/"); });
  EXPECT_NE(text.find(first_.hex() + " refs/heads/main" + std::string(1, '\0') + "report-status"), std::string::npos);
  EXPECT_EQ(text.find("refs/aecos"), std::string::npos);
  EXPECT_TRUE(text.ends_with("0000"));
}

TEST(UploadAdvertisement, IsWholeLines) {
  const std::string text = upload_advertisement_v2();
  std::size_t at = 0, lines = 0;
  while (text.substr(at, 4) != "0000") {
    at += std::stoul(text.substr(at, 4), nullptr, 16);
    ASSERT_LE(at + 4, text.size());
    EXPECT_EQ(text[at - 1], '\n');
    ++lines;
  }
  EXPECT_EQ(lines, 6U);
  EXPECT_EQ(at + 4, text.size());
}

TEST(ReceiveReport, IsWhatTheProtocolWants) {
  ReceiveRequest request;
  request.report_status = true;
  EXPECT_EQ(receive_report(request, "", {{"refs/heads/a", ""}, {"refs/heads/b", "no\nway"}}),
            "000eunpack ok\n0014ok refs/heads/a\n001bng refs/heads/b no way\n0000");
  request.side_band = true;
  EXPECT_EQ(receive_report(request, "", {}),
            "0017\x01"
            "000eunpack ok\n00000000");
  EXPECT_EQ(receive_progress(request, "hello"), "000b\x02hello\n");
  EXPECT_EQ(receive_keep_alive(request), "0005\x01");
}

}  // namespace
}  // namespace aecos::git
