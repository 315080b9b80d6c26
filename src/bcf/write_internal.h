#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bcf/bcf.h"
#include "xml/writer.h"

namespace aecos::bcf {

// Without white space around it, and without what XML cannot hold.
std::string word(std::string_view text);
std::string yes(bool truth);
bool is_ifc_guid(std::string_view text);
std::string ifc_guid(const std::string& text);  // Empty: it is none.

// A list in an element of its own, as 3.0 has it; none where it is empty.
void write_list(xml::XmlWriter& xml, std::string_view list, std::string_view name,
                const std::vector<std::string>& words);

// The texts of markup.bcf and of a viewpoint's file.
std::string markup_text(const Topic& topic, bool is_3);
std::string viewpoint_text(const Viewpoint& viewpoint, bool is_3);

}  // namespace aecos::bcf
