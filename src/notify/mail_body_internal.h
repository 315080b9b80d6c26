#pragma once
// What a mail says, as text and as HTML.

#include <span>
#include <string>
#include <string_view>

#include "event/story.h"

namespace aecos::notify {

// "[house] ana changed 3 elements on develop"; of several: "[house] 7 updates: …".
std::string mail_subject(std::span<const event::Story> stories);
// Lines end with \n. Of a digest the first 30 stories, with 5 lines each, and how many more there are.
std::string mail_text(std::span<const event::Story> stories, std::string_view unsubscribe_url);
std::string mail_html(std::span<const event::Story> stories, std::string_view unsubscribe_url);

}  // namespace aecos::notify
