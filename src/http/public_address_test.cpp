#include "http/public_address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace aecos::http {
namespace {

TEST(PublicAddress, ThoseOfTheInternetAre) {
  for (const char* ip : {"1.1.1.1",
                         "8.8.8.8",
                         "9.255.255.255",
                         "11.0.0.0",
                         "100.63.255.255",
                         "100.128.0.0",
                         "126.255.255.255",
                         "128.0.0.1",
                         "168.63.129.15",
                         "168.63.129.17",
                         "169.253.255.255",
                         "169.255.0.0",
                         "172.15.255.255",
                         "172.32.0.0",
                         "192.0.1.0",
                         "192.0.3.0",
                         "192.88.98.255",
                         "192.167.255.255",
                         "192.169.0.0",
                         "198.17.255.255",
                         "198.20.0.0",
                         "223.255.255.255",
                         "2606:4700:4700::1111",
                         "2001:4860:4860::8888",
                         "2a00:1450:4001::1",
                         "2001:200::1",
                         "2001:db7:ffff::",
                         "2001:db9::",
                         "2003::1",
                         "3ffd:ffff::1"})
    EXPECT_EQ(why_not_public(ip), "") << ip;
}

TEST(PublicAddress, AllOthersAreNot) {
  for (const char* ip : {"0.0.0.0",
                         "0.1.2.3",
                         "10.0.0.0",
                         "10.255.255.255",
                         "100.64.0.0",
                         "100.100.100.200",
                         "100.127.255.255",
                         "127.0.0.1",
                         "127.255.255.254",
                         "168.63.129.16",
                         "169.254.0.1",
                         "169.254.169.254",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.0.0.1",
                         "192.0.0.192",
                         "192.0.2.1",
                         "192.88.99.1",
                         "192.168.0.1",
                         "192.168.255.255",
                         "198.18.0.1",
                         "198.19.255.255",
                         "198.51.100.1",
                         "203.0.113.255",
                         "224.0.0.1",
                         "239.255.255.255",
                         "240.0.0.1",
                         "255.255.255.254",
                         "255.255.255.255",  //
                         "::",
                         "::1",
                         "::2",
                         "::127.0.0.1",
                         "::8.8.8.8",
                         "::ffff:127.0.0.1",
                         "::ffff:10.0.0.1",
                         "::ffff:8.8.8.8",
                         "::ffff:0:10.0.0.1",
                         "64:ff9b::10.0.0.1",
                         "64:ff9b::808:808",
                         "64:ff9b:1::1",
                         "100::1",
                         "100:0:0:1::1",
                         "2001::1",
                         "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                         "2001:2::1",
                         "2001:10::1",
                         "2001:20::1",
                         "2001:2f:ffff::",
                         "2001:1ff:ffff::",
                         "2001:db8::1",
                         "2002:a00:1::1",
                         "2002:808:808::1",
                         "3ffe::1",
                         "3fff::1",
                         "5f00::1",
                         "4000::1",
                         "1fff::1",
                         "fc00::1",
                         "fd00:ec2::254",
                         "fd20:ce::254",
                         "fe80::1",
                         "fe80::1%lo",
                         "febf::1",
                         "fec0::1",
                         "feff::1",
                         "ff02::1",
                         "ff0e::1",
                         "2606:4700::5efe:a00:1",
                         "2606:4700::200:5efe:808:808"})
    EXPECT_NE(why_not_public(ip), "") << ip;
}

TEST(PublicAddress, WhatIsNoAddressIsNot) {
  for (const char* text : {"", "localhost", "1", "1.1", "1.1.1", "0x7f.0.0.1", "2130706433", "017700000001",
                           "127.0.0.1:80", "[::1]", "1.1.1.1 ", "1.1.1.256", ":::1", "2606:4700:4700::1111/64"})
    EXPECT_FALSE(is_public_address(text)) << text;
}

RC_GTEST_PROP(PublicAddress, AnIpv4AddressIsNotPublicInAnyIpv6Dress, (const std::array<unsigned char, 4>& ip)) {
  std::string dotted;
  for (const unsigned part : ip) dotted += (dotted.empty() ? "" : ".") + std::to_string(part);
  for (const char* dress : {"::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::"})
    RC_ASSERT(!is_public_address(dress + dotted));
}

std::string asked(const Guard& guard, const std::string& scheme, const std::string& host, std::uint16_t port,
                  const std::string& ip) {
  return guard({scheme, host, port, ip});
}

TEST(Guard, WithoutAnAdministratorsWordOnlyThePublicInternetByHttps) {
  const Guard guard = guard_by({});
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 443, ""), "");
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 443, "1.1.1.1"), "");
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 8443, "2606:4700::1"), "");
  EXPECT_EQ(asked(guard, "http", "hooks.example.org", 80, ""), "an https address is needed");
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 22, ""), "port 22 is not for https");
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 25, ""), "port 25 is not for https");
  EXPECT_EQ(asked(guard, "https", "hooks.example.org", 443, "10.0.0.5"),
            "10.0.0.5 is a private address; an administrator can allow this host");
  EXPECT_EQ(asked(guard, "smtp", "mail.example.org", 25, "1.1.1.1"), "");
  EXPECT_EQ(asked(guard, "smtps", "mail.example.org", 465, "1.1.1.1"), "");
  EXPECT_NE(asked(guard, "smtp", "mail.example.org", 25, "127.0.0.1"), "");
  EXPECT_NE(asked(guard, "smtp", "mail.example.org", 80, "1.1.1.1"), "");
}

TEST(Guard, AnAllowedHostIsAllowedByNameAlone) {
  const Guard guard = guard_by({{"Intranet.Example", "10.0.0.5:8080", "[FD00::1]:8443", "fd00::2"}});
  EXPECT_EQ(asked(guard, "http", "intranet.example", 80, ""), "");
  EXPECT_EQ(asked(guard, "https", "intranet.example", 22, "10.1.2.3"), "");
  EXPECT_EQ(asked(guard, "http", "10.0.0.5", 8080, "10.0.0.5"), "");
  EXPECT_EQ(asked(guard, "https", "fd00::1", 8443, "fd00::1"), "");
  EXPECT_EQ(asked(guard, "https", "fd00:0::2", 9, "fd00::2"), "");
  EXPECT_NE(asked(guard, "http", "10.0.0.5", 8081, "10.0.0.5"), "");
  EXPECT_NE(asked(guard, "https", "fd00::1", 443, "fd00::1"), "");
  EXPECT_NE(asked(guard, "https", "elsewhere.example", 443, "10.0.0.5"), "");  // A name that leads to an allowed IP.
  EXPECT_NE(asked(guard, "https", "a.intranet.example", 443, "10.1.2.3"), "");
}

TEST(OutgoingRule, WhatIsNoHostIsAnError) {
  EXPECT_TRUE(check(OutgoingRule{{"localhost", "localhost:8080", "10.0.0.5", "[::1]", "[::1]:80", "::1", "a-b.c_d"}}));
  for (const char* entry : {"", ":80", "a:", "a:0", "a:65536", "a:b", "a b", "http://a", "a/b", "[::1", "[a]:80", "*",
                            "*.example.org", "user@host", "[::1]80"}) {
    const auto checked = check(OutgoingRule{{"a", entry}});
    ASSERT_FALSE(checked) << entry;
    EXPECT_EQ(checked.error().message, "not a host, or a host and a port: '" + std::string(entry) + "'");
  }
}

}  // namespace
}  // namespace aecos::http
