#pragma once

#include <atomic>
#include <cstdint>

namespace aecos::ifc {

// A number that two threads may work out at the same time, both to the same result; 0 until then.
class SharedNumber {
 public:
  SharedNumber() = default;
  SharedNumber(const SharedNumber& other) : number_(other) {}
  SharedNumber& operator=(const SharedNumber& other) { return *this = static_cast<std::uint64_t>(other); }
  SharedNumber& operator=(std::uint64_t number) {
    number_.store(number, std::memory_order_release);
    return *this;
  }
  operator std::uint64_t() const { return number_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> number_ = 0;
};

}  // namespace aecos::ifc
