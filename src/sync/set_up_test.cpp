#include "sync/set_up.h"

#include <gtest/gtest.h>

namespace aecos::sync {
namespace {

TEST(MemberName, IsPartOfABranch) {
  EXPECT_EQ(member_name("Ana Müller"), "ana-müller");
  EXPECT_EQ(member_name("  J. R. O'Neill  "), "j-r-o-neill");
  EXPECT_EQ(member_name("ben"), "ben");
  EXPECT_EQ(member_name("..//~^"), "");
}

TEST(Attributes, LeaveTheTeamItsSayOverStoring) {
  const std::string own = "*.ifc filter=lfs diff=lfs merge=lfs -text\n";
  const std::string text = with_attributes(own);
  const auto at = [&](std::string_view line) { return text.find(line); };
  EXPECT_LT(at("*.ifc -text filter=aecos-ifc"), at(own));
  EXPECT_LT(at(own), at("*.ifc merge=aecos"));
}

TEST(Attributes, AreAddedOnce) {
  for (const char* own : {"", "a b\n", "a b", "\r\n"}) {
    const std::string once = with_attributes(own);
    EXPECT_NE(once.find(own), std::string::npos);
    EXPECT_EQ(with_attributes(once), once);
  }
  std::string dos;
  for (const char c : with_attributes("")) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(with_attributes(dos), dos);
}

}  // namespace
}  // namespace aecos::sync
