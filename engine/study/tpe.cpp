// The tree-structured Parzen estimator: each axis for itself, as in Bergstra et al. 2011, with the bandwidths that
// Optuna documents (the distance to the farther neighbour, held between the range / min(100, n + 1) and the range).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.hpp"
#include "study/trial.hpp"

namespace blockyard {
namespace {

constexpr size_t kStartup = 10;     // trials drawn at random
constexpr size_t kCandidates = 24;  // drawn from the density of the good ones
constexpr size_t kMostGood = 25;

double normalBelow(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

// A mixture of normal distributions on [0, 1]: one around each value, and a wide one for what nobody has tried.
class Density {
 public:
  explicit Density(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto count = static_cast<double>(values.size());
    const double least = 1 / std::min(100.0, count + 2);
    for (size_t i = 0; i < values.size(); ++i) {
      const double left = values[i] - (i == 0 ? 0 : values[i - 1]);
      const double right = (i + 1 == values.size() ? 1 : values[i + 1]) - values[i];
      parts_.push_back({values[i], std::clamp(std::max(left, right), least, 1.0)});
    }
    parts_.push_back({0.5, 1});
  }

  double log(double x) const {
    double sum = 0;
    for (const Part& part : parts_) {
      const double z = (x - part.mean) / part.deviation;
      sum += std::exp(-z * z / 2) / (part.deviation * std::sqrt(2 * M_PI) * part.within());
    }
    return std::log(sum / static_cast<double>(parts_.size()));
  }

  double draw(const KeyedRandom& random, uint64_t counter) const {
    const Part& part = parts_[random.key("part").below(counter, parts_.size())];
    for (uint64_t attempt = 0; attempt < 100; ++attempt) {
      const double x = part.mean + part.deviation * random.key("value").key(attempt).normal(counter);
      if (x >= 0 && x < 1) return x;
    }
    return part.mean;
  }

 private:
  struct Part {
    double mean = 0, deviation = 1;
    double within() const {  // its share that lies in [0, 1]
      return normalBelow((1 - mean) / deviation) - normalBelow(-mean / deviation);
    }
  };
  std::vector<Part> parts_;
};

// The inverse of Axis::value, for a range.
double uniformOf(const Axis& axis, double value) {
  const double half = axis.integer ? 0.5 : 0;
  const auto scaled = [&](double v) { return axis.logarithmic ? std::log(v) : v; };
  const double from = scaled(axis.from - half), to = scaled(axis.to + half);
  return to > from ? std::clamp((scaled(value) - from) / (to - from), 0.0, std::nextafter(1.0, 0.0)) : 0.5;
}

// The number of the choice whose share among the good is largest over that among the others.
double bestChoice(size_t choices, const std::vector<double>& good, const std::vector<double>& rest,
                  const KeyedRandom& random) {
  // One kernel for each value and one for what nobody has tried, all softened the more the fewer there are: without
  // that, the first good trial's choice would be taken again for ever.
  const auto share = [&](const std::vector<double>& values, size_t choice) {
    const auto kernels = static_cast<double>(values.size()) + 1, many = static_cast<double>(choices);
    const auto hits = static_cast<double>(std::count(values.begin(), values.end(), static_cast<double>(choice)));
    const double soft = 1 / kernels, whole = 1 + many * soft;
    return (hits * (1 + soft) / whole + (kernels - 1 - hits) * soft / whole + 1 / many) / kernels;
  };
  double best = 0, most = -1;
  for (uint64_t i = 0; i < kCandidates; ++i) {  // drawn from the good ones, so that rare choices get their turn
    double u = random.uniform(i);
    size_t choice = 0;
    while (choice + 1 < choices && (u -= share(good, choice)) >= 0) ++choice;
    const double ratio = share(good, choice) / share(rest, choice);
    if (ratio > most) most = ratio, best = static_cast<double>(choice);
  }
  return best;
}

double bestNumber(const Axis& axis, std::vector<double> good, std::vector<double> rest, const KeyedRandom& random) {
  for (auto* values : {&good, &rest})
    for (double& value : *values) value = uniformOf(axis, value);
  const Density of_good(std::move(good)), of_rest(std::move(rest));
  double best = 0, most = -std::numeric_limits<double>::infinity();
  for (uint64_t i = 0; i < kCandidates; ++i) {
    const double x = of_good.draw(random, i), gain = of_good.log(x) - of_rest.log(x);
    if (gain > most) most = gain, best = x;
  }
  return axis.value(best);
}

}  // namespace

Trial proposeTpe(const StudySpec& spec, int64_t number, std::span<const Scored> known, bool larger_is_better) {
  Trial out{.number = number};
  std::vector<Scored> order(known.begin(), known.end());
  std::stable_sort(order.begin(), order.end(), [&](const Scored& a, const Scored& b) {
    return larger_is_better ? a.score > b.score : a.score < b.score;
  });
  const auto tenth = static_cast<size_t>(std::ceil(0.1 * static_cast<double>(order.size())));
  const size_t good_count = std::min(tenth, kMostGood);
  for (size_t a = 0; a < spec.axes.size(); ++a) {
    const Axis& axis = spec.axes[a];
    const KeyedRandom random = KeyedRandom(static_cast<uint64_t>(spec.seed)).key("tpe").key(axis.name);
    const KeyedRandom of_trial = random.key(static_cast<uint64_t>(number));
    if (order.size() < kStartup) {
      out.values.push_back(axis.value(of_trial.uniform(0)));
      continue;
    }
    std::vector<double> good, rest;
    for (size_t i = 0; i < order.size(); ++i) (i < good_count ? good : rest).push_back(order[i].trial->values[a]);
    out.values.push_back(axis.isRange() ? bestNumber(axis, std::move(good), std::move(rest), of_trial)
                                        : bestChoice(axis.choices.size(), good, rest, of_trial));
  }
  return out;
}

}  // namespace blockyard
