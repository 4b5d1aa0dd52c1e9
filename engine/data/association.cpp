#include "data/association.hpp"

#include <algorithm>
#include <cmath>

namespace blockyard {
namespace {

constexpr size_t kMostGroups = 10000;  // as many categories name their rows

}  // namespace

void Association::Moments::add(double value) {
  const double step = value - mean;
  mean += step / ++count;
  squares += step * (value - mean);
}

void Association::add(const Column& column, const TargetRows& target) {
  if (!column.numbers.empty() && !target.numbers.empty())
    addNumbers(column.numbers, target.numbers);
  else if (!column.numbers.empty() && !target.codes.empty())
    addGroups(target.codes, column.numbers);
  else if (!column.codes.empty() && !target.numbers.empty())
    addGroups(column.codes, target.numbers);
  else if (!column.codes.empty() && !target.codes.empty())
    addPairs(column.codes, target.codes);
}

void Association::addNumbers(const std::vector<double>& a, const std::vector<double>& b) {
  measure_ = "pearson";
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    const double step = a[i] - first_.mean;
    first_.add(a[i]), second_.add(b[i]);
    together_ += step * (b[i] - second_.mean);
  }
}

template <class Code>
void Association::addGroups(const std::vector<Code>& groups, const std::vector<double>& numbers) {
  measure_ = "eta";
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] < 0 || std::isnan(numbers[i])) continue;
    const auto group = static_cast<size_t>(groups[i]);
    too_many_ |= group >= kMostGroups;
    if (too_many_) return;
    if (group >= groups_.size()) groups_.resize(group + 1);
    groups_[group].add(numbers[i]);
    first_.add(numbers[i]);
  }
}

void Association::addPairs(const std::vector<int32_t>& groups, const std::vector<int64_t>& classes) {
  measure_ = "cramers_v";
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] < 0 || classes[i] < 0) continue;
    const auto group = static_cast<size_t>(groups[i]), name = static_cast<size_t>(classes[i]);
    too_many_ |= group >= kMostGroups || name >= kMostGroups;
    if (too_many_) return;
    if (group >= pairs_.size()) pairs_.resize(group + 1);
    if (name >= pairs_[group].size()) pairs_[group].resize(name + 1);
    ++pairs_[group][name];
  }
}

double Association::value() const {
  if (measure_.empty() || too_many_) return kMissingNumber;
  return measure_ == "pearson" ? pearson() : measure_ == "eta" ? eta() : cramersV();
}

double Association::pearson() const {
  const double spread = std::sqrt(first_.squares * second_.squares);
  return first_.count > 1 && spread > 0 ? together_ / spread : kMissingNumber;
}

double Association::eta() const {
  double within = 0;
  for (const Moments& group : groups_) within += group.squares;
  return first_.squares > 0 ? std::sqrt(std::max(0.0, 1 - within / first_.squares)) : kMissingNumber;
}

double Association::cramersV() const {
  size_t names = 0;
  for (const auto& row : pairs_) names = std::max(names, row.size());
  std::vector<double> by_group(pairs_.size()), by_name(names);
  double all = 0;
  for (size_t g = 0; g < pairs_.size(); ++g)
    for (size_t n = 0; n < pairs_[g].size(); ++n) {
      const auto count = static_cast<double>(pairs_[g][n]);
      by_group[g] += count, by_name[n] += count, all += count;
    }
  double sum = 0;  // chi-squared / N is sum - 1
  for (size_t g = 0; g < pairs_.size(); ++g)
    for (size_t n = 0; n < pairs_[g].size(); ++n)
      if (pairs_[g][n] > 0) sum += std::pow(static_cast<double>(pairs_[g][n]), 2) / (by_group[g] * by_name[n]);
  const auto used = [](const std::vector<double>& counts) {
    return std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; });
  };
  const auto least = static_cast<double>(std::min(used(by_group), used(by_name)));
  return all > 0 && least > 1 ? std::sqrt(std::max(0.0, sum - 1) / (least - 1)) : kMissingNumber;
}

}  // namespace blockyard
