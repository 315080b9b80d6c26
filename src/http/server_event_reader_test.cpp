#include <gtest/gtest.h>

#include "http/client.h"

namespace aecos::http {
namespace {

// "ID|TYPE|DATA" of each, however the bytes are cut.
std::vector<std::string> events_of(std::string_view bytes) {
  std::vector<std::string> whole;
  for (const std::size_t size : {bytes.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    ServerEventReader reader;
    std::vector<std::string> events;
    const auto each = [&](const ServerEvent& event) {
      events.push_back(event.id + "|" + event.type + "|" + event.data);
    };
    for (std::size_t at = 0; at < bytes.size(); at += size) reader.add(bytes.substr(at, size), each);
    if (size > bytes.size())
      whole = events;
    else
      EXPECT_EQ(events, whole) << bytes;
  }
  return whole;
}
using Events = std::vector<std::string>;

TEST(ServerEventReader, AnEventIsItsLinesUpToAnEmptyOne) {
  EXPECT_EQ(events_of("event: push\ndata: a\ndata:b\nid: 7\n\ndata: c\n\n"), (Events{"7|push|a\nb", "7|message|c"}));
  EXPECT_EQ(events_of("data: unfinished\n"), Events{});
}

TEST(ServerEventReader, AllLineEndsCount) {
  EXPECT_EQ(events_of("data: a\r\n\r\ndata: b\r\rdata: c\n\n"), (Events{"|message|a", "|message|b", "|message|c"}));
  EXPECT_EQ(events_of("data: a\r\ndata: b\r\n\r\n"), (Events{"|message|a\nb"}));
}

TEST(ServerEventReader, TheExamplesOfTheStandard) {
  EXPECT_EQ(events_of("data: YHOO\ndata: +2\ndata: 10\n\n"), (Events{"|message|YHOO\n+2\n10"}));
  EXPECT_EQ(events_of(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
            (Events{"1|message|first event", "|message|second event", "|message| third event"}));
  EXPECT_EQ(events_of("data\n\ndata\ndata\n\ndata:"), (Events{"|message|", "|message|\n"}));
  EXPECT_EQ(events_of("data:test\n\ndata: test\n\n"), (Events{"|message|test", "|message|test"}));
}

TEST(ServerEventReader, CommentsUnknownFieldsAndEventsWithoutDataAreIgnored) {
  EXPECT_EQ(events_of(":\n\n: a\nfoo: b\ndata2: c\nData: d\n\nevent: e\n\ndata: f\n\n"), (Events{"|message|f"}));
}

TEST(ServerEventReader, AByteOrderMarkIsSkippedOnce) {
  EXPECT_EQ(events_of("\xEF\xBB\xBF"
                      "data: a\n\n\xEF\xBB\xBF"
                      "data: b\n\n"),
            (Events{"|message|a"}));
}

TEST(ServerEventReader, AnIdWithNulIsIgnored) {
  using std::string_literals::operator""s;
  EXPECT_EQ(events_of("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"s), (Events{"1|message|a", "1|message|b"}));
}

TEST(ServerEventReader, RetryIsDigitsOnly) {
  ServerEventReader reader;
  const auto none = [](const ServerEvent&) { FAIL(); };
  reader.add("retry: 12x\nretry: -1\nretry:\nretry: 99999999999999999999\n", none);
  EXPECT_EQ(reader.retry_ms, std::nullopt);
  reader.add("retry: 3000\n", none);
  EXPECT_EQ(reader.retry_ms, 3000);
}

}  // namespace
}  // namespace aecos::http
