#include "generate/read.h"

#include <algorithm>

#include "generate/match.h"
#include "generate/read_internal.h"
#include "generate/tokens.h"

namespace aecos::generate {
namespace {

// The words of a sentence as what they are.
class Items {
 public:
  Items(const std::vector<Token>& tokens, const Context& context) : tokens_(tokens), input_{tokens, context} {}

  std::vector<Item> run() {
    while (at_ < tokens_.size()) add_next();
    return std::move(items_);
  }

 private:
  void add(ItemKind kind, std::size_t size) {
    Item item;
    item.kind = kind;
    item.token = at_;
    item.size = size;
    items_.push_back(std::move(item));
    at_ += size;
  }

  void add_next() {
    const Token& token = tokens_[at_];
    const Vocabulary& words = vocabulary();
    const NounMatch noun = match_noun(input_, at_);
    Match match = match_pattern(input_, at_);
    const bool useless = match.size > 0 && match.pattern->actions[0] == "skip" && noun.size > 0;
    if (noun.size > 0 && (noun.size >= match.size || useless || !may_hide_noun(match))) {
      add(ItemKind::noun, noun.size);
      items_.back().noun = noun.noun;
      items_.back().plural = noun.plural;
      take_name();
    } else if (match.size > 0) {
      add(ItemKind::said, match.size);
      items_.back().match = std::move(match);
    } else if (const auto number = match_number(tokens_, at_); number && !words.articles.contains(token.text)) {
      add(ItemKind::number, number->second);
      items_.back().number = number->first;
    } else if (words.articles.contains(token.text)) {
      add(ItemKind::article, 1);
    } else if (token.kind != TokenKind::quoted && words.separators.contains(token.text)) {
      add(ItemKind::separator, 1);
    } else {
      const bool filler = token.kind != TokenKind::quoted && words.fillers.contains(token.text);
      add(filler ? ItemKind::filler : ItemKind::unknown, 1);
    }
  }

  // "wall thickness 5 mm" says something of what is named already; before that it names a wall.
  bool may_hide_noun(const Match& match) const {
    if (match.pattern->parts[0].words != std::vector<std::string>{"wall"}) return true;
    return std::any_of(items_.begin(), items_.end(), [](const Item& item) { return item.kind == ItemKind::noun; });
  }

  // "wall W-20": what looks like a name right behind a noun is one.
  void take_name() {
    if (at_ >= tokens_.size() || !is_name(tokens_[at_]) || match_pattern(input_, at_).size > 0) return;
    items_.back().name = tokens_[at_].original;
    ++items_.back().size;
    ++at_;
  }

  const std::vector<Token>& tokens_;
  MatchInput input_;
  std::vector<Item> items_;
  std::size_t at_ = 0;
};

bool is_separator(const Item& item, const std::vector<Token>& tokens, std::string_view text) {
  return item.kind == ItemKind::separator && tokens[item.token].text == text;
}

bool ends_sentence(const Item& item, const std::vector<Token>& tokens) {
  return is_separator(item, tokens, ".") || is_separator(item, tokens, ";");
}

// Where what is said of the noun at `noun` begins: at its article or number, else behind the separator before it. What
// stands behind the end of the sentence before it belongs to it too.
std::size_t phrase_begin(const std::vector<Item>& items, const std::vector<Token>& tokens, std::size_t noun,
                         std::size_t after) {
  std::size_t begin = noun;
  for (std::size_t i = noun; i-- > after && begin == noun;)
    if (items[i].kind == ItemKind::article || items[i].kind == ItemKind::number) begin = i;
  // "… and the three windows"
  while (begin > after && begin < noun &&
         (items[begin - 1].kind == ItemKind::article || items[begin - 1].kind == ItemKind::number))
    --begin;
  for (std::size_t i = noun; i-- > after && begin == noun;)
    if (items[i].kind == ItemKind::separator) begin = i + 1;
  for (std::size_t i = begin; i-- > after;)
    if (ends_sentence(items[i], tokens)) return i + 1;
  return begin;
}

std::vector<Phrase> phrases(const std::vector<Item>& items, const std::vector<Token>& tokens) {
  std::vector<Phrase> found;
  std::size_t after = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].noun) continue;
    Phrase phrase;
    phrase.noun = i;
    phrase.number_from = phrase_begin(items, tokens, i, after);
    phrase.begin = found.empty() ? 0 : phrase.number_from;
    if (!found.empty()) found.back().end = phrase.begin;
    found.push_back(phrase);
    after = i + 1;
  }
  if (!found.empty()) found.back().end = items.size();
  return found;
}

// "UB 305x165x40" is a beam and "UC 203x203x46" a column, where nothing else is named.
void name_by_profile(std::vector<Item>& items) {
  for (const Item& item : items)
    if (item.noun) return;
  for (Item& item : items) {
    if (item.kind != ItemKind::said || item.match.pattern->actions[0] != "profile=$1") continue;
    const std::string& profile = item.match.slots[0].text;
    const std::string_view word = profile.starts_with("UB") ? "beam" : profile.starts_with("UC") ? "column" : "";
    for (const Noun& noun : vocabulary().nouns)
      if (noun.words == std::vector<std::string>{std::string(word)}) item.noun = &noun;
  }
}

void add_unknown(const std::vector<Item>& items, const std::vector<Token>& tokens, Reading& reading) {
  for (const Item& item : items) {
    if (item.kind != ItemKind::unknown) continue;
    const std::string& word = tokens[item.token].original;
    reading.problems.push_back({ProblemKind::not_understood, word, 0, "“" + word + "” is not understood"});
  }
}

bool starts_with_verb(const std::vector<Token>& tokens) {
  for (const Token& token : tokens) {
    if (vocabulary().verbs.contains(token.text)) return true;
    if (!vocabulary().fillers.contains(token.text) || token.text == "a") return false;
  }
  return false;
}

}  // namespace

Reading read(std::string_view sentence, const Context& context) {
  Reading reading;
  const std::vector<Token> tokens = tokenise(sentence);
  if (starts_with_verb(tokens)) {
    const auto verb = std::find_if(tokens.begin(), tokens.end(),
                                   [](const Token& token) { return vocabulary().verbs.contains(token.text); });
    reading.problems.push_back({ProblemKind::refused, "verb: " + verb->text, 0,
                                "generate only adds elements; it does not " + verb->text + " them"});
    return reading;
  }
  std::vector<Item> items = Items(tokens, context).run();
  name_by_profile(items);
  const std::vector<Phrase> all = phrases(items, tokens);
  if (all.empty()) {
    reading.problems.push_back(
        {ProblemKind::refused, "nothing", 0, "this names nothing that can be built, such as a wall, a slab or a door"});
    return reading;
  }
  PhraseReader reader(items, tokens, reading);
  for (const Phrase& phrase : all) reader.add(phrase);
  reader.find_hosts(all);
  add_unknown(items, tokens, reading);
  return reading;
}

std::string_view status_of(const std::vector<Problem>& problems) {
  const auto any = [&](ProblemKind kind) {
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& each) { return each.kind == kind; });
  };
  return any(ProblemKind::refused)          ? "no"
         : any(ProblemKind::not_understood) ? "part"
         : any(ProblemKind::missing)        ? "ask"
                                            : "ok";
}

}  // namespace aecos::generate
