// RowBlock: some rows on their way from a file into memory, column by column, and TableReader, what every format
// offers. Unlike in a Table, the codes of a category column count the block's own classes, so that blocks can be made
// in parallel.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/table.hpp"

namespace blockyard {

struct ColumnSpec {
  std::string name{};
  ColumnType type = ColumnType::Number;
  // No value was seen when the type was chosen: read as Category, decided by the classes once all rows are there.
  bool undecided = false;
};

// Many short texts in one piece: text i lies in bytes [ends[i - 1], ends[i]).
struct TextList {
  std::string bytes{};
  std::vector<uint32_t> ends{};

  void clear() { bytes.clear(), ends.clear(); }
  void add(std::string_view text) {
    bytes.append(text);
    ends.push_back(static_cast<uint32_t>(bytes.size()));
  }
  size_t size() const { return ends.size(); }
  std::string_view operator[](size_t i) const {
    const uint32_t from = i == 0 ? 0 : ends[i - 1];
    return {bytes.data() + from, ends[i] - from};
  }
};

struct ColumnBlock {
  std::vector<double> numbers{};  // Number, Time
  std::vector<int32_t> codes{};   // Category: index into classes, kMissingCode = missing
  TextList classes{};             // Category: the block's classes in order of appearance
  TextList texts{};               // Text
};

struct RowBlock {
  int64_t rows = 0;
  std::vector<ColumnBlock> columns{};
  int64_t first_line = 0;        // of the first row in the file, from 1; 0: the format has no lines
  std::vector<int64_t> lines{};  // line of each row behind first_line; empty if every row takes one line

  // 0 if unknown.
  int64_t lineOf(int64_t row) const {
    if (first_line == 0) return 0;
    return first_line + (lines.empty() ? row : lines[static_cast<size_t>(row)]);
  }
};

// A file as rows: hands out its blocks in order. One thread at a time.
class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual const std::vector<ColumnSpec>& columns() const = 0;
  // The next rows into `block`, whose buffers are used again; false at the end. Throws Error.
  virtual bool next(RowBlock& block) = 0;
  // Bytes of the file that have been read, and in all (0: unknown).
  virtual int64_t bytesDone() const = 0;
  virtual int64_t bytesTotal() const = 0;
};

}  // namespace blockyard
