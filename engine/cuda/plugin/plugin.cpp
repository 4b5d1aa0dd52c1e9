// The table of the CUDA plug-in, and the way from LibTorch's tensors to plain addresses.
#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "cuda/cuda_plugin.hpp"
#include "cuda/plugin/copy_lane.hpp"
#include "cuda/plugin/image_kernel.hpp"

namespace blockyard::cuda {
namespace {

at::Tensor imageToFloat(const at::Tensor& image, const ImageScaling& scaling) {
  const int64_t channels = image.size(1), pixels = image.size(2) * image.size(3);
  if (channels > kMaxChannels || channels * pixels >= int64_t{kMaxElements}) return {};
  const c10::DeviceGuard on_device(image.device());
  at::Tensor out = at::empty(image.sizes(), image.options().dtype(at::kFloat).memory_format(scaling.layout));
  if (image.numel() == 0) return out;

  ImageFactors factors{};
  std::copy_n(scaling.factor.const_data_ptr<float>(), channels, factors.factor);
  std::copy_n(scaling.offset.const_data_ptr<float>(), channels, factors.offset);
  const bool to_pixels = scaling.layout == at::MemoryFormat::ChannelsLast && channels > 1;
  const bool from_pixels = to_pixels && !image.is_contiguous() && image.is_contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor in = from_pixels ? image : image.contiguous();
  const ImageLaunch launch{.from = in.const_data_ptr<uint8_t>(),
                           .to = out.mutable_data_ptr<float>(),
                           .images = image.size(0),
                           .channels = static_cast<uint32_t>(channels),
                           .pixels = static_cast<uint32_t>(pixels),
                           .stream = c10::cuda::getCurrentCUDAStream().stream()};
  const cudaError_t error = to_pixels && !from_pixels ? planesToPixels(launch, factors)
                                                      : inOrder(launch, from_pixels ? 1 : launch.pixels, factors);
  TORCH_CHECK(error == cudaSuccess, "the picture kernel could not be started: ", cudaGetErrorString(error));
  return out;
}

constexpr CudaPlugin kTable{.version = kCudaPluginVersion, .image_to_float = imageToFloat, .make_lane = makeLane};

}  // namespace
}  // namespace blockyard::cuda

extern "C" const blockyard::CudaPlugin* blockyardCudaPlugin() {
  return &blockyard::cuda::kTable;
}
