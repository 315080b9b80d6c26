#pragma once
// The geometry kernel: a program of its own (Node.js with web-ifc), so that nothing in a model can hang or end the hub.
// One process converts one batch; the next is started ahead, as starting takes longer than most batches.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hub/parts.h"
#include "speckle/mesh.h"

namespace aecos::hub {

class MeshWorker {
 public:
  explicit MeshWorker(const Parts& parts) : parts_(parts) {}
  ~MeshWorker() { stop(); }
  MeshWorker(const MeshWorker&) = delete;
  MeshWorker& operator=(const MeshWorker&) = delete;

  // Whether it could work; unavailable: what is missing, and how it is had. Looks at the disk and asks Node, until that
  // has answered once. For one thread at a time.
  Result<> look();
  void start_ahead();

  // The elements' meshes, as they come, in the order asked for.
  using Take = std::function<void(std::size_t position, const std::vector<speckle::Mesh>& meshes)>;
  struct Outcome {
    bool opened = false;       // The file was read.
    std::size_t finished = 0;  // So many elements are done; the next one is what it ended with, if not all are.
    std::string why;           // Empty: all are done.
  };
  // Blocks. For one thread at a time.
  Outcome convert(const std::string& file, const std::vector<std::uint64_t>& elements, const Take& take);

  void stop();

 private:
  struct Job {
    const std::string* file = nullptr;
    const std::vector<std::uint64_t>* elements = nullptr;
    const Take* take = nullptr;
    Outcome outcome = {};
    bool is_taken = false, is_done = false;
  };
  void run();
  bool wait_for_need();
  std::string next_input(Job*& job, bool& is_given);
  static bool is_complete(const Job& job);
  void run_process();
  void read_line(Job& job, std::string_view line);
  [[nodiscard]] std::string program_path() const;

  Parts parts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false, is_wanted_ = false, has_node_ = false;
  Job* job_ = nullptr;
  int fruitless_starts_ = 0;
  std::thread thread_;
};

}  // namespace aecos::hub
