#include <algorithm>
#include <limits>

#include "git/inflate_internal.h"

namespace aecos::git {
namespace {

constexpr std::size_t most = std::numeric_limits<uInt>::max() / 2;

}  // namespace

Inflating::Inflating(std::string_view input) : input_(input) { good_ = ::inflateInit(&stream_) == Z_OK; }

Inflating::~Inflating() { ::inflateEnd(&stream_); }

std::size_t Inflating::some(char* into, std::size_t size) {
  std::size_t got = 0;
  while (good_ && !ended_ && got < size) {
    const auto in = static_cast<uInt>(std::min(input_.size(), most));
    const auto out = static_cast<uInt>(std::min(size - got, most));
    // zlib does not write into what it reads.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
    stream_.avail_in = in;
    stream_.next_out = reinterpret_cast<Bytef*>(into + got);
    stream_.avail_out = out;
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t used = in - stream_.avail_in, made = out - stream_.avail_out;
    input_.remove_prefix(used);
    got += made;
    ended_ = code == Z_STREAM_END;
    good_ = ended_ || (code == Z_OK && used + made > 0);
  }
  return got;
}

bool Inflating::is_at_end() {
  char more = 0;
  return some(&more, 1) == 0 && ended_;
}

}  // namespace aecos::git
