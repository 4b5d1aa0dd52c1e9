#include "data/sketches.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace blockyard {
namespace {

constexpr int kRegisterBits = 14;
constexpr size_t kRegisters = size_t{1} << kRegisterBits;
constexpr double kShrink = 2.0 / 3;  // each level below the top holds so much of the one above it
constexpr size_t kLeastRoom = 8;

// What registers that are still empty, and those that are full, add to the harmonic mean (Ertl: New cardinality
// estimation algorithms for HyperLogLog sketches, 2017): no correction by tables is needed then.
double sigma(double x) {
  double y = 1, z = x;
  for (double before = -1; z != before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

uint64_t mixedBits(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

size_t QuantileSketch::capacity(size_t level) const {
  const auto below_top = static_cast<double>(levels_.size() - 1 - level);
  return std::max(kLeastRoom, static_cast<size_t>(std::ceil(kSketchSize * std::pow(kShrink, below_top))));
}

void QuantileSketch::add(double value) {
  levels_[0].push_back(value);
  ++count_;
  if (++kept_ > room_) compress();
}

// The lowest level that is full hands every second of its values, in order, to the next one.
void QuantileSketch::compress() {
  for (size_t h = 0; h < levels_.size(); ++h) {
    if (levels_[h].size() < capacity(h)) continue;
    if (h + 1 == levels_.size()) levels_.emplace_back();
    std::vector<double>& level = levels_[h];
    std::sort(level.begin(), level.end());
    // With an odd number of them the last one stays.
    std::vector<double> rest;
    if (level.size() % 2 == 1) {
      rest.push_back(level.back());
      level.pop_back();
    }
    for (size_t i = random_.below(flips_++, 2); i < level.size(); i += 2) levels_[h + 1].push_back(level[i]);
    level = std::move(rest);
    break;
  }
  kept_ = room_ = 0;
  for (size_t h = 0; h < levels_.size(); ++h) kept_ += levels_[h].size(), room_ += capacity(h);
}

QuantileSketch::Weighted QuantileSketch::sorted() const {
  Weighted out;
  for (size_t h = 0; h < levels_.size(); ++h)
    for (const double value : levels_[h]) out.emplace_back(value, int64_t{1} << h);
  std::sort(out.begin(), out.end());
  return out;
}

double quantileOf(const QuantileSketch::Weighted& values, double q) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  int64_t all = 0;
  for (const auto& [value, weight] : values) all += weight;
  const double place = q * static_cast<double>(all - 1);
  const auto rank = static_cast<int64_t>(place);
  // The values of rank `rank` and of the next one.
  double low = values.back().first, high = low;
  int64_t before = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (before + values[i].second > rank) {
      low = high = values[i].first;
      if (before + values[i].second == rank + 1 && i + 1 < values.size()) high = values[i + 1].first;
      break;
    }
    before += values[i].second;
  }
  return low + (high - low) * (place - static_cast<double>(rank));
}

int64_t countBelow(const QuantileSketch::Weighted& values, double limit) {
  int64_t out = 0;
  for (const auto& [value, weight] : values) {
    if (value >= limit) break;
    out += weight;
  }
  return out;
}

DistinctSketch::DistinctSketch() : ranks_(kRegisters) {}

void DistinctSketch::add(uint64_t hash) {
  const size_t place = hash >> (64 - kRegisterBits);
  const auto rank = static_cast<uint8_t>(std::min(64 - kRegisterBits, std::countl_zero(hash << kRegisterBits)) + 1);
  ranks_[place] = std::max(ranks_[place], rank);
}

int64_t DistinctSketch::count() const {
  constexpr auto kCount = static_cast<double>(kRegisters);
  constexpr int kMostRank = 64 - kRegisterBits;
  std::array<double, kMostRank + 2> ranks{};
  for (const uint8_t rank : ranks_) ++ranks[rank];
  if (ranks[0] == kCount) return 0;
  double sum = kCount * tau(1 - ranks[kMostRank + 1] / kCount);
  for (int rank = kMostRank; rank >= 1; --rank) sum = (sum + ranks[static_cast<size_t>(rank)]) / 2;
  sum += kCount * sigma(ranks[0] / kCount);
  return std::llround(kCount * kCount / (2 * std::numbers::ln2 * sum));
}

void DuplicateCount::add(uint64_t hash) {
  if (halvings_ > 0 && hash >> (64 - halvings_) != 0) return;
  const auto [at, is_new] = seen_.try_emplace(hash, 0);
  if (!is_new) {
    ++at->second;
  } else if (seen_.size() > kDuplicateRows) {
    ++halvings_;
    std::erase_if(seen_, [&](const auto& entry) { return entry.first >> (64 - halvings_) != 0; });
  }
}

int64_t DuplicateCount::count() const {
  int64_t out = 0;
  for (const auto& [hash, again] : seen_) out += again;
  return out << halvings_;
}

}  // namespace blockyard
