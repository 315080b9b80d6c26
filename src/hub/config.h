#pragma once
// What an administrator can set: docs/OPERATIONS.md describes every setting.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::hub {

struct Config {
  std::string data;                   // Folder for everything the hub keeps; absolute.
  std::string address = "127.0.0.1";  // "listen": "127.0.0.1:8420"
  std::uint16_t port = 8420;
  std::string url;                                // How people reach it; empty: http://ADDRESS:PORT.
  std::string database;                           // Empty: SQLite in the data folder.
  std::string certificate, key;                   // "tls.certificate", "tls.key": PEM files; both or none.
  std::string log_level = "info";                 // "log.level": debug, info, warn, error
  std::string log_file;                           // "log.file"; empty: standard error
  std::uint64_t pack_max = 4ULL << 30U;           // "limits.pack": bytes of one push
  std::uint64_t large_object_max = 16ULL << 30U;  // "limits.large-object": bytes of one LFS object
  std::uint64_t connections_max = 20'000;         // "limits.connections"
  std::uint64_t validate_max = 512ULL << 20U;     // "limits.validate-mb": of files looked at anew by one check
  std::uint64_t slow_threads = 64;                // "limits.transfers": git and LFS transfers at once
  std::int64_t lock_lease_s = 8 * 3600;           // "locks.lease-minutes"
  std::int64_t session_s = 14LL * 24 * 3600;      // "sessions.days"
  std::string secret_key;                         // "notify.key-file"; empty: secret.key in the data folder
  std::string notify_allowed;                     // "notify.allow": "HOST:PORT HOST …" inside the own network
  std::int64_t give_up_s = 24 * 3600;             // "notify.give-up-hours"
  std::string mail_server;                        // "mail.server": smtp://HOST:587 or smtps://HOST; empty: no mail
  std::string mail_user, mail_password_file;      // "mail.user", "mail.password-file"
  std::string mail_from;                          // "mail.from": "aecos <aecos@example.org>"
  std::string mail_ca_file;                       // "mail.ca-file": PEM to trust besides the system's
  bool mail_plain = false;                        // "mail.plain" 1: also without TLS
  std::string ca_file;                            // "notify.ca-file": PEM to trust besides the system's
  std::string view_tools;                         // "view.tools": what ./dev web made; empty: nothing can be shown
  std::string view_node = "node";                 // "view.node": Node.js
  std::int64_t view_memory_mb = 2048;             // "view.memory-mb": of the geometry kernel
  std::int64_t view_patience_s = 30;              // "view.patience-seconds": with one element
  std::uint64_t view_keep_bytes = 2ULL << 30U;    // "view.keep-mb": of what was made for viewing, each project
  std::string views() const { return data + "/views"; }
  std::string validated() const { return data + "/validated"; }
  std::string git_home() const { return data + "/git-home"; }
  std::string repositories() const { return data + "/repositories"; }
  std::string large_objects() const { return data + "/large-objects"; }
};

// TOML, or JSON where the text begins with '{'. Settings that are not there keep what `config` has. invalid_input: an
// unknown setting, a value that cannot be, or a text that cannot be read; the message says where.
Result<> read_config(std::string_view text, Config& config);

// "127.0.0.1:8420", "[::1]:8420", ":8420", "8420" -> address and port.
Result<> read_listen(std::string_view text, Config& config);

}  // namespace aecos::hub
