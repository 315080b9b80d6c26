// The text of the merged model: base's own bytes wherever nothing changed.

#include <algorithm>
#include <unordered_set>

#include "merge/ifc_draft_internal.h"

namespace aecos::merge {
namespace {

// Behind the line break that ends the line at `at`, if only white space comes before it; else `at`.
std::uint64_t behind_line(std::string_view text, std::uint64_t at) {
  std::uint64_t p = at;
  while (p < text.size() && (text[p] == ' ' || text[p] == '\t' || text[p] == '\r')) ++p;
  return p < text.size() && text[p] == '\n' ? p + 1 : at;
}

std::string_view line_break_of(std::string_view text) {
  const std::size_t at = text.find('\n');
  return at != std::string_view::npos && at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace

// Own ids where they are free, else the next free ones.
void Draft::number() {
  std::vector<Index> order(fresh_.size());
  for (Index n = 0; n < fresh_.size(); ++n) order[n] = n;
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    const Ref x = fresh_[a].ref, y = fresh_[b].ref;
    return x.side != y.side ? x.side < y.side : x.index != y.index ? x.index < y.index : a < b;
  });
  std::unordered_set<std::uint64_t> taken;
  std::uint64_t next = 0;
  for (const Model* model : models_) {
    taken.insert(model->file.missing.begin(), model->file.missing.end());
    for (const step::Instance& instance : model->file.instances) next = std::max(next, instance.id);
  }
  for (const Index n : order) {
    Fresh& fresh = fresh_[n];
    const std::uint64_t own = model(fresh.ref.side).file.instances[fresh.ref.index].id;
    const bool free = base().file.find(own) == no_instance && taken.insert(own).second;
    if (free) {
      fresh.id = own;
      continue;
    }
    do ++next;
    while (!taken.insert(next).second);
    fresh.id = next;
  }
  std::vector<Fresh> sorted;
  std::vector<Index> now(fresh_.size());
  for (Index k = 0; k < order.size(); ++k) now[order[k]] = k;
  for (const Index n : order) sorted.push_back(std::move(fresh_[n]));
  fresh_ = std::move(sorted);
  const auto renumber = [&](Attributes& attributes) {
    for (auto& [at, pieces] : attributes)
      for (Piece& piece : pieces)
        if (piece.node.fresh) piece.node.index = now[piece.node.index];
  };
  for (Fresh& fresh : fresh_) renumber(fresh.attributes);
  for (auto& [b, rewrite] : rewrites_) renumber(rewrite.attributes);
}

std::uint64_t Draft::id_of(Node node) const {
  return node.fresh ? fresh_[node.index].id : base().file.instances[node.index].id;
}

void Draft::append(std::string& out, const Pieces& pieces) const {
  for (const Piece& piece : pieces) {
    out += piece.text;
    if (piece.node) out += '#' + std::to_string(id_of(piece.node));
  }
}

void Draft::append_rewritten(std::string& out, Index b, const Rewrite& rewrite) const {
  const step::Instance& instance = base().file.instances[b];
  const std::string_view source = base().file.source(b);
  if (rewrite.whole) {
    const std::string& keyword = model(rewrite.whole->side).file.keyword(rewrite.whole->index);
    out += source.substr(0, instance.args - base().file.keyword(b).size());
    out += keyword;
  } else {
    out += source.substr(0, instance.args);
  }
  const auto texts = base().attributes(b);
  std::size_t count = rewrite.attributes.empty() ? 0 : rewrite.attributes.rbegin()->first + 1;
  if (!rewrite.whole) count = std::max(count, texts.size());
  out += '(';
  for (std::size_t k = 0; k < count; ++k) {
    if (k > 0) out += ',';
    const auto changed = rewrite.attributes.find(k);
    if (changed != rewrite.attributes.end())
      append(out, changed->second);
    else
      out += k < texts.size() ? texts[k] : std::string_view("$");
  }
  out += ");";
}

void Draft::append_fresh(std::string& out, const Fresh& fresh, std::string_view gap) const {
  out += '#' + std::to_string(fresh.id);
  out += gap;
  out += model(fresh.ref.side).file.keyword(fresh.ref.index);
  out += '(';
  for (const auto& [at, pieces] : fresh.attributes) {
    if (at > 0) out += ',';
    append(out, pieces);
  }
  out += ");";
}

std::string Draft::write(std::string_view header) const {
  const step::File& file = base().file;
  const std::string_view text = file.text;
  std::string out;
  out.reserve(text.size() + fresh_.size() * 80);
  const auto header_at = static_cast<std::uint64_t>(file.header.data() - text.data());
  out += text.substr(0, header_at);
  out += header;
  std::uint64_t at = header_at + file.header.size();
  for (Index i = 0; i < file.size(); ++i) {
    const step::Instance& instance = file.instances[i];
    const auto rewrite = dropped_[i] ? rewrites_.end() : rewrites_.find(i);
    if (!dropped_[i] && rewrite == rewrites_.end()) continue;
    out += text.substr(at, instance.begin - at);
    at = instance.begin + instance.length;
    if (dropped_[i])
      at = behind_line(text, at);
    else
      append_rewritten(out, i, rewrite->second);
  }
  const std::uint64_t end = file.data.back().end;
  out += text.substr(at, end - at);
  const std::string_view line_break = line_break_of(text);
  std::string_view gap = "=";
  if (file.size() > 0) {
    const std::string_view first = file.source(0).substr(0, file.instances[0].args - file.keyword(0).size());
    const std::size_t equals = first.find('=');
    if (equals != std::string_view::npos && first.substr(equals).find_first_not_of("= ") == std::string_view::npos)
      gap = first.substr(equals);
  }
  if (!fresh_.empty() && !out.ends_with('\n')) out += line_break;
  for (const Fresh& fresh : fresh_) {
    if (fresh.skip) continue;
    append_fresh(out, fresh, gap);
    out += line_break;
  }
  out += text.substr(end);
  return out;
}

}  // namespace aecos::merge
