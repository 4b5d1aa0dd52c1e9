// What a column holds, found out in one pass with memory that does not grow with the rows. Torch-free.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "data/sketches.hpp"
#include "data/table.hpp"

namespace blockyard {

struct ColumnProfile {
  std::string port{};  // of the source
  std::string name{};  // of the column; of the port where it has none
  std::string type{};  // number, category, text, time; label, target; or the signature of a tensor
  int64_t rows = 0;
  int64_t missing = 0;
  int64_t distinct = 0;        // different values
  bool more_distinct = false;  // there are more than kMostDistinct: `distinct` is an estimate, see DistinctSketch
  // Numbers and times (seconds since 1970): over all values that are there; NaN if there are none.
  double min = kMissingNumber, max = kMissingNumber, mean = kMissingNumber, deviation = kMissingNumber;
  // The values at kQuantiles of all; see QuantileSketch for their error. Empty if there are no numbers.
  std::vector<double> quantiles{};
  // Values beyond 1.5 times the distance of the quartiles from them (Tukey 1977); estimated where quantiles are.
  int64_t outliers = 0;
  // Estimated counts in bins of equal width from histogram_from to histogram_to; the first and last hold what lies
  // beyond, too. Empty if there are no numbers.
  std::vector<int64_t> histogram{};
  double histogram_from = 0, histogram_to = 0;
  // How strongly the column goes along with the target, and by which measure: see Association. NaN: not known.
  double association = kMissingNumber;
  std::string measure{};
  // Categories and labels: the most frequent classes with their counts, most frequent first, then by name.
  std::vector<std::pair<std::string, int64_t>> top{};
  double mean_length = kMissingNumber;  // texts, in bytes
  int64_t longest = 0;                  // texts, in bytes
};

struct DataProfile {
  int64_t rows = 0;
  std::string fingerprint{};
  int64_t duplicates = 0;             // rows of which an equal one came before
  bool duplicates_estimated = false;  // see DuplicateCount
  std::vector<ColumnProfile> columns{};
  std::vector<std::string> notices{};  // what the source says of its rows beside them
};

// What a person should know before using the data: "humidity: 34 % missing", "72 rows occur more than once".
std::vector<std::string> notesOn(const DataProfile& profile);

constexpr int64_t kMostDistinct = 10000;
constexpr double kQuantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr size_t kTopClasses = 10;
constexpr int64_t kHistogramBins = 20;

// Count, mean and deviation (of the sample, divided by n - 1) of numbers as they come (Welford 1962).
class RunningMoments {
 public:
  void add(double value);
  void into(ColumnProfile& profile) const;
  int64_t count() const { return count_; }

 private:
  int64_t count_ = 0;
  double mean_ = 0, squares_ = 0, min_ = 0, max_ = 0;
};

// Gathers one column; the parts of it must come with the same classes.
class ColumnProfiler {
 public:
  ColumnProfiler(std::string port, std::string name, std::string type);
  void add(const Column& column);
  void addNumber(double value);  // NaN: missing
  // The code of a class, negative: missing.
  void addCode(int64_t code);
  ColumnProfile finish(const std::vector<std::string>& classes) const;

 private:
  void addText(const std::string& text);
  void addValue(uint64_t hash);
  void describeNumbers(ColumnProfile& profile) const;

  ColumnProfile profile_;
  RunningMoments moments_, lengths_;
  std::vector<int64_t> counts_;          // by code
  std::unordered_set<uint64_t> values_;  // hashes
  DistinctSketch many_values_;
  QuantileSketch quantiles_;
};

}  // namespace blockyard
