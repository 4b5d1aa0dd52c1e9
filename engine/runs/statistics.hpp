// Statistics for comparing trainings that differ by chance (seeds, folds): means with their deviation, differences with
// an interval. Pure functions; values that are not finite are an error of the caller.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace blockyard {

struct Spread {
  size_t count = 0;
  double mean = 0;
  double deviation = 0;  // of the sample, divided by count - 1; 0 for one value
};
Spread spreadOf(std::span<const double> values);

// A mean with its two-sided confidence interval by Student's t. Below two values there is none: low and high are
// infinite. Values that are all the same have no t: then p is that of the sign test, and the interval reaches to 0
// unless that is enough.
struct Interval {
  double mean = 0, low = 0, high = 0;
  double p = 1;  // of a mean this far from 0 or farther if there were no effect; 1 below two values
  size_t count = 0;
  bool excludesZero() const { return low > 0 || high < 0; }
};
Interval meanInterval(std::span<const double> values, double confidence = 0.95);
// Of second - first, value by value: what both have in common (the seed, the fold) falls out. The same length.
Interval pairedDifference(std::span<const double> first, std::span<const double> second, double confidence = 0.95);

// Probability that a t with so many degrees of freedom lies beyond +-t.
double studentTwoSided(double t, double freedom);
// The t beyond which so much lies on both sides together, 0 < share < 1.
double studentQuantile(double share, double freedom);

// Holm's step-down correction of p values for many questions at once (S. Holm, "A simple sequentially rejective
// multiple test procedure", 1979). In the order given.
std::vector<double> holmAdjusted(std::span<const double> p);

}  // namespace blockyard
