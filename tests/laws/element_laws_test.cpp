// The laws of element folders, over made and real models. AECOS_LONG=1 runs more cases.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "diff/ifc.h"
#include "element/edit.h"
#include "element/join.h"
#include "element/split.h"
#include "sample/house.h"
#include "sample/random_edits.h"
#include "sample/re_export.h"

namespace aecos::element {
namespace {

int cases(int few) { return std::getenv("AECOS_LONG") != nullptr ? few * 20 : few; }

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

using NamedModels = std::vector<std::pair<std::string, std::string>>;

// The made house in several states, and the real models where they are at hand.
const NamedModels& models() {
  static const auto all = [] {
    NamedModels found{{"house", sample::house()}, {"tower", sample::house({.storeys = 9})}};
    found.emplace_back("re-exported house", *sample::re_export(sample::house(), 3));
    for (int seed = 1; seed <= cases(3); ++seed) {
      auto editor = *Editor::open(sample::house(), "seed " + std::to_string(seed));
      sample::Dice dice(static_cast<std::uint64_t>(seed));
      sample::edit_at_random(editor, dice, 20);
      found.emplace_back("edited house " + std::to_string(seed), editor.text());
    }
    const std::filesystem::path folder = "../shared/data/ifc";
    if (std::filesystem::exists(folder))
      for (const auto& entry : std::filesystem::directory_iterator(folder))
        found.emplace_back(entry.path().filename().string(), slurp(entry.path()));
    std::sort(found.begin() + 3, found.end());
    return found;
  }();
  return all;
}

struct Folders {
  std::string frame;
  std::vector<ElementFolder> all;
};

Folders split_up(const std::string& model) {
  const auto split = Split::of(model);
  EXPECT_TRUE(split) << (split ? "" : split.error().message);
  Folders folders;
  Split::Memory memory;
  for (std::size_t k = 0; k < split->size(); ++k)
    folders.all.push_back({split->global_id(k), split->element(k, memory), "", ""});
  folders.frame = split->frame({&memory, 1});
  return folders;
}

std::string join_all(const Folders& folders) {
  const auto joined =
      join(folders.frame, {folders.all.size(), [&](std::size_t k) { return folders.all[k].slug; },
                           [&](std::size_t k) -> Result<std::string> { return folders.all[k].element_ifc; }});
  EXPECT_TRUE(joined) << (joined ? "" : joined.error().message);
  if (!joined) return "";
  EXPECT_EQ(joined->notes, std::vector<std::string>());
  return joined->model;
}

void expect_same(const std::string& before, const std::string& after) {
  const auto changes = diff::diff_ifc(before, after);
  ASSERT_TRUE(changes) << changes.error().message;
  std::string told;
  for (std::size_t k = 0; k < std::min<std::size_t>(changes->size(), 8); ++k) {
    const diff::Change& one = (*changes)[k];
    told += std::string(to_string(one.kind)) + " " + one.element.ifc_class + " " + one.element.name + " " + one.at +
            ": " + one.before.value_or("-").substr(0, 200) + " -> " + one.after.value_or("-").substr(0, 200) + "\n";
  }
  EXPECT_TRUE(changes->empty()) << changes->size() << " changes\n" << told;
}

// Nothing refers to what is not there.
void expect_sound(const std::string& model) {
  const auto read = ifc::read_model(model);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->file.missing, std::vector<std::uint64_t>());
}

TEST(ElementFolders, SplitAndJoinedIsTheSameModel) {
  for (const auto& [name, model] : models()) {
    SCOPED_TRACE(name);
    expect_same(model, join_all(split_up(model)));
  }
}

TEST(ElementFolders, WhatWasJoinedSplitsIntoTheSameBytes) {
  for (const auto& [name, model] : models()) {
    SCOPED_TRACE(name);
    const Folders folders = split_up(model), again = split_up(join_all(folders));
    EXPECT_EQ(again.frame, folders.frame);
    ASSERT_EQ(again.all.size(), folders.all.size());
    auto by_id = again.all;
    for (const ElementFolder& one : folders.all) {
      const auto same =
          std::find_if(by_id.begin(), by_id.end(), [&](const auto& other) { return other.slug == one.slug; });
      ASSERT_NE(same, by_id.end());
      EXPECT_EQ(same->element_ifc, one.element_ifc);
    }
  }
}

TEST(ElementFolders, EveryFileReadsByItself) {
  for (const auto& [name, model] : models()) {
    SCOPED_TRACE(name);
    const bool sound = ifc::read_model(model)->file.missing.empty();
    for (const ElementFolder& one : split_up(model).all) {
      const auto told = describe(one.element_ifc);
      ASSERT_TRUE(told) << told.error().message;
      EXPECT_EQ(told->global_id, one.slug);
      if (sound) expect_sound(one.element_ifc);
    }
  }
}

TEST(ElementFolders, AnEditOfAFolderIsAnEditOfTheModel) {
  for (const auto& [name, model] : models()) {
    SCOPED_TRACE(name);
    Folders folders = split_up(model);
    for (std::size_t k = 0; k < folders.all.size(); k += 1 + folders.all.size() / 5) {
      const std::string id = folders.all[k].slug;
      auto alone = *Editor::open(folders.all[k].element_ifc, "ana"), whole = *Editor::open(model, "ana");
      ASSERT_TRUE(alone.set_property(id, "Pset_Test", "Checked", "IFCBOOLEAN(.T.)"));
      ASSERT_TRUE(whole.set_property(id, "Pset_Test", "Checked", "IFCBOOLEAN(.T.)"));
      ASSERT_TRUE(alone.rename(id, "renamed"));
      ASSERT_TRUE(whole.rename(id, "renamed"));
      const auto sets = alone.properties(id);
      if (!sets.empty()) {
        const std::string& place = sets.front().first;
        const std::string set = place.substr(0, place.rfind('.')), property = place.substr(place.rfind('.') + 1);
        EXPECT_EQ(static_cast<bool>(alone.set_property(id, set, property, "IFCLABEL('edited')")),
                  static_cast<bool>(whole.set_property(id, set, property, "IFCLABEL('edited')")));
      }
      Folders edited = folders;
      edited.all[k].element_ifc = alone.text();
      expect_same(whole.text(), join_all(edited));
    }
  }
}

TEST(ElementFolders, FilesThatOtherToolsWroteAnewSayTheSame) {
  for (const auto& [name, model] : models()) {
    SCOPED_TRACE(name);
    Folders folders = split_up(model);
    for (std::size_t k = 0; k < folders.all.size(); k += 1 + folders.all.size() / 5)
      folders.all[k].element_ifc = *sample::re_export(folders.all[k].element_ifc, k + 1);
    const std::string joined = join_all(folders);
    expect_same(model, joined);
    if (ifc::read_model(model)->file.missing.empty()) expect_sound(joined);
  }
}

TEST(ElementFolders, WithoutAFolderNothingRefersToItsElement) {
  for (const auto& [name, model] : models()) {
    if (!ifc::read_model(model)->file.missing.empty()) continue;
    SCOPED_TRACE(name);
    const Folders folders = split_up(model);
    for (std::size_t k = 0; k < folders.all.size(); k += 1 + folders.all.size() / 7) {
      Folders fewer = folders;
      fewer.all.erase(fewer.all.begin() + static_cast<std::ptrdiff_t>(k));
      const std::string joined = join_all(fewer);
      expect_sound(joined);
      EXPECT_EQ(joined.find(folders.all[k].slug), std::string::npos);
      const auto changes = diff::diff_ifc(model, joined);
      ASSERT_TRUE(changes);
      for (const diff::Change& one : *changes) EXPECT_NE(one.kind, diff::ChangeKind::added) << one.element.ifc_class;
    }
  }
}

TEST(ElementFolders, AnElementInTwoFoldersIsRefused) {
  const Folders folders = split_up(sample::house());
  const auto joined =
      join(folders.frame, {2, [](std::size_t k) { return k == 0 ? "one" : "two"; },
                           [&](std::size_t) -> Result<std::string> { return folders.all[0].element_ifc; }});
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, ErrorCode::invalid_input);
  EXPECT_NE(joined.error().message.find("elements/two/element.ifc"), std::string::npos) << joined.error().message;
}

TEST(ElementFolders, AnEditOfASharedThingHoldsForAll) {
  const std::string model = sample::house();
  Folders folders = split_up(model);
  std::size_t edited = 0;
  for (ElementFolder& one : folders.all) {
    const std::size_t at = one.element_ifc.find("IFCWALLTYPE(");
    if (at == std::string::npos || edited > 0) continue;
    const std::size_t end = one.element_ifc.find(';', at), tag = one.element_ifc.rfind("$", end);
    ASSERT_LT(at, tag);
    one.element_ifc.replace(tag, 1, "'edited'");
    ++edited;
  }
  ASSERT_EQ(edited, 1U);
  const std::string joined = join_all(folders);
  const auto changes = diff::diff_ifc(model, joined);
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ(changes->front().element.ifc_class, "IfcWallType");
}

TEST(ElementFolders, ANewElementIsAllThatChanges) {
  const std::string model = sample::house();
  Folders folders = split_up(model);
  const auto all = storeys(folders.frame);
  ASSERT_TRUE(all);
  const auto made = added(folders.frame, "ana", {"ifccolumn", "C-1", all->front().global_id});
  ASSERT_TRUE(made) << made.error().message;
  folders.all.push_back({made->first, made->second, "", ""});
  const auto changes = diff::diff_ifc(model, join_all(folders));
  ASSERT_TRUE(changes);
  for (const diff::Change& one : *changes) EXPECT_EQ(one.element.name, "C-1");
  EXPECT_FALSE(added(folders.frame, "ana", {"IfcWallType", "T", all->front().global_id}));
}

}  // namespace
}  // namespace aecos::element
