// What can be said of a stream of values in one pass and in memory that does not grow with it: quantiles, how many
// different ones, how many rows occur twice. Few values are counted exactly; of many, the error is stated. The same
// values in the same order give the same answer. Torch-free; an object belongs to one thread.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace blockyard {

// Quantiles (Karnin, Lang, Liberty: Optimal quantile approximation in streams, 2016). Exact for up to kSketchSize
// values; beyond that the rank of an answer is off by at most kSketchError of all values, in 99 of 100 cases.
constexpr size_t kSketchSize = 2048;
constexpr double kSketchError = 0.002;

class QuantileSketch {
 public:
  QuantileSketch() : levels_(1) {}
  void add(double value);  // not NaN
  int64_t count() const { return count_; }
  bool exact() const { return levels_.size() == 1; }

  // The values that are left, in order, with how many values each stands for.
  using Weighted = std::vector<std::pair<double, int64_t>>;
  Weighted sorted() const;

 private:
  size_t capacity(size_t level) const;
  void compress();

  std::vector<std::vector<double>> levels_;  // a value of level h stands for 2^h
  size_t kept_ = 0, room_ = kSketchSize;
  int64_t count_ = 0;
  uint64_t flips_ = 0;
  KeyedRandom random_{0};
};

// The value at share `q` of 0 to 1, between neighbours in proportion (as numpy.quantile does). NaN if there is none.
double quantileOf(const QuantileSketch::Weighted& values, double q);
// How many values are smaller than `limit`.
int64_t countBelow(const QuantileSketch::Weighted& values, double limit);

// How many different values (Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, 2007; estimate by Ertl, 2017): standard
// error 0.8 %.
class DistinctSketch {
 public:
  DistinctSketch();
  void add(uint64_t hash);  // all bits well mixed
  int64_t count() const;

 private:
  std::vector<uint8_t> ranks_;
};

// Rows that were there before, by the hash of a row. Exact for up to kDuplicateRows different rows; of more, a share is
// followed that is chosen by the hash, and the count is an estimate.
constexpr size_t kDuplicateRows = size_t{1} << 20;

class DuplicateCount {
 public:
  void add(uint64_t hash);
  int64_t count() const;
  bool exact() const { return halvings_ == 0; }

 private:
  std::unordered_map<uint64_t, int64_t> seen_;  // hash -> times it came again
  int halvings_ = 0;                            // only hashes below 2^64 / 2^halvings are followed
};

// Spreads the bits of a value over all 64 (the finalizer of splitmix64).
uint64_t mixedBits(uint64_t value);

}  // namespace blockyard
