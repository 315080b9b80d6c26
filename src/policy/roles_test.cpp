#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <iterator>

#include "base/utf8.h"
#include "policy/fold_internal.h"
#include "policy/policy_test_internal.h"

namespace aecos::policy {
namespace {

TEST(Roles, TheExampleIsRead) {
  const Roles roles = house();
  EXPECT_EQ(roles.members.at("eva").roles, (std::vector<std::string>{"architect", "structural"}));
  EXPECT_EQ(roles.roles.at("architect").never[0].properties, std::vector<std::string>{"Pset_Cost.*"});
  EXPECT_EQ(roles.roles.at("structural").may[0].classes.size(), 4U);
  EXPECT_EQ(roles.locks, LockMode::warn);
  EXPECT_TRUE(parse_roles(R"({"teams":{"a":{"github":"x/y","new":[]}},"members":{"ana":{}}})"));
  EXPECT_TRUE(parse_roles("{}"));
}

TEST(Roles, TheDocumentsExampleIsRead) {
  std::ifstream file("docs/SECURITY.md");
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t begin = document.find("```json\n");
  ASSERT_NE(begin, std::string::npos);
  const auto roles = parse_roles(document.substr(begin + 8, document.find("```", begin + 8) - begin - 8));
  ASSERT_TRUE(roles) << roles.error().message;
  EXPECT_EQ(roles->roles.at("structural").owns[0].initial, std::vector<std::string>{"false"});
}

TEST(Roles, MistakesSayWhere) {
  EXPECT_EQ(parse_roles("{\"roles\":\n  {\"a\": {\"may\": [{\"wirte\": 1}]}}}").error().message.substr(0, 4), "2:28");
}

TEST(Roles, MistakesAreErrorsWithTheirPlace) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "1:2"},
      {R"({"role":{}})", "\"role\" is nothing roles.json can have"},
      {R"({"roles":{"a":{"mya":[]}}})", "\"mya\" is nothing a role can have"},
      {R"({"roles":{"a":{"may":[{"writes":"**"}]}}})", "\"writes\" is nothing a rule can have"},
      {R"({"roles":{"a":{"may":[{}]}}})", "the rule says nothing"},
      {R"({"roles":{"a":{"may":[{"write":1}]}}})", "a text is wanted"},
      {R"({"members":{"ana":{"roles":["b"]}}})", "there is no role \"b\""},
      {R"({"branches":{"m":{"protect":true}}})", "\"protect\" is nothing a branch can have"},
      {R"({"branches":{"m":{"through":"x"}}})", "push, integration or change-request"},
      {R"({"branches":{"m":{"approvals":-1}}})", "a number from 0 to 100"},
      {R"({"version":2})", "only version 1"},
      {R"({"locks":"maybe"})", "warn or deny"},
      {R"([])", "an object is wanted"},
      {R"({"roles":{"a":{"may":{}}}})", "a list of rules"},
      {R"({"roles":{"a":{"may":["write"]}}})", "a rule is an object"},
      {R"({"roles":{"a":{"may":[{"write":""}]}}})", "is empty; everything is \"**\""},
      {R"({"roles":{"a":{"may":[{"write":"a//b"}]}}})", "has an empty part"},
      {R"({"roles":{"a":{"may":[{"write":"/a"}]}}})", "has an empty part"},
      {R"({"roles":{"a":{"may":[{"write":"a/../b"}]}}})", "has an empty part"},
      {R"({"roles":{"a":{"may":[{"write":"a/**b"}]}}})", "stands alone"},
      {R"({"roles":{"a":{"may":[{"write":"a/x{member}"}]}}})", "has braces"},
      {R"({"roles":{"a":{"may":[{"write":"a/{user}"}]}}})", "has braces"},
      {R"({"roles":{"a":{"may":[{"write":"a","read":"**"}]}}})", "a rule has one of"},
      {R"({"roles":{"a":{"may":[{"read":"models/**"}]}}})", "as a whole"},
      {R"({"roles":{"a":{"may":[{"manage":"everything"}]}}})", "is nothing to manage"},
      {R"({"roles":{"a":{"may":[{"approve":"main","class":"IfcWall"}]}}})", "say what may be written"},
      {R"({"roles":{"a":{"may":[{"write":"**","class":[]}]}}})", "the list is empty"},
      {R"({"roles":{"a":{"not":[{"class":"IfcWal"}]}}})", "is no class of"},
      {R"({"roles":{"a":{"not":[{"element":"W-12"}]}}})", "is no GlobalId"},
      {R"({"roles":{"a":{"not":[{"property":""}]}}})", "is empty"},
      {R"({"roles":{"a":{"not":[{"property":"a..................b"}]}}})", "too many dots"},
      {R"({"roles":{"a":{"owns":[{"approve":"main"}]}}})", "what is owned is written"},
      {R"({"roles":{"a":{"may":[{"property":"*.X","initial":[1]}]}}})", "initial is for"},
      {R"({"roles":{"a":{"owns":[{"class":"IfcWall","initial":[1]}]}}})", "initial is for"},
      {R"({"branches":{"m":{"push":["ana"]}}})", "is no role, no member"},
      {R"({"branches":{"m/**":{"push":["{member}"]}}})", "no part of the branch's name"},
      {R"({"branches":{"m":{"protected":true,"approvals":1}}})", "change-request"},
      {R"({"branches":{"":{}}})", "is empty"},
      {R"({"members":{"ana":{},"Ana":{}}})", "can be taken for \"ana\""},
      {R"({"members":{"an\u0430":{},"ana":{}}})", "can be taken for"},
      {R"({"members":{"a/b":{}}})", "can be no name of a member"},
      {R"({"members":{"":{}}})", "can be no name of a member"},
      {R"({"roles":{"{role}":{}}})", "can be no name of a role"},
      {R"({"members":{"ana":{"role":["b"]}}})", "\"role\" is nothing a member can have"},
  };
  for (const auto& [json, what] : cases) {
    const auto roles = parse_roles(json);
    ASSERT_FALSE(roles) << json;
    EXPECT_NE(roles.error().message.find(what), std::string::npos) << roles.error().message;
  }
}

TEST(Pattern, MatchesPaths) {
  EXPECT_TRUE(matches("**", "a/b/c"));
  EXPECT_TRUE(matches("elements/**", "elements/a/b"));
  EXPECT_TRUE(matches("elements/*/spec.md", "elements/a/spec.md"));
  EXPECT_FALSE(matches("elements/*/spec.md", "elements/a/b/spec.md"));
  EXPECT_TRUE(matches("**/spec.md", "elements/a/b/spec.md"));
  EXPECT_TRUE(matches("a/**/z", "a/z"));
  EXPECT_TRUE(matches("*.ifc", "house.ifc"));
  EXPECT_FALSE(matches("*.ifc", "models/house.ifc"));
  EXPECT_TRUE(matches("user/{member}/**", "user/ana/work"));
  EXPECT_FALSE(matches("elements/**", "elementsx/a"));
  EXPECT_FALSE(matches("models/arch", "models/arch/x"));
}

TEST(Pattern, CharactersAreCountedNotBytes) {
  EXPECT_TRUE(matches("t?r.ifc", "tür.ifc"));
  EXPECT_FALSE(matches("t??r.ifc", "tür.ifc"));
  EXPECT_TRUE(matches("?", "图"));
  EXPECT_TRUE(matches("*?", "图"));
  EXPECT_FALSE(matches("?", "图纸"));
}

// Against the plainest way to do it, which takes exponential time.
bool plainly(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    if (pattern == "**") return true;
    if (plainly(pattern.substr(3), path)) return true;
    const std::size_t slash = path.find('/');
    return slash != std::string_view::npos && plainly(pattern, path.substr(slash + 1));
  }
  if (pattern[0] == '*') {
    if (plainly(pattern.substr(1), path)) return true;
    return !path.empty() && path[0] != '/' && plainly(pattern, path.substr(1));
  }
  if (path.empty()) return pattern == "/**";
  const bool same = pattern[0] == path[0] || (pattern[0] == '?' && path[0] != '/');
  return same && plainly(pattern.substr(1), path.substr(1));
}

TEST(Pattern, MatchesAsThePlainestWayDoes) {
  rc::check([] {
    const auto join = [](const std::vector<std::string>& parts) {
      std::string text = parts[0];
      for (std::size_t i = 1; i < parts.size(); ++i) text += "/" + parts[i];
      return text;
    };
    const auto part = rc::gen::element<std::string>("a", "b", "ab", "ba", "aab");
    const auto piece = rc::gen::element<std::string>("a", "*", "?", "**", "a*", "*b", "a*b", "?b");
    const auto path = join(*rc::gen::resize(6, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(part))));
    auto pieces = *rc::gen::resize(5, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(piece)));
    pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
    const std::string pattern = join(pieces);
    RC_ASSERT(matches(pattern, path) == plainly(pattern, path));
  });
}

TEST(Pattern, HostilePatternsEnd) {
  std::string pattern, path;
  for (int i = 0; i < 2000; ++i) {
    pattern += "**/a*a*a*a*b/";
    path += "aaaaaaaaaaaaaaaaaaaa/";
  }
  EXPECT_FALSE(matches(pattern + "x", path + "y"));
  EXPECT_FALSE(matches(std::string(5000, '*') + "b", std::string(5000, 'a')));
}

TEST(Pattern, HostileRulesAreDecidedInTime) {
  std::string rules = R"({"members":{"ana":{"roles":["a"]}},"roles":{"a":{"may":[{"write":"x"})";
  std::string pattern;
  for (int i = 0; i < 120; ++i) pattern += "a*a*/**/";
  for (int i = 0; i < 100; ++i) rules += ",{\"write\":\"" + pattern + std::to_string(i) + "\"}";
  rules += "]}}}";
  std::string path;
  for (int i = 0; i < 200; ++i) path += "aaaaaaaaaaaaaaa/";
  Attempt attempt{"ana", std::vector<FileChange>(20, file(path + "x"))};
  attempt.rules = rules;
  EXPECT_FALSE(allowed(attempt));
}

TEST(Folding, WhatCanBeTakenForEachOtherIsTheSame) {
  const std::pair<const char*, const char*> same[] = {
      {"ABC", "abc"},
      {"T\u00dcR", "tu\u0308r"},
      {"\u00df", "SS"},
      {"\u212a", "k"},
      {"\u017f", "s"},
      {"\uff21\uff0f", "a/"},
      {"\ufb01", "fi"},
      {"\U0001d400", "a"},
      {"\u0430", "a"},
      {"\u0410", "a"},
      {"\u039f", "o"},
      {"a\u200db", "ab"},
      {"\uac00", "\u1100\u1161"},
      {"\u304c", "\u304b\u3099"},
      {"\u1e9e", "ss"},
      {"\u0130", "i\u0307"},
      {"\u01c4", "dz\u030c"},
      {"\u0389", "\u0397\u0301"},
      {"\u0419", "\u0418\u0306"},
      {"\u2460x", "\u2460X"},
  };
  for (const auto& [one, other] : same) EXPECT_EQ(folded(one), folded(other)) << one << " " << other;
  EXPECT_NE(folded("t\u00fcr"), folded("tur"));
  EXPECT_NE(folded("\u56fe"), folded("\u7eb8"));
}

TEST(Folding, IsDoneOnce) {
  for (char32_t code = 0; code < 0x20000; ++code) {
    std::string text;
    append_utf8(text, code);
    const std::string once = folded(text);
    ASSERT_EQ(folded(once), once) << std::hex << static_cast<unsigned>(code);
  }
}

TEST(Folding, PartsAreFoundWhereOneLetterWouldDo) {
  for (const char* text : {"u\u0308", "xA\u030a", "\u0438\u0306", "\u304b\u3099", "\u1112\u1161", "a\u0302\u0301",
                           "\u00e2\u0301", "\u0391\u0301"})
    EXPECT_TRUE(is_decomposed(text)) << text;
  for (const char* text : {"\u00fc", "plain", "", "\u0308", "\u4e00\u0308", "\u1100", "\u304c"})
    EXPECT_FALSE(is_decomposed(text)) << text;
}

}  // namespace
}  // namespace aecos::policy
