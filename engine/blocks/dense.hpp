// A dense layer with a gradient of its own: shared by all blocks that hold one.
#pragma once
#include <ATen/core/Tensor.h>

namespace blockyard {

// y = x W' + b, and max(y, 0) if `relu`. x: [N, ..., in], weight: [out, in], bias: [out] or undefined.
// The values are those of at::linear and at::relu; one step back through it takes fewer operators and no copy of y.
at::Tensor dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu = false);

// A weight that is sure not to change any more, in the order in which oneDNN multiplies by it; undefined where `dense`
// is as fast: for small weights, and other than float32 ones on the CPU.
at::Tensor packDense(const at::Tensor& weight);
// The same as dense up to rounding, without gradients; `packed` from packDense.
at::Tensor densePacked(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, bool relu = false);

}  // namespace blockyard
