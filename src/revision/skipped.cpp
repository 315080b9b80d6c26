#include "revision/skipped.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "revision/message.h"

namespace aecos::revision {
namespace {

constexpr std::size_t reason_max = 300;

bool is_reason(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  return !text.empty() && text.size() <= reason_max && is_utf8(text) &&
         std::none_of(text.begin(), text.end(), is_control);
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

}  // namespace

Result<std::vector<SkippedCheck>> read_skips(const std::vector<std::string>& wishes,
                                             const std::vector<std::string_view>& known) {
  std::vector<SkippedCheck> skips;
  for (const std::string& wish : wishes) {
    const std::size_t colon = std::min(wish.find(':'), wish.size());
    const std::string_view reason = trimmed(std::string_view(wish).substr(std::min(colon + 1, wish.size())));
    if (!is_reason(reason))
      return Error{
          ErrorCode::invalid_input,
          "to skip a check takes a reason, one line of at most 300 bytes: AECOS_SKIP=CHECK:REASON; there are " +
              listed(known)};
    for (std::size_t at = 0; at <= colon; at = std::min(wish.find(',', at), colon) + 1) {
      const std::string_view name =
          trimmed(std::string_view(wish).substr(at, std::min(wish.find(',', at), colon) - at));
      if (std::find(known.begin(), known.end(), name) == known.end())
        return Error{ErrorCode::invalid_input,
                     "there is no check \"" + std::string(name) + "\" to skip; there are " + listed(known)};
      skips.push_back({std::string(name), std::string(reason)});
    }
  }
  return skips;
}

std::string trailer_of(const SkippedCheck& skipped) {
  return std::string(skipped_trailer) + ": " + skipped.check + ": " + skipped.reason;
}

std::vector<SkippedCheck> skipped_in(const std::string& message) {
  std::vector<SkippedCheck> found;
  for (const std::string& value : trailers_of(message, skipped_trailer)) {
    const std::size_t colon = value.find(": ");
    if (colon == std::string::npos) continue;
    SkippedCheck skipped{value.substr(0, colon), std::string(trimmed(std::string_view(value).substr(colon + 2)))};
    const bool is_name =
        !skipped.check.empty() && skipped.check.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos;
    if (is_name && is_reason(skipped.reason)) found.push_back(std::move(skipped));
  }
  return found;
}

}  // namespace aecos::revision
