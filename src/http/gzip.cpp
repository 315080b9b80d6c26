#include "http/gzip.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <new>

#include "base/ascii.h"

namespace aecos::http {
namespace {

// Unpacks piece by piece; `take` may end it.
Result<> unpack(std::string_view bytes, const std::function<Result<>(std::string_view)>& take) {
  constexpr int gzip_window = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) return Error{ErrorCode::unavailable, "no memory to unpack"};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, &inflateEnd);
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<char, 32768> piece;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    AECOS_TRY(take({piece.data(), piece.size() - stream.avail_out}));
  }
  if (state != Z_STREAM_END) return Error{ErrorCode::invalid_input, "the body is no whole gzip"};
  return {};
}

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  // Counted first: what unpacks to too much takes no memory, and all else just what it needs.
  std::size_t size = 0;
  AECOS_TRY(unpack(bytes, [&](std::string_view piece) -> Result<> {
    size += piece.size();
    if (size > most) return Error{ErrorCode::invalid_input, "the body unpacks to more than allowed"};
    return {};
  }));
  std::string out;
  out.reserve(size);
  AECOS_TRY(unpack(bytes, [&](std::string_view piece) -> Result<> {
    out.append(piece);
    return {};
  }));
  return out;
}

namespace {

// "q=0", "q=0.000": not this one.
bool is_refused(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view weight = trimmed(parameters.substr(at + 2));
  return weight.find_first_of("123456789") == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(const Headers& request) {
  bool any = false;
  std::string_view list = request.get("Accept-Encoding");
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
    const std::string_view name = trimmed(part.substr(0, part.find(';')));
    const bool refused = part.find(';') != std::string_view::npos && is_refused(part.substr(part.find(';') + 1));
    if (name == "gzip" || name == "x-gzip") return !refused;
    any = any || (name == "*" && !refused);
  }
  return any;
}

struct Gzip::Stream {
  z_stream z{};

  std::string take(std::string_view bytes, int flush) {
    std::string out;
    std::array<char, 32768> piece;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it.
    z.avail_in = static_cast<uInt>(bytes.size());
    do {
      z.next_out = reinterpret_cast<Bytef*>(piece.data());
      z.avail_out = static_cast<uInt>(piece.size());
      deflate(&z, flush);
      out.append(piece.data(), piece.size() - z.avail_out);
    } while (z.avail_out == 0);
    return out;
  }
};

Gzip::Gzip() : stream_(std::make_unique<Stream>()) {
  constexpr int gzip_window = 15 + 16, memory_level = 8;
  if (deflateInit2(&stream_->z, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

Gzip::~Gzip() { deflateEnd(&stream_->z); }

std::string Gzip::add(std::string_view bytes) {
  std::string out;
  constexpr std::size_t at_once = 1U << 30U;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), at_once)))
    out += stream_->take(bytes.substr(0, at_once), Z_NO_FLUSH);
  return out;
}

std::string Gzip::finish() { return stream_->take({}, Z_FINISH); }

}  // namespace aecos::http
