#include <gtest/gtest.h>

#include "http/body_decoder_internal.h"
#include "http/request_head_internal.h"

namespace aecos::http {
namespace {

struct Decoded {
  std::string body = {};
  std::size_t taken = 0;
  bool is_complete = false, is_broken = false;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(const RequestHead& head, std::string_view wire, std::size_t piece_size) {
  BodyDecoder decoder(head);
  Decoded decoded;
  for (std::size_t at = 0; at < wire.size();) {
    std::string_view piece = wire.substr(at, piece_size);
    const std::size_t offered = piece.size();
    decoded.body += decoder.next(piece);
    at += offered - piece.size();
    decoded.taken = at;
    if (decoder.is_complete() || decoder.is_broken()) break;
  }
  decoded.is_complete = decoder.is_complete();
  decoded.is_broken = decoder.is_broken();
  return decoded;
}

Decoded decode_chunks(std::string_view wire) {
  RequestHead head;
  head.is_chunked = true;
  const Decoded whole = decode(head, wire, wire.size() + 1);
  for (const std::size_t size : {1U, 2U, 3U, 7U}) EXPECT_EQ(decode(head, wire, size), whole) << wire;
  return whole;
}

TEST(BodyDecoder, NoBodyIsComplete) {
  EXPECT_TRUE(BodyDecoder().is_complete());
  EXPECT_TRUE(BodyDecoder(RequestHead()).is_complete());
}

TEST(BodyDecoder, ABodyOfKnownLengthEndsThere) {
  RequestHead head;
  head.content_length = 5;
  for (const std::size_t size : {1U, 2U, 100U}) {
    const Decoded decoded = decode(head, "abcdefgh", size);
    EXPECT_EQ(decoded.body, "abcde");
    EXPECT_EQ(decoded.taken, 5U);
    EXPECT_TRUE(decoded.is_complete);
  }
}

TEST(BodyDecoder, ChunksAreJoinedAndTheRestIsLeft) {
  const std::string wire = "3\r\nabc\r\n0A;name=\"v\"\r\n0123456789\r\n1\r\n\r\r\n0\r\nX: y\r\nZ: \r\n\r\n";
  const Decoded decoded = decode_chunks(wire + "GET /");
  EXPECT_EQ(decoded.body, "abc0123456789\r");
  EXPECT_EQ(decoded.taken, wire.size());
  EXPECT_TRUE(decoded.is_complete);
}

TEST(BodyDecoder, WhatIsNoChunkIsBroken) {
  for (const char* wire : {"\r\n",
                           "x\r\n",
                           "-1\r\n",
                           "+1\r\n",
                           "0x1\r\n",
                           " 1\r\n",
                           "1 \r\n",
                           "1\n",
                           "1\ra",
                           "1\r\nab",
                           "1\r\na\n",
                           "1\r\na\rb",
                           "g",
                           ";a\r\n",
                           "1;\n",
                           "1;\x01\r\n",
                           "1000000000000000\r\n",
                           "ffffffffffffffffff\r\n",
                           "0\r\n\n",
                           "0\r\nX\n",
                           "0\r\nX: a\x01\r\n\r\n",
                           "0\r\n\rX",
                           "1,1\r\n"}) {
    const Decoded decoded = decode_chunks(wire);
    EXPECT_TRUE(decoded.is_broken) << wire;
    EXPECT_FALSE(decoded.is_complete) << wire;
  }
  using std::string_literals::operator""s;
  EXPECT_TRUE(decode_chunks("1;\0\r\n"s).is_broken);
}

TEST(BodyDecoder, ExtensionsAndTrailersHaveALimit) {
  EXPECT_TRUE(decode_chunks("1;" + std::string(1000, 'x') + "\r\na\r\n0\r\n\r\n").is_complete);
  EXPECT_TRUE(decode_chunks("1;" + std::string(1100, 'x') + "\r\na\r\n0\r\n\r\n").is_broken);
  std::string many;
  for (int k = 0; k < 2000; ++k) many += "1;x\r\na\r\n";
  EXPECT_TRUE(decode_chunks(many).is_broken);
  EXPECT_TRUE(decode_chunks("0\r\nX: " + std::string(8000, 'x') + "\r\n\r\n").is_complete);
  EXPECT_TRUE(decode_chunks("0\r\nX: " + std::string(9000, 'x') + "\r\n\r\n").is_broken);
}

TEST(BodyDecoder, TheLargestChunkDoesNotWrapAround) {
  RequestHead head;
  head.is_chunked = true;
  BodyDecoder decoder(head);
  std::string_view wire = "fffffffffffffff\r\nab";
  EXPECT_EQ(decoder.next(wire), "ab");
  EXPECT_EQ(decoder.left(), 0xfffffffffffffffULL - 2);
}

}  // namespace
}  // namespace aecos::http
