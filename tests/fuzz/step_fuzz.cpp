// The input is a STEP file and, behind a line "%%%%", a later version of it.

#include <algorithm>
#include <string>

#include "parts.h"
#include "step/file.h"
#include "step/token.h"

namespace {

using namespace aecos::step;
using aecos::fuzz::require;

void walk_tokens(std::string_view text) {
  std::size_t length = 0;
  Tokens tokens(text);
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    length += token.text.size();
    double number = 0;
    if (token.kind == TokenKind::reference) (void)reference_id(token.text);
    if (token.kind == TokenKind::number) (void)number_value(token.text, number);
    if (token.kind != TokenKind::string) continue;
    const std::string decoded = decode_string(token.text);
    require(decode_string(encode_string(decoded)) == decoded, "an encoded string decodes to the same");
  }
  require(length <= text.size(), "tokens do not overlap");
}

void walk(const File& file) {
  for (Index i = 0; i < file.size(); ++i) {
    require(file.source(i).starts_with('#') && file.source(i).ends_with(';'), "an instance goes from '#' to ';'");
    require(file.find(file.instances[i].id) == i, "every instance is found by its id");
    const std::string_view args = file.args(i);
    require(args.starts_with('('), "arguments begin with '('");
    walk_tokens(args);
    const bool sound = check_arguments(args).offset == std::string_view::npos;
    for (const std::string_view part : split(args)) {
      require(part.data() >= args.data() && part.data() + part.size() <= args.data() + args.size(),
              "a part lies in the arguments");
      if (sound) walk_tokens(part);
    }
    for (const Index to : file.refs_of(i)) require(to == no_instance || to < file.size(), "references lead somewhere");
  }
}

void compare(const File& plain, const File& like, const File& base) {
  require(plain.size() == like.size() && plain.refs == like.refs && plain.missing == like.missing &&
              plain.schemas == like.schemas && plain.data.size() == like.data.size(),
          "a version reads the same along its base");
  for (Index i = 0; i < plain.size(); ++i) {
    require(plain.source(i) == like.source(i) && plain.args(i) == like.args(i) && plain.keyword(i) == like.keyword(i) &&
                plain.instances[i].id == like.instances[i].id &&
                plain.instances[i].first_ref == like.instances[i].first_ref,
            "an instance reads the same along its base");
    const Index same = like.same[i];
    require(same == no_instance || base.source(same) == like.source(i), "what is the same has the same bytes");
  }
}

void read_version(const File& base, std::string_view text) {
  const auto plain = read(text), like = read_like(text, base);
  require(bool(plain) == bool(like), "a version reads along its base if it reads");
  if (plain)
    compare(*plain, *like, base);
  else
    require(plain.error().message == like.error().message, "the fault is the same along its base");
}

// The text with its end before its beginning, from the middle on: the same instances at other places.
std::string mutated(std::string_view text) {
  const std::size_t middle = text.find('\n', text.size() / 2), begin = text.find("DATA;");
  if (middle == std::string_view::npos || begin == std::string_view::npos || middle < begin + 5) return std::string();
  const std::size_t end = std::max(text.rfind("ENDSEC"), middle);
  if (end == std::string_view::npos) return std::string();
  return std::string(text.substr(0, begin + 5)) + std::string(text.substr(middle, end - middle)) +
         std::string(text.substr(begin + 5, middle - begin - 5)) + std::string(text.substr(end));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = aecos::fuzz::parts_of(aecos::fuzz::text_of(data, size), 2);
  walk_tokens(parts[1]);
  const auto base = read(parts[0]);
  if (!base) {
    require(base.error().message.find(':') != std::string::npos, "a fault has a place");
    return 0;
  }
  walk(*base);
  read_version(*base, parts[0]);
  read_version(*base, parts[1]);
  read_version(*base, mutated(parts[0]));
  return 0;
}
