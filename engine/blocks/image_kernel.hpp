// From uint8 pictures to float32 ones in a single pass: y = x * factor[c] + offset[c], laid out as the first
// convolution wants it. The hot path of every picture pipeline: one read of a byte and one write of a float each. A GPU
// plug-in sets a kernel of its own here before training starts; until then its tensors take the way through ATen's
// operators, three passes.
#pragma once
#include <ATen/core/Tensor.h>

namespace blockyard {

struct ImageScaling {
  at::Tensor factor{};  // float32 [C], on the CPU
  at::Tensor offset{};  // float32 [C], on the CPU
  at::MemoryFormat layout = at::MemoryFormat::Contiguous;
};

// `image` is uint8 [N, C, H, W] in either layout. Any thread.
at::Tensor imageToFloat(const at::Tensor& image, const ImageScaling& scaling);

// The kernel for CUDA tensors; where it has no answer it gives an undefined tensor. Engine thread, before the first
// batch.
using ImageToFloat = at::Tensor (*)(const at::Tensor& image, const ImageScaling& scaling);
void setCudaImageToFloat(ImageToFloat kernel);

}  // namespace blockyard
