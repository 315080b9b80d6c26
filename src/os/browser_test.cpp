#include "os/browser.h"

#include <gtest/gtest.h>

namespace aecos::os {
namespace {

constexpr const char* page = "https://hub.example.org/projects/house/view";

TEST(Browser, ThePageIsGivenToTheSystemAsOneWord) {
  ScriptedProcessRunner processes([](const Command&) -> Result<Finished> { return Finished{}; });
  ASSERT_TRUE(open_in_browser(processes, page));
  ASSERT_EQ(processes.commands().size(), 1U);
  EXPECT_EQ(processes.commands()[0].argv.back(), page);
  EXPECT_EQ(processes.commands()[0].argv.size(), 2U);
}

TEST(Browser, WhereThereIsNoneTheLinkIsTold) {
  ScriptedProcessRunner none([](const Command&) -> Result<Finished> { return Error{ErrorCode::not_found, "no"}; });
  const auto opened = open_in_browser(none, page);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().message.find(page), std::string::npos);
}

}  // namespace
}  // namespace aecos::os
