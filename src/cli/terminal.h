#pragma once
// What a command says to people: colour only where a person looks, columns that line up in any script, nothing that a
// file's content could do to the terminal.

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::cli {

enum class Paint { plain, bold, dim, red, green, yellow, blue };

// How many columns the text takes on a terminal: wide characters two, combining ones none.
std::size_t display_width(std::string_view utf8);

// The text cut to that many columns, the last one "…" where something was cut.
std::string fit(std::string_view utf8, std::size_t columns);

// Control characters and bytes that are not UTF-8 made visible, so that nothing in a file can move the cursor.
std::string printable(std::string_view text);

class Terminal final {
 public:
  struct Options {
    bool colour = false;        // Of what goes to `out`.
    bool error_colour = false;  // Of what goes to `error`.
    bool live = false;          // `error` is a terminal: progress lines may be rewritten in place.
    std::size_t width = 100;
  };
  Terminal(std::ostream& out, std::ostream& error, Options options) : out_(out), error_(error), options_(options) {}

  // The answer of a command; `text` may hold several lines.
  void say(std::string_view text);
  void raw(std::string_view text);  // As it is, no line break added.
  // Beside the answer, one line each: "aecos: warning: ...", "aecos: ...".
  void warn(std::string_view text);
  void fail(const Error& error);
  // What is being done, rewritten in place on a terminal and left out elsewhere. Any other output clears it.
  void progress(std::string_view text);
  void clear_progress();

  std::string paint(Paint paint, std::string_view text) const;
  bool colour() const { return options_.colour; }
  std::size_t width() const { return options_.width; }

 private:
  std::ostream& out_;
  std::ostream& error_;
  Options options_;
  bool progress_shown_ = false;
};

// Rows whose columns line up, two blanks between them; a column that is empty takes no room. Cells may be painted.
class Table {
 public:
  struct Cell {
    std::string text;
    Paint paint = Paint::plain;
  };
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  // Every row starts with `indent` blanks; the last column is cut to fit the width of a live terminal.
  void print(Terminal& terminal, std::size_t indent = 0) const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace aecos::cli
