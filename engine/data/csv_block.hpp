// CsvBlockParser: turns a piece of CSV text that holds whole rows into columns. Each thread has its own; the layout is
// shared and does not change.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "data/csv_fields.hpp"
#include "data/row_block.hpp"

namespace blockyard {

// One field of every row.
struct CsvFieldPlan {
  std::string name{};
  ColumnType type = ColumnType::Number;
  int64_t output = -1;    // number of the column it becomes; -1: none
  bool end_mark = false;  // the nothing behind a last delimiter
};

struct CsvLayout {
  std::string file{};
  CsvDialect dialect{};
  std::vector<CsvFieldPlan> fields{};
  std::vector<ColumnSpec> columns{};
  MissingMarkers missing{{}, '.'};
};

class CsvBlockParser {
 public:
  explicit CsvBlockParser(const CsvLayout& layout);

  // Parses `text`, which ends with a newline, into `out`. first_line and lines count from the start of the text, from
  // 0. Stops at the first mistake and returns it, with a line that counts from 1 within the text.
  std::optional<Error> parse(std::string_view text, RowBlock& out);
  // Of the text that was parsed last.
  int64_t lines() const { return lines_; }

 private:
  struct Cursor {  // where the next value of a field goes
    double* number = nullptr;
    ColumnBlock* column = nullptr;
    std::vector<int32_t> slots{};  // Category: hash table of indices into column->classes
    int32_t last_code = kMissingCode;
  };

  void prepare(RowBlock& out, int64_t most_rows);
  const char* parseRow(const char* p);
  const char* numberField(const char* p, size_t field, double& value);
  const char* otherField(const char* p, size_t field);
  int32_t codeOf(Cursor& cursor, std::string_view text);
  double timeField(const char* at, size_t field, std::string_view text) const;
  [[noreturn]] void fail(const char* at, const std::string& problem, const std::string& hint) const;
  void checkQuotes(const char* at, const CsvField& field) const;
  [[noreturn]] void failRagged(const char* row) const;
  [[noreturn]] void failType(const char* at, size_t field, std::string_view text) const;

  const CsvLayout& layout_;
  std::vector<Cursor> cursors_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  int64_t lines_ = 0;
  int64_t newlines_ = 0;  // within fields of the row at hand
  std::string scratch_;
};

// Line and column, from 1, of a byte of a text that starts at a line's start.
Where placeIn(std::string_view text, size_t at, const std::string& file);

// Throws Error at the first NUL byte, or the first that is no UTF-8.
void checkText(std::string_view text, const std::string& file);

// A field as it appears in a message: at most 40 bytes, control characters and bytes that are not UTF-8 as "?".
std::string quoteField(std::string_view text);

}  // namespace blockyard
