#include "step/file.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "step/scanner_internal.h"
#include "step/token.h"

namespace aecos::step {

std::string_view File::args(Index i) const {
  const Instance& instance = instances[i];
  // Without the ';'. White space before it does no harm to readers of arguments.
  return text.substr(instance.begin + instance.args, instance.length - instance.args - 1);
}

std::string_view File::source(Index i) const { return text.substr(instances[i].begin, instances[i].length); }

std::span<const Index> File::refs_of(Index i) const {
  return std::span(refs).subspan(instances[i].first_ref, instances[i + 1].first_ref - instances[i].first_ref);
}

Index File::find(std::uint64_t id) const {
  if (id < by_id_dense.size()) return by_id_dense[id];
  const auto found = std::lower_bound(by_id_sparse.begin(), by_id_sparse.end(), std::pair(id, Index{0}));
  return found != by_id_sparse.end() && found->first == id ? found->second : no_instance;
}

std::string position(std::string_view text, std::uint64_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t break_at = before.rfind('\n');
  const std::size_t column = break_at == std::string_view::npos ? before.size() + 1 : before.size() - break_at;
  return std::to_string(line) + ":" + std::to_string(column);
}

namespace {

Error fault(std::string_view text, std::uint64_t offset, const std::string& what) {
  return {ErrorCode::invalid_input, position(text, offset) + ": " + what};
}

Error twice(const File& file, Index first, Index second) {
  return fault(file.text, file.instances[second].begin,
               "#" + std::to_string(file.instances[second].id) + " is defined twice, first at " +
                   position(file.text, file.instances[first].begin));
}

Result<> index_dense(File& file, std::uint64_t largest) {
  file.by_id_dense.assign(largest + 1, no_instance);
  for (Index i = 0; i < file.size(); ++i) {
    Index& slot = file.by_id_dense[file.instances[i].id];
    if (slot != no_instance) return twice(file, slot, i);
    slot = i;
  }
  return {};
}

Result<> index_sparse(File& file) {
  file.by_id_sparse.reserve(file.size());
  for (Index i = 0; i < file.size(); ++i) file.by_id_sparse.emplace_back(file.instances[i].id, i);
  std::sort(file.by_id_sparse.begin(), file.by_id_sparse.end());
  for (std::size_t k = 1; k < file.by_id_sparse.size(); ++k) {
    const auto& [id, i] = file.by_id_sparse[k];
    if (file.by_id_sparse[k - 1].first == id) return twice(file, file.by_id_sparse[k - 1].second, i);
  }
  return {};
}

void resolve(File& file, const std::vector<std::uint64_t>& ref_ids) {
  constexpr std::size_t part = 100'000;
  file.refs.resize(ref_ids.size());
  std::mutex missing_mutex;
  in_parallel((ref_ids.size() + part - 1) / part, [&](std::size_t k) {
    for (std::size_t i = k * part; i < std::min((k + 1) * part, ref_ids.size()); ++i) {
      file.refs[i] = file.find(ref_ids[i]);
      if (file.refs[i] != no_instance) continue;
      const std::lock_guard lock(missing_mutex);
      file.missing.push_back(ref_ids[i]);
    }
  });
  std::sort(file.missing.begin(), file.missing.end());
  file.missing.erase(std::unique(file.missing.begin(), file.missing.end()), file.missing.end());
}

// FILE_SCHEMA(('IFC4'));
std::vector<std::string> read_schemas(std::string_view header) {
  std::vector<std::string> schemas;
  Tokens tokens(header);
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    if (token.kind != TokenKind::keyword || !equals_keyword(token.text, "FILE_SCHEMA")) continue;
    for (token = tokens.next(); token.kind != TokenKind::keyword && token.kind != TokenKind::end; token = tokens.next())
      if (token.kind == TokenKind::string) schemas.push_back(decode_string(token.text));
    break;
  }
  return schemas;
}

}  // namespace

namespace {

// Where an instance seems to begin, near the middle; what stands there may also be inside a string.
const char* middle(std::string_view text) {
  for (std::size_t at = text.find("\n#", text.size() / 2); at != std::string_view::npos;
       at = text.find("\n#", at + 1)) {
    const std::size_t equals = text.find_first_not_of("0123456789 ", at + 2);
    if (equals != std::string_view::npos && text[equals] == '=') return text.data() + at + 1;
  }
  return nullptr;
}

// Large texts on two processors.
bool scan(Scanner& scanner, std::string_view text, const File* base) {
  constexpr std::size_t worthwhile = 1'000'000;
  const char* const begin = text.size() < worthwhile || processor_count() < 2 ? nullptr : middle(text);
  if (begin == nullptr) return scanner.scan();
  Scanner second(text, base);
  bool done[2] = {};
  in_parallel(2, [&](std::size_t k) { done[k] = k == 0 ? scanner.scan_until(begin) : second.scan_from(begin); });
  if (!done[0] || !scanner.arrived()) return done[0];
  if (!done[1]) {
    scanner.fault = second.fault;
    scanner.fault_at = second.fault_at;
    return false;
  }
  scanner.append(std::move(second));
  return true;
}

Result<File> read(std::string_view text, const File* base) {
  Scanner scanner(text, base);
  if (!scan(scanner, text, base)) return fault(text, scanner.fault_at, scanner.fault);
  File file = std::move(scanner.file);
  file.schemas = read_schemas(file.header);
  std::uint64_t largest = 0;
  for (const Instance& instance : file.instances) largest = std::max(largest, instance.id);
  const bool dense = largest / 8 <= file.instances.size();
  AECOS_TRY(dense ? index_dense(file, largest) : index_sparse(file));
  resolve(file, scanner.ref_ids);
  return file;
}

}  // namespace

Result<File> read(std::string_view text) { return read(text, nullptr); }

Result<File> read_like(std::string_view text, const File& base) { return read(text, &base); }

}  // namespace aecos::step
