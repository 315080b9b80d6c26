#pragma once
// Deliveries come in any order, and late ones must not undo what is newer.

#include <functional>
#include <string>

#include "forge/delivery.h"
#include "store/store.h"

namespace aecos::hub {

// Whether the one commit (hex digits) is known to be an ancestor of the other.
using IsInside = std::function<bool(const std::string& older, const std::string& newer)>;

// Keeps what the delivery says of its branch or pull request, if nothing newer is known of that; otherwise says in
// words that there is. Empty: it is the newest. What cannot be put in order counts as the newest.
Result<std::string> note_order(store::Tables& tables, const std::string& project, const forge::Delivery& delivery,
                               const IsInside& is_inside);

}  // namespace aecos::hub
