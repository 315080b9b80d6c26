#include <algorithm>
#include <array>
#include <cmath>

#include "cost/quantities_internal.h"
#include "step/token.h"

namespace aecos::cost {
namespace {

// Of what a class is measured by. Net is before gross: openings are not paid for.
using Names = std::array<std::string_view, 6>;
constexpr Names side_area{"NetSideArea", "GrossSideArea", "NetArea", "GrossArea", "Area", ""};
constexpr Names floor_area{"NetFloorArea", "GrossFloorArea", "NetArea", "GrossArea", "Area", ""};
constexpr Names any_area{"NetArea", "GrossArea", "Area", "", "", ""};
constexpr Names volume{"NetVolume", "GrossVolume", "Volume", "", "", ""};
constexpr Names mass{"NetWeight", "GrossWeight", "Weight", "Mass", "", ""};
constexpr Names length_names{"Length", "", "", "", "", ""};
constexpr Names time_names{"Time", "Duration", "ScheduleTime", "", "", ""};

struct Kind {
  std::string_view keyword;
  std::string_view measure;
  Dimension dimension;
};
constexpr std::array<Kind, 5> kinds{{{"IFCQUANTITYLENGTH", "IFCLENGTHMEASURE", Dimension::length},
                                     {"IFCQUANTITYAREA", "IFCAREAMEASURE", Dimension::area},
                                     {"IFCQUANTITYVOLUME", "IFCVOLUMEMEASURE", Dimension::volume},
                                     {"IFCQUANTITYWEIGHT", "IFCMASSMEASURE", Dimension::mass},
                                     {"IFCQUANTITYTIME", "IFCTIMEMEASURE", Dimension::time}}};

const Names& names_for(const schema::Entity& entity, Dimension dimension) {
  switch (dimension) {
    case Dimension::volume:
      return volume;
    case Dimension::mass:
      return mass;
    case Dimension::time:
      return time_names;
    case Dimension::length:
      return length_names;
    default:
      break;
  }
  if (is_a(entity, "IFCWALL") || is_a(entity, "IFCCURTAINWALL")) return side_area;
  return is_a(entity, "IFCSPACE") ? floor_area : any_area;
}

class Reader {
 public:
  Reader(const Source& source, Takeoff& takeoff, Item& item) : source_(source), takeoff_(takeoff), item_(item) {}

  // Of the sets on an object, those of the standard before others.
  void add(Index object, Origin origin) {
    if (object == no_instance) return;
    best_.fill(Found{});
    for (const ifc::Attachment& each : source_.model.attachments_of(object)) {
      if (!source_.is(each.property_set, "IFCELEMENTQUANTITY")) continue;
      const std::string set = source_.model.name(each.property_set);
      for (const Index quantity : source_.model.refs_in(each.property_set, 5))
        if (quantity != no_instance) look(quantity, set);
    }
    for (std::size_t k = 0; k < dimensions; ++k) {
      if (item_.amounts[k].origin != Origin::unknown) continue;
      if (best_[k].rank < 0) {
        if (!best_[k].note.empty()) item_.amounts[k].note = takeoff_.keep(best_[k].note);
        continue;
      }
      item_.amounts[k] = {origin, best_[k].value, takeoff_.keep(best_[k].note)};
    }
  }

 private:
  struct Found {
    int rank = -1;
    double value = 0;
    std::string note;
  };

  void look(Index quantity, const std::string& set) {
    for (const Kind& kind : kinds) {
      if (!source_.is(quantity, kind.keyword)) continue;
      const std::string name = source_.model.text_attribute(quantity, 0);
      if (const auto rank = quantity_rank(*item_.entity, kind.dimension, set, name))
        keep(quantity, kind, *rank, name + " in " + set);
    }
  }

  void keep(Index quantity, const Kind& kind, int rank, std::string note) {
    Found& best = best_[static_cast<std::size_t>(kind.dimension)];
    const auto number = source_.number(quantity, 3);
    // Exporters write 0 for what they did not work out.
    if (!number || !(*number > 0) || (best.rank >= 0 && best.rank <= rank)) return;
    const Index own = source_.reference(quantity, 2);
    const ifc::UnitScale scale = own != no_instance ? ifc::scale_of(source_.model, own)
                                                    : source_.units.of(source_.model.schema->type(kind.measure));
    if (!scale.is_known) {
      const std::string unit = own != no_instance ? ifc::unit_name(source_.model, own) : "that of the project";
      if (best.rank < 0) best.note = note + ": its unit cannot be read (" + unit + ")";
      return;
    }
    best = {rank, scale.to_si(*number), std::move(note)};
  }

  const Source& source_;
  Takeoff& takeoff_;
  Item& item_;
  std::array<Found, dimensions> best_;
};

}  // namespace

bool is_counted(const schema::Entity& entity) {
  if (!is_a(entity, "IFCELEMENT")) return is_a(entity, "IFCSPACE");
  return !is_a(entity, "IFCFEATUREELEMENT") && !is_a(entity, "IFCVIRTUALELEMENT");
}

bool wants_rate(const schema::Entity& entity) { return !is_a(entity, "IFCSPACE"); }

std::optional<int> quantity_rank(const schema::Entity& entity, Dimension dimension, std::string_view set,
                                 std::string_view quantity) {
  if (dimension == Dimension::count) return std::nullopt;
  constexpr int others = 100;
  const Names& wanted = names_for(entity, dimension);
  const auto found = std::find(wanted.begin(), wanted.end(), quantity);
  if (quantity.empty() || found == wanted.end()) return std::nullopt;
  const bool standard = set.starts_with("Qto_") || set.ends_with("BaseQuantities");
  return static_cast<int>(found - wanted.begin()) + (standard ? 0 : others);
}

void add_base_quantities(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item) {
  Reader reader(source, takeoff, item);
  reader.add(element, Origin::base_quantity);
  reader.add(related.type, Origin::of_type);
}

}  // namespace aecos::cost
