#include "git/pkt_line.h"

#include <gtest/gtest.h>

#include <sstream>

namespace aecos::git {
namespace {

TEST(PktLine, WhatIsWrittenIsRead) {
  std::stringstream stream;
  PacketWriter writer(stream);
  const std::string big(200000, 'x');
  writer.line("command=clean");
  writer.line("");
  writer.flush();
  writer.content(big);
  writer.flush();
  writer.flush();
  PacketReader reader(stream);
  EXPECT_EQ(*reader.lines(), std::optional(std::vector<std::string>{"command=clean", ""}));
  EXPECT_EQ(*reader.content(), big);
  EXPECT_EQ(*reader.content(), "");
  EXPECT_EQ(*reader.lines(), std::nullopt);
}

TEST(PktLine, IsAsGitWritesIt) {
  std::stringstream stream;
  PacketWriter writer(stream);
  writer.line("version=2");
  writer.flush();
  EXPECT_EQ(stream.str(), "000eversion=2\n0000");
}

TEST(PktLine, BrokenFramesAreErrors) {
  for (const char* bytes : {"00", "00zz", "0003", "0010abc", "0008abcd", "-001", " 00a"}) {
    std::istringstream stream(bytes);
    EXPECT_FALSE(PacketReader(stream).lines()) << bytes;
    std::istringstream again(bytes);
    EXPECT_FALSE(PacketReader(again).content()) << bytes;
  }
}

}  // namespace
}  // namespace aecos::git
