#pragma once
// What kind of file a path names.

#include <cstdint>
#include <span>
#include <string_view>

namespace aecos::diff {

enum class FileType : std::uint8_t { ifc, json, markdown, text, binary };

// By the path's ending; where that says nothing, by the content of the versions at hand. Empty versions fit any type.
FileType file_type(std::string_view path, std::span<const std::string_view> versions);

}  // namespace aecos::diff
