// The merge cases: each folder of tests/merge_cases holds base, ours and theirs, the merged file and the conflicts that
// they must give, and why.md, which says so in words. An absent base is a file that both sides added. AECOS_UPDATE=1
// in the environment writes the outputs anew instead of comparing them.
//
// options.json, where there is one, sets {"path": .., "policy": .., "integrated": .., "latest": ..}.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "merge/merge.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::merge {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::vector<fs::path> case_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator("tests/merge_cases")) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// The ending of the case's files: that of "ours".
std::string ending_of(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("ours.")) return entry.path().filename().string().substr(4);
  }
  return "";
}

Options options_of(const fs::path& folder, const std::string& ending) {
  Options options;
  options.path = "case" + ending;
  if (!fs::exists(folder / "options.json")) return options;
  auto document = text::parse_json(read(folder / "options.json"));
  if (!document) throw std::runtime_error(document.error().message);
  text::JsonNode root = document->root();
  if (auto path = root["path"].as_string()) options.path = *path;
  for (Policy policy : {Policy::integrated, Policy::ours, Policy::theirs, Policy::latest, Policy::base}) {
    if (root["policy"].as_string() == to_string(policy)) options.policy = policy;
  }
  for (Side side : {Side::ours, Side::theirs}) {
    if (root["integrated"].as_string() == to_string(side)) options.integrated = side;
    if (root["latest"].as_string() == to_string(side)) options.latest = side;
  }
  return options;
}

std::string conflicts_json(const Outcome& outcome) {
  text::JsonWriter json(2);
  json.begin_array();
  for (const Conflict& conflict : outcome.conflicts) {
    json.begin_object().member("id", conflict.id).member("kind", to_string(conflict.kind)).member("at", conflict.at);
    if (conflict.element != ElementRef()) {
      json.key("element").begin_object().member("globalId", conflict.element.global_id);
      json.member("class", conflict.element.ifc_class).member("name", conflict.element.name).end_object();
    }
    for (const auto& [name, value] :
         {std::pair("base", &conflict.base), {"ours", &conflict.ours}, {"theirs", &conflict.theirs}}) {
      if (*value) json.key(name).raw(**value);
    }
    json.member("chosen", to_string(conflict.chosen)).member("because", conflict.because).end_object();
  }
  return std::move(json.end_array()).take();
}

class MergeCase : public testing::TestWithParam<fs::path> {};

TEST_P(MergeCase, GivesTheMergedFileAndItsConflicts) {
  const fs::path& folder = GetParam();
  std::string ending = ending_of(folder);
  ASSERT_FALSE(ending.empty()) << "no ours.* in " << folder;
  EXPECT_FALSE(read(folder / "why.md").empty()) << "why.md says what the case shows";
  Outcome outcome = merge_any(read(folder / ("base" + ending)), read(folder / ("ours" + ending)),
                              read(folder / ("theirs" + ending)), options_of(folder, ending));
  if (std::getenv("AECOS_UPDATE")) {
    write(folder / ("merged" + ending), outcome.merged);
    write(folder / "conflicts.json", conflicts_json(outcome));
    return;
  }
  EXPECT_EQ(outcome.merged, read(folder / ("merged" + ending)));
  EXPECT_EQ(conflicts_json(outcome), read(folder / "conflicts.json"));
}

INSTANTIATE_TEST_SUITE_P(Folder, MergeCase, testing::ValuesIn(case_folders()), [](const auto& instance) {
  std::string name = instance.param.filename().string();
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MergeCase);

}  // namespace
}  // namespace aecos::merge
