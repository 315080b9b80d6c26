#pragma once
// Topics made here: what they have in common, whatever they are about.

#include <optional>
#include <string>
#include <vector>

#include "bcf/bcf.h"

namespace aecos::bcf {

// Upright, in the world's coordinates, in metres.
struct Box {
  Vector low{0, 0, 0}, high{0, 0, 0};
};

// A view of the whole box, from its south-west and above.
Camera camera_at(const Box& box);

// What is known of the file that an element is in.
struct Whereabouts {
  std::string ifc_project;  // GlobalId; empty: not known.
  std::optional<Box> box;   // Of the element.
};

// Where topics come from.
struct Origin {
  std::string project_id, project_name;
  std::string author;     // Of the topics.
  TimeUs date = 0;        // Of the topics.
  std::string commit;     // Hex; empty: there is none.
  std::string link;       // To the commit, for people and programs; empty: there is none.
  std::string file_link;  // The same, up to where the path of a file follows; empty: there is none.
  std::string page;       // Of the project at its hub; empty: there is none.
};

// A topic about one element of a file with its links, header and view; title, texts and state are left to the caller.
// Its guid is that of `identity`: whoever makes the same topic again makes the same guid. An empty `global_id`: it is
// about the file.
Topic make_topic(const Origin& origin, const std::string& identity, const std::string& path,
                 const std::string& global_id, const Whereabouts& whereabouts);

// States as topics made here have them; those that settle a topic come last.
std::vector<std::string> usual_statuses();
// "Closed", "resolved", "Done" …
bool is_settled(std::string_view status);

}  // namespace aecos::bcf
