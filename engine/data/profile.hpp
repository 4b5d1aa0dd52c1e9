// What a column holds, found out in one pass with memory that does not grow with the rows. Torch-free.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "data/table.hpp"

namespace blockyard {

struct ColumnProfile {
  std::string port{};  // of the source
  std::string name{};  // of the column; of the port where it has none
  std::string type{};  // number, category, text, time; label, target; or the signature of a tensor
  int64_t rows = 0;
  int64_t missing = 0;
  int64_t distinct = 0;        // different values; at most kMostDistinct are counted
  bool more_distinct = false;  // there are more
  // Numbers and times (seconds since 1970): over all values that are there; NaN if there are none.
  double min = kMissingNumber, max = kMissingNumber, mean = kMissingNumber, deviation = kMissingNumber;
  // Categories and labels: the most frequent classes with their counts, most frequent first, then by name.
  std::vector<std::pair<std::string, int64_t>> top{};
  double mean_length = kMissingNumber;  // texts, in bytes
  int64_t longest = 0;                  // texts, in bytes
};

struct DataProfile {
  int64_t rows = 0;
  std::string fingerprint{};
  std::vector<ColumnProfile> columns{};
};

constexpr int64_t kMostDistinct = 100000;
constexpr size_t kTopClasses = 10;

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
  void addValue(uint64_t bits);

  ColumnProfile profile_;
  RunningMoments moments_, lengths_;
  std::vector<int64_t> counts_;          // by code
  std::unordered_set<uint64_t> values_;  // bits of numbers, hashes of texts
};

}  // namespace blockyard
