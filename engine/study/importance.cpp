#include "study/importance.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "study/results.hpp"

namespace blockyard {
namespace {

constexpr size_t kFewest = 4;
constexpr int kPoints = 100;  // at which densities are compared

double betweenChoices(std::span<const Scored> known, size_t axis) {
  std::vector<double> all;
  std::map<double, std::vector<double>> groups;
  for (const Scored& each : known) all.push_back(each.score), groups[each.trial->values[axis]].push_back(each.score);
  const double mean = spreadOf(all).mean;
  double between = 0, total = 0;
  for (const double score : all) total += (score - mean) * (score - mean);
  for (const auto& [value, scores] : groups) {
    const double distance = spreadOf(scores).mean - mean;
    between += static_cast<double>(scores.size()) * distance * distance;
  }
  return total > 0 ? between / total : 0;
}

// Gaussian kernels of Scott's width on [0, 1], at the middle of each of kPoints steps; sums to 1.
std::vector<double> densityOf(const std::vector<double>& values) {
  const double width =
      std::max(1.059 * spreadOf(values).deviation * std::pow(static_cast<double>(values.size()), -0.2), 1.0 / kPoints);
  std::vector<double> out(kPoints, 0.0);
  double sum = 0;
  for (int i = 0; i < kPoints; ++i) {
    for (const double value : values) {
      const double z = ((i + 0.5) / kPoints - value) / width;
      out[static_cast<size_t>(i)] += std::exp(-z * z / 2);
    }
    sum += out[static_cast<size_t>(i)] += 1e-9;
  }
  for (double& each : out) each /= sum;
  return out;
}

// With a bit of everything, so that a choice that nobody took has no infinite weight.
std::vector<double> sharesOf(const std::vector<double>& values, size_t choices) {
  std::vector<double> out(choices, 1.0 / static_cast<double>(choices));
  for (const double value : values) out[static_cast<size_t>(value)] += 1;
  for (double& each : out) each /= static_cast<double>(values.size()) + 1;
  return out;
}

double pearsonDivergence(const std::vector<double>& best, const std::vector<double>& all) {
  double out = 0;
  for (size_t i = 0; i < all.size(); ++i) out += (best[i] / all[i] - 1) * (best[i] / all[i] - 1) * all[i];
  return out;
}

double divergence(const Axis& axis, size_t number, std::span<const Scored> order, size_t best_count) {
  std::vector<double> best, all;
  for (size_t i = 0; i < order.size(); ++i) {
    const double value = order[i].trial->values[number];
    all.push_back(axis.isRange() ? axis.position(value) : value);
    if (i < best_count) best.push_back(all.back());
  }
  if (axis.isRange()) return pearsonDivergence(densityOf(best), densityOf(all));
  return pearsonDivergence(sharesOf(best, axis.choices.size()), sharesOf(all, axis.choices.size()));
}

}  // namespace

std::vector<AxisImportance> importanceOf(const StudySpec& spec, std::span<const Scored> known, bool larger_is_better) {
  const auto same = [&](const Scored& each) { return each.score == known.front().score; };
  if (known.size() < kFewest || std::all_of(known.begin(), known.end(), same)) return {};
  std::vector<Scored> order(known.begin(), known.end());
  std::stable_sort(order.begin(), order.end(), [&](const Scored& a, const Scored& b) {
    return larger_is_better ? a.score > b.score : a.score < b.score;
  });
  const size_t best_count = std::max<size_t>(2, (order.size() + 3) / 4);
  std::vector<AxisImportance> out;
  double sum = 0;
  for (size_t a = 0; a < spec.axes.size(); ++a) {
    const double share =
        spec.search == Search::Grid ? betweenChoices(known, a) : divergence(spec.axes[a], a, order, best_count);
    out.push_back({spec.axes[a].name, share});
    sum += share;
  }
  if (spec.search != Search::Grid && sum > 0)
    for (auto& each : out) each.share /= sum;
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
  return out;
}

}  // namespace blockyard
