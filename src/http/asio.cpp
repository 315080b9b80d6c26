// The settings come first.
// clang-format off
#include "http/asio_internal.h"

#include <boost/asio/impl/src.hpp>
