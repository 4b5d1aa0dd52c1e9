// How strongly a column goes along with the target, in one pass: the usual measure for each pair of types.
//
//   number, number      Pearson's correlation, -1 to 1
//   number, classes     correlation ratio eta, 0 to 1 (also for categories and a number)
//   categories, classes Cramer's V, 0 to 1
//
// Rows where either is missing are left out. Torch-free; an object belongs to one thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/table.hpp"

namespace blockyard {

// What is to be predicted of some rows: one of the two is filled.
struct TargetRows {
  std::vector<int64_t> codes{};   // negative: missing
  std::vector<double> numbers{};  // NaN: missing
};

class Association {
 public:
  void add(const Column& column, const TargetRows& target);
  // NaN where there is no measure for the pair (texts), too little, or too many categories to count.
  double value() const;
  const std::string& measure() const { return measure_; }  // "pearson", "eta", "cramers_v", or empty

 private:
  struct Moments {
    double count = 0, mean = 0, squares = 0;
    void add(double value);
  };
  void addNumbers(const std::vector<double>& a, const std::vector<double>& b);
  template <class Code>
  void addGroups(const std::vector<Code>& groups, const std::vector<double>& numbers);
  void addPairs(const std::vector<int32_t>& groups, const std::vector<int64_t>& classes);
  double pearson() const;
  double eta() const;
  double cramersV() const;

  std::string measure_;
  Moments first_, second_;
  double together_ = 0;
  std::vector<Moments> groups_;              // by category or class
  std::vector<std::vector<int64_t>> pairs_;  // [category][class]
  bool too_many_ = false;
};

}  // namespace blockyard
