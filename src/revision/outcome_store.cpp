#include "revision/outcome_store.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "os/path.h"

namespace aecos::revision {
namespace {

// A pack: its mark, then entries: the key (20 bytes), the size (8), the hash of key and content (8), the content.
constexpr std::string_view mark = "aecos outcomes 1\n", ending = ".outcomes";
constexpr std::size_t key_size = 20, head_size = key_size + 16;
constexpr std::size_t unsaved_max = 10'000;  // Where nothing can be saved.

void put_number(std::string& out, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(number >> shift & 0xffU);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (unsigned k = 0; k < 8; ++k) number |= std::uint64_t{static_cast<unsigned char>(bytes[at + k])} << (8 * k);
  return number;
}

std::string_view text_of(const BlobId& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

std::uint64_t hash_of(const BlobId& key, std::string_view content) {
  return mix(hash_bytes(text_of(key)), hash_bytes(content));
}

void put_entry(std::string& out, const BlobId& key, std::string_view content) {
  out += text_of(key);
  put_number(out, content.size());
  put_number(out, hash_of(key, content));
  out += content;
}

}  // namespace

OutcomeStore::OutcomeStore(os::FileSystem& files, std::string folder, Limits limits)
    : files_(files), folder_(std::move(folder)), limits_(limits) {
  load();
}

std::string OutcomeStore::path(std::uint64_t number) const {
  return os::join(folder_, std::to_string(number) + std::string(ending));
}

void OutcomeStore::load() {
  const auto entries = files_.list(folder_);
  if (!entries) return;
  for (const os::DirectoryEntry& entry : *entries) {
    if (!entry.name.ends_with(ending)) continue;
    const std::string digits = entry.name.substr(0, entry.name.size() - ending.size());
    const bool number = !digits.empty() && digits.size() < 18 && digits[0] != '0' &&
                        digits.find_first_not_of("0123456789") == std::string::npos;
    if (!number) continue;
    auto bytes = files_.map(os::join(folder_, entry.name));
    if (bytes) load_pack(std::stoull(digits), *std::move(bytes));
  }
}

// What is behind a size that cannot be is not looked at any more.
void OutcomeStore::load_pack(std::uint64_t number, os::MappedFile file) {
  const std::string_view bytes = file.bytes();
  bytes_ += bytes.size();
  packs_[number] = std::move(file);
  if (!bytes.starts_with(mark)) return;
  for (std::size_t at = mark.size(); at + head_size <= bytes.size();) {
    BlobId key;
    std::memcpy(key.bytes.data(), bytes.data() + at, key_size);
    const std::uint64_t size = number_at(bytes, at + key_size);
    if (size > bytes.size() - at - head_size) return;
    places_[key] = {number, at, size};
    at += head_size + size;
  }
}

std::optional<std::string> OutcomeStore::read(const Place& place, const BlobId& key) const {
  const auto pack = packs_.find(place.pack);
  if (pack == packs_.end()) return std::nullopt;
  const std::string_view bytes = pack->second.bytes();
  const std::string_view content = bytes.substr(place.offset + head_size, place.size);
  const bool whole = number_at(bytes, place.offset + key_size + 8) == hash_of(key, content);
  return whole ? std::optional(std::string(content)) : std::nullopt;
}

std::optional<std::string> OutcomeStore::find(const BlobId& key) {
  const std::lock_guard held(mutex_);
  const auto fresh = fresh_.find(key);
  if (fresh != fresh_.end()) return fresh->second;
  const auto place = places_.find(key);
  if (place == places_.end()) return std::nullopt;
  auto content = read(place->second, key);
  if (content) used_.insert(key);
  if (!content) places_.erase(place);
  return content;
}

std::shared_ptr<const ReadRequirements> OutcomeStore::requirements(const std::string& key) {
  const std::lock_guard held(mutex_);
  return requirements_ && requirements_->key == key ? requirements_ : nullptr;
}

void OutcomeStore::keep(std::shared_ptr<const ReadRequirements> requirements) {
  const std::lock_guard held(mutex_);
  requirements_ = std::move(requirements);
}

void OutcomeStore::add(const BlobId& key, std::string outcome) {
  const std::lock_guard held(mutex_);
  fresh_.insert_or_assign(key, std::move(outcome));
}

void OutcomeStore::save() {
  const std::lock_guard held(mutex_);
  save_more_than(limits_.unsaved);
}

void OutcomeStore::save_all() {
  const std::lock_guard held(mutex_);
  save_more_than(0);
}

void OutcomeStore::save_more_than(std::size_t count) {
  if (fresh_.empty() || fresh_.size() <= count) return;
  std::string pack(mark);
  for (const auto& [key, content] : fresh_) {
    used_.insert(key);
    put_entry(pack, key, content);
  }
  if (!write(pack)) {
    if (fresh_.size() > unsaved_max) fresh_.clear();
    return;
  }
  fresh_.clear();
  if (packs_.size() > limits_.packs || bytes_ > limits_.bytes) tidy();
}

// Another program may write at the same time: who comes second with a number takes the place of the first, whose
// outcomes are then made again.
bool OutcomeStore::write(const std::string& bytes) {
  const std::uint64_t number = packs_.empty() ? 1 : packs_.rbegin()->first + 1;
  os::WriteOptions options;
  options.may_be_lost = true;
  if (!files_.create_directories(folder_) || !files_.write(path(number), bytes, options)) return false;
  auto mapped = files_.map(path(number));
  if (!mapped) return false;
  load_pack(number, *std::move(mapped));
  return true;
}

// What was used since this store was opened comes first, then what was written last.
void OutcomeStore::tidy() {
  std::vector<std::pair<BlobId, Place>> all(places_.begin(), places_.end());
  const auto rank = [&](const std::pair<BlobId, Place>& entry) {
    return std::tuple(!used_.contains(entry.first), ~entry.second.pack, entry.second.offset);
  };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  std::string pack(mark);
  for (const auto& [key, place] : all) {
    if (pack.size() + place.size > limits_.bytes / 2) break;
    if (const auto content = read(place, key)) put_entry(pack, key, *content);
  }
  const std::map<std::uint64_t, os::MappedFile> old = packs_;
  if (!write(pack)) return;
  const std::uint64_t kept = packs_.rbegin()->first;
  const os::MappedFile mapped = packs_[kept];
  packs_.clear();
  places_.clear();
  used_.clear();
  bytes_ = 0;
  load_pack(kept, mapped);
  for (const auto& [number, file] : old) static_cast<void>(files_.remove(path(number)));
}

}  // namespace aecos::revision
