// The picture kernels: where each thread reads and writes stands in cuda/image_layout.hpp.
#include "cuda/plugin/image_kernel.hpp"

namespace blockyard::cuda {
namespace {

// The factors of one block in shared memory: threads side by side ask for different channels, which the memory of
// arguments would answer one after the other.
struct SharedFactors {
  float factor[kMaxChannels];
  float offset[kMaxChannels];
};

__device__ void share(const ImageFactors& from, SharedFactors& to, uint32_t channels) {
  for (uint32_t c = threadIdx.x; c < channels; c += kThreads) {
    to.factor[c] = from.factor[c];
    to.offset[c] = from.offset[c];
  }
}

__global__ void __launch_bounds__(kThreads)
    planesToPixelsKernel(ImageTiles tiles, const uint8_t* __restrict__ from, float* __restrict__ to,
                         const __grid_constant__ ImageFactors factors) {
  __shared__ alignas(16) uint8_t tile_bytes[kTileBytes];
  __shared__ SharedFactors shared;
  share(factors, shared, tiles.channels);
  readTile(tiles, from, tile_bytes, blockIdx.x, threadIdx.x);
  __syncthreads();
  writeTile(tiles, tile_bytes, to, shared.factor, shared.offset, blockIdx.x, threadIdx.x);
}

__global__ void __launch_bounds__(kThreads)
    inOrderKernel(ImageRow row, const uint8_t* __restrict__ from, float* __restrict__ to,
                  const __grid_constant__ ImageFactors factors) {
  __shared__ SharedFactors shared;
  share(factors, shared, row.channels);
  __syncthreads();
  scaleInOrder(row, from, to, shared.factor, shared.offset, blockIdx.x * kThreads + threadIdx.x);
}

// Calls `launch` for parts of the batch that stay below kMaxElements. Parts are multiples of 16 pictures where the
// batch is larger than that, so that each begins as well aligned as the first.
template <class Launch>
cudaError_t inParts(const ImageLaunch& all, Launch launch) {
  const int64_t size = static_cast<int64_t>(all.channels) * all.pixels;
  int64_t most = (kMaxElements - 1) / size;
  if (most > 16) most = most / 16 * 16;
  for (int64_t first = 0; first < all.images; first += most) {
    const int64_t images = all.images - first < most ? all.images - first : most;
    launch(static_cast<uint32_t>(images), all.from + first * size, all.to + first * size);
    if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess) return error;
  }
  return cudaSuccess;
}

}  // namespace

cudaError_t planesToPixels(const ImageLaunch& all, const ImageFactors& factors) {
  return inParts(all, [&](uint32_t images, const uint8_t* from, float* to) {
    const ImageTiles tiles = ImageTiles::of(from, to, all.channels, all.pixels);
    planesToPixelsKernel<<<images * tiles.tiles, kThreads, 0, all.stream>>>(tiles, from, to, factors);
  });
}

cudaError_t inOrder(const ImageLaunch& all, uint32_t inner, const ImageFactors& factors) {
  return inParts(all, [&](uint32_t images, const uint8_t* from, float* to) {
    const ImageRow row = ImageRow::of(from, to, images * all.channels * all.pixels, inner, all.channels);
    constexpr uint32_t kOfBlock = kThreads * kPack;
    inOrderKernel<<<(row.count + kOfBlock - 1) / kOfBlock, kThreads, 0, all.stream>>>(row, from, to, factors);
  });
}

}  // namespace blockyard::cuda
