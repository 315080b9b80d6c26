#include <algorithm>
#include <array>

#include "policy/fold_internal.h"
#include "policy/pattern_internal.h"
#include "policy/property_internal.h"
#include "schema/schema.h"

namespace aecos::policy {
namespace {

using Reading = std::pair<std::string, std::string>;

bool overlap(const Reading& pattern, const PropertyName& name) {
  return (!name.set || matches_text(pattern.first, *name.set)) &&
         (!name.name || matches_text(pattern.second, *name.name));
}

bool cover(const std::string& pattern, const std::optional<std::string>& text) {
  return text ? matches_text(pattern, *text) : pattern == "*";
}

}  // namespace

PropertyPatterns::PropertyPatterns(const std::vector<std::string>& patterns) {
  for (const std::string& text : patterns) {
    exact_.push_back(pattern_of(text));
    folded_.push_back(pattern_of(folded(text)));
  }
}

PropertyPatterns::Pattern PropertyPatterns::pattern_of(std::string_view text) {
  Pattern pattern{std::string(text), {}};
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1))
    pattern.readings.emplace_back(text.substr(0, dot), text.substr(dot + 1));
  if (pattern.readings.empty()) pattern.readings.emplace_back("*", text);
  return pattern;
}

bool PropertyPatterns::overlaps(const Place& place) const {
  if (place.opaque) return true;
  const std::string at = place.is_property() ? "" : folded(place.at);
  return std::any_of(folded_.begin(), folded_.end(), [&](const Pattern& pattern) {
    if (!place.is_property()) return !at.empty() && matches_text(pattern.whole, at);
    return std::any_of(pattern.readings.begin(), pattern.readings.end(), [&](const Reading& reading) {
      return std::any_of(place.folded_names.begin(), place.folded_names.end(),
                         [&](const PropertyName& name) { return overlap(reading, name); });
    });
  });
}

bool PropertyPatterns::covers(const Place& place) const {
  if (place.opaque || place.at.empty()) return false;
  if (!place.is_property()) {
    return std::any_of(exact_.begin(), exact_.end(),
                       [&](const Pattern& pattern) { return matches_text(pattern.whole, place.at); });
  }
  return std::all_of(place.names.begin(), place.names.end(), [&](const PropertyName& name) {
    return std::any_of(exact_.begin(), exact_.end(), [&](const Pattern& pattern) {
      return std::any_of(pattern.readings.begin(), pattern.readings.end(), [&](const Reading& reading) {
        return cover(reading.first, name.set) && cover(reading.second, name.name);
      });
    });
  });
}

bool is_class(const std::string& name, const std::string& wanted) {
  std::vector<std::string> forms = {folded(name)};
  for (const std::string_view ending : {"type", "style"}) {
    if (forms[0].ends_with(ending)) forms.push_back(forms[0].substr(0, forms[0].size() - ending.size()));
  }
  std::string plain = folded(wanted);
  // IFC4X3 calls it otherwise, and has elements that IFC4 does not know.
  for (std::string* one : {&plain, &forms[0], &forms.back()}) {
    if (one->starts_with("ifcbuildingelement") && !one->starts_with("ifcbuildingelementp")) *one = "ifcbuiltelement";
  }
  return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
    if (form == plain) return true;
    constexpr std::array versions{schema::Version::ifc4x3, schema::Version::ifc4, schema::Version::ifc2x3};
    return std::any_of(versions.begin(), versions.end(), [&](schema::Version version) {
      const schema::Schema& schema = schema::get(version);
      const schema::Entity* const one = schema.entity(form);
      const schema::Entity* other = schema.entity(plain);
      if (other == nullptr && plain == "ifcbuiltelement") other = schema.entity("ifcbuildingelement");
      return one != nullptr && other != nullptr && one->is_a(*other);
    });
  });
}

}  // namespace aecos::policy
