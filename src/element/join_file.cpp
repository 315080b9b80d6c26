// One file's share of a joined model.

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "element/join_internal.h"
#include "ifc/draft.h"
#include "ifc/global_id.h"
#include "step/token.h"

namespace aecos::element {

using ifc::Role;
namespace {

constexpr std::string_view print_mark = "'aecos borrowed ";

// What the header says that the borrowed things were like; 0: nothing.
std::uint64_t noted_print(const Part& part) {
  const std::string_view header = part.model.file.header;
  const std::size_t at = header.find(print_mark);
  if (at == std::string_view::npos) return 0;
  std::uint64_t print = 0;
  for (const char c : header.substr(at + print_mark.size(), 16)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return 0;
    print = print << 4 | digit;
  }
  return print;
}

// "#12= IFCWALL" -> "= IFCWALL"
std::string_view behind_id(std::string_view head) {
  return head.substr(std::min(head.find_first_not_of("0123456789", 1), head.size()));
}

}  // namespace

void Joiner::give_identities(File& file) {
  const Part& part = file.part;
  const Index size = part.model.size();
  file.out.assign(size, 0);
  file.is_home.assign(size, 0);
  file.told.assign(size, false);
  for (Index i = 0; i < size; ++i) {
    const std::uint64_t who = part.traits(i).layer ? 0 : identity(part, i, ambiguous_);
    if (who == 0) continue;
    const auto home = homes_.find(who);
    file.out[i] = home == homes_.end() ? dead : home->second.id;
    if (home == homes_.end() || home->second.file != file.number || part.is_reference(i)) continue;
    file.is_home[i] = 1;
    file.told[i] = true;
    home->second.content = part.content[i];
  }
  for (Index i = 0; i < size; ++i) {
    const Index product = part.model.placed[i];
    if (product == no_instance || file.out[product] == dead) continue;
    const auto place = places_.find(identity(part, product, ambiguous_));
    if (place == places_.end()) continue;
    file.out[i] = place->second;
    file.is_home[i] = file.is_home[product];
  }
}

namespace {

// What tells definitions and property sets of other files apart; property sets have a GlobalId, too.
std::uint64_t definition_key(const Part& part, Index i) {
  if (part.traits(i).role == Role::property_set) return mix(part.content[i], hash_bytes(part.model.attribute(i, 0)));
  return is_definition(part, i) ? part.content[i] : 0;
}

}  // namespace

std::uint64_t Joiner::known_value(const File& file, Index i) const {
  const std::uint64_t content = file.part.content[i];
  const auto known = values_.find(mix(file.part.model.file.instances[i].id, content));
  if (known != values_.end()) return known->second;
  const std::uint64_t key = definition_key(file.part, i);
  if (key == 0 || file.number == of_frame) return 0;
  const auto same = definitions_.find(key);
  return same == definitions_.end() ? 0 : same->second;
}

void Joiner::remember_value(const File& file, Index i) {
  const std::uint64_t content = file.part.content[i];
  values_.emplace(mix(file.part.model.file.instances[i].id, content), file.out[i]);
  if (const std::uint64_t key = definition_key(file.part, i); key != 0) definitions_.emplace(key, file.out[i]);
}

// Gives an instance its id, and sees to what it needs if it is told here for the first time.
void Joiner::visit(File& file, Index i) {
  const Part& part = file.part;
  if (file.out[i] == 0) {
    file.out[i] = known_value(file, i);
    if (file.out[i] != 0) return;
    file.out[i] = ids_.take(part.model.file.instances[i].id);
    remember_value(file, i);
  } else if (file.is_home[i] != 1) {
    return;
  }
  file.is_home[i] = 2;  // To be written.
  const auto more = [&](Index to) {
    if (to != no_instance && (file.out[to] == 0 || file.is_home[to] == 1)) file.pending.push_back(to);
  };
  for (const Index to : part.model.file.refs_of(i)) more(to);
  for (const Index annotation : part.model.hung_on(i))
    if (!part.traits(annotation).layer && file.is_home[annotation] == 0) {
      file.is_home[annotation] = 1;
      if (file.out[annotation] == 0) file.out[annotation] = ids_.take(part.model.file.instances[annotation].id);
      file.pending.push_back(annotation);
    }
}

void Joiner::add_roots(File& file) {
  const Part& part = file.part;
  const Index size = part.model.size();
  std::vector<bool> hangs(size);
  std::vector<bool>& used = file.is_used;
  used.assign(size, false);
  for (Index i = 0; i < size; ++i) {
    std::span<const Index> hooks;
    if (part.traits(i).hook >= 0) hooks = part.model.refs_in(i, static_cast<std::size_t>(part.traits(i).hook));
    for (const Index to : hooks) hangs[i] = hangs[i] || to != no_instance;
    if (part.is_reference(i)) continue;
    for (const Index& to : part.model.file.refs_of(i))
      if (to != no_instance && !(&to >= hooks.data() && &to < hooks.data() + hooks.size())) used[to] = true;
  }

  for (Index i = 0; i < size; ++i) {
    if (part.is_relation(i) || part.traits(i).layer) continue;
    if (file.is_home[i] == 1 && !part.is_reference(i)) file.pending.push_back(i);
    if (file.out[i] != 0) continue;
    if (!hangs[i] && !used[i]) file.pending.push_back(i);
  }
}

void Joiner::visit_all(File& file) {
  while (!file.pending.empty()) {
    const Index i = file.pending.back();
    file.pending.pop_back();
    visit(file, i);
  }
}

void Joiner::add(File& file) {
  const Part& part = file.part;
  give_identities(file);
  drop_broken(file);
  if (file.number != of_frame) adopt_edits(file);
  add_roots(file);
  visit_all(file);
  for (Index i = 0; i < part.model.size(); ++i) {
    if (!part.is_relation(i) || part.is_reference(i)) continue;
    add_relation(file, i);
  }
  for (Index i = 0; i < part.model.size(); ++i)
    if (part.traits(i).layer) add_layer(file, i, part.traits(i).hook);
  for (Index i = 0; i < part.model.size(); ++i)
    if (file.is_home[i] == 2 && !part.is_relation(i)) write(file, i);
}

// A property set that says something else here than where it was told first gets a GlobalId of its own.
std::string Joiner::own_id(const File& file, Index i, std::string line) {
  const std::string_view id = file.part.model.attribute(i, 0);
  const auto [known, is_new] =
      set_ids_.emplace(hash_bytes(id), std::pair(file.part.model.file.instances[i].id, file.number));
  if (is_new || known->second.first != file.part.model.file.instances[i].id || known->second.second == file.number)
    return line;
  const std::size_t at = line.find(id);
  return at == std::string::npos
             ? line
             : line.replace(at, id.size(), ifc::quoted(ifc::global_id(std::string(id) + file.slug)));
}

void Joiner::write(File& file, Index i) {
  const Part& part = file.part;
  const std::string_view source = part.model.file.source(i);
  const step::Instance& instance = part.model.file.instances[i];
  const auto refs = part.model.file.refs_of(i);
  bool same = file.out[i] == instance.id;
  for (const Index to : refs)
    if (to != no_instance && file.out[to] != part.model.file.instances[to].id) same = false;
  std::string line;
  if (!same) {
    line = "#" + std::to_string(file.out[i]);
    line += behind_id(source.substr(0, instance.args));
    line += rewritten(file, part.model.file.args(i)) + ";";
  }
  if (part.traits(i).role == Role::property_set) line = own_id(file, i, same ? std::string(source) : std::move(line));
  const bool is_part = part.traits(i).role == Role::value || part.traits(i).role == Role::property_set;
  lines_.set(file.out[i], line.empty() ? source : std::string_view(line), is_part && file.is_used[i]);
}

// The text with the ids of the joined model. What leads to what is not there any more is left out of lists, and "$"
// else.
std::string Joiner::rewritten(const File& file, std::string_view text) const {
  std::string out;
  step::Tokens tokens(text);
  const char* from = text.data();
  int depth = 0;
  bool skips_comma = false;
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    if (token.kind == step::TokenKind::open) ++depth;
    if (token.kind == step::TokenKind::close) --depth;
    if (token.kind == step::TokenKind::comma && std::exchange(skips_comma, false)) {
      from = tokens.position();
      continue;
    }
    if (token.kind != step::TokenKind::reference) continue;
    const Index to = file.part.model.file.find(step::reference_id(token.text));
    if (to == no_instance) continue;
    out.append(from, token.text.data());
    from = tokens.position();
    if (file.out[to] != dead) {
      out += "#" + std::to_string(file.out[to]);
    } else if (depth < 2) {
      out += "$";
    } else {
      const std::size_t last = out.find_last_not_of(" \t\r\n");
      if (last != std::string::npos && out[last] == ',')
        out.resize(last);
      else
        skips_comma = true;
    }
  }
  return out.append(from, text.data() + text.size());
}

// Whether one of them is told in this file.
bool Joiner::tells(const File& file, const std::vector<Index>& ends) const {
  if (file.number == of_frame) return true;
  return std::any_of(ends.begin(), ends.end(),
                     [&](Index end) { return end != no_instance && file.part.is_object(end) && file.told[end]; });
}

// Relations that lost something they cannot be without.
void Joiner::drop_broken(File& file) {
  const Part& part = file.part;
  for (Index i = 0; i < part.model.size(); ++i) {
    if (!part.is_whole_relation(i) || file.is_home[i] == 0) continue;
    const auto& attributes = part.traits(i).entity->attributes;
    for (std::size_t at = 4; at < attributes.size(); ++at) {
      if (attributes[at].optional) continue;
      const auto ends = part.model.refs_in(i, at);
      const auto lost = std::count_if(ends.begin(), ends.end(),
                                      [&](Index end) { return end == no_instance || file.out[end] == dead; });
      if (lost == 0 || lost < static_cast<std::ptrdiff_t>(ends.size())) continue;
      file.out[i] = homes_.at(identity(part, i, ambiguous_)).id = dead;
      file.is_home[i] = 0;
      break;
    }
  }
}

void Joiner::add_relation(File& file, Index relation) {
  const Part& part = file.part;
  if (const int members = member_attribute(part, relation); members >= 0) return add_members(file, relation, members);
  if (file.is_home[relation] == 0) return;
  file.pending.push_back(relation);
  visit_all(file);
  write(file, relation);
}

// The instance that all files tell a part of; `list` is the text of its members here.
Gathered& Joiner::gathered(const File& file, Index i, std::string key, std::string_view list) {
  const auto [found, is_new] = gathered_.try_emplace(std::move(key));
  Gathered& all = found->second;
  all.several = !is_new;
  if (!is_new) return all;
  const std::string_view args = file.part.model.file.args(i), source = file.part.model.file.source(i);
  const step::Instance& instance = file.part.model.file.instances[i];
  all.has_list = list.data() != nullptr;
  const std::size_t begin = all.has_list ? static_cast<std::size_t>(list.data() - args.data()) : args.size();
  all.id = ids_.take(instance.id);
  all.before = "#" + std::to_string(all.id) + std::string(behind_id(source.substr(0, instance.args))) +
               rewritten(file, args.substr(0, begin));
  all.after = rewritten(file, args.substr(begin + list.size())) + ";";
  return all;
}

void Joiner::add_members(File& file, Index relation, int members) {
  const Part& part = file.part;
  const step::Nth list = step::nth(part.model.file.args(relation), static_cast<std::size_t>(members));
  const auto refs = part.model.file.refs_of(relation);
  std::vector<Index> others, all;
  for (std::size_t k = 0; k < refs.size(); ++k)
    (k >= list.first_ref && k < list.first_ref + list.refs ? all : others).push_back(refs[k]);
  const auto is_lost = [&](Index i) { return i != no_instance && file.out[i] == dead; };
  if (std::any_of(others.begin(), others.end(), is_lost)) return;
  const bool relating = tells(file, others);
  std::erase_if(all, [&](Index member) {
    return member == no_instance || is_lost(member) || (!relating && !tells(file, {member}));
  });
  if (all.empty() && (file.number != of_frame || list.refs != 0)) return;
  for (const std::vector<Index>* some : {&others, &all})
    for (const Index one : *some)
      if (one != no_instance) file.pending.push_back(one);
  visit_all(file);
  const std::string id(part.model.attribute(relation, 0));
  std::string key = id + part.model.file.keyword(relation);
  const std::size_t count = part.model.attributes(relation).size();
  for (std::size_t at = 4; at < count; ++at)
    if (static_cast<int>(at) != members) key += rewritten(file, part.model.attribute(relation, at)) + ",";
  Gathered& whole = gathered(file, relation, std::move(key), list.text);
  for (const Index member : all) whole.members.push_back(file.out[member]);
  if (whole.several) return;
  // Of one GlobalId and two relating ends, the second is another relation.
  const auto [known, first] =
      set_ids_.emplace(hash_bytes(id), std::pair(part.model.file.instances[relation].id, file.number));
  if (first || known->second.second == file.number) return;
  if (const std::size_t at = whole.before.find(id); at != std::string::npos)
    whole.before.replace(at, id.size(), ifc::quoted(ifc::global_id(id + file.slug)));
}

// A layer's items are those that all files together name; those that no file tells were removed.
void Joiner::add_layer(File& file, Index layer, int items) {
  const Part& part = file.part;
  const step::Nth list = step::nth(part.model.file.args(layer), static_cast<std::size_t>(items));
  const auto refs = part.model.file.refs_of(layer);
  std::vector<std::uint64_t> members;
  for (std::size_t k = 0; k < refs.size(); ++k) {
    if (refs[k] == no_instance) continue;
    const std::uint64_t item = file.out[refs[k]];
    if (k < list.first_ref || k >= list.first_ref + list.refs)
      file.pending.push_back(refs[k]);
    else if (item != 0 && item != dead)
      members.push_back(item);
  }
  if (members.empty() && (file.number != of_frame || list.refs != 0)) return;
  visit_all(file);
  std::string key = part.model.file.keyword(layer);
  const std::size_t count = part.model.attributes(layer).size();
  for (std::size_t at = 0; at < count; ++at)
    if (static_cast<int>(at) != items) key += rewritten(file, part.model.attribute(layer, at)) + ",";
  Gathered& whole = gathered(file, layer, std::move(key), list.text);
  whole.members.insert(whole.members.end(), members.begin(), members.end());
}

// A file that was not made of the frame says of shared things what its maker knew: of the project, say, its name alone.
// The frame's word counts.
void Joiner::note_differences(const File& file, const std::vector<Index>& borrowed) {
  const Part& part = file.part;
  for (const Index i : borrowed) {
    const Home& home = homes_.at(identity(part, i, ambiguous_));
    if (home.file != of_frame || home.content == part.content[i]) continue;
    if (!part.is_object(i) || part.traits(i).is("IFCPROJECT")) continue;
    joined_.notes.push_back(file.slug + " says of " + part.model.file.keyword(i) + " " + part.model.global_id(i) +
                            " otherwise than the frame, whose word stands");
  }
}

// Shared things that were edited in an element's file.
void Joiner::adopt_edits(File& file) {
  const Part& part = file.part;
  std::vector<Index> borrowed;
  for (Index i = 0; i < part.model.size(); ++i) {
    if (part.traits(i).layer || part.is_reference(i) || is_own(part, i)) continue;
    if (!part.is_relation(i) && identity(part, i, ambiguous_) != 0) borrowed.push_back(i);
  }
  const std::uint64_t noted = noted_print(part);
  if (borrowed_print(part, borrowed) == noted) return;
  if (noted == 0) return note_differences(file, borrowed);
  for (const Index i : borrowed) {
    const std::uint64_t who = identity(part, i, ambiguous_);
    const Home& home = homes_.at(who);
    if (home.file != of_frame || home.content == part.content[i]) continue;
    if (part.traits(i).role == Role::resource && home.id != part.model.file.instances[i].id) continue;
    const auto [edit, first] = edits_.emplace(who, std::pair(part.content[i], file.slug));
    if (!first) {
      if (edit->second.first != part.content[i])
        joined_.notes.push_back(file.slug + " and " + edit->second.second + " changed " + part.model.file.keyword(i) +
                                " " + std::string(part.model.attribute(i, 0)) +
                                " in different ways; the latter's stands");
      continue;
    }
    file.is_home[i] = 1;
  }
}

}  // namespace aecos::element
