// RowStore: the rows of a source, typed, for random access by range. They stay in memory as long as they are few; once
// they are more, all of them move to a temporary file that has no name, so that nothing is left behind even by a crash.
//
// The limit is kMostInMemory even if the budget is larger. Rows are read only a few times, front to back, and from then
// on the page cache answers: measured on a million rows of 29 numbers, the file costs at most a tenth of a second more
// than memory, and the process holds as much less as the rows take. What the page cache holds the system can take back
// when it is needed elsewhere.
//
// One thread at a time. append() first, then finish() once, then read().
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file.hpp"
#include "data/row_block.hpp"

namespace blockyard {

constexpr int64_t kMostInMemory = int64_t{64} << 20;

// The classes of one category column, numbered in order of appearance until finish() sorts them.
class ClassTable {
 public:
  // The first codes stand for these, in this order, and keep doing so.
  void expect(const std::vector<std::string>& classes);
  // The code of a class, new if need be.
  int32_t code(std::string_view name);
  size_t size() const { return names_.size(); }
  // Sorts what was not expected: as numbers if all of them are, else by bytes. So the result does not depend on the
  // order of rows.
  void finish();
  const Classes& classes() const { return sorted_; }
  // What an undecided column of `rows` rows is, by its classes: Number or Time if all of them are, Category if they are
  // few, else Text. After finish().
  ColumnType kindOf(int64_t rows, char point) const;
  int32_t sortedCode(int32_t code) const { return code < 0 ? code : final_[static_cast<size_t>(code)]; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> codes_;
  std::vector<std::string> names_;
  size_t expected_ = 0;
  Classes sorted_;
  std::vector<int32_t> final_;  // by code of appearance
};

class RowStore {
 public:
  // `point` is that of the numbers in undecided columns.
  RowStore(std::vector<ColumnSpec> columns, int64_t memory_budget, char point = '.');

  const std::vector<ColumnSpec>& columns() const { return columns_; }
  ClassTable& classTable(size_t column) { return tables_[column]; }
  const ClassTable& classTable(size_t column) const { return tables_[column]; }
  // Keeps the rows of `block`, whose columns are those of this store in this order. Throws Error if the disk is full.
  void append(const RowBlock& block);
  void finish();

  int64_t rows() const { return rows_; }
  // Bytes of memory that the rows take, and whether they lie in a file instead.
  int64_t memoryBytes() const { return memory_bytes_; }
  bool spooled() const { return file_.get() >= 0; }
  // Rows [first, first + count) of some columns, by number. The range must be there.
  Table read(int64_t first, int64_t count, const std::vector<size_t>& picks) const;
  Table read(int64_t first, int64_t count) const;

 private:
  // Some rows, as one run of bytes: column after column, each at starts[column]. Numbers as double, or
  // as int32 where places[column] tells their decimal places; codes as int32, texts as their ends (uint32) and bytes.
  struct Stored {
    int64_t first_row = 0, rows = 0;
    std::vector<int64_t> starts{};
    std::vector<std::optional<int>> places{};
    int64_t offset = 0, size = 0;  // in the file
    std::vector<char> bytes{};     // in memory
  };

  using Runs = std::vector<std::string_view>;  // bytes that are to lie one behind the other

  Runs runsOf(const RowBlock& block, Stored& stored);
  void remap(const ColumnBlock& block, size_t column);
  void spool();
  void write(Stored& stored, const Runs& runs);
  void decide(size_t column);
  void fetch(const Stored& stored, int64_t at, void* into, size_t size) const;
  void readInto(const Stored& stored, size_t column, int64_t from, int64_t count, Column& into) const;

  std::vector<ColumnSpec> columns_;
  int64_t limit_;
  char point_;
  std::vector<ClassTable> tables_;            // by column
  std::vector<bool> coded_;                   // by column: rows lie as codes
  std::vector<std::vector<double>> numbers_;  // by column: the numbers of the classes of one that was undecided
  std::vector<Stored> stored_;
  int64_t rows_ = 0, memory_bytes_ = 0;
  FileHandle file_;
  std::string file_name_;
  int64_t file_size_ = 0;
  std::vector<std::vector<int32_t>> remapped_;  // by column: codes of the block at hand, as codes of the store
  std::vector<std::vector<int32_t>> packed_;    // by column: numbers of the block at hand
};

}  // namespace blockyard
