#include "widgets/charts/series_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace blockyard {
namespace {

constexpr double kMostSmoothing = 0.9999;

using Extremes = ExtremePyramid::Extremes;
constexpr uint32_t kNone = ExtremePyramid::kNone;

void take(Extremes& into, uint32_t low, uint32_t high, std::span<const double> values) {
  if (low != kNone && (into.low == kNone || values[low] < values[into.low])) into.low = low;
  if (high != kNone && (into.high == kNone || values[high] > values[into.high])) into.high = high;
}

// The first index from `first` on whose x is not below `edge`. Columns are short, so looking around beats halving all.
size_t indexFrom(const std::vector<double>& xs, size_t first, size_t end, double edge) {
  size_t step = 1, last = first;
  while (last < end && xs[last] < edge) {
    first = last + 1;
    last += step;
    step *= 2;
  }
  const auto begin = xs.begin();
  return static_cast<size_t>(std::lower_bound(begin + static_cast<std::ptrdiff_t>(first),
                                              begin + static_cast<std::ptrdiff_t>(std::min(last, end)), edge) -
                             begin);
}

void takeValue(Extremes& into, size_t index, std::span<const double> values) {
  const auto at = static_cast<uint32_t>(index);
  if (std::isfinite(values[index])) take(into, at, at, values);
}

}  // namespace

void ExtremePyramid::update(std::span<const double> values) {
  for (size_t i = count_; i < values.size(); ++i) {
    size_t bucket = i >> kBits;
    for (size_t level = 0;; ++level, bucket >>= kBits) {
      if (level == levels_.size()) {
        if (bucket == 0 && level > 0) break;  // one bucket holds everything below
        levels_.emplace_back();
        // A new level starts with what the level below has collected: its first 16 buckets are full now.
        if (level > 0) {
          Extremes all;
          for (size_t child = 0; child < size_t{1} << kBits; ++child) {
            const Extremes& below = levels_[level - 1][child];
            take(all, below.low, below.high, values);
          }
          levels_[level].push_back(all);
        }
      }
      auto& buckets = levels_[level];
      if (bucket >= buckets.size()) buckets.resize(bucket + 1);
      takeValue(buckets[bucket], i, values);
    }
  }
  count_ = values.size();
}

void ExtremePyramid::truncate(std::span<const double> values, size_t count) {
  if (count >= count_) return;
  size_t kept = count >> kBits;  // buckets that are still full
  for (auto& level : levels_) {
    if (level.size() > kept) level.resize(kept);
    kept >>= kBits;
  }
  // Only the last bucket of each level is cut; it is filled again from its values.
  for (size_t level = 0; level < levels_.size(); ++level) {
    const size_t first = levels_[level].size() << (static_cast<size_t>(kBits) * (level + 1));
    if (first >= count) continue;
    Extremes all;
    for (size_t i = first; i < count; ++i) takeValue(all, i, values);
    levels_[level].push_back(all);
  }
  count_ = count;
}

Extremes ExtremePyramid::find(std::span<const double> values, size_t first, size_t last) const {
  Extremes out;
  last = std::min(last, count_);
  size_t at = first;
  while (at < last) {
    // The largest bucket that begins here and does not reach past the end.
    size_t level = 0, size = 1;
    while (level < levels_.size() && at % (size << kBits) == 0 && at + (size << kBits) <= last) {
      size <<= kBits;
      ++level;
    }
    if (level == 0) {
      takeValue(out, at, values);
    } else {
      const Extremes& bucket = levels_[level - 1][at / size];
      take(out, bucket.low, bucket.high, values);
    }
    at += size;
  }
  return out;
}

void SeriesData::append(double x, double y) {
  if (!std::isfinite(x)) return;
  if (!x_.empty() && x <= x_.back())
    truncate(static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin()));
  x_.push_back(x);
  y_.push_back(y);
  if (std::isfinite(y) && y <= 0) ++not_positive_;
  raw_pyramid_.update(y_);
  if (weight_ > 0) smoothFrom(x_.size() - 1);
  if (most_ > 0 && x_.size() > most_) thin();
}

// Of every four points the lowest and the highest. A point that is not finite counts as neither, so that gaps close.
void SeriesData::thin() {
  constexpr size_t kOf = 4;
  SeriesData kept(name_);
  kept.weight_ = weight_, kept.most_ = most_;
  for (size_t first = 0; first < x_.size(); first += kOf) {
    const Extremes found = extremes(first, std::min(first + kOf, x_.size()), false, true);
    if (found.low == kNone) continue;
    for (const size_t i : {std::min(found.low, found.high), std::max(found.low, found.high)}) kept.append(x_[i], y_[i]);
  }
  *this = std::move(kept);
}

void SeriesData::clear() {
  const double weight = weight_;
  const size_t most = most_;
  *this = SeriesData(std::move(name_));
  weight_ = weight, most_ = most;
}

void SeriesData::truncate(size_t count) {
  for (size_t i = count; i < y_.size(); ++i) not_positive_ -= std::isfinite(y_[i]) && y_[i] <= 0 ? 1 : 0;
  raw_pyramid_.truncate(y_, count);
  if (weight_ > 0) {
    smooth_pyramid_.truncate(smooth_, count);
    smooth_.resize(count);
    sums_.resize(count);
    counts_.resize(count);
  }
  x_.resize(count);
  y_.resize(count);
}

void SeriesData::setSmoothing(double weight) {
  weight = std::isnan(weight) ? 0 : std::clamp(weight, 0.0, kMostSmoothing);
  if (weight == weight_) return;
  weight_ = weight;
  smooth_.clear();
  sums_.clear();
  counts_.clear();
  smooth_pyramid_ = {};
  if (weight_ > 0) smoothFrom(0);
}

void SeriesData::smoothFrom(size_t first) {
  for (size_t i = first; i < y_.size(); ++i) {
    double sum = i == 0 ? 0 : sums_[i - 1];
    uint32_t count = i == 0 ? 0 : counts_[i - 1];
    double shown = y_[i];
    if (std::isfinite(y_[i])) {
      sum = sum * weight_ + (1 - weight_) * y_[i];
      ++count;
      shown = sum / (1 - std::pow(weight_, count));
    }
    sums_.push_back(sum);
    counts_.push_back(count);
    smooth_.push_back(shown);
  }
  smooth_pyramid_.update(smooth_);
}

Extremes SeriesData::extremes(size_t first, size_t last, bool positive, bool raw) const {
  const bool plain = raw || weight_ == 0;
  const std::span<const double> values = plain ? std::span<const double>(y_) : smooth_;
  Extremes out = (plain ? raw_pyramid_ : smooth_pyramid_).find(values, first, last);
  if (!positive || out.low == kNone || values[out.low] > 0) return out;
  if (values[out.high] <= 0) return {};
  out.low = out.high;  // the smallest above zero is in no bucket: look at each
  for (size_t i = first; i < last; ++i)
    if (values[i] > 0 && values[i] < values[out.low]) out.low = static_cast<uint32_t>(i);
  return out;
}

std::vector<ChartPoint> SeriesData::decimated(std::span<const double> edges, bool positive, bool raw) const {
  std::vector<ChartPoint> out;
  if (edges.size() < 2 || x_.empty()) return out;
  const std::span<const double> values = raw ? std::span<const double>(y_) : shown();
  const auto push = [&](size_t i) {
    const double y = values[i];
    if (positive && std::isfinite(y) && y <= 0) return;
    out.push_back({x_[i], std::isfinite(y) ? y : std::numeric_limits<double>::quiet_NaN()});
  };
  const auto begin = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), edges.front()) - x_.begin());
  const auto end = static_cast<size_t>(std::upper_bound(x_.begin(), x_.end(), edges.back()) - x_.begin());
  const size_t columns = edges.size() - 1;
  out.reserve(std::min(end - begin, 2 * columns) + 2);
  if (begin > 0) push(begin - 1);
  if (end - begin <= 2 * columns) {
    for (size_t i = begin; i < end; ++i) push(i);
  } else {
    size_t first = begin;
    for (size_t column = 0; column < columns && first < end; ++column) {
      const bool is_last = column + 1 == columns;
      const size_t last = is_last ? end : indexFrom(x_, first, end, edges[column + 1]);
      const Extremes found = extremes(first, last, positive, raw);
      if (found.low != kNone) {
        push(std::min(found.low, found.high));
        if (found.low != found.high) push(std::max(found.low, found.high));
      }
      first = last;
    }
  }
  if (end < x_.size()) push(end);
  return out;
}

SeriesData::Range SeriesData::yRange(double first, double last, bool positive) const {
  const auto begin = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), first) - x_.begin());
  const auto end = static_cast<size_t>(std::upper_bound(x_.begin(), x_.end(), last) - x_.begin());
  if (begin >= end) return {};
  const Extremes found = extremes(begin, end, positive, false);
  if (found.low == kNone) return {};
  return {shown()[found.low], shown()[found.high], true};
}

size_t SeriesData::nearest(double x) const {
  if (x_.empty()) return 0;
  const auto at = static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin());
  if (at == 0) return 0;
  if (at == x_.size() || x - x_[at - 1] <= x_[at] - x) return at - 1;
  return at;
}

}  // namespace blockyard
