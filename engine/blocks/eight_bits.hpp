// Weights and activations in 8 bits, as a quantized model works with them: weights once, with a scale for each output
// and zero in the middle; activations anew for each batch, with one scale between their smallest and largest value.
#pragma once
#include <ATen/core/Tensor.h>

namespace blockyard {

constexpr int64_t kEightBitZero = 128;  // of weights

struct EightBitWeight {
  at::Tensor values{};  // uint8, as the weight: [out, ...]
  at::Tensor scale{};   // float32 [out]: weight = (values - kEightBitZero) * scale
};
EightBitWeight eightBitWeight(const at::Tensor& weight);

// While one lives, products and convolutions of this thread give what they would with 8 bits, up to the rounding of
// sums: so its loss is measured before there is a program that runs such a model.
class EightBits {
 public:
  EightBits();
  ~EightBits();
  EightBits(const EightBits&) = delete;
  EightBits& operator=(const EightBits&) = delete;
};

// The tensors themselves, or what 8 bits leave of them while an EightBits lives.
at::Tensor asWeight(const at::Tensor& weight);
at::Tensor asActivation(const at::Tensor& x);

}  // namespace blockyard
