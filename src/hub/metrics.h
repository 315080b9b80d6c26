#pragma once

#include <atomic>
#include <cstdint>

namespace aecos::hub {

// Counted since the start; shown by /metrics.
struct Metrics {
  std::atomic<std::uint64_t> requests = 0, failed_requests = 0, pushes = 0, refused_pushes = 0, fetches = 0;
  std::atomic<std::uint64_t> received_bytes = 0, sent_bytes = 0, request_us = 0;
};

}  // namespace aecos::hub
