#include "data/resample.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr int64_t kZeros = 10;      // of the sinc, on each side
constexpr double kBeta = 5;         // of the window
constexpr int64_t kMost = 400'000;  // steps of one rate within the other: 64 MB of weights

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

}  // namespace

Resampler::Resampler(int64_t from, int64_t to) {
  const int64_t common = std::gcd(from, to);
  up_ = to / common, down_ = from / common;
  const int64_t slower = std::max(up_, down_), half = kZeros * slower;
  if (slower > kMost)
    throw Error({}, std::to_string(from) + " samples a second cannot be brought to " + std::to_string(to),
                "choose a rate that has a common factor with it, such as " + std::to_string(from));
  // Of the sound with up_ - 1 zeros behind every sample: half + 1 weights from the middle on, whose sum over both sides
  // is 1.
  std::vector<double> side(static_cast<size_t>(half) + 1);
  double sum = 0;
  for (int64_t t = 0; t <= half; ++t) {
    const double place = static_cast<double>(t), at = place / static_cast<double>(half);
    double& weight = side[static_cast<size_t>(t)];
    weight = sinc(place / static_cast<double>(slower)) * std::cyl_bessel_i(0, kBeta * std::sqrt(1 - at * at));
    sum += t == 0 ? weight : 2 * weight;
  }
  reach_ = half / up_;
  const int64_t width = 2 * reach_ + 2;
  weights_.assign(static_cast<size_t>(up_ * width), 0);
  for (int64_t phase = 0; phase < up_; ++phase)
    for (int64_t i = 0; i < width; ++i)
      if (const int64_t t = std::abs(phase + (reach_ - i) * up_); t <= half)
        weights_[static_cast<size_t>(phase * width + i)] =
            side[static_cast<size_t>(t)] * static_cast<double>(up_) / sum;
}

Resampler::Needed Resampler::neededFor(int64_t first, int64_t count) const {
  return {first * down_ / up_ - reach_, (first + count - 1) * down_ / up_ + reach_ + 2};
}

void Resampler::run(const float* samples, int64_t first, int64_t count, float* into) const {
  const int64_t width = 2 * reach_ + 2, begin = neededFor(first, count).first;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t at = (first + i) * down_;
    const double* weight = weights_.data() + at % up_ * width;
    const float* from = samples + (at / up_ - reach_ - begin);
    double sum = 0;
    for (int64_t k = 0; k < width; ++k) sum += weight[k] * static_cast<double>(from[k]);
    into[i] = static_cast<float>(sum);
  }
}

}  // namespace blockyard
