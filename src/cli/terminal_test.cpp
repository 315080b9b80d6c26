#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>

namespace aecos::cli {
namespace {

struct Screen {
  std::ostringstream out, error;
  Terminal terminal;
  explicit Screen(Terminal::Options options = {}) : terminal(out, error, options) {}
};

TEST(Terminal, WidthCountsColumnsNotBytes) {
  EXPECT_EQ(display_width("Wand"), 4U);
  EXPECT_EQ(display_width("Tür"), 3U);
  EXPECT_EQ(display_width("u\xcc\x88"), 1U);
  EXPECT_EQ(display_width("壁面"), 4U);
  EXPECT_EQ(display_width("\xff\xff"), 2U);
}

TEST(Terminal, FitCutsBetweenCharacters) {
  EXPECT_EQ(fit("Tür", 3), "Tür");
  EXPECT_EQ(fit("Türen", 3), "Tü…");
  EXPECT_EQ(fit("壁面図", 4), "壁…");
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(Terminal, ContentCannotSteerTheTerminal) {
  EXPECT_EQ(printable("a\033[2Jb\n\xff\x7f"), "a\\x1b[2Jb\\n\\xff\\x7f");
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "x\xc2\x9b"),
            "\xef\xbf\xbdx\xef\xbf\xbd");
  EXPECT_EQ(printable("Geländer 壁"), "Geländer 壁");
}

TEST(Terminal, ColourOnlyWhereWanted) {
  Screen plain, coloured({.colour = true});
  plain.terminal.say(plain.terminal.paint(Paint::red, "x"));
  coloured.terminal.say(coloured.terminal.paint(Paint::red, "x"));
  EXPECT_EQ(plain.out.str(), "x\n");
  EXPECT_EQ(coloured.out.str(), "\033[31mx\033[0m\n");
}

TEST(Terminal, ProgressIsForLiveTerminalsAndGoesAwayBeforeOutput) {
  Screen piped, live({.live = true});
  piped.terminal.progress("fetching");
  piped.terminal.say("done");
  EXPECT_EQ(piped.error.str(), "");
  live.terminal.progress("fetching");
  live.terminal.say("done");
  EXPECT_EQ(live.error.str(), "\r\033[Kfetching\r\033[K");
}

TEST(Terminal, AnErrorIsOneLine) {
  Screen screen;
  screen.terminal.fail({ErrorCode::invalid_input, "a.ifc:1:2: no\nheader"});
  EXPECT_EQ(screen.error.str(), "aecos: a.ifc:1:2: no\\nheader\n");
}

TEST(Table, ColumnsLineUpByWidth) {
  Screen screen;
  Table table;
  table.add({{"壁"}, {"a"}, {"x"}});
  table.add({{"Wall"}, {"bcd"}, {"y"}});
  table.add({{"Tür"}});
  table.print(screen.terminal, 1);
  EXPECT_EQ(screen.out.str(), " 壁    a    x\n Wall  bcd  y\n Tür\n");
}

TEST(Table, AnEmptyColumnTakesNoRoom) {
  Screen screen;
  Table table;
  table.add({{"a"}, {""}, {""}, {"x"}});
  table.add({{"b"}, {""}, {""}, {"y"}});
  table.print(screen.terminal);
  EXPECT_EQ(screen.out.str(), "a  x\nb  y\n");
}

TEST(Table, TheLastColumnIsCutOnATerminalOnly) {
  Table table;
  table.add({{"ab"}, {"0123456789abcdefghij"}});
  Screen piped({.width = 20}), live({.colour = true, .width = 20});
  table.print(piped.terminal);
  table.print(live.terminal);
  EXPECT_EQ(piped.out.str(), "ab  0123456789abcdefghij\n");
  EXPECT_EQ(live.out.str(), "ab  0123456789abcde…\n");
}

}  // namespace
}  // namespace aecos::cli
