#include "ifc/draft.h"

#include <array>
#include <charconv>

#include "step/token.h"

namespace aecos::ifc {

Argument::Argument(double number) : text(real_text(number)) {}

Argument::Argument(const std::vector<Ref>& refs) : text("(") {
  for (const Ref ref : refs) text += (text.size() > 1 ? ",#" : "#") + std::to_string(ref.id);
  text += ')';
}

std::string real_text(double number) {
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  std::string text(buffer.data(), end);
  const std::size_t exponent = text.find('e');
  if (text.find('.') == std::string::npos) text.insert(exponent == std::string::npos ? text.size() : exponent, ".");
  if (const std::size_t e = text.find('e'); e != std::string::npos) text[e] = 'E';
  return text;
}

std::string list_text(const std::vector<Argument>& arguments) {
  std::string text = "(";
  for (const Argument& argument : arguments) text += (text.size() > 1 ? "," : "") + argument.text;
  return text + ")";
}

std::string quoted(std::string_view utf8) { return step::encode_string(utf8); }

Ref Draft::add(std::string_view keyword, const std::vector<Argument>& arguments) {
  const Ref ref{++last_};
  data_ += "#" + std::to_string(ref.id) + "=" + std::string(keyword) + list_text(arguments) + ";\n";
  return ref;
}

std::string Draft::file(std::string_view schema, std::string_view name, std::string_view time) const {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [DesignTransferView_V1.0]'),'2;1');\nFILE_NAME(" +
         quoted(name) + "," + quoted(time) +
         ",('Ana Lima'),('Aecos'),'aecos','aecos sample house','');\nFILE_SCHEMA((" + quoted(schema) +
         "));\nENDSEC;\nDATA;\n" + data_ + "ENDSEC;\nEND-ISO-10303-21;\n";
}

}  // namespace aecos::ifc
