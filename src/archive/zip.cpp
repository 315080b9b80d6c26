#include "archive/zip.h"

#include <zip.h>

#include <algorithm>

namespace aecos::archive {
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
Result<Owned<zip_t>> open_archive(Owned<zip_source_t> source, int flags) {
  Failure failure;
  Owned<zip_t> archive(zip_open_from_source(source.get(), flags, failure.get()));
  if (!archive) return unusable("cannot be opened: " + failure.text());
  static_cast<void>(source.release());
  return archive;
}

bool is_symbolic_link(zip_t* archive, zip_uint64_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) return false;
  constexpr zip_uint32_t type_mask = 0170000, link_type = 0120000;
  return system == ZIP_OPSYS_UNIX && ((attributes >> 16) & type_mask) == link_type;
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

Result<> add(zip_t* archive, const File& file) {
  Owned<zip_source_t> text(zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0));
  if (!text) return unusable("cannot be written: " + std::string(zip_strerror(archive)));
  const zip_int64_t index = zip_file_add(archive, file.name.c_str(), text.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) return unusable("cannot be written: " + std::string(zip_strerror(archive)));
  static_cast<void>(text.release());
  const auto at = static_cast<zip_uint64_t>(index);
  constexpr zip_uint16_t first_of_january_1980 = 0x21;  // The earliest there is.
  constexpr zip_uint32_t usual_level = 6;
  zip_file_set_dostime(archive, at, 0, first_of_january_1980, 0);
  zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, usual_level);
  return {};
}

}  // namespace

struct ZipReader::Handle {
  Owned<zip_t> archive;
};

ZipReader::ZipReader() = default;
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;

bool is_zip(std::string_view bytes) {
  return bytes.starts_with(std::string_view("PK\x03\x04", 4)) || bytes.starts_with(std::string_view("PK\x05\x06", 4));
}

Result<ZipReader> ZipReader::open(std::string_view bytes, std::uint64_t entries_max) {
  Failure failure;
  Owned<zip_source_t> source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, failure.get()));
  if (!source) return unusable("cannot be opened: " + failure.text());
  AECOS_TRY_ASSIGN(Owned<zip_t> archive, open_archive(std::move(source), ZIP_RDONLY));
  const auto count = static_cast<zip_uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive.get(), 0)));
  if (count > entries_max) return unusable("has more than " + std::to_string(entries_max) + " entries");
  ZipReader reader;
  for (zip_uint64_t i = 0; i < count; ++i) {
    const char* const name = zip_get_name(archive.get(), i, ZIP_FL_ENC_GUESS);
    if (name != nullptr) reader.entries_.push_back({name, i, is_symbolic_link(archive.get(), i)});
  }
  reader.archive_size_ = bytes.size();
  reader.handle_ = std::make_unique<Handle>(Handle{std::move(archive)});
  return reader;
}

// What the archive says of its file is a hint; the limit holds for what really comes out.
Result<std::string> ZipReader::read(const Entry& entry, std::uint64_t size_max) const {
  zip_t* const archive = handle_->archive.get();
  zip_stat_t stat;
  if (zip_stat_index(archive, entry.index, 0, &stat) != 0) return unusable("is damaged");
  const auto too_large = [&] {
    return unusable("of " + std::to_string(archive_size_) + " bytes would grow to more than " +
                    std::to_string(size_max) + " bytes; it is not unpacked");
  };
  if ((stat.valid & ZIP_STAT_SIZE) != 0 && stat.size > size_max) return too_large();
  const Owned<zip_file_t> file(zip_fopen_index(archive, entry.index, 0));
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

Result<std::string> write_zip(const std::vector<File>& files) {
  Failure failure;
  Owned<zip_source_t> buffer(zip_source_buffer_create(nullptr, 0, 0, failure.get()));
  if (!buffer) return unusable("cannot be written: " + failure.text());
  zip_source_keep(buffer.get());  // Read again when the archive is closed.
  AECOS_TRY_ASSIGN(Owned<zip_t> archive, open_archive(Owned<zip_source_t>(buffer.get()), ZIP_CREATE | ZIP_TRUNCATE));
  for (const File& file : files) AECOS_TRY(add(archive.get(), file));
  if (zip_close(archive.get()) != 0) return unusable("cannot be written: " + std::string(zip_strerror(archive.get())));
  static_cast<void>(archive.release());
  return content_of(buffer.get());
}

}  // namespace aecos::archive
