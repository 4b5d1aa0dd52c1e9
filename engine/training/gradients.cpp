#include "training/gradients.hpp"

#include <ATen/ATen.h>

#include <cassert>

namespace blockyard {
namespace {

bool finite(const at::Tensor& tensor) {
  return !tensor.defined() || tensor.isfinite().all().item<bool>();
}

at::TensorOptions floatsLike(const std::vector<NamedTensor>& parameters) {
  return at::TensorOptions(at::kFloat).device(parameters.empty() ? at::kCPU : parameters.front().tensor.device());
}

}  // namespace

GradientCheck::GradientCheck(std::vector<NamedTensor> parameters)
    : parameters_(std::move(parameters)),
      found_(at::zeros({1}, floatsLike(parameters_))),
      one_(at::ones({1}, floatsLike(parameters_))) {}

// The kernel of mixed-precision training does both in one pass; by a factor of one it changes nothing.
const at::Tensor& GradientCheck::run(const at::Tensor& loss, const at::Tensor& inverse_scale) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  gradients.reserve(parameters_.size());
  for (const auto& [_, tensor] : parameters_)
    if (tensor.grad().defined()) gradients.push_back(tensor.grad());
  found_.zero_();
  at::_amp_foreach_non_finite_check_and_unscale_({loss.detach().to(at::kFloat)}, found_, one_);
  if (!gradients.empty())
    at::_amp_foreach_non_finite_check_and_unscale_(gradients, found_, inverse_scale.defined() ? inverse_scale : one_);
  return found_;
}

GradientCheck::Finding GradientCheck::find(const at::Tensor& loss) const {
  const at::NoGradGuard no_grad;
  Finding out{.loss = !finite(loss.detach())};
  for (const auto& [name, tensor] : parameters_) {
    if (out.weight.empty() && !finite(tensor)) out.weight = name;
    if (!finite(tensor.grad())) out.gradient = name;
  }
  return out;
}

GradScaler::GradScaler(at::Device device)
    : scale_(at::full({1}, 65536.0, at::TensorOptions(at::kFloat).device(device))),
      growth_(at::zeros({1}, at::TensorOptions(at::kInt).device(device))) {}

at::Tensor GradScaler::inverse() const {
  return scale_.reciprocal();
}

void GradScaler::update(const at::Tensor& bad) {
  const at::NoGradGuard no_grad;
  at::_amp_update_scale_(scale_, growth_, bad, 2.0, 0.5, 2000);
}

double GradScaler::scale() const {
  return scale_.item<float>();
}

State GradScaler::state() const {
  return {.tensors = {{"scale", scale_}, {"growth", growth_}}};
}

void GradScaler::loadState(const State& state) {
  restore(state, "scale", scale_);
  restore(state, "growth", growth_);
}

Ema::Ema(double decay, std::vector<NamedTensor> parameters) : decay_(decay), parameters_(std::move(parameters)) {
  for (const auto& [_, tensor] : parameters_) {
    weights_.push_back(tensor.detach());
    average_.push_back(tensor.detach().clone());
  }
}

void Ema::update() {
  assert(!swapped_);
  const at::NoGradGuard no_grad;
  ++steps_;
  const auto n = static_cast<double>(steps_);
  if (!weights_.empty()) at::_foreach_lerp_(average_, weights_, 1 - std::min(decay_, (1 + n) / (10 + n)));
}

void Ema::swap() {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < weights_.size(); ++i) {
    const at::Tensor kept = weights_[i].clone();
    weights_[i].copy_(average_[i]);
    average_[i].copy_(kept);
  }
  swapped_ = !swapped_;
}

State Ema::state() const {
  assert(!swapped_);
  State out{.values = {{"steps", steps_}}};
  for (size_t i = 0; i < average_.size(); ++i) out.tensors[parameters_[i].name] = average_[i];
  return out;
}

void Ema::loadState(const State& state) {
  assert(!swapped_);
  for (size_t i = 0; i < average_.size(); ++i) restore(state, parameters_[i].name, average_[i]);
  steps_ = stateValue(state, "steps").as<int64_t>();
}

}  // namespace blockyard
