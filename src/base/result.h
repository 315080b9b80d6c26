#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace aecos {

// What a caller may branch on. Add a code only when some caller treats it differently.
enum class ErrorCode { not_found, invalid_input, changed_meanwhile, denied, unavailable };

struct Error {
  ErrorCode code;
  std::string message;  // One line, what was seen: "#12: attribute 3 is not a reference".
};

// A T or an Error. Dropping one is a compile error; reading the value of a failed one throws
// std::bad_variant_access, in every build.
template <class T = void>
class [[nodiscard]] Result {
 public:
  template <std::convertible_to<T> U>
  requires(!std::same_as<std::remove_cvref_t<U>, Result>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  const Error& error() const& { return error_.value(); }
  Error&& error() && { return std::move(error_).value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace aecos

// Returns the error of `expr` from the enclosing function, if it failed.
#define AECOS_TRY(expr)                                                     \
  do {                                                                      \
    if (auto result_ = (expr); !result_) return std::move(result_).error(); \
  } while (false)

// The same, and otherwise assigns the value: AECOS_TRY_ASSIGN(auto model, ifc::read(bytes));
#define AECOS_TRY_ASSIGN(target, expr) AECOS_TRY_ASSIGN_IMPL(target, expr, AECOS_CONCAT(result_, __LINE__))
#define AECOS_TRY_ASSIGN_IMPL(target, expr, result) \
  auto result = (expr);                             \
  if (!result) return std::move(result).error();    \
  target = *std::move(result)
#define AECOS_CONCAT(a, b) AECOS_CONCAT_IMPL(a, b)
#define AECOS_CONCAT_IMPL(a, b) a##b
