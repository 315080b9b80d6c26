#pragma once
// Commit messages: first for people, in building terms; then trailers that say the same for programs.
//
//   W-12: FireRating REI 60 → REI 120; 2 doors added
//
//   models/house.ifc
//     W-12: FireRating REI 60 → REI 120
//
//   Aecos-Element: 3cUkl32yn9qRSPvBJVyWYp
//   Aecos-Change: {"kind":"property","element":"3cUkl32yn9qRSPvBJVyWYp","at":"Pset_WallCommon.FireRating", …}
//   Aecos-Actor: Ana <ana@example.org>

#include <string>
#include <vector>

#include "git/repository.h"
#include "revision/record.h"
#include "revision/words.h"

namespace aecos::revision {

// Of a commit of saved work.
std::string work_message(const std::vector<FileChanges>& files, const git::Signature& actor);

// Of a commit that brings two lines of work together.
std::string merge_message(const std::string& subject, const std::vector<Record>& opened,
                          std::vector<std::string> trailers, const git::Signature& actor);

// Of any other commit of ours: the subject, lines of explanation, trailers ("Aecos-Resolved: c-1 theirs").
std::string plain_message(const std::string& subject, const std::vector<std::string>& lines,
                          std::vector<std::string> trailers, const git::Signature& actor);

// The first line of a message, and the values of its trailers of that name.
std::string subject_of(const std::string& message);
std::vector<std::string> trailers_of(const std::string& message, std::string_view name);

}  // namespace aecos::revision
