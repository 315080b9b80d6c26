#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "os/random.h"

namespace aecos::os {
namespace {

class RealRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    while (!bytes.empty()) {
      auto piece = bytes.first(std::min<std::size_t>(bytes.size(), 256));  // As much as one call gives.
      if (::getentropy(piece.data(), piece.size()) != 0) throw std::runtime_error("the system gives no random bytes");
      bytes = bytes.subspan(piece.size());
    }
  }
};

}  // namespace

std::unique_ptr<Random> real_random() { return std::make_unique<RealRandom>(); }

}  // namespace aecos::os
