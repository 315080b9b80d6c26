#include "check/secrets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "base/sha256.h"
#include "check/secret_form_internal.h"

namespace aecos::check {
namespace {

constexpr std::string_view named_secret = "named-secret", in_address = "password-in-address",
                           private_key = "private-key";

bool is_one_of(char c, std::string_view letters) { return letters.find(c) != std::string_view::npos; }

// Bits a character, of what is not always the same.
double entropy(std::string_view text) {
  std::array<std::size_t, 256> count{};
  for (const char c : text) ++count[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t each : count) {
    if (each == 0) continue;
    const double share = static_cast<double>(each) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// "…0a4c8f3b0a4c8f3b": what was typed, and copied until it was long enough.
bool ends_repeating_itself(std::string_view text) {
  constexpr std::size_t shortest = 8;
  for (std::size_t size = shortest; 2 * size <= text.size(); ++size) {
    const std::string_view last = text.substr(text.size() - size);
    if (text.substr(text.size() - 2 * size, size) == last) return true;
  }
  return false;
}

// What stands in manuals and templates: "AKIAIOSFODNN7EXAMPLE", "xoxb-xxxxxxxxxxxx", "ghp_1234567890...".
bool is_example(std::string_view secret) {
  const std::string small = lower(secret);
  for (const std::string_view word :
       {"example", "xxxxxx", "placeholder", "your_", "your-", "changeme", "......", "1234567890", "abcdefghijkl"}) {
    if (small.find(word) != std::string::npos) return true;
  }
  if (ends_repeating_itself(secret)) return true;
  constexpr std::size_t long_run = 12, short_secret = 48;
  std::size_t run = 1;
  for (std::size_t k = 1; k < secret.size(); ++k) {
    run = secret[k] == secret[k - 1] ? run + 1 : 1;
    if (run >= long_run && secret.size() < short_secret) return true;
  }
  return false;
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

// Not a word, a path, an address, a number, an identifier of something else, or a variable's name.
bool looks_random(std::string_view value) {
  constexpr double enough = 3.2;
  constexpr std::size_t uuid_size = 36;
  const bool has_letter = std::any_of(value.begin(), value.end(), [](char c) { return is_alnum(c) && !is_digit(c); });
  const bool refers = value.find_first_of("$%/\\.[]") != std::string_view::npos;
  const bool is_uuid = value.size() == uuid_size && value[8] == '-' && value[13] == '-';
  return has_digit(value) && has_letter && !refers && !is_uuid && entropy(value) >= enough;
}

// Of a form that counts behind a name only. A hash is of other letters than a key, but for keys that are hex digits
// themselves.
bool may_be_value(const Form& form, std::string_view value) {
  constexpr std::size_t hash_size = 32;
  const bool is_hash = value.size() >= hash_size && std::all_of(value.begin(), value.end(), is_hex);
  const Letters letters = form.pieces.back().letters;
  return has_digit(value) && !(is_hash && letters != nullptr && letters('z'));
}

class Scan {
 public:
  Scan(std::string_view text, SecretNaming naming)
      : text_(text), matched_(text), naming_(naming), forms_(Forms::all()) {}

  std::vector<SecretFinding> run() {
    for (std::size_t at = 0; at + 1 < text_.size() && findings_.size() < secrets_max; ++at) {
      const std::uint8_t looks = forms_.at(text_[at], text_[at + 1]);
      if (looks != Forms::no_look) look(at, looks);
    }
    return finish();
  }

 private:
  void look(std::size_t at, std::uint8_t looks) {
    if ((looks & Forms::form_look) != 0) at_anchor(at);
    if ((looks & Forms::address_look) != 0 && text_.substr(at).starts_with("://")) credentials_in_address(at);
    if ((looks & (Forms::name_look | Forms::secret_name_look)) == 0 || !begins_name(at)) return;
    if ((looks & Forms::name_look) != 0) at_name(at);
    if ((looks & Forms::secret_name_look) != 0 && naming_ != SecretNaming::nowhere) named_like_a_secret(at);
  }

  // Where a word begins, also behind what stands for another character: "%3Dkey", "\nkey".
  bool begins_word(std::size_t at) const {
    if (at == 0 || !is_alnum(text_[at]) || !is_alnum(text_[at - 1])) return true;
    if (at >= 3 && text_[at - 3] == '%' && is_hex(lower(text_[at - 2])) && is_hex(lower(text_[at - 1]))) return true;
    return at >= 2 && text_[at - 2] == '\\' && is_one_of(text_[at - 1], "nrt");
  }

  bool begins_name(std::size_t at) const {
    return begins_word(at) || (is_capital(text_[at]) && is_small(text_[at - 1]));  // "myToken"
  }

  void at_anchor(std::size_t at) {
    for (const Form* form : forms_.with_anchor(text_[at], text_[at + 1])) {
      if (!text_.substr(at).starts_with(form->anchor_text())) continue;
      for (std::size_t lead = form->lead_least; lead <= std::min(form->lead_most, at); ++lead) {
        if (!begins_word(at - lead)) continue;
        if (const auto length = form->match(matched_, at - lead)) found(form->rule, at - lead, *length);
      }
    }
  }

  void at_name(std::size_t at) {
    for (const Forms::Named& named : forms_.named(text_[at], text_[at + 1])) {
      if (!has_word(at, named.name)) continue;
      const auto value = assigned_after(at + named.name.size());
      if (!value) continue;
      for (const Form* form : named.forms) {
        const auto length = form->match(matched_, *value);
        if (length && may_be_value(*form, text_.substr(*value, *length))) found(form->rule, *value, *length);
      }
    }
  }

  bool has_word(std::size_t at, std::string_view word) const {
    if (text_.size() - at < word.size()) return false;
    return std::equal(word.begin(), word.end(), text_.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char letter, char c) { return letter == lower(c); });
  }

  // Where a value begins that is assigned to a name that goes on here, on the same line: `_KEY = "`.
  std::optional<std::size_t> assigned_after(std::size_t at) const {
    constexpr std::size_t name_max = 50, gap_max = 8;
    const std::size_t name_end = std::min(text_.size(), at + name_max);
    while (at < name_end && (is_alnum(text_[at]) || is_one_of(text_[at], "_-. []'\"\t"))) ++at;
    if (at >= text_.size() || !is_one_of(text_[at], "=:>,(")) return std::nullopt;
    const std::size_t gap_end = std::min(text_.size(), at + gap_max);
    while (at < gap_end && is_one_of(text_[at], "=:>,( '\"`\t")) ++at;
    return at;
  }

  void named_like_a_secret(std::size_t at) {
    constexpr std::size_t shortest = 10, longest = 200;
    for (const std::string_view name : secret_names) {
      if (!has_word(at, name)) continue;
      const auto begin = assigned_after(at + name.size());
      if (!begin || (naming_ == SecretNaming::quoted && !is_one_of(text_[*begin - 1], "'\"`"))) continue;
      std::size_t end = *begin;
      while (end < text_.size() && end - *begin <= longest && static_cast<unsigned char>(text_[end]) > ' ' &&
             !is_one_of(text_[end], "'\"`,;()<>{}"))
        ++end;
      const std::string_view value = text_.substr(*begin, end - *begin);
      if (value.size() < shortest || value.size() > longest || !looks_random(value)) continue;
      found(named_secret, *begin, value.size());
    }
  }

  // https://user:password@host
  void credentials_in_address(std::size_t at) {
    constexpr std::size_t longest = 300;
    const std::size_t begin = at + 3, last = std::min(text_.size(), begin + longest);
    std::size_t end = begin, colon = 0;
    for (; end < last && text_[end] != '@'; ++end) {
      if (text_[end] == ':' && colon == 0) colon = end;
      if (static_cast<unsigned char>(text_[end]) <= ' ' || is_one_of(text_[end], "/\\'\"<>`()?#")) return;
    }
    if (end == last || colon == 0) return;
    const std::string_view password = text_.substr(colon + 1, end - colon - 1);
    if (is_password(password)) found(in_address, colon + 1, password.size());
  }

  // And no word or variable that stands for one.
  static bool is_password(std::string_view text) {
    constexpr std::size_t shortest = 4;
    if (text.size() < shortest || text.find_first_of("${}%*") != std::string_view::npos) return false;
    static const std::set<std::string, std::less<>> words{"password", "passwd", "secret", "pass",
                                                          "user",     "token",  "key",    "x-oauth-basic"};
    return !words.contains(lower(text));
  }

  void found(std::string_view rule, std::size_t at, std::size_t length) {
    constexpr double constant = 2.3;                 // Bits; a key of hex digits has almost 4.
    constexpr std::size_t looked_at = 300;           // Bytes.
    if (last_begin_ < at && at < last_end_) return;  // Inside of one.
    if (rule == rejected_rule_ && at < rejected_end_) return;
    const std::string_view secret = text_.substr(at, std::min(length, looked_at));
    const bool is_fixed = rule == private_key || rule.ends_with("-webhook") || rule == in_address;
    if (is_example(secret) || (!is_fixed && entropy(secret) < constant)) {
      rejected_rule_ = rule;
      rejected_end_ = at + length;
      return;
    }
    if (rule == private_key && !key_follows(at + length)) return;
    SecretFinding finding;
    finding.rule = rule;
    finding.offset = at;
    finding.length = length;
    findings_.push_back(std::move(finding));
    last_begin_ = at;
    last_end_ = at + length;
  }

  // Not only the line above a key, as in texts about keys.
  bool key_follows(std::size_t at) const {
    constexpr std::size_t gap_max = 16, enough = 6;
    std::size_t begin = at;
    while (begin < std::min(text_.size(), at + gap_max)) {
      const bool escaped = text_[begin] == '\\' && begin + 1 < text_.size();
      if (!escaped && !is_one_of(text_[begin], " \t\r\n\"'+#*")) break;
      begin += escaped ? 2 : 1;
    }
    const std::string_view key = text_.substr(begin, enough);
    const auto is_of_key = [](char c) { return is_alnum(c) || is_one_of(c, "+/=-"); };
    return key.size() == enough && std::all_of(key.begin(), key.end(), is_of_key);
  }

  std::vector<SecretFinding> finish() {
    std::stable_sort(findings_.begin(), findings_.end(), [](const SecretFinding& a, const SecretFinding& b) {
      return a.offset != b.offset ? a.offset < b.offset : a.length > b.length;
    });
    std::vector<SecretFinding> kept;
    std::size_t end = 0, line = 1, line_start = 0, seen = 0;
    for (SecretFinding& finding : findings_) {
      if (finding.offset < end) continue;  // Inside one that is kept.
      end = finding.offset + finding.length;
      for (; seen < finding.offset; ++seen) {
        if (text_[seen] != '\n') continue;
        ++line;
        line_start = seen + 1;
      }
      finding.line = line;
      finding.column = finding.offset - line_start + 1;
      finding.fingerprint = fingerprint(finding);
      kept.push_back(std::move(finding));
    }
    return kept;
  }

  std::string fingerprint(const SecretFinding& finding) const {
    constexpr std::size_t shown = 16, key_size = 200;
    // A private key's first line is everybody's: the key itself makes it one.
    const std::size_t length = finding.rule == private_key ? key_size : finding.length;
    return sha256_hex(finding.rule + "\n" + std::string(text_.substr(finding.offset, length))).substr(0, shown);
  }

  std::string_view text_;
  Text matched_;
  SecretNaming naming_;
  const Forms& forms_;
  std::vector<SecretFinding> findings_;
  std::size_t last_begin_ = 0, last_end_ = 0, rejected_end_ = 0;
  std::string_view rejected_rule_;
};

}  // namespace

SecretNaming secret_naming(std::string_view path) {
  static const std::set<std::string, std::less<>> documents{
      "ifc", "ifczip", "ifcxml", "ifcx", "json", "geojson", "md",   "csv", "tsv", "xml", "ids",
      "bcf", "html",   "svg",    "txt",  "pdf",  "docx",    "xlsx", "dwg", "rvt", "zip", "lock"};
  static const std::set<std::string, std::less<>> settings{"env", "ini",  "cfg",  "conf",  "properties",
                                                           "yml", "yaml", "toml", "tfvars"};
  const std::string name = lower(path.substr(path.rfind('/') + 1));
  const std::size_t dot = name.rfind('.');
  const std::string type = dot == std::string::npos ? "" : name.substr(dot + 1);
  if (path.empty() || documents.contains(type)) return SecretNaming::nowhere;
  const bool is_settings = name.starts_with(".env") || name.ends_with("rc") || settings.contains(type);
  return is_settings ? SecretNaming::everywhere : SecretNaming::quoted;
}

std::vector<SecretFinding> find_secrets(std::string_view text, SecretNaming naming) { return Scan(text, naming).run(); }

std::vector<SecretFinding> find_secrets(std::string_view text, std::string_view path) {
  return find_secrets(text, secret_naming(path));
}

void leave_out(std::vector<SecretFinding>& findings, const std::vector<SecretFinding>& known) {
  std::set<std::string_view> fingerprints;
  for (const SecretFinding& finding : known) fingerprints.insert(finding.fingerprint);
  std::erase_if(findings, [&](const SecretFinding& finding) { return fingerprints.contains(finding.fingerprint); });
}

std::vector<std::string> secret_rules() {
  std::set<std::string> names{std::string(named_secret), std::string(in_address)};
  for (const SecretForm& form : secret_forms()) names.emplace(form.rule);
  return {names.begin(), names.end()};
}

}  // namespace aecos::check
