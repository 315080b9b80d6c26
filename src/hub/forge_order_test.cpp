#include "hub/forge_order.h"

#include <gtest/gtest.h>

namespace aecos::hub {
namespace {

using forge::Delivery;
using What = Delivery::What;

class ForgeOrder : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::open("sqlite::memory:");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  bool is_new(const Delivery& delivery) {
    std::string note;
    const Result<> done = store_->write([&](store::Tables& tables) -> Result<> {
      const auto is_inside = [&](const std::string& older, const std::string& newer) {
        return older == inside_ && newer == whole_;
      };
      AECOS_TRY_ASSIGN(note, note_order(tables, "house", delivery, is_inside));
      return {};
    });
    EXPECT_TRUE(done);
    return note.empty();
  }

  static Delivery push(const std::string& before, const std::string& after, std::int64_t time_us = 0) {
    Delivery delivery;
    delivery.what = What::push;
    delivery.branch = "develop";
    delivery.before = before;
    delivery.after = after;
    delivery.time_us = time_us;
    return delivery;
  }

  static Delivery pull(const std::string& state, std::int64_t time_us, std::uint64_t number = 7) {
    Delivery delivery;
    delivery.what = What::pull_request;
    delivery.number = number;
    delivery.state = state;
    delivery.time_us = time_us;
    return delivery;
  }

  std::unique_ptr<store::Store> store_;
  std::string inside_, whole_;
};

TEST_F(ForgeOrder, PushesInTheirOrderAreAllNew) {
  EXPECT_TRUE(is_new(push("", "a")));
  EXPECT_TRUE(is_new(push("a", "b")));
  EXPECT_TRUE(is_new(push("b", "a")));  // Taken back.
  EXPECT_TRUE(is_new(push("a", "b")));
}

TEST_F(ForgeOrder, APushThatLedToOneThatIsKnownIsOlder) {
  EXPECT_TRUE(is_new(push("b", "c")));
  EXPECT_FALSE(is_new(push("a", "b")));
  EXPECT_TRUE(is_new(push("c", "d")));
  EXPECT_FALSE(is_new(push("a", "b")));
}

TEST_F(ForgeOrder, ThroughAGapTheClockTells) {
  EXPECT_TRUE(is_new(push("c", "d", 300)));
  EXPECT_FALSE(is_new(push("a", "b", 100)));
  EXPECT_TRUE(is_new(push("x", "y", 400)));
}

TEST_F(ForgeOrder, WithoutAClockTheHistoryTells) {
  inside_ = "b";
  whole_ = "d";
  EXPECT_TRUE(is_new(push("c", "d")));
  EXPECT_FALSE(is_new(push("a", "b")));
  EXPECT_TRUE(is_new(push("x", "y")));
}

TEST_F(ForgeOrder, BranchesAreNothingToEachOther) {
  EXPECT_TRUE(is_new(push("b", "c", 300)));
  Delivery other = push("a", "b", 100);
  other.branch = "other";
  EXPECT_TRUE(is_new(other));
}

TEST_F(ForgeOrder, StatesGoByTheirTime) {
  EXPECT_TRUE(is_new(pull("open", 100)));
  EXPECT_TRUE(is_new(pull("open", 100)));  // Two things in a second.
  EXPECT_TRUE(is_new(pull("merged", 200)));
  EXPECT_FALSE(is_new(pull("open", 150)));
  EXPECT_FALSE(is_new(pull("open", 200)));
  EXPECT_TRUE(is_new(pull("open", 300)));  // Opened again.
  EXPECT_TRUE(is_new(pull("open", 50, 8)));
}

TEST_F(ForgeOrder, ReviewsAreEverybodysOwn) {
  Delivery review = pull("open", 100);
  review.what = What::review;
  review.member = "ana";
  EXPECT_TRUE(is_new(pull("open", 200)));
  EXPECT_TRUE(is_new(review));
  review.time_us = 50;
  EXPECT_FALSE(is_new(review));
  review.member = "ben";
  EXPECT_TRUE(is_new(review));
}

TEST_F(ForgeOrder, WhatHasNoTimeIsNew) {
  EXPECT_TRUE(is_new(pull("closed", 100)));
  EXPECT_TRUE(is_new(pull("open", 0)));
}

}  // namespace
}  // namespace aecos::hub
