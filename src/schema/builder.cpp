// Turns a table into a Schema. The tables are part of the program, so what is wrong in one is a bug and throws.

#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

#include "schema/schema.h"
#include "schema/tables_internal.h"

namespace aecos::schema {

namespace {

using Words = std::vector<std::string_view>;

[[noreturn]] void fail(std::string_view what, std::string_view where) {
  throw std::logic_error("schema table: " + std::string(what) + ": " + std::string(where));
}

// Cuts what precedes the separator off the front of the text.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return head;
}

Words split(std::string_view line) {
  Words words;
  while (!line.empty()) {
    if (const std::string_view word = take(line, ' '); !word.empty()) words.push_back(word);
  }
  return words;
}

int number(std::string_view text) {
  if (text == "?") return -1;
  int value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ptr != text.data() + text.size() || text.empty()) {
    fail("not a number", text);
  }
  return value;
}

template <class T>
struct Spelling {
  std::string_view word;
  T kind;
};

constexpr Spelling<AggregateKind> aggregate_kinds[] = {
    {"SET", AggregateKind::set},
    {"BAG", AggregateKind::bag},
    {"LIST", AggregateKind::list},
    {"ARRAY", AggregateKind::array},
};

constexpr Spelling<ValueKind> simple_kinds[] = {
    {"STRING", ValueKind::string}, {"REAL", ValueKind::real},       {"INTEGER", ValueKind::integer},
    {"NUMBER", ValueKind::number}, {"BOOLEAN", ValueKind::boolean}, {"LOGICAL", ValueKind::logical},
    {"BINARY", ValueKind::binary},
};

template <class T, std::size_t size>
const T* kind_of(const Spelling<T> (&spellings)[size], std::string_view word) {
  for (const Spelling<T>& each : spellings) {
    if (each.word == word) return &each.kind;
  }
  return nullptr;
}

// "LIST[2:?]UNIQUE"
Aggregate aggregate(std::string_view word) {
  const AggregateKind* kind = kind_of(aggregate_kinds, take(word, '['));
  if (kind == nullptr) fail("not an aggregate", word);
  const int lower = number(take(word, ':'));
  const int upper = number(take(word, ']'));
  return {*kind, word == "UNIQUE", lower, upper};
}

// Puts the aggregate around what the shape is so far.
void wrap(Shape& shape, const Aggregate& around) {
  if (shape.depth == 2) fail("nested too deeply", "");
  shape.inner = shape.outer;
  shape.outer = around;
  ++shape.depth;
}

}  // namespace

class Builder {
 public:
  Builder(Schema& schema, std::string_view table) : out_(schema), table_(table) {}

  void run() {
    each_line(&Builder::count_name);
    reserve_names();
    each_line(&Builder::add_name);
    fill_slots();
    each_line(&Builder::add_shape);
    each_line(&Builder::add_inverse);
    connect();
  }

 private:
  // Where an entity's or type's part of a vector of the schema begins; it ends where the vector did at that time.
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    template <class T>
    std::span<const T> of(const std::vector<T>& all) const {
      return {all.data() + begin, end - begin};
    }
  };

  void each_line(void (Builder::*handle)(const Words&)) {
    entity_ = nullptr;
    next_entity_ = next_type_ = 0;
    for (std::string_view rest = table_; !rest.empty();) {
      const Words words = split(take(rest, '\n'));
      if (!words.empty() && words[0] != "#") (this->*handle)(words);
    }
  }

  static bool is_type(std::string_view word) { return word == "type" || word == "enum" || word == "select"; }

  void count_name(const Words& words) {
    if (words[0] == "schema") out_.name_ = words.at(1);
    entities_ += words[0] == "entity";
    types_ += is_type(words[0]);
    if (words[0] == "entity" || is_type(words[0])) letters_ += words.at(1).size();
  }

  void reserve_names() {
    out_.entities_.resize(entities_);
    out_.types_.resize(types_);
    out_.keywords_.reserve(letters_);  // Views point into it, so it must not move.
    attributes_.resize(entities_);
    inverses_.resize(entities_);
    rules_.resize(entities_);
    items_.resize(types_);
    member_entities_.resize(types_);
    member_types_.resize(types_);
  }

  std::string_view keyword(std::string_view name) {
    const std::size_t begin = out_.keywords_.size();
    for (const char c : name) out_.keywords_ += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return std::string_view(out_.keywords_).substr(begin);
  }

  template <class T>
  void add_name(std::vector<T>& all, std::size_t index, std::string_view name) {
    all[index].name = name;
    all[index].keyword = keyword(name);
    all[index].index = static_cast<std::uint16_t>(index);
  }

  void add_name(const Words& words) {
    if (words[0] == "entity") add_name(out_.entities_, next_entity_++, words[1]);
    if (is_type(words[0])) add_name(out_.types_, next_type_++, words[1]);
  }

  void fill_slots() {
    std::size_t size = 1;
    while (size < 3 * (entities_ + types_)) size *= 2;
    out_.slots_.assign(size, 0);
    for (std::size_t i = 0; i < entities_ + types_; ++i) {
      std::size_t at = hash_keyword(out_.keyword_of(i)) & (size - 1);
      while (out_.slots_[at] != 0) at = (at + 1) & (size - 1);
      out_.slots_[at] = static_cast<std::uint16_t>(i + 1);
    }
  }

  const Entity& entity_named(std::string_view name) const {
    const Entity* found = out_.entity(name);
    if (found == nullptr) fail("no such entity", name);
    return *found;
  }

  // The innermost part of a declaration, with what a defined type brings along.
  Shape named_shape(std::string_view name) const {
    Shape shape;
    if (const ValueKind* simple = kind_of(simple_kinds, name)) {
      shape.kind = *simple;
    } else if (const Type* type = out_.type(name)) {
      shape = type->shape;
      shape.type = type;
    } else {
      shape.kind = ValueKind::entity;
      shape.entity = &entity_named(name);
    }
    return shape;
  }

  // Words from `first` on: AGGREGATE... NAME
  Shape shape(const Words& words, std::size_t first) const {
    Shape result = named_shape(words.back());
    for (std::size_t i = words.size() - 1; i-- > first;) wrap(result, aggregate(words[i]));
    return result;
  }

  void add_shape(const Words& words) {
    if (words[0] == "entity") {
      begin_entity(words);
    } else if (is_type(words[0])) {
      add_type(words);
    } else if (words[0] == "derive") {
      derive(words.at(1));
    } else if (words[0] != "schema" && words[0] != "inverse" && words[0] != "unique") {
      const bool optional = words.at(1) == "?";
      out_.attributes_.push_back({words[0], shape(words, optional ? 2 : 1), optional, false});
      attributes_[entity_->index].end = out_.attributes_.size();
    }
  }

  void begin_entity(const Words& words) {
    entity_ = &out_.entities_[next_entity_++];
    entity_->abstract = words.size() > 3 && words[3] == "abstract";
    Range& range = attributes_[entity_->index];
    range.begin = out_.attributes_.size();
    if (words.at(2) != "-") {
      entity_->supertype = &entity_named(words[2]);
      copy_range(out_.attributes_, attributes_[entity_->supertype->index]);
    }
    range.end = out_.attributes_.size();
    entity_->inherited = static_cast<std::uint16_t>(range.end - range.begin);
  }

  template <class T>
  static void copy_range(std::vector<T>& all, Range from) {
    for (std::size_t i = from.begin; i < from.end; ++i) all.push_back(T(all[i]));
  }

  void derive(std::string_view name) {
    const Range range = attributes_[entity_->index];
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (out_.attributes_[i].name == name) {
        out_.attributes_[i].derived = true;
        return;
      }
    }
    fail("nothing to derive", name);
  }

  void add_type(const Words& words) {
    Type& type = out_.types_[next_type_++];
    if (words[0] == "type") {
      type.shape = shape(words, 2);
    } else if (words[0] == "enum") {
      type.shape.kind = ValueKind::enumeration;
      items_[type.index].begin = out_.items_.size();
      out_.items_.insert(out_.items_.end(), words.begin() + 2, words.end());
      items_[type.index].end = out_.items_.size();
    } else {
      add_select(type, words);
    }
  }

  void add_select(Type& type, const Words& words) {
    type.shape.kind = ValueKind::select;
    member_entities_[type.index].begin = out_.member_entities_.size();
    member_types_[type.index].begin = out_.member_types_.size();
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (const Type* member = out_.type(words[i])) {
        out_.member_types_.push_back(member);
      } else {
        out_.member_entities_.push_back(&entity_named(words[i]));
      }
    }
    member_entities_[type.index].end = out_.member_entities_.size();
    member_types_[type.index].end = out_.member_types_.size();
  }

  // Inverses and rules name attributes, of entities that may come later, so that they have a pass of their own.
  void add_inverse(const Words& words) {
    if (words[0] == "entity") {
      entity_ = &out_.entities_[next_entity_++];
      inherit(out_.inverses_, inverses_);
      inherit(out_.unique_rules_, rules_);
    } else if (words[0] == "inverse") {
      std::string_view count = words.at(2);
      std::string_view target = words.at(3);
      const int lower = number(take(count, ':'));
      const Entity& from = entity_named(take(target, '.'));
      out_.inverses_.push_back({words[1], &from, position(from, target), lower, number(count)});
      inverses_[entity_->index].end = out_.inverses_.size();
    } else if (words[0] == "unique") {
      UniqueRule rule{words.at(1), {}};
      for (std::size_t i = 2; i < words.size(); ++i) rule.attributes.push_back(position(*entity_, words[i]));
      out_.unique_rules_.push_back(std::move(rule));
      rules_[entity_->index].end = out_.unique_rules_.size();
    }
  }

  template <class T>
  void inherit(std::vector<T>& all, std::vector<Range>& ranges) {
    ranges[entity_->index].begin = all.size();
    if (entity_->supertype != nullptr) copy_range(all, ranges[entity_->supertype->index]);
    ranges[entity_->index].end = all.size();
  }

  std::uint16_t position(const Entity& entity, std::string_view name) const {
    const Range range = attributes_[entity.index];
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (out_.attributes_[i].name == name) return static_cast<std::uint16_t>(i - range.begin);
    }
    fail("no such attribute", name);
  }

  // The vectors no longer move: sets everything that points into them.
  void connect() {
    for (std::size_t i = entities_; i-- > 0;) {
      Entity& entity = out_.entities_[i];
      entity.attributes = attributes_[i].of(out_.attributes_);
      entity.inverses = inverses_[i].of(out_.inverses_);
      entity.unique_rules = rules_[i].of(out_.unique_rules_);
      if (entity.supertype != nullptr) {
        Entity& above = out_.entities_[entity.supertype->index];
        above.span = static_cast<std::uint16_t>(above.span + entity.span);
      }
    }
    out_.accepted_entities_.resize(types_ * entities_);
    out_.accepted_types_.resize(types_ * types_);
    for (Type& type : out_.types_) {
      type.items = items_[type.index].of(out_.items_);
      type.member_entities = member_entities_[type.index].of(out_.member_entities_);
      type.member_types = member_types_[type.index].of(out_.member_types_);
      accept(type);
    }
  }

  // A select comes after the selects it is made of, so that theirs are complete.
  void accept(const Type& select) {
    for (const Entity* member : select.member_entities) {
      for (std::size_t i = 0; i < member->span; ++i) {
        out_.accepted_entities_[select.index * entities_ + member->index + i] = true;
      }
    }
    for (const Type* member : select.member_types) {
      if (member->shape.kind == ValueKind::select && member->shape.depth == 0) {
        unite(out_.accepted_entities_, entities_, select.index, member->index);
        unite(out_.accepted_types_, types_, select.index, member->index);
      } else {
        out_.accepted_types_[select.index * types_ + member->index] = true;
      }
    }
  }

  static void unite(std::vector<bool>& bits, std::size_t width, std::size_t to, std::size_t from) {
    for (std::size_t i = 0; i < width; ++i) {
      if (bits[from * width + i]) bits[to * width + i] = true;
    }
  }

  Schema& out_;
  std::string_view table_;
  std::size_t entities_ = 0;
  std::size_t types_ = 0;
  std::size_t letters_ = 0;
  std::size_t next_entity_ = 0;
  std::size_t next_type_ = 0;
  Entity* entity_ = nullptr;                                   // The one whose lines are being read.
  std::vector<Range> attributes_, inverses_, rules_;           // By entity.
  std::vector<Range> items_, member_entities_, member_types_;  // By type.
};

Schema::Schema(Version version, std::string_view table) : version_(version) { Builder(*this, table).run(); }

}  // namespace aecos::schema
