// Sentences of design talk with what they have to come to: tests/generate/sentences.txt.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generate/read.h"

namespace aecos::generate {
namespace {

struct Case {
  int number = 0;
  std::string status, sentence;
  std::vector<std::string> expected;
};

std::vector<Case> read_cases() {
  std::ifstream file("tests/generate/sentences.txt");
  std::vector<Case> cases;
  std::string line;
  bool sentence_next = false;
  while (std::getline(file, line)) {
    if (line.starts_with("#")) continue;
    if (sentence_next) {
      cases.back().sentence = line;
      sentence_next = false;
    } else if (line.starts_with("> ")) {
      cases.back().expected.push_back(line.substr(2));
    } else if (!line.empty()) {
      std::istringstream head(line);
      Case& each = cases.emplace_back();
      head >> each.number >> each.status;
      sentence_next = true;
    }
  }
  return cases;
}

Host host(const std::string& name, const std::string& ifc_class, std::array<double, 2> x, std::array<double, 2> y,
          std::array<double, 2> z, const std::string& id) {
  Host host;
  host.global_id = id;
  host.name = name;
  host.ifc_class = ifc_class;
  host.has_shape = true;
  host.x = x;
  host.y = y;
  host.z = z;
  return host;
}

Context project() {
  Context context;
  context.storeys = {{"0Basement0000000000000", "Basement", -3, {}},
                     {"0Ground000000000000000", "Ground floor", 0, {}},
                     {"0Level1000000000000000", "Level 1", 3, {}},
                     {"0Level2000000000000000", "Level 2", 6, {}},
                     {"0Roof00000000000000000", "Roof", 9, {}}};
  context.hosts = {host("W-12", "IfcWall", {0, 6}, {-0.15, 0.15}, {0, 3}, "1Wall12000000000000000"),
                   host("W-07", "IfcWall", {0, 4}, {-0.1, 0.1}, {0, 2.4}, "1Wall07000000000000000"),
                   host("South wall", "IfcWall", {0, 10}, {0, 0.365}, {0, 3}, "1South0000000000000000"),
                   host("Partition", "IfcWall", {0, 4}, {0, 0.1}, {0, 3}, "1Part10000000000000000"),
                   host("Partition", "IfcWall", {0, 4}, {0, 0.1}, {0, 3}, "1Part20000000000000000"),
                   host("S-01", "IfcSlab", {0, 10}, {0, 8}, {-0.2, 0}, "1Slab01000000000000000")};
  for (const Host& each : context.hosts) context.names.insert(each.name);
  return context;
}

// "wall: a=1; b=2" with its values sorted.
std::string sorted(const std::string& line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) return line;
  std::vector<std::string> parts;
  std::string rest = line.substr(colon + 2), text = line.substr(0, colon) + ":";
  for (std::size_t at; (at = rest.find("; ")) != std::string::npos; rest = rest.substr(at + 2))
    parts.push_back(rest.substr(0, at));
  parts.push_back(rest);
  std::sort(parts.begin(), parts.end());
  for (const std::string& part : parts) text += " " + part + ";";
  return text;
}

std::vector<std::string> result_of(const Reading& reading) {
  const std::string_view status = status_of(reading.problems);
  const ProblemKind kind = status == "no"     ? ProblemKind::refused
                           : status == "part" ? ProblemKind::not_understood
                                              : ProblemKind::missing;
  std::vector<std::string> lines;
  if (status == "ok") {
    for (const Element& element : reading.specification.elements) lines.push_back(sorted(line_of(element)));
    return lines;
  }
  std::string keys;
  for (const Problem& problem : reading.problems)
    if (problem.kind == kind) keys += (keys.empty() ? "" : ", ") + problem.key;
  return {keys};
}

class Sentences : public testing::TestWithParam<Case> {};

TEST_P(Sentences, ComesToWhatWasMeant) {
  const Case& each = GetParam();
  const Context context = project();
  const Reading reading = complete(read(each.sentence, context), context);
  std::vector<std::string> expected;
  for (const std::string& line : each.expected) expected.push_back(each.status == "ok" ? sorted(line) : line);
  EXPECT_EQ(status_of(reading.problems), each.status) << each.sentence;
  EXPECT_EQ(result_of(reading), expected) << each.sentence;
}

std::vector<Case> chosen() {
  std::vector<Case> cases = read_cases();
  // While the parser is being worked on, only the odd ones are looked at.
  if (const char* only = std::getenv("AECOS_SENTENCES"); only && std::string_view(only) == "odd")
    std::erase_if(cases, [](const Case& each) { return each.number % 2 == 0; });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, Sentences, testing::ValuesIn(chosen()),
                         [](const auto& each) { return std::to_string(each.param.number); });

TEST(SentenceTable, HasAHundredAndFiftyOfAllKinds) {
  const std::vector<Case> cases = read_cases();
  EXPECT_EQ(cases.size(), 150U);
  for (const std::string_view status : {"ok", "ask", "no", "part"})
    EXPECT_GE(std::count_if(cases.begin(), cases.end(), [&](const Case& each) { return each.status == status; }), 3)
        << status;
}

}  // namespace
}  // namespace aecos::generate
