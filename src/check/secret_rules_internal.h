#pragma once
// The forms of secrets, as their providers' documentation and the tokens themselves show them.

#include <span>
#include <string_view>

namespace aecos::check {

// A form is text with {CLASS COUNT} in it, COUNT being "32", "20-" or "20-40". Classes: digit; hex (lower case),
// Hex (both); lower (letters and digits), upper (the same), alnum; word (alnum _), dash (alnum _ -), url (dash .),
// percent (alnum %), base64 (alnum + / =), caps32 (A-Z 2-7).
struct SecretForm {
  std::string_view rule;
  std::string_view form;
  // Not empty: the form alone says too little, so this word (lower case) must stand before it as what it is assigned
  // to: `ADAFRUIT_KEY = "..."`. A form without it has text that it can be looked for by behind places of known length.
  std::string_view named = {};
};

std::span<const SecretForm> secret_forms();

}  // namespace aecos::check
