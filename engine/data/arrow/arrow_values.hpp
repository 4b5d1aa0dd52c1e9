// The cells of an Arrow array as numbers or texts, whatever its type.
#pragma once
#include <arrow/api.h>

#include <string>
#include <string_view>

#include "data/csv_fields.hpp"
#include "data/row_block.hpp"

namespace blockyard {

// What a column of this type naturally becomes; texts may become Category, see ArrowReader.
ColumnType naturalType(const arrow::DataType& type);
bool isText(const arrow::DataType& type);

struct ArrowCells {
  const arrow::Array& array;
  const MissingMarkers& missing;
  const std::string& file;
  const std::string& name;  // of the column
  int64_t first_row = 0;    // of the array in the file

  // Appends all cells to `into` as a column of this type. Throws Error if they cannot be it.
  void append(ColumnType type, ColumnBlock& into) const;
  // The text of cell `i`, empty if it is missing; `scratch` may hold it.
  std::string_view text(int64_t i, std::string& scratch) const;

 private:
  void appendNumbers(std::vector<double>& into) const;
  void appendParsed(ColumnType type, std::vector<double>& into) const;
  void appendTexts(ColumnType type, ColumnBlock& into) const;
  [[noreturn]] void fail(int64_t i, const std::string& expected, std::string_view got) const;
};

}  // namespace blockyard
