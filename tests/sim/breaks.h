#pragma once
// Faults made on purpose, to see that a run finds them. `sim --break NAME`.

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace aecos::sim {

enum class Break {
  none,
  break_cas,      // A plain remote moves a branch whatever it is at.
  forget_intent,  // The hub does not note which ref it is about to move.
  skip_recover,   // The hub does not look at what was under way when it was killed.
  ack_early,      // A push is confirmed although the hub was killed in it.
  apply_twice,    // A push that is repeated is integrated once more.
  admit_all,      // Everybody may do what a coordinator may.
  two_owners,     // A lock is given without a look at those that others have.
  drop_event,     // A listener misses an event now and then.
  lose_object,    // The hub loses an object of a push that it took.
  drop_edit,      // A file that was saved meanwhile is replaced all the same.
  lose_journal,   // A sync does not note which files it is about to replace.
};

constexpr std::array<std::pair<std::string_view, Break>, 11> break_names{{
    {"break-cas", Break::break_cas},
    {"forget-intent", Break::forget_intent},
    {"skip-recover", Break::skip_recover},
    {"ack-early", Break::ack_early},
    {"apply-twice", Break::apply_twice},
    {"admit-all", Break::admit_all},
    {"two-owners", Break::two_owners},
    {"drop-event", Break::drop_event},
    {"lose-object", Break::lose_object},
    {"drop-edit", Break::drop_edit},
    {"lose-journal", Break::lose_journal},
}};

}  // namespace aecos::sim
