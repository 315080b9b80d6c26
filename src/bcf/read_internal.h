#pragma once

#include <string>
#include <string_view>

#include "bcf/bcf.h"
#include "xml/document.h"

namespace aecos::bcf {

inline constexpr std::size_t marks_max = 2'000'000;  // Tags of one XML text; each takes about a hundred bytes.

std::string text_of(xml::Node node);  // As it is, of characters that XML has.
std::string word_of(xml::Node node);  // The same without white space around it.
std::string word_of(xml::Node node, const char* attribute);

// A topic and the names of its viewpoints' files, by their place in `viewpoints`; empty: there is none. Errors:
// "LINE:COLUMN: what was seen".
struct Markup {
  Topic topic;
  std::vector<std::string> viewpoint_files;
};
Result<Markup> read_markup(std::string_view xml, std::string_view folder, const ReadLimits& limits);

// What a viewpoint's file says is put into `viewpoint`.
Result<> read_viewpoint(std::string_view xml, const ReadLimits& limits, Viewpoint& viewpoint);

}  // namespace aecos::bcf
