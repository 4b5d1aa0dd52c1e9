// Table: named columns of equal length, the form in which rows travel before they are tensors. Torch-free, so that
// widgets can show one. Columns are shared and immutable once in a Table: selecting columns copies nothing.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace blockyard {

enum class ColumnType { Number, Category, Text, Time };
// "number", "category", "text", "time".
const char* nameOf(ColumnType type);

constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();
constexpr int32_t kMissingCode = -1;

// The names behind the codes of a category column; shared by all chunks of a source and never changed.
using Classes = std::shared_ptr<const std::vector<std::string>>;

// One column. Which of the vectors is used follows from the type:
//   Number    numbers [N]   NaN = missing
//   Time      numbers [N]   seconds since 1970-01-01 UTC, NaN = missing
//   Category  codes [N]     index into *classes, -1 = missing
//   Text      texts [N]     UTF-8; an empty text is missing
struct Column {
  std::string name{};
  ColumnType type = ColumnType::Number;
  std::vector<double> numbers{};
  std::vector<int32_t> codes{};
  std::vector<std::string> texts{};
  Classes classes{};

  int64_t rows() const;
  bool missing(int64_t row) const;
  // The cell as a person reads it; "" if missing. Times as ISO 8601.
  std::string cell(int64_t row) const;
};

class Table {
 public:
  using Shared = std::shared_ptr<const Column>;

  Table() = default;
  // Throws Error if the columns differ in length or two have one name.
  explicit Table(std::vector<Shared> columns);
  // A table without columns still knows its rows.
  explicit Table(int64_t rows) : rows_(rows) {}

  int64_t rows() const { return rows_; }
  const std::vector<Shared>& columns() const { return columns_; }
  // nullptr if there is none of that name.
  Shared find(const std::string& name) const;
  // Throws Error naming the nearest column if there is none.
  const Column& column(const std::string& name) const;
  std::vector<std::string> names() const;
  // Rows [first, first + count) as copies.
  Table slice(int64_t first, int64_t count) const;
  // The rows of `picks`, in that order.
  Table take(const std::vector<int64_t>& picks) const;
  // The rows of `parts` one after the other; columns, types and classes must agree.
  static Table concat(const std::vector<Table>& parts);

 private:
  using Index = std::unordered_map<std::string, size_t>;  // places by name

  std::vector<Shared> columns_;
  std::shared_ptr<const Index> index_;  // shared with tables of the same columns
  int64_t rows_ = 0;
};

// Seconds since 1970 as ISO 8601 ("2012-01-31" if it is midnight, else "2012-01-31T08:30:00"), and back; NaN if `text`
// is no time.
std::string timeText(double seconds);
double timeFromText(std::string_view text);
// The shortest text that reads back as the same number; integers without a point.
std::string numberText(double value);

}  // namespace blockyard
