#include "hub/generated.h"

#include <algorithm>
#include <set>

#include "diff/brief.h"
#include "diff/json.h"
#include "diff/words.h"
#include "element/folder.h"
#include "text/json.h"

namespace aecos::hub {
namespace {

constexpr std::uint64_t bytes_max = 256U << 10U;  // Of one file.
constexpr std::size_t sentence_max = 400, author_max = 100;

struct Metadata {
  diff::ElementRef element;
  std::string storey, from, sentence, author;
};

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

bool is_metadata(const std::string& path) {
  return diff::is_in_element_folder(path) && path.ends_with("/" + std::string(element::metadata_file));
}

std::optional<Metadata> read(const git::Repository& repository, BlobId blob) {
  const auto size = repository.blob_size(blob);
  if (!size || *size > bytes_max) return std::nullopt;
  const auto bytes = repository.read_blob(blob);
  const auto document = bytes ? text::parse_json(*bytes) : Result<text::JsonDocument>(bytes.error());
  if (!document) return std::nullopt;
  const text::JsonNode root = document->root(), provenance = root["provenance"];
  Metadata metadata{diff::element_of(root), text_of(root["storey"]), text_of(provenance["from"]), "", ""};
  metadata.sentence = diff::shorten(diff::one_line(text_of(provenance["text"])), sentence_max);
  metadata.author = diff::shorten(diff::one_line(text_of(provenance["author"])), author_max);
  return metadata;
}

}  // namespace

std::vector<Generated> generated_in(const git::Repository& repository,
                                    const std::vector<revision::FileDifference>& files) {
  std::size_t left = generated_files_max;
  std::set<std::string> were_there;  // A folder that goes by another name now is not new.
  std::vector<Generated> all;
  for (const bool came : {false, true}) {
    for (const revision::FileDifference& file : files) {
      if (!is_metadata(file.path) || (came ? file.before : file.after) || left == 0) continue;
      --left;
      const auto metadata = read(repository, came ? file.after->id : file.before->id);
      if (!metadata || metadata->element.global_id.empty()) continue;
      if (!came) were_there.insert(metadata->element.global_id);
      if (!came || metadata->from != "text" || were_there.contains(metadata->element.global_id)) continue;
      const auto same = std::find_if(all.begin(), all.end(), [&](const Generated& one) {
        return one.sentence == metadata->sentence && one.author == metadata->author;
      });
      if (same == all.end() && all.size() == generated_max) continue;
      Generated& one =
          same != all.end() ? *same : all.emplace_back(Generated{metadata->sentence, metadata->author, {}});
      one.elements.push_back({metadata->element, file.path, {}, metadata->storey});
    }
  }
  return all;
}

}  // namespace aecos::hub
