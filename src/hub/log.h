#pragma once
// The hub's log: one JSON object a line. Nothing secret goes in: callers give addresses without their queries.

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace aecos::hub {

enum class Level { debug, info, warn, error };

class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;
  virtual ~Log() = default;
  // From any thread.
  virtual void write(Level level, std::string_view what, std::initializer_list<Field> fields = {}) = 0;
};

// `file` empty: standard error. `level`: the least that is written.
Result<std::unique_ptr<Log>> open_log(const std::string& file, const std::string& level);

// For tests.
class SilentLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace aecos::hub
