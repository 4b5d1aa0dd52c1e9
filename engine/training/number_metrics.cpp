// Numbers and quantiles: how far the answers are from the truth.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/value.hpp"
#include "training/metrics.hpp"

namespace blockyard {
namespace {

double medianOf(std::vector<double>& values) {
  const size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
  const double upper = values[half];
  if (values.size() % 2 == 1) return upper;
  return (upper + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half))) / 2;
}

// 1 - unexplained / total; a constant truth gives 1 if it is met and 0 if not (sklearn's force_finite).
double explainedShare(double unexplained, double total) {
  if (total > 0) return 1 - unexplained / total;
  return unexplained > 0 ? 0.0 : 1.0;
}

// One column against its truth, added to the sums in `out`.
void addColumn(std::span<const double> predictions, std::span<const double> targets, size_t column, size_t columns,
               std::map<std::string, double>& out) {
  const size_t rows = predictions.size() / columns;
  const auto n = static_cast<double>(rows);
  double error_sum = 0, target_sum = 0, absolute = 0, squared = 0, relative = 0, largest = 0;
  std::vector<double> sizes(rows);
  for (size_t i = 0; i < rows; ++i) {
    const double target = targets[i * columns + column], error = target - predictions[i * columns + column];
    const double size = std::abs(error);
    sizes[i] = size;
    error_sum += error;
    target_sum += target;
    absolute += size;
    squared += error * error;
    relative += size / std::max(std::abs(target), std::numeric_limits<double>::epsilon());
    largest = std::max(largest, size);
  }
  const double mean_error = error_sum / n, mean_target = target_sum / n;
  double target_spread = 0, error_spread = 0;
  for (size_t i = 0; i < rows; ++i) {
    const double target = targets[i * columns + column], error = target - predictions[i * columns + column];
    target_spread += (target - mean_target) * (target - mean_target);
    error_spread += (error - mean_error) * (error - mean_error);
  }
  out["mae"] += absolute / n;
  out["mse"] += squared / n;
  out["rmse"] += std::sqrt(squared / n);
  out["mape"] += relative / n;
  out["median_ae"] += medianOf(sizes);
  out["r2"] += rows > 1 ? explainedShare(squared, target_spread) : kNoScore;
  out["explained_variance"] += explainedShare(error_spread, target_spread);
  if (columns == 1) out["max_error"] = largest;
}

}  // namespace

Metrics numberMetrics(std::span<const double> predictions, std::span<const double> targets, int64_t columns) {
  assert(predictions.size() == targets.size());
  Metrics out;
  if (predictions.empty()) return out;
  const auto k = static_cast<size_t>(columns);
  for (size_t c = 0; c < k; ++c) addColumn(predictions, targets, c, k, out.numbers);
  for (auto& [_, value] : out.numbers) value /= static_cast<double>(columns);
  return out;
}

Metrics quantileMetrics(std::span<const double> predictions, std::span<const double> targets,
                        const std::vector<double>& quantiles) {
  const size_t columns = quantiles.size();
  assert(predictions.size() == targets.size() * columns);
  if (targets.empty()) return {};
  size_t middle = 0;
  for (size_t q = 1; q < columns; ++q)
    if (std::abs(quantiles[q] - 0.5) < std::abs(quantiles[middle] - 0.5)) middle = q;
  std::vector<double> middle_column;
  for (size_t i = 0; i < targets.size(); ++i) middle_column.push_back(predictions[i * columns + middle]);
  Metrics out = numberMetrics(middle_column, targets);
  double sum = 0;
  for (size_t q = 0; q < columns; ++q) {
    double loss = 0;
    for (size_t i = 0; i < targets.size(); ++i) {
      const double error = targets[i] - predictions[i * columns + q];
      loss += error >= 0 ? quantiles[q] * error : (quantiles[q] - 1) * error;
    }
    loss /= static_cast<double>(targets.size());
    out.numbers["pinball_" + Value(quantiles[q]).text()] = loss;
    sum += loss;
  }
  out.numbers["pinball"] = sum / static_cast<double>(columns);
  return out;
}

}  // namespace blockyard
