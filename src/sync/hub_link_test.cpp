#include "sync/hub_link.h"

#include <gtest/gtest.h>

namespace aecos::sync {
namespace {

TEST(HubAddress, IsReadFromTheRemote) {
  const HubAddress address = *hub_address("https://ana:a%2Fb@hub.example.org:8420/houses/hill.git/");
  EXPECT_EQ(address.base, "https://hub.example.org:8420/houses");
  EXPECT_EQ(address.project, "hill");
  EXPECT_EQ(address.user, "ana");
  EXPECT_EQ(address.secret, "a/b");
  EXPECT_EQ(hub_address("http://127.0.0.1:1/house")->project, "house");
  for (const char* url : {"git@github.com:a/b.git", "ssh://host/b.git", "a/folder", "https://host", ""})
    EXPECT_FALSE(hub_address(url)) << url;
}

TEST(HubAddress, IsShownWithoutTheSecret) {
  EXPECT_EQ(without_secret("https://ana:secret@host/house.git"), "https://host/house.git");
  EXPECT_EQ(without_secret("https://host/house@2.git"), "https://host/house@2.git");
  EXPECT_EQ(without_secret("git@github.com:a/b.git"), "git@github.com:a/b.git");
}

}  // namespace
}  // namespace aecos::sync
