#include "blocks/image_kernel.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>

namespace blockyard {
namespace {

std::atomic<ImageToFloat> cuda_kernel{nullptr};

// Pictures of one thread's share: enough work to be worth waking it.
constexpr int64_t kShare = 1 << 17;

// Both [C, H*W] and, for one channel, [H*W, 1].
void scalePlanes(const uint8_t* from, float* to, int64_t planes, int64_t pixels, int64_t channels, const float* factor,
                 const float* offset) {
  at::parallel_for(0, planes, std::max<int64_t>(1, kShare / pixels), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      const float a = factor[plane % channels], b = offset[plane % channels];
      const uint8_t* in = from + plane * pixels;
      float* out = to + plane * pixels;
      for (int64_t i = 0; i < pixels; ++i) out[i] = static_cast<float>(in[i]) * a + b;
    }
  });
}

// [H*W, C] on both sides. The factors of some pixels side by side let the inner loop run as vector instructions.
void scalePixels(const uint8_t* from, float* to, int64_t pixels, int64_t channels, const float* factor,
                 const float* offset) {
  constexpr int64_t kSideBySide = 16;
  const int64_t period = channels * kSideBySide;
  std::vector<float> factors, offsets;
  for (int64_t i = 0; i < period; ++i) {
    factors.push_back(factor[i % channels]);
    offsets.push_back(offset[i % channels]);
  }
  const int64_t all = pixels * channels;
  at::parallel_for(
      0, (all + period - 1) / period, std::max<int64_t>(1, kShare / period), [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; ++block) {
          const int64_t first = block * period, count = std::min(period, all - first);
          const uint8_t* in = from + first;
          float* out = to + first;
          for (int64_t i = 0; i < count; ++i)
            out[i] = static_cast<float>(in[i]) * factors[static_cast<size_t>(i)] + offsets[static_cast<size_t>(i)];
        }
      });
}

// Planes in, pixels out: row by row, so that both sides stay in the cache.
void interleave(const uint8_t* from, float* to, int64_t images, int64_t channels, int64_t pixels, const float* factor,
                const float* offset) {
  constexpr int64_t kRun = 1024;
  at::parallel_for(0, images, std::max<int64_t>(1, kShare / (pixels * channels)), [&](int64_t begin, int64_t end) {
    for (int64_t image = begin; image < end; ++image) {
      const uint8_t* in = from + image * channels * pixels;
      float* out = to + image * channels * pixels;
      for (int64_t first = 0; first < pixels; first += kRun) {
        const int64_t last = std::min(pixels, first + kRun);
        for (int64_t c = 0; c < channels; ++c) {
          const float a = factor[c], b = offset[c];
          for (int64_t i = first; i < last; ++i) out[i * channels + c] = static_cast<float>(in[c * pixels + i]) * a + b;
        }
      }
    }
  });
}

at::Tensor onCpu(const at::Tensor& image, const ImageScaling& scaling) {
  const int64_t images = image.size(0), channels = image.size(1), pixels = image.size(2) * image.size(3);
  const float* factor = scaling.factor.const_data_ptr<float>();
  const float* offset = scaling.offset.const_data_ptr<float>();
  at::Tensor out = at::empty(image.sizes(), image.options().dtype(at::kFloat).memory_format(scaling.layout));
  if (image.numel() == 0) return out;
  float* to = out.mutable_data_ptr<float>();
  const bool pixel_wise = scaling.layout == at::MemoryFormat::ChannelsLast && channels > 1;
  if (pixel_wise && !image.is_contiguous() && image.is_contiguous(at::MemoryFormat::ChannelsLast)) {
    scalePixels(image.const_data_ptr<uint8_t>(), to, images * pixels, channels, factor, offset);
    return out;
  }
  const at::Tensor planes = image.contiguous();
  const uint8_t* from = planes.const_data_ptr<uint8_t>();
  if (pixel_wise)
    interleave(from, to, images, channels, pixels, factor, offset);
  else
    scalePlanes(from, to, images * channels, pixels, channels, factor, offset);
  return out;
}

}  // namespace

at::Tensor imageToFloat(const at::Tensor& image, const ImageScaling& scaling) {
  if (image.is_cpu()) return onCpu(image, scaling);
  if (const ImageToFloat kernel = cuda_kernel.load(); kernel != nullptr && image.is_cuda())
    return kernel(image, scaling);
  const at::Tensor wide = image.to(image.options().dtype(at::kFloat).memory_format(scaling.layout));
  const auto perChannel = [&](const at::Tensor& t) { return t.to(image.device()).view({1, -1, 1, 1}); };
  return at::addcmul(perChannel(scaling.offset), wide, perChannel(scaling.factor)).contiguous(scaling.layout);
}

void setCudaImageToFloat(ImageToFloat kernel) {
  cuda_kernel = kernel;
}

}  // namespace blockyard
