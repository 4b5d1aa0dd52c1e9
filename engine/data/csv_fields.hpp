// How one field of a CSV text is read, shared by everything that looks at one. A block of text handed to these
// functions ends with a newline, so that no byte has to be checked against the end.
//   - A quote opens a quoted field only at its start (blanks before it do not count); "" within it is one quote. Text
//     between the closing quote and the delimiter is a mistake, unless the dialect is lenient: then it belongs to the
//     field, as in pandas.
//   - Blanks around a field that is not quoted do not belong to it.
//   - A line ends with LF or CR LF.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

// The form of a CSV file.
struct CsvDialect {
  char delimiter = ',';
  char point = '.';         // of numbers
  bool quotes = true;       // fields may stand in "..."
  bool lenient = false;     // text may follow a closing quote
  bool header = true;       // the first row names the columns
  bool last_empty = false;  // every row ends with a delimiter: the last field is none
};

struct CsvField {
  std::string_view text{};
  bool escaped = false;  // text still holds doubled or stray quotes: see unescaped()
  bool broken = false;   // no delimiter follows the closing quote
  int64_t newlines = 0;  // within the field
};

inline bool isBlank(char c, char delimiter) {
  return c == ' ' || (c == '\t' && delimiter != '\t');
}

// The text of a field that is `escaped`, starting at its opening quote and ending before its delimiter.
std::string unescaped(std::string_view text);

// Faster than std::count where lines are not very short.
inline int64_t countNewlines(const char* p, const char* end) {
  int64_t count = 0;
  for (; p < end && (p = static_cast<const char*>(std::memchr(p, '\n', static_cast<size_t>(end - p)))) != nullptr; ++p)
    ++count;
  return count;
}

// What is said of a field that is broken, and what to do.
constexpr const char* kBrokenQuote = "the quoted field that starts here goes on behind its closing quote";
constexpr const char* kBrokenQuoteHint =
    "add the missing quote or double those within the field, or set `quotes` to none if quotes are plain text in this "
    "file";

// Reads the quoted field whose opening quote is at `p`; returns what stands behind it. `end` is the end of the block.
const char* scanQuoted(const char* p, const char* end, char delimiter, CsvField& field);

// Reads the field at `p`; returns the place of the delimiter or newline behind it. At least one newline must follow.
inline const char* scanField(const char* p, const char* end, const CsvDialect& dialect, CsvField& field) {
  while (isBlank(*p, dialect.delimiter)) ++p;
  if (dialect.quotes && *p == '"') return scanQuoted(p, end, dialect.delimiter, field);
  const char* q = p;
  while (*q != dialect.delimiter && *q != '\n') ++q;
  const char* last = q;
  if (*q == '\n' && last > p && last[-1] == '\r') --last;
  while (last > p && isBlank(last[-1], dialect.delimiter)) --last;
  field = {.text = {p, static_cast<size_t>(last - p)}};
  return q;
}

// Where blanks delimit, those at the end of a line do not: returns the end of the line if only blanks come before it.
inline const char* skipLastBlanks(const char* p, char delimiter) {
  if (delimiter != ' ' || *p != ' ') return p;
  const char* q = p;
  while (*q == ' ') ++q;
  if (*q == '\r' && q[1] == '\n') ++q;
  return *q == '\n' ? q : p;
}

// Where a row ends, found without reading its fields: fed with a text piece by piece, it remembers whether a quoted
// field is still open.
class RowEnds {
 public:
  explicit RowEnds(const CsvDialect& dialect) : quotes_(dialect.quotes), delimiter_(dialect.delimiter) {}

  // Returns the offset behind the last newline that ends a row, or npos if there is none. The text starts at the start
  // of a row and may grow between calls; text[..from) has been looked at already.
  size_t lastRowEnd(std::string_view text, size_t from);
  // The quoted field that is open at the end of what was looked at starts here; npos if none is.
  size_t openQuote() const { return open_; }

 private:
  bool opensField(std::string_view text, size_t quote) const;

  bool quotes_;
  char delimiter_;
  size_t open_ = std::string_view::npos;
  size_t resume_ = 0;
  size_t last_ = std::string_view::npos;
};

// What stands for a missing value. The empty text always does.
class MissingMarkers {
 public:
  explicit MissingMarkers(const std::vector<std::string>& markers, char point);

  bool contains(std::string_view text) const {
    if (text.empty()) return true;
    if (text.size() > longest_ || !first_[static_cast<unsigned char>(text[0])]) return false;
    return std::find(markers_.begin(), markers_.end(), text) != markers_.end();
  }
  // Markers that are numbers themselves, such as -999: a field that reads as one is missing however it is written.
  const std::vector<double>& numbers() const { return numbers_; }
  // "inf" written as a marker.
  static const std::vector<std::string>& usual();

 private:
  std::vector<std::string> markers_;
  std::vector<double> numbers_;
  std::array<bool, 256> first_{};
  size_t longest_ = 0;
};

}  // namespace blockyard
