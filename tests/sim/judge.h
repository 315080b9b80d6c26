#pragma once
// What must hold, whatever happened. Each throws a Violation where it does not.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "git/repository.h"
#include "revision/tree_difference.h"
#include "sim/ledger.h"

namespace aecos::sim {

class HubRemote;
class Person;

// --- after each move of the shared branch

// Files that came or changed can be read, and refer to nothing that is not there.
void judge_files(const git::Repository& repository, const std::vector<revision::FileDifference>& files);

// Nothing is merged a second time; where two sides changed different files, the merge has both just so, whoever came
// first.
void judge_merge(const git::Repository& repository, CommitId from, CommitId to);

// --- at the end, when everything is at rest

// Whatever somebody was told to be in a branch is in it.
void judge_confirmed(const git::Repository& repository, const Ledger& ledger);

// All objects that the refs lead to are there and whole.
void judge_objects(const git::Repository& repository);

// Whatever somebody wrote is in a file or in the record of a conflict, unless somebody who saw it took it out.
void judge_edits(const git::Repository& repository, const Ledger& ledger);

// Everybody has the shared branch, and nothing that a sync which was killed left behind.
void judge_person(Person& person, const git::Repository& shared);

// Every move of the shared branch was told; the chain, the audit trail and what listeners heard are the same; nothing
// is under way.
void judge_events(HubRemote& remote);

}  // namespace aecos::sim
