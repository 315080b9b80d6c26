#pragma once
// What projects look like: made for those that somebody looks at, and kept up with their shared branch. Only files that
// changed are read again, and only shapes that are new are made.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hub/mesh_worker.h"
#include "hub/projects.h"
#include "hub/view_objects.h"
#include "ifc/model.h"
#include "speckle/building.h"

namespace aecos::hub {

// One of the pieces that a view is loaded by.
struct ViewPart {
  std::string key, name, object;
  std::size_t elements = 0;
};

struct ViewState {
  enum class Kind { off, working, ready, failed };
  Kind kind = Kind::off;              // off: nobody has asked for it.
  std::string why;                    // What is wrong; also of a ready one: it is older than it should be.
  std::optional<ViewVersion> shown;   // Absent: nothing yet.
  std::vector<ViewPart> parts;        // Of `shown`.
  std::size_t done = 0, total = 0;    // Shapes, while it works.
  std::vector<std::string> left_out;  // Files that cannot be shown, one line each.
};

class Views {
 public:
  Views(const Parts& parts, Projects& projects, Events& events)
      : parts_(parts), projects_(projects), events_(events), worker_(parts) {}
  ~Views() { stop(); }
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  // `hub_url`: how people reach the hub, for links.
  void start(const std::string& hub_url);
  void stop();
  [[nodiscard]] const std::string& hub_url() const { return hub_url_; }
  // Called with what was stored, in whatever thread did it; quick.
  void wake(const std::vector<store::Event>& events);

  // From now on the project's view is kept up. Waits at most so long for it to be as the shared branch is.
  ViewState want(const std::string& project, std::int64_t wait_ms);
  ViewState state(const std::string& project);
  // Null: there is none.
  std::shared_ptr<const ViewObjects> objects(const std::string& project);

 private:
  struct View {
    ViewState state;
    std::shared_ptr<ViewObjects> objects;
    CommitId converted;                     // The commit that was looked at last.
    TreeId tree;                            // Its tree, and
    std::map<std::string, BlobId> files;    // its models, by path.
    std::uint64_t asked = 0, answered = 0;  // Counts of wishes, so that one who waits knows when theirs is done.
  };
  struct Found;  // A file as it can be shown.
  struct Whole;
  void run();
  void convert(const std::string& project);
  Result<> convert_now(const std::string& project, View& view);
  Result<> find_files(OpenProject& opened, TreeId tree, View& view);
  Result<Found> read_file(OpenProject& opened, View& view, const std::string& path, BlobId blob,
                          const speckle::GlobalIds& elsewhere);
  Result<Found> convert_file(View& view, const std::string& path, const std::string& bytes, const std::string& version,
                             const speckle::GlobalIds& elsewhere);
  Result<> convert_shapes(View& view, const ifc::Model& model);
  Result<Whole> put_together(const View& view, const std::vector<Found>& found, const speckle::Sink& sink);
  Result<> publish(const std::string& project, View& view, const git::Commit& commit, const std::vector<Found>& found);
  Result<> tell(const std::string& project, const ViewVersion& version);
  std::shared_ptr<View> view(const std::string& project);
  [[nodiscard]] std::string folder(const std::string& project) const;

  Parts parts_;
  Projects& projects_;
  Events& events_;
  MeshWorker worker_;
  std::string hub_url_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  std::map<std::string, std::shared_ptr<View>> views_;
  std::deque<std::string> waiting_;  // Projects to look at.
  std::thread thread_;
};

}  // namespace aecos::hub
