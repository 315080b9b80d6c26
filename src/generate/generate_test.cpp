#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generate/build.h"
#include "generate/read.h"
#include "generate/tokens.h"
#include "generate/vocabulary.h"
#include "ifc/model.h"
#include "schema/schema.h"

namespace aecos::generate {
namespace {

const char* const schema_path = "docs/schemas/element-specification.schema.json";

Result<std::string> no_file(const std::string& path) { return Error{ErrorCode::not_found, path}; }

Reading understood(const std::string& sentence, const Context& context = {}) {
  Reading reading = complete(read(sentence, context), context);
  for (const Problem& problem : reading.problems) ADD_FAILURE() << problem.message;
  return reading;
}

Built built(const std::string& sentence, const Context& context = {}) {
  BuildOptions options;
  options.seed = "seed";
  options.project_key = "project";
  options.time = "2026-03-02T08:00:00";
  options.author = "ana";
  options.text = sentence;
  auto result = build(understood(sentence, context).specification, context, options, no_file);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *std::move(result) : Built{};
}

std::vector<std::string> texts(std::string_view sentence) {
  std::vector<std::string> all;
  for (const Token& token : tokenise(sentence)) all.push_back(token.text);
  return all;
}

using Texts = std::vector<std::string>;

TEST(Tokens, SidesAndUnitsStandApart) {
  EXPECT_EQ(texts("300x300"), (Texts{"300", "x", "300"}));
  EXPECT_EQ(texts("300mmx400mm"), (Texts{"300", "mm", "x", "400", "mm"}));
  EXPECT_EQ(texts("20'-6\" long"), (Texts{"20", "'", "-", "6", "\"", "long"}));
  EXPECT_EQ(texts("U-value 0.2 W/(m²K)"), (Texts{"u", "value", "0.2", "wm2k"}));
}

TEST(Tokens, NamesStayWhole) {
  EXPECT_EQ(texts("W-12 C30/37 \"South wall\" W10x49 load-bearing"),
            (Texts{"w-12", "c30/37", "South wall", "w10x49", "load", "bearing"}));
}

TEST(Tokens, AnyBytesAreTokens) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += std::string(2, static_cast<char>(c));
  EXPECT_GT(tokenise(bytes).size(), 10U);
}

TEST(Read, AnyPieceOfASentenceIsReadWithoutAFault) {
  const std::string sentence =
      "on level 2: two walls W-1 5'-6\" x 3 m, 1,5 m apart from (0,0) to 5,0,1 with a 900x2100 door EI2 30-C in it "
      "every";
  const Context context;
  for (std::size_t begin = 0; begin < sentence.size(); ++begin)
    for (std::size_t size = 1; begin + size <= sentence.size(); size += 3)
      complete(read(sentence.substr(begin, size), context), context);
}

TEST(Read, AThousandSeparatorOrADecimalPointIsNotGuessed) {
  const Context context;
  EXPECT_EQ(status_of(complete(read("a wall 1,200 m long", context), context).problems), "part");
}

TEST(Read, EveryValueThatWasNotSaidIsAssumedWithAReason) {
  for (const char* sentence :
       {"a wall 5 m long", "a steel column", "a beam 6 m long", "a stair", "a pipe 5 m long DN50",
        "a gable roof 8 x 6 m", "a desk", "columns every 4 m along 20 m"}) {
    const Reading reading = understood(sentence);
    for (const auto& [name, field] : reading.specification.elements[0].fields)
      if (field.basis != Basis::said) {
        EXPECT_FALSE(field.because.empty()) << sentence << ": " << name;
      }
  }
}

TEST(Read, ManyWithoutANumberAreAskedFor) {
  const Context context;
  const Reading reading = complete(read("a wall 9 m long with windows 1 x 1 m", context), context);
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].key, "count");
}

TEST(Read, AnAnswerCompletesASentence) {
  const Context context;
  Reading said = read("a concrete wall, 200 mm thick", context);
  const Reading asked = complete(said, context);
  ASSERT_EQ(asked.problems.size(), 1U);
  EXPECT_FALSE(answer(said, asked.problems[0], "very long", context));
  EXPECT_TRUE(answer(said, asked.problems[0], "12 ft 6 in", context));
  const Reading done = complete(said, context);
  EXPECT_TRUE(done.problems.empty());
  EXPECT_DOUBLE_EQ(done.specification.elements[0].number("length"), 3.81);
}

TEST(Vocabulary, NamesOnlyWhatThereIs) {
  const Vocabulary& all = vocabulary();
  for (const Noun& noun : all.nouns) EXPECT_TRUE(all.kind(noun.kind)) << noun.words[0];
  for (const Kind& kind : all.kinds) {
    EXPECT_TRUE(schema::get(schema::Version::ifc4).entity(kind.ifc_class)) << kind.ifc_class;
    for (const std::string& field : kind.takes) EXPECT_TRUE(field == "layers" || find_field(field)) << field;
    for (const std::string& field : kind.needs) EXPECT_TRUE(kind.takes.contains(field)) << kind.name << " " << field;
    for (const Default& usual : kind.defaults) EXPECT_TRUE(find_field(usual.field)) << kind.name << " " << usual.field;
  }
  for (const Pattern& pattern : all.patterns) {
    EXPECT_FALSE(pattern.parts.empty());
    for (const std::string& action : pattern.actions)
      if (const std::size_t equal = action.find('='); equal != std::string::npos) {
        EXPECT_TRUE(find_field(action.substr(0, equal))) << action;
      }
  }
  EXPECT_EQ(material_category("Concrete C30/37"), "concrete");
}

TEST(Vocabulary, SteelSectionsHaveTheAreasOfTheirStandards) {
  // Square centimetres, as the tables of the standards print them.
  const std::pair<const char*, double> areas[] = {
      {"HEA200", 53.8},       {"HEB300", 149.1},      {"IPE300", 53.8},       {"HEA600", 226.5},
      {"UB305x165x40", 51.3}, {"UB610x229x125", 159}, {"UC203x203x46", 58.7}, {"UC305x305x137", 174},
      {"W10x49", 92.9},       {"W14x90", 171},        {"IPE600", 156}};
  for (const auto& [name, area] : areas) {
    const SteelProfile* p = vocabulary().profile(name);
    ASSERT_TRUE(p) << name;
    const double made =
        (2 * p->width * p->flange + (p->depth - 2 * p->flange) * p->web + 0.8584 * p->radius * p->radius) / 100;
    EXPECT_NEAR(made, area, area * 0.006) << name;
  }
}

TEST(Specification, JsonReadsBackAsItWas) {
  const Specification made =
      understood("a wall 5 m long, layers 15 mm gypsum plaster, 175 mm brick, REI 90, at 1,2, with a door")
          .specification;
  const auto back = from_json(to_json(made));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(made));
}

TEST(Specification, JsonThatSaysSomethingElseIsRefusedWithItsPlace) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"version": 1})", "elements"},
      {R"({"version": 2, "elements": [{"kind": "wall"}]})", "version"},
      {R"({"version": 1, "elements": []})", "/elements"},
      {R"({"version": 1, "elements": [{"kind": "castle"}]})", "/elements/0"},
      {R"({"version": 1, "elements": [{"kind": "wall", "length": "5"}]})", "/elements/0/length"},
      {R"({"version": 1, "elements": [{"kind": "wall", "length": -5}]})", "/elements/0/length"},
      {R"({"version": 1, "elements": [{"kind": "wall", "count": 1.5}]})", "/elements/0/count"},
      {R"({"version": 1, "elements": [{"kind": "wall", "_bare": 5}]})", "/elements/0/_bare"},
      {R"({"version": 1, "elements": [{"kind": "wall", "at": [1]}]})", "/elements/0/at"},
      {R"({"version": 1, "elements": [{"kind": "wall", "layers": [{"material": "x"}]}]})", "/elements/0/layers/0"},
      {R"({"version": 1, "elements": [{"kind": "wall", "predefinedType": "a'b"}]})", "/elements/0/predefinedType"},
      {R"({"version": 1, "elements": [{"kind": "wall", "assumed": {"colour": "red"}}]})", "/elements/0/assumed/colour"},
      {"nothing", ":"}};
  for (const auto& [json, place] : wrong) {
    const auto read = from_json(json);
    ASSERT_FALSE(read) << json;
    EXPECT_NE(read.error().message.find(place), std::string::npos) << read.error().message;
  }
}

TEST(Specification, TheShippedSchemaIsTheOneThatIsMeant) {
  if (std::getenv("AECOS_UPDATE")) std::ofstream(schema_path) << specification_schema();
  std::ifstream file(schema_path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), specification_schema()) << "AECOS_UPDATE=1 writes it";
}

TEST(Build, MetadataSaysWhatTheModelSays) {
  const Built made = built(
      "a wall 5 m long, REI 120, load-bearing, U 0.2, Rw 50 dB, with a door EI 30 0.5 m from the start "
      "and a window 1 x 1 m, 3 m from the start, triple glazed, "
      "and a footing 2 x 2 m, REI 60, and a stair");
  ASSERT_EQ(made.folders.size(), 5U);
  for (const element::ElementFolder& folder : made.folders) {
    const auto metadata = folder.metadata_json;
    const std::size_t at = metadata.find("\"globalId\": \"") + 13;
    const auto described = element::describe(folder.element_ifc, metadata.substr(at, 22));
    ASSERT_TRUE(described) << described.error().message;
    const std::string stated = element::metadata_text(*described);
    EXPECT_EQ(metadata.substr(0, stated.size() - 3), stated.substr(0, stated.size() - 3)) << folder.slug;
    EXPECT_NE(metadata.find("\"from\": \"text\""), std::string::npos);
  }
}

TEST(Build, TheSameWordsAndSeedGiveTheSameBytes) {
  const Built one = built("a wall 5 m long with two windows"), other = built("a wall 5 m long with two windows");
  ASSERT_EQ(one.folders.size(), 3U);
  for (std::size_t i = 0; i < one.folders.size(); ++i) {
    EXPECT_EQ(one.folders[i].element_ifc, other.folders[i].element_ifc);
    EXPECT_EQ(one.folders[i].metadata_json, other.folders[i].metadata_json);
    EXPECT_EQ(one.folders[i].spec_md, other.folders[i].spec_md);
  }
}

TEST(Build, WhatSeveralFilesShareHasOneGlobalId) {
  const Built made = built("3 concrete columns 300 x 300 mm every 4 m");
  ASSERT_EQ(made.folders.size(), 3U);
  const auto id_of = [](const std::string& text, const std::string& keyword) {
    const std::size_t at = text.find(keyword + "('");
    return at == std::string::npos ? "" : text.substr(at + keyword.size() + 2, 22);
  };
  for (const char* keyword : {"IFCPROJECT", "IFCBUILDINGSTOREY", "IFCCOLUMNTYPE"}) {
    const std::string id = id_of(made.folders[0].element_ifc, keyword);
    EXPECT_EQ(id.size(), 22U) << keyword;
    EXPECT_EQ(id_of(made.folders[1].element_ifc, keyword), id) << keyword;
  }
  EXPECT_NE(id_of(made.folders[0].element_ifc, "IFCCOLUMN"), id_of(made.folders[1].element_ifc, "IFCCOLUMN"));
}

TEST(Context, KnowsWhatWasGenerated) {
  Context context;
  for (const element::ElementFolder& folder :
       built("a wall called A-1, 6 m long, 300 mm thick, at 1,2, rotated by 90 degrees").folders)
    ASSERT_TRUE(add_file(context, "elements/" + folder.slug + "/element.ifc", folder.element_ifc));
  ASSERT_EQ(context.hosts.size(), 1U);
  const Host& host = context.hosts[0];
  EXPECT_EQ(host.name, "A-1");
  ASSERT_TRUE(host.has_shape);
  EXPECT_DOUBLE_EQ(host.length_m(), 6);
  EXPECT_DOUBLE_EQ(host.y[1] - host.y[0], 0.3);
  EXPECT_NEAR(host.frame.x[1], 1, 1e-9);
  EXPECT_NEAR(host.frame.origin[0], 1, 1e-9);
  ASSERT_EQ(context.storeys.size(), 1U);
  EXPECT_EQ(context.storeys[0].global_id, host.storey_id);
}

TEST(Context, AFileThatIsNoModelIsAnErrorAndAddsNothing) {
  Context context;
  EXPECT_FALSE(add_file(context, "x.ifc", "not a model"));
  EXPECT_TRUE(context.names.empty());
}

}  // namespace
}  // namespace aecos::generate
