#pragma once
// The server's side of a push (git's pack-protocol, section "Pushing Data To a Server"), as bytes in and bytes out: who
// reads them from where, and what becomes of the refs, is the caller's.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "git/repository.h"

namespace aecos::git {

// Bytes as they come from somewhere that may be slow.
class ByteReader {
 public:
  using Pull = std::function<Result<std::size_t>(std::span<char>)>;  // At least one byte; 0: the end.
  explicit ByteReader(Pull pull) : pull_(std::move(pull)) {}
  // Exactly so many; invalid_input: it ended before.
  Result<std::string> exactly(std::size_t count);
  // Some that are there, or come next; empty: the end.
  Result<std::string> some();
  Result<bool> at_end();

 private:
  Result<> fill();
  Pull pull_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

// What to be done to a ref; a zero id: it is not there (before, or after).
struct RefCommand {
  std::string ref;  // Full name, well-formed as git check-ref-format has it.
  CommitId from, to;
};

struct ReceiveRequest {
  std::vector<RefCommand> commands;  // Each of another ref. None: git only asks whether it may push.
  bool report_status = false, side_band = false, atomic = false;
  std::vector<std::string> push_options;
  std::string agent;
  [[nodiscard]] bool has_pack() const;  // What follows in the reader.
};

// Reads up to the pack. invalid_input: what came is no push; the message may be shown to the client.
Result<ReceiveRequest> read_receive_request(ByteReader& reader);

// The refs as they are, with what the server can do; after "# service=…" and a flush. `hidden`: not to be shown.
Result<std::string> receive_advertisement(const Repository& repository,
                                          const std::function<bool(const std::string& ref)>& hidden);

struct RefReport {
  std::string ref;
  std::string problem;  // Empty: done as asked.
};
// The last part of the answer. `unpack_problem` empty: the pack was taken.
std::string receive_report(const ReceiveRequest& request, const std::string& unpack_problem,
                           const std::vector<RefReport>& refs);
// Lines for the person who pushes, shown as "remote: …"; empty where the client cannot take them.
std::string receive_progress(const ReceiveRequest& request, std::string_view text);
// Shows the client that work goes on; empty where it cannot take it.
std::string receive_keep_alive(const ReceiveRequest& request);

// Whether git (git-check-ref-format) and every file system we may meet can have a ref of this name.
bool is_well_formed_ref(std::string_view name);

// "001e# service=git-receive-pack\n0000"
std::string service_line(std::string_view service);

}  // namespace aecos::git
