#pragma once

#include "store/store.h"

namespace aecos::store {

// As open(), with the time that a PostgreSQL server which does not answer is waited for.
Result<std::unique_ptr<Store>> open(const std::string& address, std::int64_t patience_ms);

}  // namespace aecos::store
