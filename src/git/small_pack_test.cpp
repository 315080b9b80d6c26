#include "git/small_pack.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <random>
#include <set>

#include "git/pruner_test_internal.h"
#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

class SmallPack : public testing::Test {
 protected:
  std::string pack(const std::string& revisions, std::vector<std::string> options = {}) {
    std::vector<std::string> arguments{"pack-objects", "--revs", "--stdout", "-q"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return *desk_.program().run(arguments, revisions);
  }
  // A pack of just these objects.
  std::string pack_of(const std::string& ids) { return *desk_.program().run({"pack-objects", "--stdout", "-q"}, ids); }
  std::string stored(const std::string& type, const std::string& bytes) {
    return desk_.program().run({"hash-object", "-w", "-t", type, "--literally", "--stdin"}, bytes)->substr(0, 40);
  }
  static std::string raw(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
      bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
  }
  static std::string entry(const std::string& mode, const std::string& name, const std::string& id) {
    return mode + " " + name + std::string(1, '\0') + raw(id);
  }
  static std::string summed(std::string pack) {
    unsigned char sum[EVP_MAX_MD_SIZE];
    pack.resize(pack.size() - 20);
    EXPECT_EQ(EVP_Digest(pack.data(), pack.size(), sum, nullptr, EVP_sha1(), nullptr), 1);
    return pack + std::string(reinterpret_cast<const char*>(sum), 20);
  }
  std::optional<std::vector<UnpackedObject>> unpacked(const std::string& pack) {
    if (!opened_) opened_.emplace(server_.open());
    return unpack_small_pack(*opened_, pack);
  }
  // Puts what was unpacked into the server's repository, after git was asked what is in the pack.
  void expect_as_git(const std::string& pack) {
    const auto objects = unpacked(pack);
    ASSERT_TRUE(objects);
    Scratch other;
    other.git({"fetch", "-q", server_.folder(), "+refs/*:refs/*"});
    ASSERT_TRUE(other.program().run({"unpack-objects", "-q", "--strict"}, pack));
    ASSERT_TRUE(store_objects(*files_, server_.folder() + "/.git/objects", *objects));
    std::set<std::string> ids;
    for (const UnpackedObject& object : *objects) {
      ids.insert(object.id);
      EXPECT_EQ(server_.git({"cat-file", "-t", object.id}), other.git({"cat-file", "-t", object.id}));
    }
    EXPECT_EQ(ids.size(), objects->size());
    EXPECT_EQ(server_.git({"fsck", "--full", "--strict", "--no-dangling"}), "");
  }
  void offer(const std::string& have, const std::string& want) {
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, {"--thin"}, {"--thin", "--delta-base-offset"}, {"--delta-base-offset"}}) {
      expect_as_git(pack(want + "\n" + (have.empty() ? "" : "^" + have + "\n"), options));
    }
    server_.git({"update-ref", "refs/heads/here", want});
  }
  std::string head() { return desk_.git({"rev-parse", "HEAD"}).substr(0, 40); }

  std::unique_ptr<os::FileSystem> files_ = os::real_file_system();
  Scratch desk_, server_;
  std::optional<Repository> opened_;
};

TEST_F(SmallPack, IsUnpackedAsGitDoes) {
  std::mt19937 random(7);
  std::string have;
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < 5; ++i) {
      std::string text;
      for (int line = 0; line < 300; ++line)
        text += std::to_string(line * 37 + (random() % 40 == 0 ? round : 0)) + "\n";
      desk_.write("elements/w" + std::to_string(random() % 6) + "/metadata.json", text);
    }
    desk_.write("Räume/ö.txt", std::to_string(round));
    desk_.commit();
    offer(have, head());
    have = head();
  }
}

TEST_F(SmallPack, FoldersMayGoWhileObjectsCome) {
  const std::string objects = server_.folder() + "/.git/objects";
  Repository repository = server_.open();
  Pruner pruner(objects);
  constexpr int rounds = 150;
  for (int k = 0; k < rounds; ++k) {
    const std::string text = "object " + std::to_string(k);
    const std::string id = hash_blob(text).hex();
    const auto stored = store_objects(*files_, objects, {{id, ObjectType::blob, text}});
    ASSERT_TRUE(stored) << k << ": " << stored.error().message;
    EXPECT_TRUE(std::filesystem::remove(objects + "/" + id.substr(0, 2) + "/" + id.substr(2)));  // It was packed.
    const auto written = repository.write_blob(text + ", by libgit2");
    ASSERT_TRUE(written) << k << ": " << written.error().message;
  }
  EXPECT_GT(pruner.end(), 3);
}

TEST_F(SmallPack, WhatIsNotPlainIsLeftToGit) {
  desk_.write("a", "1");
  desk_.commit();
  offer("", head());
  const std::string blob = stored("blob", "new"), here = stored("blob", "1");
  const auto is_taken = [&](const std::string& tree) {
    return bool(unpacked(pack_of(blob + "\n" + stored("tree", tree))));
  };
  EXPECT_TRUE(is_taken(entry("100644", "a", blob) + entry("100755", "b", here) + entry("120000", "c", here)));
  EXPECT_TRUE(is_taken(entry("100644", ".gitattributes", here) + entry("160000", "s", std::string(40, '7'))));
  EXPECT_FALSE(is_taken(entry("100644", ".gitattributes", blob)));
  EXPECT_FALSE(is_taken(entry("120000", ".gitignore", here)));
  for (const std::string name : {".git", ".GIT", ".gitmodules", "git~1", "GIT~2", ".", "..", "a/b", "a\\b", "a:b",
                                 ".g\u200cit", ".git\u200c", "\x01", "\x7f"})
    EXPECT_FALSE(is_taken(entry("100644", name, here))) << name;
  EXPECT_FALSE(is_taken(entry("100644", "", here)));
  EXPECT_FALSE(is_taken(entry("100664", "a", here)));
  EXPECT_FALSE(is_taken(entry("0100644", "a", here)));
  EXPECT_FALSE(is_taken(entry("100644", "b", here) + entry("100644", "a", here)));
  EXPECT_FALSE(is_taken(entry("100644", "a", here) + entry("100644", "a", here)));
  EXPECT_FALSE(is_taken(entry("100644", "a", std::string(40, '0'))));
  EXPECT_FALSE(is_taken(entry("100644", "a", std::string(40, '7'))));  // Not there.
  EXPECT_FALSE(is_taken(entry("40000", "a", here)));                   // A file.
  EXPECT_FALSE(is_taken("100644 a"));
  const std::string folder = stored("tree", entry("100644", "x", here));
  // "a", "a-" and the folder "a" are in order, and one name twice.
  EXPECT_FALSE(unpacked(
      pack_of(folder + "\n" +
              stored("tree", entry("100644", "a", here) + entry("100644", "a-", here) + entry("40000", "a", folder)))));
}

TEST_F(SmallPack, CommitsAreLookedAt) {
  desk_.write("a", "1");
  desk_.commit();
  offer("", head());
  const std::string tree = desk_.git({"rev-parse", "HEAD^{tree}"}).substr(0, 40), parent = head();
  const std::string ana = "Ana Ö <ana@example.org> 1790000000 +0100";
  const auto is_taken = [&](const std::string& commit) { return bool(unpacked(pack_of(stored("commit", commit)))); };
  const std::string start = "tree " + tree + "\nparent " + parent + "\n";
  EXPECT_TRUE(is_taken(start + "author " + ana + "\ncommitter " + ana + "\n\nA change\n"));
  EXPECT_TRUE(is_taken("tree " + tree + "\nauthor " + ana + "\ncommitter " + ana + "\n\n"));
  for (const std::string person :
       {"<a@b> 1 +0000", " <a@b> 1 +0000", "A<a@b> 1 +0000", "A  <a@b> 1 +0000", "A <a@b>", "A <a@b> 01 +0000",
        "A <a@b> x +0000", "A <a@b> 1 0000", "A <a@b> 1 +000", "A <a@b 1 +0000", "A <<a@b> 1 +0000",
        "A <a@b> > 1 +0000", "A <a@b> 123456789012 +0000", "A <a@b>1 +0000", "A <a@b> +0000"})
    EXPECT_FALSE(is_taken(start + "author " + person + "\ncommitter " + ana + "\n\nA\n")) << person;
  EXPECT_FALSE(is_taken(start + "committer " + ana + "\nauthor " + ana + "\n\nA\n"));
  EXPECT_FALSE(is_taken(start + "author " + ana + "\ncommitter " + ana + "\ngpgsig x\n\nA\n"));
  EXPECT_FALSE(is_taken(start + "author " + ana + "\ncommitter " + ana + "\n\nA" + std::string(1, '\0') + "\n"));
  EXPECT_FALSE(is_taken("parent " + parent + "\ntree " + tree + "\nauthor " + ana + "\ncommitter " + ana + "\n\nA\n"));
  EXPECT_FALSE(is_taken("tree " + parent + "\nauthor " + ana + "\ncommitter " + ana + "\n\nA\n"));
  EXPECT_FALSE(is_taken("tree " + std::string(40, '7') + "\nauthor " + ana + "\ncommitter " + ana + "\n\nA\n"));
  EXPECT_FALSE(is_taken("tree " + tree + "\nparent " + tree + "\nauthor " + ana + "\ncommitter " + ana + "\n\nA\n"));
  desk_.git({"-c", "user.name=a", "-c", "user.email=a@b", "tag", "-a", "-m", "x", "v1"});
  EXPECT_FALSE(unpacked(pack("v1\n")));
}

// Whatever comes, it ends, and what is taken is sound.
TEST_F(SmallPack, BrokenOnesAreLeftToGit) {
  std::string text;
  for (int line = 0; line < 400; ++line) text += std::to_string(line * line) + "\n";
  desk_.write("a", text);
  desk_.commit();
  offer("", head());
  const std::string first = head();
  desk_.write("a", text + "more");
  desk_.write("b/c", text);
  desk_.commit();
  const std::string sound = pack("HEAD\n^" + first + "\n", {"--thin", "--delta-base-offset"});
  ASSERT_TRUE(unpacked(sound));
  for (std::size_t cut = 0; cut < sound.size(); ++cut) {
    EXPECT_FALSE(unpacked(sound.substr(0, cut)));
    if (cut >= 20) static_cast<void>(unpacked(summed(sound.substr(0, cut))));
  }
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string broken = sound;
    for (int i = 0; i < 1 + round % 3; ++i) broken[random() % broken.size()] = static_cast<char>(random());
    EXPECT_TRUE(broken == sound || !unpacked(broken));
    const auto objects = unpacked(summed(broken));
    EXPECT_TRUE(!objects ||
                std::all_of(objects->begin(), objects->end(), [](const auto& each) { return each.id.size() == 40; }));
  }
  EXPECT_FALSE(unpacked(sound + "x"));
  EXPECT_FALSE(unpacked(summed(sound + std::string(40, 'x'))));
}

TEST_F(SmallPack, LargeOnesAreLeftToGit) {
  for (int i = 0; i < 120; ++i) desk_.write("e" + std::to_string(i), std::to_string(i));
  desk_.commit();
  EXPECT_FALSE(unpacked(pack("HEAD\n")));
  const std::string zeros = stored("blob", std::string((4U << 20U) + 1, '\0'));
  EXPECT_LT(pack_of(zeros).size(), small_pack_max);
  EXPECT_FALSE(unpacked(pack_of(zeros)));
}

TEST_F(SmallPack, ObjectsInMemoryAreSeenAsIfTheyWereThere) {
  desk_.write("a/b", "1");
  desk_.commit();
  const auto objects = unpacked(pack("HEAD\n"));
  ASSERT_TRUE(objects);
  Repository seeing = server_.open();
  const CommitId commit = *CommitId::from_hex(head());
  EXPECT_FALSE(seeing.has_object(commit));
  ASSERT_TRUE(seeing.add_objects(std::make_shared<const std::vector<UnpackedObject>>(*objects)));
  const auto read = seeing.read_commit(commit);
  ASSERT_TRUE(read);
  const auto entry = seeing.find_entry(read->tree, "a/b");
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ(*seeing.read_blob((*entry)->id), "1");
  EXPECT_EQ(*seeing.blob_size((*entry)->id), 1U);
  EXPECT_FALSE(server_.open().has_object(commit));
}

}  // namespace
}  // namespace aecos::git
