#include "runs/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace blockyard {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method.
double betaFraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kEnough = 1e-15;
  const auto kept = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), out = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d), c = kept(1 + even / c), out *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d), c = kept(1 + odd / c);
    const double factor = d * c;
    out *= factor;
    if (std::abs(factor - 1) < kEnough) break;
  }
  return out;
}

// Regularized, I_x(a, b).
double incompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast on this side of the mean only.
  return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b;
}

}  // namespace

Spread spreadOf(std::span<const double> values) {
  Spread out{.count = values.size()};
  if (values.empty()) return out;
  out.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  out.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return out;
}

double studentTwoSided(double t, double freedom) {
  if (std::isinf(t)) return 0;
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

double studentQuantile(double share, double freedom) {
  double low = 0, high = 1;
  while (studentTwoSided(high, freedom) > share && high < 1e300) low = high, high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
    const double middle = (low + high) / 2;
    (studentTwoSided(middle, freedom) > share ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval meanInterval(std::span<const double> values, double confidence) {
  const Spread spread = spreadOf(values);
  Interval out{.mean = spread.mean, .low = -kInfinity, .high = kInfinity, .count = spread.count};
  if (spread.count < 2) return out;
  const auto freedom = static_cast<double>(spread.count - 1);
  const double error = spread.deviation / std::sqrt(static_cast<double>(spread.count));
  const double reach = studentQuantile(1 - confidence, freedom) * error;
  out.low = spread.mean - reach, out.high = spread.mean + reach;
  if (error > 0) {
    out.p = studentTwoSided(spread.mean / error, freedom);
    return out;
  }
  // Without a spread t says nothing. That all have the same sign still does: the sign test.
  out.p = spread.mean == 0 ? 1 : std::ldexp(1.0, 1 - static_cast<int>(spread.count));
  if (out.p >= 1 - confidence) out.low = std::min(0.0, spread.mean), out.high = std::max(0.0, spread.mean);
  return out;
}

Interval pairedDifference(std::span<const double> first, std::span<const double> second, double confidence) {
  std::vector<double> differences(std::min(first.size(), second.size()));
  for (size_t i = 0; i < differences.size(); ++i) differences[i] = second[i] - first[i];
  return meanInterval(differences, confidence);
}

std::vector<double> holmAdjusted(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> out(p.size());
  double least = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    out[order[i]] = least;
  }
  return out;
}

}  // namespace blockyard
