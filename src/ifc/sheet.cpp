#include "ifc/sheet.h"

#include <algorithm>

#include "step/token.h"

namespace aecos::ifc {
namespace {

std::string joined(const std::vector<std::string>& attributes) {
  std::string text = "(";
  for (std::size_t i = 0; i < attributes.size(); ++i) text += (i ? "," : "") + attributes[i];
  return text + ")";
}

}  // namespace

Result<Sheet> Sheet::open(std::string_view text) {
  Sheet sheet;
  sheet.source_ = std::make_unique<const std::string>(text);
  AECOS_TRY_ASSIGN(sheet.file_, step::read(*sheet.source_));
  if (!sheet.file_.schemas.empty()) sheet.schema_ = schema::find(sheet.file_.schemas.front());
  for (step::Index i = 0; i < sheet.file_.size(); ++i) {
    const std::uint64_t id = sheet.file_.instances[i].id;
    sheet.by_id_.emplace(id, sheet.rows_.size());
    sheet.rows_.push_back({id, sheet.file_.keyword(i), "", false});
    sheet.last_id_ = std::max(sheet.last_id_, id);
  }
  for (Row row = 0; row < sheet.rows_.size(); ++row) sheet.count_uses(row, true);
  return sheet;
}

const ClassTraits& Sheet::traits(Row row) const {
  const std::string& name = rows_[row].keyword;
  const auto found = traits_.find(name);
  return found != traits_.end() ? found->second : traits_.emplace(name, ifc::traits_of(schema_, name)).first->second;
}

std::string_view Sheet::args(Row row) const {
  const std::string& edited = rows_[row].args;
  return edited.empty() ? file_.args(static_cast<step::Index>(row)) : std::string_view(edited);
}

std::vector<std::string> Sheet::attributes(Row row) const {
  const auto parts = step::split(args(row));
  return {parts.begin(), parts.end()};
}

std::string Sheet::attribute(Row row, std::size_t position) const {
  const auto parts = step::split(args(row));
  return position < parts.size() ? std::string(parts[position]) : std::string();
}

std::string Sheet::text_attribute(Row row, std::size_t position) const {
  const std::string text = attribute(row, position);
  return text.starts_with('\'') ? step::decode_string(text) : std::string();
}

Row Sheet::target(std::string_view reference) const {
  if (!reference.starts_with('#')) return no_row;
  const auto found = by_id_.find(step::reference_id(reference));
  return found == by_id_.end() || rows_[found->second].removed ? no_row : found->second;
}

std::vector<Row> Sheet::targets(std::string_view text) const {
  std::vector<Row> found;
  step::Tokens tokens(text);
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    const Row row = token.kind == step::TokenKind::reference ? target(token.text) : no_row;
    if (row != no_row) found.push_back(row);
  }
  return found;
}

void Sheet::count_uses(Row row, bool add) {
  for (const Row used : targets(args(row))) {
    std::vector<Row>& users = users_[used];
    if (add) {
      users.push_back(row);
    } else if (const auto found = std::find(users.begin(), users.end(), row); found != users.end()) {
      users.erase(found);
    }
  }
}

std::vector<Row> Sheet::users(Row row) const {
  const auto found = users_.find(row);
  if (found == users_.end()) return {};
  std::vector<Row> users = found->second;
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

void Sheet::set_attribute(Row row, std::size_t position, std::string text) {
  std::vector<std::string> all = attributes(row);
  all.at(position) = std::move(text);
  count_uses(row, false);
  rows_[row].args = joined(all);
  count_uses(row, true);
}

Row Sheet::add(std::string_view keyword, const std::vector<std::string>& attributes) {
  const Row row = rows_.size();
  rows_.push_back({++last_id_, std::string(keyword), joined(attributes), false});
  by_id_.emplace(last_id_, row);
  count_uses(row, true);
  return row;
}

void Sheet::remove(Row row) {
  count_uses(row, false);
  rows_[row].removed = true;
}

std::string Sheet::text() const {
  std::string out;
  std::uint64_t at = 0;
  for (step::Index i = 0; i < file_.size(); ++i) {
    const std::string_view source = file_.source(i);
    const step::Instance& instance = file_.instances[i];
    if (!rows_[i].removed) {
      out += source_->substr(at, instance.begin - at);
      out += rows_[i].args.empty() ? std::string(source)
                                   : std::string(source.substr(0, instance.args)) + rows_[i].args + ";";
    }
    at = instance.begin + instance.length;
  }
  for (Row row = file_.size(); row < rows_.size(); ++row) {
    if (!rows_[row].removed)
      out += "\n#" + std::to_string(rows_[row].id) + "=" + rows_[row].keyword + rows_[row].args + ";";
  }
  return out + source_->substr(at);
}

std::string reference_list(const Sheet& sheet, const std::vector<Row>& rows) {
  std::string text = "(";
  for (const Row row : rows) text += (text.size() > 1 ? "," : "") + sheet.reference(row);
  return text + ")";
}

}  // namespace aecos::ifc
