// What preprocessors of tables share: which columns a setting means, one pass over the training rows with a sketch per
// column, and tables in which some columns are replaced while all others are passed on without a copy.
//
// A sketch sees the values of one column in row order, whatever the threads do, so what is learned is the same for any
// chunk size and any number of threads.
#pragma once
#include <functional>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "blocks/block.hpp"
#include "blocks/signature.hpp"
#include "blocks/state_lists.hpp"

namespace blockyard {

using ColumnTypes = std::initializer_list<ColumnType>;
inline constexpr ColumnTypes kAllColumns = {ColumnType::Number, ColumnType::Category, ColumnType::Text,
                                            ColumnType::Time};
inline constexpr ColumnTypes kMeasuredColumns = {ColumnType::Number, ColumnType::Time};
inline constexpr ColumnTypes kNumberColumns = {ColumnType::Number};

std::vector<ColumnInfo> columnsOf(const Table& table);
Signature signatureOf(const Table& table);

// The names that a list setting stands for: those listed, or if it is empty all columns of the given types. Throws
// Error at `parameter` for a name that is not there (nearest one offered) or has another type. `open` is for a
// signature that does not know its columns yet: a name that is not there is then left out.
Texts pickColumns(const std::vector<ColumnInfo>& have, const Texts& wanted, ColumnTypes types,
                  const std::string& parameter = "columns", bool open = false);
Texts pickColumns(const Signature& table, const Texts& wanted, ColumnTypes types,
                  const std::string& parameter = "columns");
// nullptr if there is none of that name.
ColumnInfo* findColumn(std::vector<ColumnInfo>& columns, const std::string& name);
bool contains(const Texts& names, const std::string& name);
// For many questions about many names.
std::unordered_set<std::string> setOf(const Texts& names);

// The parameter `columns` of a block that works on columns of a type ("number").
Param columnsParam(const std::string& type);
// What comes out where number columns are picked by `columns` and stay number columns; times become numbers.
Signatures inferNumbers(const Values& values, const Signatures& inputs);
// Throws Error at `high` unless low < high.
void requireLowBelowHigh(const Values& values);

// What a block has learned of some columns: lists of numbers by name, one number a column.
struct Learned {
  Texts columns{};
  std::map<std::string, Numbers> numbers{};

  State state() const;
  void load(const State& state, std::initializer_list<const char*> names);
};

// Calls work(i) for i in [0, count), on several threads where it pays off (`rows` values each).
void forEachColumn(size_t count, int64_t rows, const std::function<void(size_t)>& work);
// The table with the named columns replaced by what `make` gives for them (any number of columns), the others shared.
using MakeColumns = std::function<std::vector<Column>(const Column& column, size_t index)>;
Table withColumns(const Table& table, const Texts& names, const MakeColumns& make);
// The same for number columns, changed value by value: change(values, rows, index). Times become numbers.
using ChangeNumbers = std::function<void(double* values, int64_t rows, size_t index)>;
Table withNumbers(const Table& table, const Texts& names, const ChangeNumbers& change);

// One sketch per picked column, after all training rows of port x. `make` gives an empty sketch, which has add(const
// Column&).
template <class Sketch>
struct Sketched {
  Texts names{};
  std::vector<Sketch> sketches{};
};
[[noreturn]] void throwNoRows();
template <class Sketch, class Make>
Sketched<Sketch> sketched(FitRows& rows, const Texts& wanted, ColumnTypes types, const Make& make) {
  Sketched<Sketch> out;
  bool first = true;
  for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
    const Table& table = batch.table("x");
    if (first) {
      out.names = pickColumns(columnsOf(table), wanted, types);
      for (const auto& name : out.names) out.sketches.push_back(make(table.column(name)));
      first = false;
    }
    std::vector<const Column*> columns;
    for (const auto& name : out.names) columns.push_back(&table.column(name));
    forEachColumn(columns.size(), table.rows(), [&](size_t i) { out.sketches[i].add(*columns[i]); });
  }
  if (first) throwNoRows();
  return out;
}

// Count, mean and spread of the values that are not missing. Blocks are summed in two passes while they are in the
// cache and merged by Chan's formula ("Updating formulae and a pairwise algorithm for computing sample variances",
// 1979).
class Moments {
 public:
  void add(const Column& column) { add(column.numbers.data(), static_cast<int64_t>(column.numbers.size())); }
  void add(const double* values, int64_t count);

  int64_t count() const { return count_; }
  double mean() const { return mean_; }
  double low() const { return low_; }    // inf if there are none
  double high() const { return high_; }  // -inf if there are none
  // Throws Error naming the column if an infinite value has been seen.
  void requireFinite(const std::string& column) const;
  // Of the population; 0 if all values are the same but for rounding.
  double deviation() const;

 private:
  void addBlock(const double* values, int64_t count);

  int64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

// Quantiles of the values that are not missing: exact up to kExact values, then from a sketch in which full levels are
// sorted and every other value moves up with twice the weight (Manku, Rajagopalan and Lindsay, SIGMOD 1998). No
// randomness; the rank is off by less than log2(n / kExact) / (2 kExact) of n: by 0.003 % for a million values.
class Quantiles {
 public:
  static constexpr size_t kExact = 65536;

  void add(const Column& column);
  int64_t count() const { return count_; }
  // Interpolated between neighbours as NumPy does by default. There must be values.
  double at(double share) const;
  // The values that are kept, in order, each with the number of values that it stands for.
  std::vector<std::pair<double, int64_t>> weighted() const;

 private:
  void compact(size_t level);

  int64_t count_ = 0;
  std::vector<std::vector<double>> levels_{1};  // of level h, each value stands for 2^h
  std::vector<bool> odd_{false};                // which half of the sorted values moves up next
};

// How often each value occurs.
class Counts {
 public:
  static constexpr size_t kMost = 65536;

  void add(const Column& column);
  bool tooMany() const { return too_many_; }  // more than kMost different numbers: counting has stopped
  // The most frequent value; of several the smallest number, the first class. False if there is none.
  bool mostFrequent(double& value) const;
  const std::vector<int64_t>& perClass() const { return per_class_; }  // category columns, by code
  const Classes& classes() const { return classes_; }

 private:
  bool too_many_ = false;
  std::unordered_map<double, int64_t> per_number_;
  std::vector<int64_t> per_class_;
  Classes classes_;
};

}  // namespace blockyard
