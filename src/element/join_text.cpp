// The text of a joined model.

#include <algorithm>

#include "element/join_internal.h"
#include "step/token.h"

namespace aecos::element {

std::uint64_t Ids::take(std::uint64_t wanted) {
  const auto take_dense = [&](std::uint64_t id) {
    if (id >= dense_.size()) dense_.resize(std::max<std::size_t>(id + 1, dense_.size() * 2));
    if (dense_[id]) return false;
    dense_[id] = true;
    return true;
  };
  see(wanted);
  if (wanted != 0 && (wanted < dense_max ? take_dense(wanted) : sparse_.insert(wanted).second)) return wanted;
  return take(next_);
}

void Lines::set(std::uint64_t id, std::string_view line, bool is_part) {
  lines_.push_back({id, text_.size(), line.size(), is_part});
  text_.append(line);
}

// By id, of two of one id the later.
void Lines::sort() {
  std::stable_sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.id < b.id; });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < lines_.size(); ++k)
    if (k + 1 == lines_.size() || lines_[k + 1].id != lines_[k].id) lines_[kept++] = lines_[k];
  lines_.resize(kept);
}

void Lines::sweep() {
  sort();
  std::unordered_map<std::uint64_t, std::size_t> at, uses;
  for (std::size_t k = 0; k < lines_.size(); ++k) at.emplace(lines_[k].id, k);
  const auto for_each_reference = [&](const Line& line, const auto& each) {
    step::Tokens tokens(std::string_view(text_).substr(line.begin, line.length));
    tokens.next();  // Its own id.
    for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next())
      if (token.kind == step::TokenKind::reference) each(step::reference_id(token.text));
  };
  for (const Line& line : lines_) for_each_reference(line, [&](std::uint64_t id) { ++uses[id]; });
  std::vector<bool> gone(lines_.size());
  std::vector<std::size_t> going;
  for (std::size_t k = 0; k < lines_.size(); ++k)
    if (lines_[k].is_part && uses[lines_[k].id] == 0) going.push_back(k);
  while (!going.empty()) {
    const std::size_t k = going.back();
    going.pop_back();
    gone[k] = true;
    for_each_reference(lines_[k], [&](std::uint64_t id) {
      const auto found = at.find(id);
      if (--uses[id] == 0 && found != at.end() && lines_[found->second].is_part) going.push_back(found->second);
    });
  }
  std::size_t kept = 0;
  for (std::size_t k = 0; k < lines_.size(); ++k)
    if (!gone[k]) lines_[kept++] = lines_[k];
  lines_.resize(kept);
}

std::string Lines::take(std::string_view header) && {
  sort();
  std::string out = "ISO-10303-21;\nHEADER;";
  out.reserve(text_.size() + lines_.size() + header.size() + 100);
  out.append(header).append("ENDSEC;\nDATA;\n");
  for (const Line& line : lines_) out.append(text_, line.begin, line.length).append("\n");
  return out + "ENDSEC;\nEND-ISO-10303-21;\n";
}

}  // namespace aecos::element
