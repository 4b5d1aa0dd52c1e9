#include "data/profile.hpp"

#include <algorithm>
#include <bit>
#include <functional>
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

void ColumnProfiler::addValue(uint64_t bits) {
  if (profile_.more_distinct || values_.count(bits) > 0) return;
  if (static_cast<int64_t>(values_.size()) == kMostDistinct)
    profile_.more_distinct = true;
  else
    values_.insert(bits);
}

void ColumnProfiler::addNumber(double value) {
  ++profile_.rows;
  if (std::isnan(value)) {
    ++profile_.missing;
    return;
  }
  moments_.add(value);
  addValue(std::bit_cast<uint64_t>(value + 0.0));  // -0 is 0
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
  addValue(std::hash<std::string>{}(text));
}

void ColumnProfiler::add(const Column& column) {
  for (const double number : column.numbers) addNumber(number);
  for (const int32_t code : column.codes) addCode(code);
  for (const std::string& text : column.texts) addText(text);
}

ColumnProfile ColumnProfiler::finish(const std::vector<std::string>& classes) const {
  ColumnProfile profile = profile_;
  moments_.into(profile);
  profile.distinct = static_cast<int64_t>(values_.size());
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

}  // namespace blockyard
