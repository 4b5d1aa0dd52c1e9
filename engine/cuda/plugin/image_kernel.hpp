// Launches of the picture kernels, without a word of LibTorch, so that nvcc need not read its headers.
#pragma once
#include <cuda_runtime_api.h>

#include <cstdint>

#include "cuda/image_layout.hpp"

namespace blockyard::cuda {

struct ImageLaunch {
  const uint8_t* from = nullptr;  // on the device, images * channels * pixels bytes
  float* to = nullptr;            // on the device, as many floats
  int64_t images = 0;
  uint32_t channels = 0;  // at most kMaxChannels
  uint32_t pixels = 0;    // of one picture; channels * pixels < kMaxElements
  cudaStream_t stream = nullptr;
};

// From planes, [N, C, H*W], to pixels, [N, H*W, C].
cudaError_t planesToPixels(const ImageLaunch& launch, const ImageFactors& factors);
// The order stays: planes to planes (`inner` is pixels) or pixels to pixels (`inner` is 1).
cudaError_t inOrder(const ImageLaunch& launch, uint32_t inner, const ImageFactors& factors);

}  // namespace blockyard::cuda
