#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "http/worker_pool_internal.h"

namespace aecos::http {
namespace {

TEST(WorkerPool, JobsBeginInTheirOrderAndNotTooManyWait) {
  WorkerPool pool(1, 2);
  std::promise<void> entered, go;
  std::vector<int> order;
  ASSERT_TRUE(pool.try_add([&] {
    entered.set_value();
    go.get_future().wait();
  }));
  entered.get_future().wait();
  EXPECT_TRUE(pool.try_add([&] { order.push_back(1); }));
  EXPECT_TRUE(pool.try_add([&] { order.push_back(2); }));
  EXPECT_FALSE(pool.try_add([&] { order.push_back(3); }));
  EXPECT_EQ(pool.waiting(), 2U);
  pool.add_always([&] { order.push_back(4); });
  go.set_value();
  pool.stop();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 4}));
  EXPECT_EQ(pool.waiting(), 0U);
}

}  // namespace
}  // namespace aecos::http
