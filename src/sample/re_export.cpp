#include "sample/re_export.h"

#include <numeric>
#include <vector>

#include "ifc/global_id.h"
#include "ifc/model.h"
#include "sample/dice.h"
#include "step/token.h"

namespace aecos::sample {
namespace {

// The digits stay, so that it is the same number; the point and the exponent are written otherwise.
std::string respell_real(std::string_view number, std::size_t style) {
  std::size_t e = number.find_first_of("eE");
  std::string mantissa(number.substr(0, e)), exponent(e == std::string_view::npos ? "" : number.substr(e + 1));
  while (mantissa.back() == '0') mantissa.pop_back();
  if (style > 0 && mantissa.back() == '.') mantissa += '0';
  if (style == 2 && exponent.empty()) exponent = "0";
  return exponent.empty() ? mantissa : mantissa + "E" + exponent;
}

class Exporter {
 public:
  Exporter(const ifc::Model& model, std::uint64_t seed) : model_(model), dice_(seed), new_ids_(model.size()) {
    std::iota(new_ids_.begin(), new_ids_.end(), 1);
    dice_.shuffle(new_ids_);
    style_ = dice_.below(3);
  }

  std::string write() {
    const std::string_view text = model_.file.text;
    std::string out = header();
    std::vector<ifc::Index> order(model_.size());
    std::iota(order.begin(), order.end(), 0);
    dice_.shuffle(order);
    for (const ifc::Index i : order) write_instance(i, out);
    out += text.substr(model_.file.data.back().end);
    return out;
  }

 private:
  // Up to the first instance, with another time in FILE_NAME: the first string of that form.
  std::string header() {
    std::string head(model_.file.text.substr(0, model_.file.data.front().begin));
    const std::size_t name = head.find("FILE_NAME");
    if (const std::size_t time = head.find("T", head.find(",", name));
        name != std::string::npos && time != std::string::npos && time >= 11 && head[time - 11] == '\'') {
      head.replace(time - 10, 10, "2026-04-" + std::to_string(10 + dice_.below(20)));
    }
    return head + "\n";
  }

  void write_instance(ifc::Index i, std::string& out) {
    out += "#" + std::to_string(new_ids_[i]) + "= " + model_.file.keyword(i);
    std::string_view args = model_.file.args(i);
    const ifc::Role role = model_.traits(i).role;
    const bool renamed = role == ifc::Role::relation || role == ifc::Role::property_set;
    if (renamed && args.starts_with("('")) {
      out += "('" + ifc::global_id(model_.global_id(i) + std::to_string(dice_.next())) + "'";
      args.remove_prefix(args.find('\'', 2) + 1);
    }
    write_tokens(args, out);
    out += ";\n";
  }

  void write_tokens(std::string_view args, std::string& out) {
    step::Tokens tokens(args);
    for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
      const bool real = token.kind == step::TokenKind::number && token.text.find('.') != std::string_view::npos;
      if (token.kind == step::TokenKind::reference) {
        out += reference(token.text);
      } else if (real) {
        out += respell_real(token.text, style_);
      } else {
        out += token.text;
      }
    }
  }

  // What leads nowhere must go on leading nowhere.
  std::string reference(std::string_view token) const {
    const ifc::Index target = model_.reference(token);
    return "#" +
           std::to_string(target == ifc::no_instance ? model_.size() + step::reference_id(token) : new_ids_[target]);
  }

  const ifc::Model& model_;
  Dice dice_;
  std::vector<std::uint64_t> new_ids_;
  std::size_t style_ = 0;
};

}  // namespace

Result<std::string> re_export(std::string_view ifc, std::uint64_t seed) {
  AECOS_TRY_ASSIGN(const ifc::Model model, ifc::read_model(ifc));
  return Exporter(model, seed).write();
}

}  // namespace aecos::sample
