#include "blocks/eight_bits.hpp"

#include <ATen/ATen.h>

namespace blockyard {
namespace {

thread_local int alive = 0;

}  // namespace

EightBits::EightBits() {
  ++alive;
}

EightBits::~EightBits() {
  --alive;
}

// 127 steps to either side, so that no weight changes its sign.
EightBitWeight eightBitWeight(const at::Tensor& weight) {
  const at::Tensor rows = weight.detach().to(at::kCPU, at::kFloat).reshape({weight.size(0), -1});
  const at::Tensor largest = rows.abs().amax(1);
  const at::Tensor scale = at::where(largest > 0, largest / 127, at::ones_like(largest));
  const at::Tensor steps = at::round(rows / scale.unsqueeze(1)).clamp(-127, 127) + kEightBitZero;
  return {steps.to(at::kByte).reshape(weight.sizes()), scale};
}

at::Tensor asWeight(const at::Tensor& weight) {
  if (alive == 0) return weight;
  const EightBitWeight small = eightBitWeight(weight);
  const at::Tensor rows = small.values.to(at::kFloat).reshape({weight.size(0), -1}) - kEightBitZero;
  return (rows * small.scale.unsqueeze(1)).reshape(weight.sizes()).to(weight.options());
}

// As the operator DynamicQuantizeLinear of ONNX does it, and back.
at::Tensor asActivation(const at::Tensor& x) {
  if (alive == 0) return x;
  const at::Tensor high = x.amax().clamp_min(0), low = x.amin().clamp_max(0);
  const at::Tensor scale = (high - low) / 255;
  if (scale.item<double>() == 0) return x;
  const at::Tensor zero = at::round((-low / scale).clamp(0, 255));
  return ((at::round(x / scale) + zero).clamp(0, 255) - zero) * scale;
}

}  // namespace blockyard
