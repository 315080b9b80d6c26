#include "check/ifc_rules.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/parallel.h"
#include "ifc/global_id.h"
#include "step/token.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;
using schema::Attribute;
using schema::Entity;
using schema::ValueKind;
using step::Token;
using step::TokenKind;

constexpr std::size_t instances_a_task = 1 << 16;

struct Fault {
  Index instance;
  const char* rule;
  std::string message, mend;
};

// Of one piece of the file, so that pieces can be looked at by several processors.
struct Piece {
  std::vector<Fault> faults;
  std::size_t count = 0;
};

class Inspector {
 public:
  Inspector(const ifc::Model& model, std::size_t most, Piece& out) : model_(model), most_(most), out_(out) {}

  void inspect(Index i) {
    instance_ = i;
    inspect_references();
    const ifc::ClassTraits& traits = model_.traits(i);
    if (traits.entity == nullptr) return;
    const Entity& entity = *traits.entity;
    if (entity.abstract)
      add("ifc-abstract", std::string(entity.name) + " is abstract: it has no instances of its own",
          "use one of its subclasses");
    const auto values = model_.attributes(i);
    if (values.size() != entity.attributes.size()) {
      add("ifc-attribute-count",
          "has " + std::to_string(values.size()) + " attributes, " + std::string(entity.name) + " has " +
              std::to_string(entity.attributes.size()),
          "");
      return;
    }
    for (std::size_t at = 0; at < values.size(); ++at) inspect_attribute(entity.attributes[at], values[at]);
    if (traits.rooted()) inspect_global_id(values[0]);
  }

 private:
  void add(const char* rule, const std::string& message, const std::string& mend) {
    if (++out_.count <= most_) out_.faults.push_back({instance_, rule, message, mend});
  }

  void inspect_references() {
    const auto refs = model_.file.refs_of(instance_);
    if (std::find(refs.begin(), refs.end(), no_instance) == refs.end()) return;
    step::Tokens tokens(model_.file.args(instance_));
    for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next())
      if (token.kind == TokenKind::reference && model_.file.find(step::reference_id(token.text)) == no_instance)
        add("ifc-reference", "refers to " + std::string(token.text) + ", which is not there",
            "put it back, or refer to something else");
  }

  void inspect_global_id(std::string_view text) {
    if (!text.starts_with('\'')) return;
    const std::string_view id = text.substr(1, text.size() - 2);
    if (!ifc::is_global_id(id))
      add("ifc-global-id",
          "its GlobalId is \"" + std::string(id.substr(0, 40)) +
              "\", which is not 22 characters of the alphabet of IFC",
          "export it again, or give it a new one");
  }

  void inspect_attribute(const Attribute& attribute, std::string_view text) {
    if (text == "*" && attribute.derived) return;
    if (attribute.derived)
      return add("ifc-derived", std::string(attribute.name) + " is derived, and yet has a value", "write * there");
    if (text == "$") {
      if (!attribute.optional) add("ifc-missing", "has no " + std::string(attribute.name), "give it one");
      return;
    }
    step::Tokens tokens(text);
    next_ = tokens.next();
    std::string wrong = value(tokens, attribute.shape, attribute.shape.depth, attribute.shape.outer);
    if (wrong.empty()) return;
    add("ifc-value", std::string(attribute.name) + " " + wrong, "");
  }

  // Reads one value, the current token being its first. Empty: it is of the shape; else what is wrong.
  std::string value(step::Tokens& tokens, const schema::Shape& shape, int depth, const schema::Aggregate& aggregate) {
    if (depth == 0) return single(tokens, shape);
    if (next_.kind != TokenKind::open) return "is one value, not a list";
    std::string wrong;
    int count = 0;
    for (next_ = tokens.next(); next_.kind != TokenKind::close && next_.kind != TokenKind::end; next_ = tokens.next()) {
      if (next_.kind == TokenKind::comma) continue;
      ++count;
      const std::string inner = value(tokens, shape, depth - 1, shape.inner);
      if (wrong.empty()) wrong = inner;
    }
    // Of arrays, the bounds are those of the index.
    const bool array = aggregate.kind == schema::AggregateKind::array;
    const int least = array ? aggregate.upper - aggregate.lower + 1 : aggregate.lower;
    const int most = array ? least : aggregate.upper;
    if (wrong.empty() && count < least)
      wrong = "has " + std::to_string(count) + " members, at least " + std::to_string(least) + " are wanted";
    if (wrong.empty() && most >= 0 && count > most)
      wrong = "has " + std::to_string(count) + " members, at most " + std::to_string(most) + " are wanted";
    return wrong;
  }

  std::string single(step::Tokens& tokens, const schema::Shape& shape) {
    const Token token = next_;
    if (token.kind == TokenKind::open) {
      skip_list(tokens);
      return "is a list, not one value";
    }
    if (token.kind == TokenKind::keyword) return typed(tokens, shape);
    if (token.kind == TokenKind::omitted) return "has a member without a value";
    if (token.kind == TokenKind::reference) return reference(token, shape);
    return plain(token, shape.kind, shape.type);
  }

  void skip_list(step::Tokens& tokens) {
    for (int open = 1; open > 0 && next_.kind != TokenKind::end;) {
      next_ = tokens.next();
      if (next_.kind == TokenKind::open) ++open;
      if (next_.kind == TokenKind::close) --open;
    }
  }

  // IFCLABEL('x')
  std::string typed(step::Tokens& tokens, const schema::Shape& shape) {
    const std::string_view keyword = next_.text;
    next_ = tokens.next();
    const schema::Type* const type = model_.schema->type(keyword);
    std::string wrong;
    if (next_.kind == TokenKind::open) {
      next_ = tokens.next();
      if (type != nullptr) wrong = value(tokens, type->shape, type->shape.depth, type->shape.outer);
      // What does not belong to the value.
      for (int open = 1; open > 0 && next_.kind != TokenKind::end;) {
        next_ = tokens.next();
        if (next_.kind == TokenKind::open) ++open;
        if (next_.kind == TokenKind::close) --open;
      }
    }
    if (type == nullptr) return "is an " + std::string(keyword) + ", which the schema does not have";
    if (!wrong.empty()) return "(" + std::string(type->name) + ") " + wrong;
    if (shape.kind != ValueKind::select) return "names the type " + std::string(type->name) + " where none is named";
    return shape.type != nullptr && !model_.schema->accepts(*shape.type, *type)
               ? "is an " + std::string(type->name) + ", which " + std::string(shape.type->name) + " does not allow"
               : "";
  }

  std::string reference(const Token& token, const schema::Shape& shape) const {
    if (shape.kind != ValueKind::entity && shape.kind != ValueKind::select)
      return "is a reference, not " + std::string(words(shape.kind));
    const Index to = model_.file.find(step::reference_id(token.text));
    const Entity* const entity = to == no_instance ? nullptr : model_.traits(to).entity;
    if (entity == nullptr) return {};
    const bool fits = shape.entity != nullptr ? entity->is_a(*shape.entity)
                                              : shape.type == nullptr || model_.schema->accepts(*shape.type, *entity);
    const std::string_view wanted = shape.entity != nullptr ? shape.entity->name
                                    : shape.type != nullptr ? shape.type->name
                                                            : "";
    return fits ? ""
                : "refers to " + std::string(token.text) + ", an " + std::string(entity->name) + ", where an " +
                      std::string(wanted) + " is wanted";
  }

  static std::string_view words(ValueKind kind) {
    switch (kind) {
      case ValueKind::string:
        return "a text";
      case ValueKind::real:
      case ValueKind::number:
        return "a number";
      case ValueKind::integer:
        return "a whole number";
      case ValueKind::boolean:
        return ".T. or .F.";
      case ValueKind::logical:
        return ".T., .F. or .U.";
      case ValueKind::enumeration:
        return "an item of its enumeration";
      case ValueKind::binary:
        return "binary";
      case ValueKind::entity:
      case ValueKind::select:
        break;
    }
    return "a reference";
  }

  static std::string plain(const Token& token, ValueKind kind, const schema::Type* type) {
    const bool point = token.text.find('.') != std::string_view::npos || token.text.find('E') != std::string_view::npos;
    bool fits = false;
    switch (kind) {
      case ValueKind::string:
        fits = token.kind == TokenKind::string;
        break;
      // A whole number where a real one is wanted is what many programs write, and every reader takes.
      case ValueKind::real:
      case ValueKind::number:
        fits = token.kind == TokenKind::number;
        break;
      case ValueKind::integer:
        fits = token.kind == TokenKind::number && !point;
        break;
      case ValueKind::boolean:
        fits = token.text == ".T." || token.text == ".F.";
        break;
      case ValueKind::logical:
        fits = token.text == ".T." || token.text == ".F." || token.text == ".U.";
        break;
      case ValueKind::binary:
        fits = token.kind == TokenKind::binary;
        break;
      case ValueKind::enumeration:
        fits = token.kind == TokenKind::enumeration && token.text.size() > 2 && type != nullptr &&
               schema::has_item(*type, token.text.substr(1, token.text.size() - 2));
        break;
      case ValueKind::entity:
      case ValueKind::select:
        break;
    }
    if (fits) return {};
    return "is " + std::string(token.text.substr(0, 40)) + ", not " +
           (kind == ValueKind::enumeration && type != nullptr ? "an item of " + std::string(type->name)
                                                              : std::string(words(kind)));
  }

  const ifc::Model& model_;
  std::size_t most_;
  Piece& out_;
  Index instance_ = 0;
  Token next_;
};

// What is said about an object by relations to it: at least so many, at most so many.
class InverseCheck {
 public:
  InverseCheck(const ifc::Model& model, std::size_t most, Piece& out) : model_(model), most_(most), out_(out) {}

  void run() {
    limits_.resize(model_.classes.size());
    for (std::size_t k = 0; k < model_.classes.size(); ++k) prepare(k);
    first_.resize(model_.size() + std::size_t{1});
    for (Index i = 0; i < model_.size(); ++i)
      first_[i + 1] = first_[i] + static_cast<std::uint32_t>(limits_of(i).size());
    counts_.resize(first_.back());
    for (Index i = 0; i < model_.size(); ++i) count(i);
    for (Index i = 0; i < model_.size(); ++i) compare(i);
  }

 private:
  // The inverses of a class that can be broken: those with bounds.
  void prepare(std::size_t keyword) {
    const Entity* const entity = model_.classes[keyword].entity;
    if (entity == nullptr) return;
    for (const schema::Inverse& inverse : entity->inverses)
      if (inverse.upper >= 0 || inverse.lower > 0) limits_[keyword].push_back(&inverse);
  }

  const std::vector<const schema::Inverse*>& limits_of(Index i) const {
    return limits_[model_.file.instances[i].keyword];
  }

  void count(Index i) {
    const Entity* const entity = model_.traits(i).entity;
    if (entity == nullptr || model_.file.refs_of(i).empty()) return;
    const std::vector<bool>& pointed = pointed_at(*entity);
    for (std::size_t at = 0; at < pointed.size(); ++at)
      if (pointed[at]) count_in(i, *entity, at);
  }

  // Once for each that is referred to there, however often.
  void count_in(Index i, const Entity& entity, std::size_t at) {
    const auto refs = model_.refs_in(i, at);
    seen_.clear();
    for (const Index to : refs) {
      if (to == no_instance || (refs.size() > 1 && !seen_.insert(to).second)) continue;
      const auto& limits = limits_of(to);
      for (std::size_t slot = 0; slot < limits.size(); ++slot)
        if (limits[slot]->attribute == at && entity.is_a(*limits[slot]->from)) ++counts_[first_[to] + slot];
    }
  }

  // Which attributes of a class some inverse looks at; empty: none.
  const std::vector<bool>& pointed_at(const Entity& entity) {
    const auto [found, added] = pointed_.try_emplace(&entity);
    if (!added) return found->second;
    for (const auto& limits : limits_) {
      for (const schema::Inverse* const inverse : limits) {
        if (!entity.is_a(*inverse->from) || inverse->attribute >= entity.attributes.size()) continue;
        found->second.resize(entity.attributes.size());
        found->second[inverse->attribute] = true;
      }
    }
    return found->second;
  }

  void compare(Index i) {
    const auto& limits = limits_of(i);
    for (std::size_t slot = 0; slot < limits.size(); ++slot) {
      const schema::Inverse& inverse = *limits[slot];
      const auto count = static_cast<int>(counts_[first_[i] + slot]);
      const bool few = count < inverse.lower, many = inverse.upper >= 0 && count > inverse.upper;
      if ((!few && !many) || ++out_.count > most_) continue;
      const std::string bound = few ? "at least " + std::to_string(inverse.lower) + " is wanted"
                                    : "at most " + std::to_string(inverse.upper) + " is allowed";
      out_.faults.push_back({i, "ifc-inverse",
                             "has " + std::to_string(count) + " " + std::string(inverse.name) + " (" +
                                 std::string(inverse.from->name) + "), " + bound,
                             few ? "relate it" : "keep one of the relations"});
    }
  }

  const ifc::Model& model_;
  std::size_t most_;
  Piece& out_;
  std::vector<std::vector<const schema::Inverse*>> limits_;  // By keyword: those with bounds.
  std::vector<std::uint32_t> first_;                         // By instance, where its counts begin.
  std::vector<std::uint32_t> counts_;
  std::unordered_map<const Entity*, std::vector<bool>> pointed_;
  std::unordered_set<Index> seen_;
};

void check_classes(const ifc::Model& model, Piece& out) {
  std::vector<bool> told(model.classes.size());
  for (Index i = 0; i < model.size(); ++i) {
    const std::uint32_t keyword = model.file.instances[i].keyword;
    if (told[keyword] || model.classes[keyword].entity != nullptr || model.file.keywords[keyword].empty()) continue;
    told[keyword] = true;
    ++out.count;
    out.faults.push_back({i, "ifc-class", "the schema has no class " + model.file.keywords[keyword],
                          "export with the schema that has it"});
  }
}

void check_global_ids(const ifc::Model& model, std::size_t most, Piece& out) {
  std::unordered_map<std::string_view, Index> first;
  for (Index i = 0; i < model.size(); ++i) {
    if (!model.traits(i).rooted()) continue;
    const std::string_view id = model.attribute(i, 0);
    if (!id.starts_with('\'')) continue;
    const auto [found, added] = first.emplace(id, i);
    if (added || ++out.count > most) continue;
    out.faults.push_back({i, "ifc-global-id-twice",
                          "has the GlobalId of #" + std::to_string(model.file.instances[found->second].id),
                          "give one of them a new GlobalId"});
  }
}

void tell(const ifc::Model& model, const LineIndex& lines, const std::string& path, const Fault& fault,
          Report& report) {
  Finding finding{fault.rule, Severity::error, path};
  locate(model, lines, fault.instance, finding);
  finding.message = fault.message;
  finding.mend = fault.mend;
  report.findings.push_back(std::move(finding));
}

}  // namespace

void check_ifc_rules(const ifc::Model& model, const std::string& path, Report& report, IfcRulesLimits limits) {
  if (model.schema == nullptr) {
    const std::string name = model.file.schemas.empty() ? "none" : model.file.schemas.front();
    Finding finding{"ifc-unreadable", Severity::warning, path};
    finding.message =
        "the schema is " + name + ", of which only IFC2X3, IFC4 and IFC4X3 are known; the model was not held to it";
    report.findings.push_back(std::move(finding));
    return;
  }
  const std::size_t tasks = (model.size() + instances_a_task - 1) / instances_a_task;
  std::vector<Piece> pieces(tasks + 3);
  in_parallel(pieces.size(), [&](std::size_t k) {
    if (k == 0) return InverseCheck(model, limits.findings, pieces[tasks]).run();
    if (k == 1) return check_global_ids(model, limits.findings, pieces[tasks + 1]);
    if (k == 2) return check_classes(model, pieces[tasks + 2]);
    const std::size_t begin = (k - 3) * instances_a_task,
                      end = std::min<std::size_t>(model.size(), begin + instances_a_task);
    Inspector inspector(model, limits.findings, pieces[k - 3]);
    for (std::size_t i = begin; i < end; ++i) inspector.inspect(static_cast<Index>(i));
  });
  std::vector<Fault> faults;
  std::size_t count = 0;
  for (Piece& piece : pieces) {
    count += piece.count;
    faults.insert(faults.end(), std::make_move_iterator(piece.faults.begin()),
                  std::make_move_iterator(piece.faults.end()));
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.instance < b.instance; });
  if (faults.size() > limits.findings) faults.resize(limits.findings);
  if (faults.empty()) return;
  const LineIndex lines(model.file.text);
  for (const Fault& fault : faults) tell(model, lines, path, fault, report);
  report.untold += count - std::min(count, faults.size());
}

}  // namespace aecos::check
