#pragma once
// Conflicts settled elsewhere: what people decided in topics of the BIM Collaboration Format becomes resolutions.

#include <string>
#include <vector>

#include "bcf/bcf.h"
#include "sync/resolve.h"

namespace aecos::sync {

struct TopicOutcome {
  enum class What {
    settled,    // Now; in a trial: it would be.
    open,       // Nobody closed the topic.
    done,       // The conflict was settled before.
    unknown,    // It stands for no conflict of this project.
    undecided,  // It was closed, and nobody can tell what was decided, or the decision cannot be put into the file.
  };
  What what = What::unknown;
  std::string guid, title;
  std::string conflict;  // Its id; empty: none.
  std::string decision;  // "theirs", "value: REI 90"; empty: none.
  std::string author;    // Whose decision it is.
  std::string note;      // For people: why nothing was done.
  CommitId commit;       // Zero: nothing was settled, or in a merge by plain git.
};
std::string_view to_string(TopicOutcome::What what);

struct TopicsReport {
  std::vector<TopicOutcome> topics;  // In the order of the archive.
  std::vector<CommitMade> commits;   // Of work that was saved before.
  std::vector<Waiting> waiting;
  std::size_t count(TopicOutcome::What what) const;
};

// Settles what is closed and decided; nothing else is touched. `trial`: nothing at all is.
Result<TopicsReport> settle_topics(Workspace& workspace, const bcf::Archive& archive, bool trial);

}  // namespace aecos::sync
