// SeriesFile: a table read as columns of numbers beside a few others (times, names, classes), in the order of the file.
// What the sources of time series and of signals share.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "blocks/source.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

// A column that a setting names.
struct WantedColumn {
  enum class As { Number, Class, Key, Answer };  // Key: of whatever type it is; Answer: numbers, or classes if texts
  std::string name{};
  std::string parameter{};
  As as = As::Number;
  bool may_lack = false;               // new rows to predict may come without it
  std::vector<std::string> classes{};  // Class: those that are known already
};

class SeriesFile {
 public:
  // Reads the file that the parameter `file` names; with `most_rows` only so many. Throws Error at the parameter of a
  // column that is not there or has no such values.
  SeriesFile(const SourceSetup& setup, const std::vector<WantedColumn>& wanted, int64_t most_rows);

  int64_t rows() const { return rows_->store().rows(); }
  bool partial() const { return rows_->partial(); }  // there are rows that were not read
  bool has(const std::string& name) const;
  // The column, read anew at each call, as a file that is larger than the budget lies on the disk. It must be there.
  Column column(const std::string& name) const;
  const std::string& fingerprint() const { return rows_->fingerprint(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::unique_ptr<TableRows> rows_;
};

// Some columns side by side, float32 [count, names], in a temporary file if they are more than the budget: value(name)
// gives one of them.
at::Tensor sideBySide(const std::vector<std::string>& names, int64_t count, int64_t memory_budget,
                      const std::function<std::vector<float>(const std::string&)>& value);

// What class each row of a column has, -1: none, or one that is not `known` (empty: all are). Numbers are classes by
// their texts.
struct ClassCodes {
  std::vector<int32_t> codes{};
  std::vector<std::string> classes{};
};
ClassCodes classCodes(const Column& column, const std::vector<std::string>& known);

// The parameters `file` and `missing`, and how such files are read.
Param seriesFileParam();
Param missingParam();

}  // namespace blockyard
