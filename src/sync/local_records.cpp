#include "sync/local_records.h"

#include "git/repository.h"
#include "os/path.h"

namespace aecos::sync {
namespace {

std::string folder_in(const std::string& state) { return os::join(state, "conflicts"); }
std::string value_file(const std::string& state, const std::string& hash) {
  return os::join(folder_in(state), "values/" + hash);
}

}  // namespace

Result<> write_local_records(os::FileSystem& files, const std::string& state, const std::vector<Record>& records) {
  if (records.empty()) return {};
  AECOS_TRY(files.create_directories(os::join(folder_in(state), "values")));
  const auto keep = [&](std::string_view bytes) -> Result<std::string> {
    std::string hash = git::hash_blob(bytes).hex();
    AECOS_TRY(files.write(value_file(state, hash), bytes));
    return hash;
  };
  for (const Record& record : records) {
    AECOS_TRY_ASSIGN(const std::string json, revision::to_json(record, keep));
    AECOS_TRY(files.write(os::join(folder_in(state), record.conflict.id + ".json"), json));
  }
  return {};
}

Result<std::vector<Record>> read_local_records(os::FileSystem& files, const std::string& state) {
  std::vector<Record> records;
  auto entries = files.list(folder_in(state));
  if (!entries && entries.error().code == ErrorCode::not_found) return records;
  if (!entries) return std::move(entries).error();
  for (const os::DirectoryEntry& entry : *entries) {
    if (entry.type != os::FileType::file || os::extension_of(entry.name) != ".json") continue;
    AECOS_TRY_ASSIGN(const std::string json, files.read(os::join(folder_in(state), entry.name)));
    if (auto record = revision::parse_record(json)) records.push_back(*std::move(record));
  }
  return records;
}

Result<std::string> read_local_value(os::FileSystem& files, const std::string& state, const std::string& hash) {
  return files.read(value_file(state, hash));
}

Result<> drop_local_records(os::FileSystem& files, const std::string& state, const std::string& path) {
  AECOS_TRY_ASSIGN(const auto records, read_local_records(files, state));
  for (const Record& record : records) {
    if (record.path != path) continue;
    AECOS_TRY(files.remove(os::join(folder_in(state), record.conflict.id + ".json")));
  }
  return {};
}

}  // namespace aecos::sync
