#include "generate/context.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "generate/step_reader_internal.h"
#include "ifc/reference_mark.h"

namespace aecos::generate {
namespace {

using Vector = std::array<double, 3>;

// The number in a name: "Level 02" -> 2; absent: none, or several.
std::optional<int> number_in(std::string_view name) {
  const std::size_t begin = name.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  std::size_t end = begin;
  int number = 0;
  while (end < name.size() && name[end] >= '0' && name[end] <= '9' && end - begin < 6)
    number = number * 10 + (name[end++] - '0');
  if (name.find_first_of("0123456789", end) != std::string_view::npos) return std::nullopt;
  return number;
}

// Words that all mean the same storey.
bool is_ground(const std::string& name) {
  return name.find("ground") != std::string::npos || name == "eg" || name == "erdgeschoss" || name == "rez-de-chaussée";
}

bool is_model(const std::string& path) { return !path.starts_with("elements/"); }

void add_project(Context& context, const std::string& path, const StepReader& reader) {
  const auto first = [&](std::string_view keyword) {
    const auto all = reader.of(keyword);
    return all.empty() ? step::no_instance : all.front();
  };
  const step::Index project = first("IFCPROJECT");
  if (project == step::no_instance || !context.project_id.empty()) return;
  context.project_id = reader.text(project, 0);
  context.project_name = reader.text(project, 2);
  context.unit_m = reader.unit_m();
  context.in_model = is_model(path);
  if (const step::Index site = first("IFCSITE"); site != step::no_instance) context.site_id = reader.text(site, 0);
  if (const step::Index building = first("IFCBUILDING"); building != step::no_instance)
    context.building_id = reader.text(building, 0);
}

void add_storeys(Context& context, const std::string& path, const StepReader& reader) {
  for (const step::Index i : reader.of("IFCBUILDINGSTOREY")) {
    const std::string id = reader.text(i, 0);
    if (find_storey(context, id)) continue;
    const Frame frame = reader.frame(reader.target(i, 5));
    const double elevation = reader.number(i, 9).value_or(frame.origin[2] / reader.unit_m()) * reader.unit_m();
    context.storeys.push_back({id, reader.text(i, 2), elevation, frame, is_model(path)});
  }
  std::stable_sort(context.storeys.begin(), context.storeys.end(),
                   [](const Storey& one, const Storey& other) { return one.elevation_m < other.elevation_m; });
}

// Of sites, buildings and storeys.
void add_aggregations(Context& context, const StepReader& reader) {
  for (const step::Index relation : reader.of("IFCRELAGGREGATES")) {
    for (const step::Index member : reader.targets(relation, 5)) {
      const std::string& keyword = reader.file().keyword(member);
      if (keyword == "IFCSITE" || keyword == "IFCBUILDING" || keyword == "IFCBUILDINGSTOREY")
        context.aggregations.emplace(reader.text(member, 0), reader.text(relation, 0));
    }
  }
}

void add_names(Context& context, const StepReader& reader) {
  for (step::Index i = 0; i < reader.file().size(); ++i)
    if (reader.is_product(i))
      if (std::string name = reader.text(i, 2); !name.empty()) context.names.insert(std::move(name));
}

std::string class_name(const std::string& keyword) {
  if (keyword == "IFCSLAB" || keyword == "IFCSLABSTANDARDCASE") return "IfcSlab";
  return keyword == "IFCROOF" ? "IfcRoof" : "IfcWall";
}

void add_hosts(Context& context, const std::string& path, const StepReader& reader) {
  for (const char* keyword : {"IFCWALL", "IFCWALLSTANDARDCASE", "IFCSLAB", "IFCSLABSTANDARDCASE", "IFCROOF"}) {
    for (const step::Index i : reader.of(keyword)) {
      if (reader.text(i, 3) == ifc::reference_mark) continue;  // It is in another file.
      Host host;
      host.global_id = reader.text(i, 0);
      host.name = reader.text(i, 2);
      host.ifc_class = class_name(keyword);
      host.path = path;
      host.frame = reader.frame(reader.target(i, 5));
      host.has_shape = reader.body_box(i, host.x, host.y, host.z);
      const auto known = std::find_if(context.hosts.begin(), context.hosts.end(),
                                      [&](const Host& each) { return each.global_id == host.global_id; });
      if (known == context.hosts.end())
        context.hosts.push_back(std::move(host));
      else
        *known = std::move(host);
    }
  }
}

Host* host_of(Context& context, const std::string& global_id, const std::string& path) {
  const auto found = std::find_if(context.hosts.begin(), context.hosts.end(),
                                  [&](const Host& each) { return each.global_id == global_id && each.path == path; });
  return found == context.hosts.end() ? nullptr : &*found;
}

void add_containment(Context& context, const std::string& path, const StepReader& reader) {
  for (const step::Index relation : reader.of("IFCRELCONTAINEDINSPATIALSTRUCTURE")) {
    const step::Index storey = reader.target(relation, 5);
    if (storey == step::no_instance) continue;
    for (const step::Index member : reader.targets(relation, 4))
      if (Host* host = host_of(context, reader.text(member, 0), path)) host->storey_id = reader.text(storey, 0);
  }
}

void add_holes(Context& context, const std::string& path, const StepReader& reader) {
  for (const step::Index relation : reader.of("IFCRELVOIDSELEMENT")) {
    const step::Index wall = reader.target(relation, 4), opening = reader.target(relation, 5);
    if (wall == step::no_instance || opening == step::no_instance) continue;
    Host* host = host_of(context, reader.text(wall, 0), path);
    Host::Hole hole;
    std::array<double, 2> x{}, y{}, z{};
    if (!host || !reader.body_box(opening, x, y, z)) continue;
    // In the wall's own placement; openings stand parallel to it, or are not looked at.
    const Frame frame = reader.frame(reader.target(opening, 5));
    const Vector corners[2] = {frame.out({x[0], y[0], z[0]}), frame.out({x[1], y[1], z[1]})};
    Vector local[2];
    for (int k = 0; k < 2; ++k) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const Vector& along = axis == 0 ? host->frame.x : axis == 1 ? host->frame.y : host->frame.z;
        double sum = 0;
        for (std::size_t j = 0; j < 3; ++j) sum += (corners[k][j] - host->frame.origin[j]) * along[j];
        local[k][axis] = sum;
      }
    }
    hole.x = {std::min(local[0][0], local[1][0]), std::max(local[0][0], local[1][0])};
    hole.z = {std::min(local[0][2], local[1][2]), std::max(local[0][2], local[1][2])};
    host->holes.push_back(hole);
  }
}

}  // namespace

Vector Frame::out(const Vector& point) const {
  Vector result = origin;
  for (std::size_t i = 0; i < 3; ++i) result[i] += x[i] * point[0] + y[i] * point[1] + z[i] * point[2];
  return result;
}

Frame Frame::of(const Frame& inner) const {
  const auto turned = [&](const Vector& direction) {
    Vector result{};
    for (std::size_t i = 0; i < 3; ++i) result[i] = x[i] * direction[0] + y[i] * direction[1] + z[i] * direction[2];
    return result;
  };
  return {out(inner.origin), turned(inner.x), turned(inner.y), turned(inner.z)};
}

Result<> add_file(Context& context, const std::string& path, std::string_view text) {
  AECOS_TRY_ASSIGN(const StepReader reader, StepReader::open(text));
  add_project(context, path, reader);
  add_storeys(context, path, reader);
  add_aggregations(context, reader);
  add_names(context, reader);
  add_hosts(context, path, reader);
  add_containment(context, path, reader);
  add_holes(context, path, reader);
  return {};
}

const Storey* find_storey(const Context& context, std::string_view global_id) {
  const auto found = std::find_if(context.storeys.begin(), context.storeys.end(),
                                  [&](const Storey& each) { return each.global_id == global_id; });
  return found == context.storeys.end() ? nullptr : &*found;
}

std::optional<double> storey_height_m(const Context& context, const Storey& storey) {
  for (const Storey& each : context.storeys)
    if (each.elevation_m > storey.elevation_m + 0.5) return each.elevation_m - storey.elevation_m;
  return std::nullopt;
}

std::vector<const Storey*> storeys_called(const Context& context, std::string_view said) {
  const std::string name = lower(said);
  std::vector<const Storey*> exact, similar;
  const std::optional<int> number = name.starts_with("level ") ? number_in(name) : std::nullopt;
  for (const Storey& storey : context.storeys) {
    const std::string own = lower(storey.name);
    if (own == name || storey.global_id == said) exact.push_back(&storey);
    if (number && number_in(own) == number) similar.push_back(&storey);
    if (name == "ground floor" && is_ground(own)) similar.push_back(&storey);
    if ((name == "basement" || name == "roof") && own.find(name) != std::string::npos) similar.push_back(&storey);
  }
  if (exact.empty() && name == "top floor" && !context.storeys.empty()) return {&context.storeys.back()};
  return exact.empty() ? similar : exact;
}

std::vector<const Host*> hosts_called(const Context& context, std::string_view said) {
  const std::string name = lower(said);
  std::vector<const Host*> found;
  for (const Host& host : context.hosts) {
    if (host.global_id == said) return {&host};
    if (lower(host.name) == name) found.push_back(&host);
  }
  return found;
}

}  // namespace aecos::generate
