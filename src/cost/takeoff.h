#pragma once
// What there is to be paid for: the elements of a model, and how much of each.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "cost/unit.h"
#include "ifc/model.h"

namespace aecos::cost {

// Where a quantity comes from.
enum class Origin : std::uint8_t { unknown, counted, base_quantity, of_type, sizes, shape, metadata, parts };

// How much of one dimension, in m, m2, m3, kg, pieces or seconds.
struct Amount {
  Origin origin = Origin::unknown;
  double value = 0;
  std::string_view note;  // "NetVolume in Qto_WallBaseQuantities"; of what is not known why not.
};

// An element. All texts live as long as its takeoff.
struct Item {
  std::string_view global_id, name;
  const schema::Entity* entity = nullptr;  // Its class.
  std::string_view predefined_type, type_name, storey;
  std::string_view whole;                         // GlobalId of the element that it is a part of; empty: none.
  std::vector<std::string_view> materials;        // Names.
  std::vector<std::string_view> classifications;  // Codes, those of parents too.
  bool wants_rate = true;                         // False: a room; only what names rooms is for it.
  std::array<Amount, dimensions> amounts;         // By dimension.

  const Amount& amount(Dimension dimension) const { return amounts[static_cast<std::size_t>(dimension)]; }
};

// Of one file.
struct Takeoff {
  std::vector<Item> items;  // In the order of the file.
  std::size_t bytes = 0;    // Of memory, about.

  std::string_view keep(std::string_view text);

 private:
  std::unordered_set<std::string> words_;
};

using SharedTakeoff = std::shared_ptr<const Takeoff>;

// Elements that are only named (docs/FORMATS.md) are left out. The model must have a schema that is known.
Result<SharedTakeoff> take_off(const ifc::Model& model);
// Of a file of the path, packed (.ifczip) or not; of a metadata.json that stands for an element without a model. The
// error is as from reading: "12:3: …".
Result<SharedTakeoff> take_off(std::string_view path, std::string_view bytes);

// In whichever schema knows it; IFC4 is asked first, IFC2X3 last. Null: none of them does.
const schema::Entity* any_entity(std::string_view ifc_class);

// Whether a path is one of the files that are looked at: a model, or the metadata.json of an element.
bool is_taken_off(std::string_view path);

}  // namespace aecos::cost
