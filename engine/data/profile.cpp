#include "data/profile.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <numeric>

namespace blockyard {

void RunningMoments::add(double value) {
  if (count_ == 0) min_ = max_ = value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  const double step = value - mean_;
  mean_ += step / static_cast<double>(++count_);
  squares_ += step * (value - mean_);
}

void RunningMoments::into(ColumnProfile& profile) const {
  if (count_ == 0) return;
  profile.min = min_;
  profile.max = max_;
  profile.mean = mean_;
  profile.deviation = count_ > 1 ? std::sqrt(squares_ / static_cast<double>(count_ - 1)) : kMissingNumber;
}

ColumnProfiler::ColumnProfiler(std::string port, std::string name, std::string type)
    : profile_{.port = std::move(port), .name = std::move(name), .type = std::move(type)} {}

void ColumnProfiler::addValue(uint64_t hash) {
  many_values_.add(hash);
  if (profile_.more_distinct || values_.count(hash) > 0) return;
  if (static_cast<int64_t>(values_.size()) == kMostDistinct)
    profile_.more_distinct = true;
  else
    values_.insert(hash);
}

void ColumnProfiler::addNumber(double value) {
  ++profile_.rows;
  if (std::isnan(value)) {
    ++profile_.missing;
    return;
  }
  moments_.add(value);
  if (std::isfinite(value)) quantiles_.add(value);
  addValue(mixedBits(std::bit_cast<uint64_t>(value + 0.0)));  // -0 is 0
}

void ColumnProfiler::addCode(int64_t code) {
  ++profile_.rows;
  if (code < 0) {
    ++profile_.missing;
    return;
  }
  if (static_cast<size_t>(code) >= counts_.size()) counts_.resize(static_cast<size_t>(code) + 1);
  ++counts_[static_cast<size_t>(code)];
}

void ColumnProfiler::addText(const std::string& text) {
  ++profile_.rows;
  if (text.empty()) {
    ++profile_.missing;
    return;
  }
  lengths_.add(static_cast<double>(text.size()));
  addValue(mixedBits(std::hash<std::string>{}(text)));
}

void ColumnProfiler::add(const Column& column) {
  for (const double number : column.numbers) addNumber(number);
  for (const int32_t code : column.codes) addCode(code);
  for (const std::string& text : column.texts) addText(text);
}

void ColumnProfiler::describeNumbers(ColumnProfile& profile) const {
  if (quantiles_.count() == 0) return;
  const auto values = quantiles_.sorted();
  for (const double q : kQuantiles) profile.quantiles.push_back(quantileOf(values, q));
  const double low = quantileOf(values, 0.25), high = quantileOf(values, 0.75), reach = 1.5 * (high - low);
  const double above = std::nextafter(high + reach, std::numeric_limits<double>::infinity());
  // Where more than half of all are one value there is no distance to measure by.
  profile.outliers = reach == 0 ? 0 : countBelow(values, low - reach) + quantiles_.count() - countBelow(values, above);
  // A few far values would leave one bin for all others.
  const double from = quantileOf(values, 0.005), to = quantileOf(values, 0.995), width = to - from;
  profile.histogram_from = profile.min >= from - width ? profile.min : from;
  profile.histogram_to = profile.max <= to + width ? profile.max : to;
  int64_t before = 0;
  for (int64_t bin = 1; bin <= kHistogramBins; ++bin) {
    const double end = profile.histogram_from + (profile.histogram_to - profile.histogram_from) *
                                                    static_cast<double>(bin) / static_cast<double>(kHistogramBins);
    const int64_t below = bin == kHistogramBins ? quantiles_.count() : countBelow(values, end);
    profile.histogram.push_back(below - before);
    before = below;
  }
}

ColumnProfile ColumnProfiler::finish(const std::vector<std::string>& classes) const {
  ColumnProfile profile = profile_;
  moments_.into(profile);
  describeNumbers(profile);
  profile.distinct = profile.more_distinct ? many_values_.count() : static_cast<int64_t>(values_.size());
  if (lengths_.count() > 0) {
    ColumnProfile lengths;
    lengths_.into(lengths);
    profile.mean_length = lengths.mean;
    profile.longest = static_cast<int64_t>(lengths.max);
  }
  std::vector<size_t> order(counts_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return counts_[a] > counts_[b]; });
  for (const size_t code : order) {
    if (counts_[code] == 0) break;
    ++profile.distinct;
    const std::string name = code < classes.size() ? classes[code] : std::to_string(code);
    if (profile.top.size() < kTopClasses) profile.top.emplace_back(name, counts_[code]);
  }
  return profile;
}

std::vector<std::string> notesOn(const DataProfile& profile) {
  constexpr double kMuchMissing = 0.05, kManyOutliers = 0.05, kRare = 0.01;
  std::vector<std::string> out = profile.notices;
  const auto percent = [](double share) {
    const int64_t tenths = std::llround(1000 * share);
    return (tenths < 100 && tenths % 10 != 0 ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10)
                                             : std::to_string((tenths + 5) / 10)) +
           " %";
  };
  if (profile.duplicates > 0)
    out.push_back((profile.duplicates_estimated ? "about " : "") + std::to_string(profile.duplicates) +
                  (profile.duplicates == 1 ? " row occurs more than once" : " rows occur more than once"));
  for (const ColumnProfile& column : profile.columns) {
    const auto share = [&](int64_t count) { return static_cast<double>(count) / static_cast<double>(column.rows); };
    if (column.rows == 0) continue;
    if (column.missing == column.rows) {
      out.push_back(column.name + ": every value is missing");
      continue;
    }
    if (share(column.missing) >= kMuchMissing)
      out.push_back(column.name + ": " + percent(share(column.missing)) + " missing");
    if (column.distinct == 1 && column.missing == 0) out.push_back(column.name + ": always the same value");
    if (share(column.outliers) >= kManyOutliers)
      out.push_back(column.name + ": " + percent(share(column.outliers)) + " outliers");
    if (column.type == "label" && !column.top.empty() && column.distinct == static_cast<int64_t>(column.top.size()) &&
        share(column.top.back().second) < kRare)
      out.push_back(column.name + ": the class " + column.top.back().first + " is rare, " +
                    percent(share(column.top.back().second)) + " of the rows");
  }
  return out;
}

}  // namespace blockyard
