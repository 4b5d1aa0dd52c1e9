#include "training/mix_up.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace blockyard {
namespace {

// The logarithm of a number from Gamma(shape, 1): Marsaglia and Tsang, "A simple method for generating gamma variables"
// (2000). Below 1 by Gamma(shape) = Gamma(shape + 1) U^(1 / shape), whose logarithm is finite however small shape is.
double logGamma(const KeyedRandom& random, double shape) {
  if (shape < 1) return logGamma(random.key("above"), shape + 1) + std::log(1 - random.uniform(0)) / shape;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  const KeyedRandom normal = random.key("normal"), uniform = random.key("uniform");
  for (uint64_t i = 0;; ++i) {
    const double x = normal.normal(i), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - uniform.uniform(i)) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

}  // namespace

double betaNumber(const KeyedRandom& random, double alpha) {
  const double a = logGamma(random.key("first"), alpha), b = logGamma(random.key("second"), alpha);
  return 1 / (1 + std::exp(b - a));
}

BatchMix::BatchMix(MixHow how, double lambda, at::Tensor partners, double across, double down)
    : how_(how),
      lambda_(lambda),
      side_(std::sqrt(1 - lambda)),
      across_(across),
      down_(down),
      partners_(std::move(partners)) {}

BatchMix::BatchMix(MixHow how, double alpha, int64_t rows, const KeyedRandom& random)
    : BatchMix(how, betaNumber(random.key("lambda"), alpha), at::empty({rows}, at::kLong), random.key("box").uniform(0),
               random.key("box").uniform(1)) {
  const KeyedPermutation order(static_cast<uint64_t>(rows), random.key("partners"));
  int64_t* partners = partners_.mutable_data_ptr<int64_t>();
  for (int64_t i = 0; i < rows; ++i) partners[i] = static_cast<int64_t>(order(static_cast<uint64_t>(i)));
}

at::Tensor BatchMix::partnersOn(at::Device device) const {
  return partners_.to(device);
}

at::Tensor BatchMix::mixed(const at::Tensor& x) {
  if (!x.is_floating_point())
    throw Error({.block = "training", .parameter = "mix"},
                "rows can be mixed where they are float32 numbers, and the model reads whole numbers here",
                "set mix to none");
  const at::Tensor other = x.index_select(0, partnersOn(x.device()));
  if (how_ == MixHow::MixUp) return x * lambda_ + other * (1 - lambda_);
  if (x.dim() != 4)
    throw Error({.block = "training", .parameter = "mix"}, "CutMix cuts boxes out of pictures [N, C, H, W]",
                "set mix to mixup");
  const int64_t height = x.size(2), width = x.size(3);
  const auto box = [this](double centre, int64_t size) {
    const auto middle = static_cast<int64_t>(centre * static_cast<double>(size));
    const auto half = static_cast<int64_t>(side_ * static_cast<double>(size)) / 2;
    return std::pair(std::max<int64_t>(0, middle - half), std::min(size, middle + half));
  };
  const auto [top, bottom] = box(down_, height);
  const auto [left, right] = box(across_, width);
  lambda_ = 1 - static_cast<double>((bottom - top) * (right - left)) / static_cast<double>(height * width);
  at::Tensor out = x.clone();
  out.slice(2, top, bottom).slice(3, left, right).copy_(other.slice(2, top, bottom).slice(3, left, right));
  return out;
}

at::Tensor BatchMix::ofPartners(const at::Tensor& target) const {
  return target.index_select(0, partnersOn(target.device()));
}

}  // namespace blockyard
