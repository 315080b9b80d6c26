#include "step/ifczip.h"

#include <zip.h>

#include <algorithm>
#include <memory>

namespace aecos::step {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
template <class T>
using Owned = std::unique_ptr<T, Discard>;

// libzip's own record of what went wrong.
class Failure {
 public:
  Failure() { zip_error_init(&error_); }
  ~Failure() { zip_error_fini(&error_); }
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;
  zip_error_t* get() { return &error_; }
  std::string text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

Error unusable(const std::string& what) { return {ErrorCode::invalid_input, "the ZIP archive " + what}; }

// The archive holds the source from then on.
Result<Owned<zip_t>> open(Owned<zip_source_t> source, int flags) {
  Failure failure;
  Owned<zip_t> archive(zip_open_from_source(source.get(), flags, failure.get()));
  if (!archive) return unusable("cannot be opened: " + failure.text());
  source.release();
  return archive;
}

bool is_ifc(std::string_view name) {
  if (name.size() < 4) return false;
  std::string end(name.substr(name.size() - 4));
  std::ranges::transform(end, end.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return end == ".ifc";
}

// The one file that is no folder.
Result<zip_uint64_t> only_file(zip_t* archive) {
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  zip_int64_t found = -1;
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* const name = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
    if (name == nullptr || std::string_view(name).ends_with('/')) continue;
    if (found >= 0) return unusable("holds more than one file; it must be exactly one .ifc");
    if (!is_ifc(name)) return unusable("does not hold a file that ends in .ifc");
    found = i;
  }
  if (found < 0) return unusable("is empty; it must hold exactly one .ifc");
  return static_cast<zip_uint64_t>(found);
}

// What the archive says of its file is a hint; the limits hold for what really comes out.
Result<std::string> read_file(zip_t* archive, const zip_stat_t& stat, std::uint64_t archive_size) {
  const std::uint64_t size_max =
      std::min(unpacked_max, std::max<std::uint64_t>(any_ratio_max, archive_size * ratio_max));
  const auto too_large = [&] {
    return unusable("of " + std::to_string(archive_size) + " bytes would grow to more than " +
                    std::to_string(size_max) + " bytes; it is not unpacked");
  };
  if ((stat.valid & ZIP_STAT_SIZE) != 0 && stat.size > size_max) return too_large();
  Owned<zip_file_t> file(zip_fopen_index(archive, stat.index, 0));
  if (!file) return unusable("cannot be read: " + std::string(zip_strerror(archive)));
  std::string text;
  if ((stat.valid & ZIP_STAT_SIZE) != 0) text.reserve(stat.size + 1);
  constexpr std::size_t block = std::size_t{1} << 20;
  for (std::size_t done = 0;;) {
    text.resize(std::min(std::max(text.capacity(), done + 1), done + block));
    const zip_int64_t count = zip_fread(file.get(), text.data() + done, text.size() - done);
    if (count < 0) return unusable("is damaged: " + std::string(zip_file_strerror(file.get())));
    done += static_cast<std::size_t>(count);
    if (done > size_max) return too_large();
    if (count > 0) continue;
    text.resize(done);
    return text;
  }
}

// What was written into a buffer.
Result<std::string> content_of(zip_source_t* buffer) {
  zip_stat_t stat;
  if (zip_source_stat(buffer, &stat) != 0 || zip_source_open(buffer) != 0) return unusable("cannot be written");
  std::string bytes(stat.size, '\0');
  const zip_int64_t count = zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  if (count < 0 || static_cast<std::size_t>(count) != bytes.size()) return unusable("cannot be written");
  return bytes;
}

}  // namespace

bool is_zip(std::string_view bytes) {
  return bytes.starts_with(std::string_view("PK\x03\x04", 4)) || bytes.starts_with(std::string_view("PK\x05\x06", 4));
}

Result<Packed> unpack(std::string_view bytes) {
  Failure failure;
  Owned<zip_source_t> source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, failure.get()));
  if (!source) return unusable("cannot be opened: " + failure.text());
  AECOS_TRY_ASSIGN(const Owned<zip_t> archive, open(std::move(source), ZIP_RDONLY));
  AECOS_TRY_ASSIGN(const zip_uint64_t file, only_file(archive.get()));
  zip_stat_t stat;
  if (zip_stat_index(archive.get(), file, 0, &stat) != 0) return unusable("is damaged");
  stat.index = file;
  Packed packed{zip_get_name(archive.get(), file, ZIP_FL_ENC_GUESS), {}};
  AECOS_TRY_ASSIGN(packed.text, read_file(archive.get(), stat, bytes.size()));
  return packed;
}

Result<std::string> pack(const Packed& packed) {
  Failure failure;
  Owned<zip_source_t> buffer(zip_source_buffer_create(nullptr, 0, 0, failure.get()));
  if (!buffer) return unusable("cannot be written: " + failure.text());
  zip_source_keep(buffer.get());  // Read again when the archive is closed.
  AECOS_TRY_ASSIGN(Owned<zip_t> archive, open(Owned<zip_source_t>(buffer.get()), ZIP_CREATE | ZIP_TRUNCATE));
  Owned<zip_source_t> text(zip_source_buffer(archive.get(), packed.text.data(), packed.text.size(), 0));
  if (!text) return unusable("cannot be written: " + std::string(zip_strerror(archive.get())));
  const zip_int64_t index = zip_file_add(archive.get(), packed.name.c_str(), text.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) return unusable("cannot be written: " + std::string(zip_strerror(archive.get())));
  text.release();
  const auto file = static_cast<zip_uint64_t>(index);
  constexpr zip_uint16_t first_of_january_1980 = 0x21;  // The earliest there is: no clock decides the bytes.
  constexpr zip_uint32_t usual_level = 6;
  zip_file_set_dostime(archive.get(), file, 0, first_of_january_1980, 0);
  zip_set_file_compression(archive.get(), file, ZIP_CM_DEFLATE, usual_level);
  if (zip_close(archive.get()) != 0) return unusable("cannot be written: " + std::string(zip_strerror(archive.get())));
  archive.release();
  return content_of(buffer.get());
}

}  // namespace aecos::step
