#pragma once
// Keeping repositories quick: every push leaves some small files, which are packed together when there are many.

#include <functional>
#include <string>

#include "hub/parts.h"

namespace aecos::hub {

class Maintenance {
 public:
  explicit Maintenance(const Parts& parts) : parts_(parts) {}

  // Packs what has gathered in a repository, if it is much; whoever pushes or fetches meanwhile is not in the way.
  // Nothing is removed, not even what no branch leads to: it may be part of a push under way. True: there was much.
  Result<bool> tidy(const std::string& folder, const std::function<bool()>& is_cancelled);

 private:
  Parts parts_;
};

}  // namespace aecos::hub
