#include "schema/tables_internal.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Woverlength-strings"
#endif

namespace aecos::schema {

namespace {

constexpr char ifc2x3_table[] =
#include "schema/data/ifc2x3.txt"
    ;
constexpr char ifc4_table[] =
#include "schema/data/ifc4.txt"
    ;
constexpr char ifc4x3_table[] =
#include "schema/data/ifc4x3.txt"
    ;

}  // namespace

std::string_view table(Version version) {
  switch (version) {
    case Version::ifc2x3:
      return {ifc2x3_table, sizeof ifc2x3_table - 1};
    case Version::ifc4:
      return {ifc4_table, sizeof ifc4_table - 1};
    case Version::ifc4x3:
      break;
  }
  return {ifc4x3_table, sizeof ifc4x3_table - 1};
}

}  // namespace aecos::schema
