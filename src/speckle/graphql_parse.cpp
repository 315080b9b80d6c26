#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "speckle/graphql_internal.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::speckle::graphql {
namespace {

constexpr std::size_t depth_max = 100;
constexpr std::size_t size_max = 1U << 20U;

bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

struct Token {
  enum class Kind { end, name, number, string, mark };
  Kind kind = Kind::end;
  std::string text;  // Of a string: as JSON.
  std::size_t at = 0;
};

// The common indentation and empty lines at both ends of a block string taken off.
std::string block_text(std::string_view raw) {
  std::vector<std::string> lines(1);
  for (const char c : raw) c == '\n' ? static_cast<void>(lines.emplace_back()) : lines.back().push_back(c);
  std::size_t indent = std::string::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) indent = std::min(indent, lines[i].find_first_not_of(" \t"));
  for (std::size_t i = 1; i < lines.size() && indent != std::string::npos; ++i)
    lines[i].erase(0, std::min(indent, lines[i].size()));
  const auto is_blank = [](const std::string& line) { return line.find_first_not_of(" \t") == std::string::npos; };
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  while (!lines.empty() && is_blank(lines.front())) lines.erase(lines.begin());
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<Token> next() {
    skip();
    Token token{Token::Kind::end, "", at_};
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (is_name_start(c)) {
      token.kind = Token::Kind::name;
      while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) token.text += text_[at_++];
    } else if (is_digit(c) || c == '-') {
      token.kind = Token::Kind::number;
      const std::string_view rest = text_.substr(at_);
      const std::size_t end = rest.find_first_not_of("+-.0123456789eE");
      token.text = rest.substr(0, end);
      at_ += token.text.size();
      if (!text::parse_json(token.text)) return wrong(token.at, "a number that is none");
    } else if (c == '"') {
      token.kind = Token::Kind::string;
      AECOS_TRY_ASSIGN(token.text, string());
    } else {
      token.kind = Token::Kind::mark;
      token.text = text_.substr(at_).starts_with("...") ? "..." : std::string(1, c);
      if (token.text == "." || std::string_view("!$&():=@[]{|}.").find(c) == std::string_view::npos)
        return wrong(at_, "a character that does not belong there");
      at_ += token.text.size();
    }
    return token;
  }

  [[nodiscard]] Error wrong(std::size_t at, const std::string& what) const {
    return {ErrorCode::invalid_input, text::to_string(text::position_of(text_, at)) + ": " + what};
  }

 private:
  void skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::string_view(" \t\r\n,\xEF\xBB\xBF").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  // As JSON, whose escapes are the same.
  Result<std::string> string() {
    constexpr std::string_view block = "\"\"\"";
    const std::size_t begin = at_;
    if (text_.substr(at_).starts_with(block)) {
      const std::size_t end = text_.find(block, at_ + block.size());
      if (end == std::string_view::npos) return wrong(begin, "a text without an end");
      at_ = end + block.size();
      return text::json_quote(block_text(text_.substr(begin + block.size(), end - begin - block.size())));
    }
    for (++at_; at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size() || text_[at_] != '"') return wrong(begin, "a text without an end");
    ++at_;
    std::string found(text_.substr(begin, at_ - begin));
    if (!text::parse_json(found)) return wrong(begin, "a text that is not well-formed");
    return found;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text) {}

  Result<Document> run() {
    AECOS_TRY(advance());
    Document document;
    while (token_.kind != Token::Kind::end) {
      if (is("fragment")) {
        AECOS_TRY(fragment(document));
      } else {
        Operation operation;
        AECOS_TRY(this->operation(operation));
        document.operations.push_back(std::move(operation));
      }
    }
    if (document.operations.empty()) return scanner_.wrong(token_.at, "there is no operation");
    return document;
  }

 private:
  bool is(std::string_view text) const {
    return (token_.kind == Token::Kind::name || token_.kind == Token::Kind::mark) && token_.text == text;
  }
  Result<> advance() {
    AECOS_TRY_ASSIGN(token_, scanner_.next());
    return {};
  }
  Result<> expect(std::string_view text) {
    if (!is(text)) return scanner_.wrong(token_.at, "'" + std::string(text) + "' is wanted");
    return advance();
  }
  Result<std::string> name() {
    if (token_.kind != Token::Kind::name) return scanner_.wrong(token_.at, "a name is wanted");
    std::string found = token_.text;
    AECOS_TRY(advance());
    return found;
  }

  Result<> fragment(Document& document) {
    AECOS_TRY(advance());
    AECOS_TRY_ASSIGN(const std::string called, name());
    AECOS_TRY(expect("on"));
    Fragment fragment;
    AECOS_TRY_ASSIGN(fragment.type, name());
    std::vector<Directive> ignored;
    AECOS_TRY(directives(ignored));
    AECOS_TRY(selections(fragment.selections, 0));
    if (!document.fragments.emplace(called, std::move(fragment)).second)
      return scanner_.wrong(token_.at, "a second fragment " + called);
    return {};
  }

  Result<> operation(Operation& operation) {
    operation.kind = "query";
    if (is("{")) return selections(operation.selections, 0);
    if (!is("query") && !is("mutation") && !is("subscription"))
      return scanner_.wrong(token_.at, "an operation or a fragment is wanted");
    operation.kind = token_.text;
    AECOS_TRY(advance());
    if (token_.kind == Token::Kind::name) {
      AECOS_TRY_ASSIGN(operation.name, name());
    }
    if (is("(")) {
      AECOS_TRY(advance());
      while (!is(")")) AECOS_TRY(variable(operation));
      AECOS_TRY(advance());
    }
    std::vector<Directive> ignored;
    AECOS_TRY(directives(ignored));
    return selections(operation.selections, 0);
  }

  Result<> variable(Operation& operation) {
    Variable variable;
    AECOS_TRY(expect("$"));
    AECOS_TRY_ASSIGN(variable.name, name());
    AECOS_TRY(expect(":"));
    AECOS_TRY(type(variable, 0));
    if (is("=")) {
      AECOS_TRY(advance());
      variable.otherwise.emplace();
      AECOS_TRY(value(*variable.otherwise, 0));
    }
    std::vector<Directive> ignored;
    AECOS_TRY(directives(ignored));
    operation.variables.push_back(std::move(variable));
    return {};
  }

  Result<> type(Variable& variable, std::size_t depth) {
    if (depth > depth_max) return scanner_.wrong(token_.at, "too deep");
    if (is("[")) {
      AECOS_TRY(advance());
      AECOS_TRY(type(variable, depth + 1));
      AECOS_TRY(expect("]"));
    } else {
      AECOS_TRY_ASSIGN(variable.type, name());
    }
    variable.is_required = is("!");
    if (variable.is_required) AECOS_TRY(advance());
    return {};
  }

  Result<> directives(std::vector<Directive>& found) {
    while (is("@")) {
      AECOS_TRY(advance());
      Directive directive;
      AECOS_TRY_ASSIGN(directive.name, name());
      AECOS_TRY(arguments(directive.arguments));
      found.push_back(std::move(directive));
    }
    return {};
  }

  Result<> arguments(LiteralList& found) {
    if (!is("(")) return {};
    AECOS_TRY(advance());
    while (!is(")")) {
      AECOS_TRY_ASSIGN(std::string called, name());
      AECOS_TRY(expect(":"));
      Literal literal;
      AECOS_TRY(value(literal, 0));
      found.emplace_back(std::move(called), std::move(literal));
    }
    return advance();
  }

  Result<> value(Literal& literal, std::size_t depth) {
    if (depth > depth_max) return scanner_.wrong(token_.at, "too deep");
    if (token_.kind == Token::Kind::number || token_.kind == Token::Kind::string) {
      literal.text = token_.text;
      return advance();
    }
    if (token_.kind == Token::Kind::name) {
      const bool is_word = token_.text == "true" || token_.text == "false" || token_.text == "null";
      literal.text = is_word ? token_.text : text::json_quote(token_.text);
      return advance();
    }
    if (is("$")) {
      AECOS_TRY(advance());
      literal.kind = Literal::Kind::variable;
      AECOS_TRY_ASSIGN(literal.text, name());
      return {};
    }
    const bool is_list = is("[");
    if (!is_list && !is("{")) return scanner_.wrong(token_.at, "a value is wanted");
    literal.kind = is_list ? Literal::Kind::list : Literal::Kind::object;
    AECOS_TRY(advance());
    while (!is(is_list ? "]" : "}")) {
      std::string called;
      if (!is_list) {
        AECOS_TRY_ASSIGN(called, name());
        AECOS_TRY(expect(":"));
      }
      Literal inner;
      AECOS_TRY(value(inner, depth + 1));
      literal.members.emplace_back(std::move(called), std::move(inner));
    }
    return advance();
  }

  Result<> selections(std::vector<Selection>& found, std::size_t depth) {
    if (depth > depth_max) return scanner_.wrong(token_.at, "too deep");
    AECOS_TRY(expect("{"));
    while (!is("}")) {
      Selection selection;
      AECOS_TRY(is("...") ? spread(selection, depth) : field(selection, depth));
      found.push_back(std::move(selection));
    }
    if (found.empty()) return scanner_.wrong(token_.at, "fields are wanted");
    return advance();
  }

  Result<> spread(Selection& selection, std::size_t depth) {
    AECOS_TRY(advance());
    selection.kind = Selection::Kind::inline_fragment;
    if (token_.kind == Token::Kind::name && token_.text != "on") {
      selection.kind = Selection::Kind::spread;
      AECOS_TRY_ASSIGN(selection.name, name());
      return directives(selection.directives);
    }
    if (is("on")) {
      AECOS_TRY(advance());
      AECOS_TRY_ASSIGN(selection.name, name());
    }
    AECOS_TRY(directives(selection.directives));
    return selections(selection.selections, depth + 1);
  }

  Result<> field(Selection& selection, std::size_t depth) {
    AECOS_TRY_ASSIGN(selection.name, name());
    selection.alias = selection.name;
    if (is(":")) {
      AECOS_TRY(advance());
      AECOS_TRY_ASSIGN(selection.name, name());
    }
    AECOS_TRY(arguments(selection.arguments));
    AECOS_TRY(directives(selection.directives));
    return is("{") ? selections(selection.selections, depth + 1) : Result<>();
  }

  Scanner scanner_;
  Token token_;
};

}  // namespace

Result<Document> parse(std::string_view text) {
  if (text.size() > size_max) return Error{ErrorCode::invalid_input, "1:1: the request is too long"};
  return Parser(text).run();
}

}  // namespace aecos::speckle::graphql
