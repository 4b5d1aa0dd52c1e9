// How the command speaks: data on standard output, everything else on standard error. A Terminal is one of the two and
// knows whether a person looks at it. One thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace blockyard::cli {

enum class Color { Auto, Never };

class Terminal {
 public:
  // Colors and bars only for a terminal that knows them: NO_COLOR and TERM=dumb are respected.
  Terminal(int fd, Color color);

  bool interactive() const { return interactive_; }  // a person looks at it, and lines can be drawn over
  int width() const;                                 // columns; 80 if unknown
  // Writes all of it at once. Throws Error if the system refuses (a full disk behind a redirection).
  void write(std::string_view text) const;

  std::string bold(std::string_view text) const { return style("1", text); }
  std::string dim(std::string_view text) const { return style("2", text); }
  std::string red(std::string_view text) const { return style("1;31", text); }
  std::string yellow(std::string_view text) const { return style("33", text); }
  std::string green(std::string_view text) const { return style("32", text); }

 private:
  std::string style(const char* code, std::string_view text) const;
  int fd_;
  bool interactive_ = false, color_ = false;
};

// Text of others (names in files) as it may be shown: control characters, which could steer the terminal, become
// U+FFFD.
std::string printable(std::string_view text);
// Columns that a text takes on a terminal, styles not counted.
size_t widthOf(std::string_view text);
// At most `width` columns, with "…" where something is missing.
std::string shortened(std::string_view text, size_t width);
// Lines of at most `width` columns, broken at spaces; each begins with `indent`.
std::string wrapped(std::string_view text, size_t width, const std::string& indent);

// Rows below a header, columns aligned.
class TextTable {
 public:
  // A header that starts with '>' is of a column that is aligned to the right.
  explicit TextTable(std::vector<std::string> header);
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  // On an interactive terminal the last column is cut where the line would break.
  std::string text(const Terminal& terminal) const;

 private:
  std::vector<std::string> header_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

// Numbers as a person reads them: "0.9731", "1.23e-05", "12,345", "3.4 MB", "1:02:03", "2.1 s", "85 ms".
std::string shortNumber(double value);
std::string countText(int64_t value);
std::string bytesText(double bytes);
std::string clockText(double seconds);
std::string secondsText(double seconds);

}  // namespace blockyard::cli
