#pragma once
// Secrets in texts: keys and tokens in the forms that their providers give them, and values named like secrets. What is
// said of a finding never tells the secret.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::check {

struct SecretFinding {
  std::string rule;         // "github-token"; one of secret_rules().
  std::size_t line = 0;     // From 1.
  std::size_t column = 0;   // Bytes, from 1.
  std::size_t offset = 0;   // Of the secret's first byte.
  std::size_t length = 0;   // Bytes.
  std::string fingerprint;  // 16 hex digits of the SHA-256 of rule and secret: the same one has the same.
  bool operator==(const SecretFinding&) const = default;
};

// Where a value counts because of its name alone (`password = …`), besides what counts by the form its provider gives
// it: nowhere in models, JSON, Markdown and tables; in quotes in programs; everywhere in settings.
enum class SecretNaming : std::uint8_t { nowhere, quoted, everywhere };
SecretNaming secret_naming(std::string_view path);  // By the path's ending; an empty path: nowhere.

// In the order in which they stand, at one place only the longest; the first `secrets_max` of them. Costs about a
// nanosecond a byte, and not much more for texts that were made to cost.
inline constexpr std::size_t secrets_max = 10'000;
std::vector<SecretFinding> find_secrets(std::string_view text, SecretNaming naming);
std::vector<SecretFinding> find_secrets(std::string_view text, std::string_view path);

// Takes out those that `known` has too, wherever they stand there.
void leave_out(std::vector<SecretFinding>& findings, const std::vector<SecretFinding>& known);

// Every rule's name, once, sorted.
std::vector<std::string> secret_rules();

}  // namespace aecos::check
