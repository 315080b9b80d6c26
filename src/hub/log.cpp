#include "hub/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "text/json_writer.h"

namespace aecos::hub {
namespace {

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::off;
}

class SpdLog final : public Log {
 public:
  SpdLog(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}

  void write(Level level, std::string_view what, std::initializer_list<Field> fields) override {
    const auto at = level_of(level);
    if (!logger_->should_log(at)) return;
    text::JsonWriter json;
    json.begin_object().member("what", what);
    for (const auto& [name, value] : fields) json.member(name, value);
    json.end_object();
    std::string text = std::move(json).take();
    logger_->log(at, "{}", std::string_view(text).substr(1));
  }

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace

Result<std::unique_ptr<Log>> open_log(const std::string& file, const std::string& level) {
  try {
    spdlog::sink_ptr sink;
    if (file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    auto logger = std::make_shared<spdlog::logger>("hub", sink);
    logger->set_level(spdlog::level::from_str(level));
    logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\",%v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::warn);
    return std::unique_ptr<Log>(std::make_unique<SpdLog>(std::move(logger)));
  } catch (const spdlog::spdlog_ex& failed) {
    return Error{ErrorCode::unavailable, "the log cannot be written: " + std::string(failed.what())};
  }
}

}  // namespace aecos::hub
