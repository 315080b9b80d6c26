#include "http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

namespace aecos::http {

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  constexpr int gzip_window = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) return Error{ErrorCode::unavailable, "no memory to unpack"};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, &inflateEnd);
  std::string source(bytes), out;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  std::array<char, 32768> piece;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
    if (out.size() > most) return Error{ErrorCode::invalid_input, "the body unpacks to more than allowed"};
    if (state == Z_BUF_ERROR) break;
  }
  if (state != Z_STREAM_END) return Error{ErrorCode::invalid_input, "the body is no whole gzip"};
  return out;
}

}  // namespace aecos::http
