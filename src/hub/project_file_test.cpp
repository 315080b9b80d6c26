#include "hub/project_file.h"

#include <gtest/gtest.h>

namespace aecos::hub {
namespace {

TEST(ProjectFile, EachOfThemIsHeldToWhatTheProgramCanUse) {
  for (const char* const path : {".aecos/notify.json", ".aecos/forge.json", ".aecos/project.json", ".aecos/roles.json",
                                 ".aecos/waivers.json", ".aecos/rates.csv"})
    EXPECT_FALSE(parse_project_file(path, "{")) << path;
  EXPECT_TRUE(parse_project_file(".aecos/forge.json", R"({"kind": "gitea", "repository": "acme/house",
                                                          "api": "https://git.example"})"));
  EXPECT_TRUE(parse_project_file("notes/forge.json", "{"));
}

}  // namespace
}  // namespace aecos::hub
