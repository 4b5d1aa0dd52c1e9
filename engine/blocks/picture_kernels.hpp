// Kernels for pictures whose channels lie last, in float32 on the CPU, for pipelines that only answer: no gradient goes
// back through them and no trace sees them. Any thread; the same bits for any number of threads.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

namespace blockyard {

// A convolution over so few inputs that LibTorch takes longer to set it up than to compute it for one picture: the
// first one of a network.
class FewInputs {
 public:
  // `weight` is [out, C, kernel, kernel], `bias` [out] or undefined. Nothing where LibTorch is as fast.
  static std::optional<FewInputs> of(const at::Tensor& weight, const at::Tensor& bias, at::IntArrayRef stride,
                                     at::IntArrayRef dilation);
  // [N, C, H, W] -> [N, out, H', W'], without padding. Undefined for pictures that are too small.
  at::Tensor apply(const at::Tensor& x, bool relu) const;

 private:
  at::Tensor weight_;  // [C * kernel * kernel, out]
  at::Tensor bias_;    // [out]
  int64_t channels_ = 0;
  std::vector<int64_t> kernel_, stride_, dilation_;
};

// What at::max_pool2d gives; undefined for tensors that it is not made for.
at::Tensor maxPoolLast(const at::Tensor& x, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding);

}  // namespace blockyard
