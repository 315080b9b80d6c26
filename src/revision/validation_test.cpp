#include "revision/validation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "check/waivers.h"
#include "os/memory_file_system.h"
#include "revision/gate.h"

namespace aecos::revision {
namespace {

constexpr const char* store_folder = "/house/.git/aecos/validated";
constexpr const char* type_rule = "ifc-missing";
constexpr const char* today = "2026-11-29";

class NoLargeContent final : public git::LargeContent {
 public:
  Result<std::string> read_lfs(std::string_view, const std::string&) override { return gone(); }
  Result<std::string> write_lfs(std::string_view, const std::string&) override { return gone(); }

 private:
  static Error gone() { return {ErrorCode::unavailable, "not here"}; }
};

using Files = std::map<std::string, std::string>;

// Walls carry the same type, which has a fault where its name is `type`.
std::string wall_model(int number, const std::string& name, const std::string& type) {
  std::string id = "0wall" + std::to_string(number);
  id.resize(22, '0');
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
         "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
         "#1=IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,$,#2);\n#2=IFCUNITASSIGNMENT((#3));\n"
         "#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n#10=IFCWALL('" +
         id + "',$," + (name.empty() ? "$" : "'" + name + "'") +
         ",$,$,$,$,$,.SHEAR.);\n#20=IFCWALLTYPE('0type00000000000000000',$," + (type.empty() ? "$" : "'" + type + "'") +
         ",$,$,$,$,$,$," + (type.empty() ? "$" : ".STANDARD.") + ");\n#21=IFCRELDEFINESBYTYPE('0relates00000000000" +
         std::to_string(100 + number) + "',$,$,$,(#10),#20);\nENDSEC;\nEND-ISO-10303-21;\n";
}

std::string metadata(int number, const std::string& name) {
  std::string id = "0wall" + std::to_string(number);
  id.resize(22, '0');
  return "{\"globalId\":\"" + id + "\",\"class\":\"IfcWall\",\"name\":\"" + name + "\"}\n";
}

std::string requirements(const std::string& pattern, const std::string& of = "IFCWALL") {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ids xmlns=\"http://standards.buildingsmart.org/IDS\" "
         "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><info><title>Test</title></info><specifications>"
         "<specification name=\"Names\" ifcVersion=\"IFC4\"><applicability minOccurs=\"1\" maxOccurs=\"unbounded\">"
         "<entity><name><simpleValue>" +
         of +
         "</simpleValue></name></entity></applicability><requirements><attribute><name><simpleValue>Name"
         "</simpleValue></name><value><xs:restriction base=\"xs:string\"><xs:pattern value=\"" +
         pattern + "\"/></xs:restriction></value></attribute></requirements></specification></specifications></ids>";
}

std::string waivers(const std::string& path, const std::string& rule = "") {
  check::Waiver waiver;
  waiver.rule = rule;
  if (rule.empty()) waiver.specification = "Names";
  waiver.path = path;
  waiver.reason = "agreed";
  waiver.until = "2027-01-01";
  waiver.by = "ana";
  waiver.at = today;
  waiver.id = check::waiver_id(waiver);
  return *check::add_waiver("", waiver);
}

std::string folder_of(int number) { return "elements/wall-" + std::to_string(number); }

class Validations : public testing::Test {
 protected:
  Validations() {
    EXPECT_TRUE(files.create_directories("/house.git/objects"));
    EXPECT_TRUE(files.create_directories("/house.git/refs"));
    EXPECT_TRUE(files.write("/house.git/HEAD", "ref: refs/heads/develop\n"));
    repository.emplace(*git::Repository::open_in(files, {"/house.git"}));
  }

  TreeId tree(const Files& project) {
    std::vector<TreeEdit> edits;
    for (const auto& [path, text] : project)
      edits.push_back({path, false, FileMode::file, *repository->write_blob(text)});
    return *repository->write_tree({}, edits);
  }

  Files house() const {
    Files project{{".aecos/project.json", "{\"version\":1}\n"}, {".aecos/ids/names.ids", requirements("W-[0-9]+")}};
    for (int k = 0; k < 4; ++k) put_wall(project, k, "W-" + std::to_string(k), "T");
    return project;
  }
  static void put_wall(Files& project, int k, const std::string& name, const std::string& type) {
    project[folder_of(k) + "/element.ifc"] = wall_model(k, name, type);
    project[folder_of(k) + "/metadata.json"] = metadata(k, name);
  }

  Result<Validated> validated(TreeId of, OutcomeStore* outcomes) {
    Validation validation = *of_tree(library(), of, project_options());
    validation.today = today;
    validation.outcomes = outcomes;
    return validate(validation);
  }
  std::string answer(TreeId of, OutcomeStore* outcomes) { return check::report_json(validated(of, outcomes)->report); }

  Gate gate(const Files& before, const Files& after, OutcomeStore* outcomes = nullptr) {
    auto found = pass_gate(library(), tree(before), tree(after), {project_options(), today, outcomes});
    EXPECT_TRUE(found) << found.error().message;
    return *std::move(found);
  }
  std::vector<std::string> fresh(const Files& before, const Files& after) {
    std::vector<std::string> found;
    for (const check::Finding& finding : gate(before, after).compared.fresh)
      found.push_back(finding.rule + " " + finding.path);
    return found;
  }
  using Lines = std::vector<std::string>;

  Library library() { return {*repository, none}; }

  os::MemoryFileSystem files;
  NoLargeContent none;
  std::optional<git::Repository> repository;
};

// One edit of a project, as a number says.
void edit(Files& project, int how, int k) {
  switch (how % 13) {
    case 0:
      project[folder_of(k) + "/element.ifc"] = wall_model(k, "Wand", "T");
      break;
    case 1:
      project[folder_of(k) + "/metadata.json"] = metadata(k, "Other");
      break;
    case 2:
      project[folder_of(k) + "/element.ifc"] = wall_model(k, "W-7", "");
      break;
    case 3:
      project.erase(folder_of(k) + "/element.ifc");
      break;
    case 4:
      project.erase(folder_of(k) + "/metadata.json");
      break;
    case 5:
      project.erase(folder_of(k) + "/element.ifc");
      project.erase(folder_of(k) + "/metadata.json");
      break;
    case 6:
      project["models/house.ifc"] = wall_model(9, k % 2 == 0 ? "W-9" : "Wand", "T");
      break;
    case 7:
      project[".aecos/ids/names.ids"] = requirements(k % 2 == 0 ? "W-[0-9]+" : "Wand");
      break;
    case 8:
      project[".aecos/waivers.json"] = waivers(k % 2 == 0 ? "elements/**" : "models/*.ifc");
      break;
    case 9:
      project[folder_of(k) + "/element.ifc"] = "no model";
      break;
    case 10:
      project[".aecos/waivers.json"] = k % 2 == 0 ? "{" : waivers(folder_of(k) + "/**");
      break;
    case 11:
      project[".aecos/waivers.json"] = waivers(folder_of(k) + "/**", type_rule);
      break;
    default:
      project[folder_of(k) + "/element.ifc"] = wall_model(k, "W-" + std::to_string(k), "T");
      project[folder_of(k) + "/metadata.json"] = metadata(k, "W-" + std::to_string(k));
      break;
  }
}

RC_GTEST_FIXTURE_PROP(Validations, WhatWasKeptChangesNoAnswer, ()) {
  OutcomeStore outcomes(files, store_folder);
  Files project = house();
  const auto edits = *rc::gen::resize(12, rc::gen::container<std::vector<std::pair<int, int>>>(
                                              rc::gen::pair(rc::gen::inRange(0, 13), rc::gen::inRange(0, 5))));
  for (const auto& [how, k] : edits) {
    edit(project, how, k);
    const TreeId now = tree(project);
    RC_ASSERT(answer(now, &outcomes) == answer(now, nullptr));
    RC_ASSERT(answer(now, &outcomes) == answer(now, nullptr));
    OutcomeStore again(files, store_folder);
    RC_ASSERT(answer(now, &again) == answer(now, nullptr));
  }
}

RC_GTEST_FIXTURE_PROP(Validations, NorDoesWhatIsDamaged, ()) {
  Files project = house();
  edit(project, *rc::gen::inRange(0, 13), *rc::gen::inRange(0, 5));
  const TreeId now = tree(project);
  {
    OutcomeStore outcomes(files, store_folder);
    answer(now, &outcomes);
  }
  const auto packs = files.list(store_folder);
  RC_PRE(packs && !packs->empty());
  const std::string path = std::string(store_folder) + "/" + packs->front().name;
  std::string bytes = *files.read(path);
  for (int k = 0; k < 5; ++k) bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= 0x21;
  RC_ASSERT(static_cast<bool>(files.write(path, bytes)));
  OutcomeStore outcomes(files, store_folder);
  RC_ASSERT(answer(now, &outcomes) == answer(now, nullptr));
}

// Looking only at what differs finds what looking at everything finds.
RC_GTEST_FIXTURE_PROP(Validations, TheGateSaysWhatBothVersionsSay, ()) {
  Files before = house();
  const auto some = rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 13), rc::gen::inRange(0, 5)));
  for (const auto& [how, k] : *some) edit(before, how, k);
  Files after = before;
  for (const auto& [how, k] : *some) edit(after, how, k);
  const auto words = [](const check::Compared& compared) {
    std::string text;
    for (const check::Finding& finding : compared.fresh) text += check::in_one_line(finding) + "\n";
    return text;
  };
  const check::Compared whole =
      check::compare(validated(tree(before), nullptr)->report, validated(tree(after), nullptr)->report);
  RC_ASSERT(words(gate(before, after).compared) == words(whole));
}

TEST_F(Validations, OnlyWhatChangedIsLookedAtAgain) {
  OutcomeStore outcomes(files, store_folder);
  Files project = house();
  EXPECT_EQ(validated(tree(project), &outcomes)->looked_at, 9U);  // Four folders of two files, and project.json.
  EXPECT_EQ(validated(tree(project), &outcomes)->looked_at, 1U);
  project[folder_of(2) + "/element.ifc"] = wall_model(2, "W-22", "T");
  EXPECT_EQ(validated(tree(project), &outcomes)->looked_at, 3U);  // Its metadata.json is held against it.
  project[".aecos/ids/names.ids"] = requirements("W-[0-9]*");
  EXPECT_EQ(validated(tree(project), &outcomes)->looked_at, 9U);
}

TEST_F(Validations, MoreThanMayBeLookedAtIsRefused) {
  Validation validation = *of_tree(library(), tree(house()), project_options());
  validation.bytes_max = 1000;
  const auto refused = validate(validation);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::denied);
}

TEST_F(Validations, TheGateLetsOldFaultsPassAndNewOnesNot) {
  Files before = house();
  before[folder_of(1) + "/element.ifc"] = wall_model(1, "Wand", "T");
  before[folder_of(1) + "/metadata.json"] = metadata(1, "Wand");
  Files after = before;
  put_wall(after, 2, "W-22", "T");
  EXPECT_EQ(fresh(before, after), Lines());
  put_wall(after, 3, "Mauer", "T");
  EXPECT_EQ(fresh(before, after), Lines{"ids-attribute elements/wall-3/element.ifc"});
  after[".aecos/waivers.json"] = waivers("elements/wall-3/*");
  EXPECT_EQ(fresh(before, after), Lines());
  EXPECT_EQ(gate(before, after).waivers.size(), 1U);
}

TEST_F(Validations, WhatIsMovedIsNotNew) {
  Files before = house();
  put_wall(before, 1, "Wand", "T");
  Files after = before;
  for (const char* const name : {"/element.ifc", "/metadata.json"}) {
    after["elements/wall-moved" + std::string(name)] = after.at(folder_of(1) + name);
    after.erase(folder_of(1) + name);
  }
  EXPECT_EQ(fresh(before, after), Lines());
}

TEST_F(Validations, AFaultThatOthersShareIsNotNew) {
  Files before = house();
  put_wall(before, 0, "W-0", "");  // The type has no PredefinedType.
  Files after = before;
  put_wall(after, 1, "W-1", "");
  EXPECT_EQ(fresh(before, after), Lines());
}

// A type without a name, in two folders.
TEST_F(Validations, AWaiverOfOneCopyLetsNoOtherPass) {
  Files project = house();
  put_wall(project, 1, "W-1", "");
  put_wall(project, 2, "W-2", "");
  const auto found = [&](const std::string& waived) {
    project[".aecos/waivers.json"] = waivers(waived, type_rule);
    const check::Report report = validated(tree(project), nullptr)->report;
    EXPECT_EQ(report.waivers.at(0).findings, report.waived());
    Lines paths;
    for (const check::Finding& finding : report.findings)
      if (finding.rule == type_rule) paths.push_back((finding.waiver.empty() ? "" : "waived ") + finding.path);
    return paths;
  };
  const std::string one = folder_of(1) + "/element.ifc", other = folder_of(2) + "/element.ifc";
  EXPECT_EQ(found("models/**"), Lines{one});
  EXPECT_EQ(found(folder_of(1) + "/**"), (Lines{"waived " + one, other}));
  EXPECT_EQ(found(folder_of(2) + "/**"), (Lines{one, "waived " + other}));
  EXPECT_EQ(found("elements/**"), Lines{"waived " + one});
}

TEST_F(Validations, TheGateMindsEachCopyToo) {
  for (const int waived : {1, 2}) {
    Files before = house(), after = before;
    before[".aecos/waivers.json"] = after[".aecos/waivers.json"] = waivers(folder_of(waived) + "/**", type_rule);
    put_wall(after, 1, "W-1", "");
    put_wall(after, 2, "W-2", "");
    EXPECT_EQ(fresh(before, after), Lines{type_rule + (" " + folder_of(3 - waived)) + "/element.ifc"});
    // What is there already is not new, also where a waiver of one copy comes or goes.
    Files without = after;
    without.erase(".aecos/waivers.json");
    EXPECT_EQ(fresh(after, without), Lines());
    EXPECT_EQ(fresh(without, after), Lines());
    EXPECT_EQ(gate(without, after).compared.mended, 0U);
    EXPECT_EQ(gate(after, without).compared.mended, 0U);
  }
}

TEST_F(Validations, TheLastOfWhatMustBeThereIsMissed) {
  Files before = house();
  Files after = before;
  for (int k = 1; k < 4; ++k)
    for (const char* const name : {"/element.ifc", "/metadata.json"}) after.erase(folder_of(k) + name);
  EXPECT_EQ(fresh(before, after), Lines());
  for (const char* const name : {"/element.ifc", "/metadata.json"}) after.erase(folder_of(0) + name);
  put_wall(after, 8, "W-8", "T");
  after[folder_of(8) + "/element.ifc"] = after[folder_of(8) + "/element.ifc"].replace(
      after[folder_of(8) + "/element.ifc"].find("IFCWALL("), 8, "IFCSLAB(");
  const Lines found = fresh(before, after);
  EXPECT_TRUE(std::find(found.begin(), found.end(), "ids-applicability .aecos/ids/names.ids") != found.end());
}

TEST_F(Validations, WhatAnotherVersionThatComesInHasIsNotNew) {
  Files before = house(), theirs = before;
  put_wall(theirs, 2, "Wand", "T");
  Files after = theirs;
  put_wall(after, 3, "Mauer", "T");
  const auto found =
      pass_gate(library(), tree(before), tree(after), {project_options(), today, nullptr}, {tree(theirs)});
  ASSERT_EQ(found->compared.fresh.size(), 1U);
  EXPECT_EQ(found->compared.fresh[0].path, "elements/wall-3/element.ifc");
}

}  // namespace
}  // namespace aecos::revision
