#include "bcf/view.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "base/percent.h"

namespace aecos::bcf {
namespace {

constexpr double field_of_view_degrees = 60;
constexpr double least_radius_m = 1;

// A whole millimetre: no arithmetic of a machine shows in the bytes.
double rounded(double metres) { return std::round(metres * 1000) / 1000; }

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Camera camera_at(const Box& box) {
  Vector centre{}, half{};
  for (std::size_t i = 0; i < 3; ++i) {
    centre[i] = (box.low[i] + box.high[i]) / 2;
    half[i] = (box.high[i] - box.low[i]) / 2;
  }
  const double radius = std::max(least_radius_m, std::sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2]));
  const double distance_m = radius / std::sin(field_of_view_degrees / 2 * 3.14159265358979323846 / 180) * 1.1;
  // Down by about 35 degrees.
  Camera camera;
  camera.direction = {0.57735, 0.57735, -0.57735};
  camera.up = {0.40825, 0.40825, 0.8165};
  for (std::size_t i = 0; i < 3; ++i) camera.position[i] = rounded(centre[i] - camera.direction[i] * distance_m);
  camera.field_of_view_degrees = field_of_view_degrees;
  return camera;
}

Topic make_topic(const Origin& origin, const std::string& identity, const std::string& path,
                 const std::string& global_id, const Whereabouts& whereabouts) {
  Topic topic;
  topic.guid = guid_of(identity);
  topic.creation_author = origin.author.empty() ? "aecos" : origin.author;
  topic.creation_date = origin.date;
  if (!origin.link.empty()) topic.reference_links.push_back(origin.link);
  File file;
  file.ifc_project = whereabouts.ifc_project;
  file.filename = name_of(path);
  file.reference = origin.file_link.empty() ? path : origin.file_link + percent_encode(path, "/");
  topic.files.push_back(std::move(file));
  if (global_id.empty()) return topic;
  if (!origin.page.empty()) topic.reference_links.push_back(origin.page + "/view?element=" + global_id);
  Viewpoint viewpoint;
  viewpoint.guid = guid_of(identity + "\nviewpoint");
  viewpoint.selection.push_back({global_id, "", ""});
  viewpoint.spaces_visible = viewpoint.openings_visible = false;
  viewpoint.camera = camera_at(whereabouts.box.value_or(Box{}));
  topic.viewpoints.push_back(std::move(viewpoint));
  return topic;
}

std::vector<std::string> usual_statuses() { return {"Open", "In Progress", "Reopened", "Resolved", "Closed"}; }

bool is_settled(std::string_view status) {
  const std::string word = lower(status);
  return word == "closed" || word == "resolved" || word == "done" || word == "solved" || word == "settled";
}

}  // namespace aecos::bcf
