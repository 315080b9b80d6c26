#pragma once
// What the POSIX implementations share.

#include <string>
#include <utility>

#include "base/result.h"

namespace aecos::os {

// "PATH: No such file or directory", with the code that fits the errno.
Error posix_error(const std::string& what, int number);

// An open file, closed at the end. -1: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  explicit operator bool() const { return number_ >= 0; }
  int operator*() const { return number_; }
  void close();
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

}  // namespace aecos::os
