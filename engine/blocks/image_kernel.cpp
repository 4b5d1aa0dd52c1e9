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

// The three inner loops, compiled for every processor and once more for those with AVX2, which are twice as fast:
// LibTorch chooses its own kernels in the same way. Without fused multiply-add, so both give the same bits.
[[gnu::always_inline]] inline void plane(const uint8_t* from, float* to, int64_t count, float a, float b) {
  for (int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i]) * a + b;
}

[[gnu::always_inline]] inline void eachItsOwn(const uint8_t* from, float* to, int64_t count, const float* a,
                                              const float* b) {
  for (int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i]) * a[i] + b[i];
}

[[gnu::always_inline]] inline void threePlanes(const uint8_t* from, int64_t pixels, float* to, int64_t count,
                                               const float* a, const float* b) {
  const uint8_t *r = from, *g = from + pixels, *blue = from + 2 * pixels;
  for (int64_t i = 0; i < count; ++i) {
    to[3 * i] = static_cast<float>(r[i]) * a[0] + b[0];
    to[3 * i + 1] = static_cast<float>(g[i]) * a[1] + b[1];
    to[3 * i + 2] = static_cast<float>(blue[i]) * a[2] + b[2];
  }
}

struct Loops {
  void (*plane)(const uint8_t*, float*, int64_t, float, float);
  void (*each_its_own)(const uint8_t*, float*, int64_t, const float*, const float*);
  void (*three_planes)(const uint8_t*, int64_t, float*, int64_t, const float*, const float*);
};

#if defined(__x86_64__)
__attribute__((target("avx2"))) void planeAvx2(const uint8_t* from, float* to, int64_t count, float a, float b) {
  plane(from, to, count, a, b);
}
__attribute__((target("avx2"))) void eachItsOwnAvx2(const uint8_t* from, float* to, int64_t count, const float* a,
                                                    const float* b) {
  eachItsOwn(from, to, count, a, b);
}
__attribute__((target("avx2"))) void threePlanesAvx2(const uint8_t* from, int64_t pixels, float* to, int64_t count,
                                                     const float* a, const float* b) {
  threePlanes(from, pixels, to, count, a, b);
}
#endif

const Loops& loops() {
  static const Loops kChosen = [] {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return Loops{planeAvx2, eachItsOwnAvx2, threePlanesAvx2};
#endif
    return Loops{plane, eachItsOwn, threePlanes};
  }();
  return kChosen;
}

// [N, C, H*W] on both sides; also [H*W, 1].
void scalePlanes(const uint8_t* from, float* to, int64_t planes, int64_t pixels, int64_t channels, const float* factor,
                 const float* offset) {
  at::parallel_for(0, planes, std::max<int64_t>(1, kShare / pixels), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      loops().plane(from + i * pixels, to + i * pixels, pixels, factor[i % channels], offset[i % channels]);
  });
}

// [N*H*W, C] on both sides. The factors of some pixels side by side let one loop run over all channels.
void scalePixels(const uint8_t* from, float* to, int64_t pixels, int64_t channels, const float* factor,
                 const float* offset) {
  constexpr int64_t kSideBySide = 256;
  const int64_t period = channels * kSideBySide, all = pixels * channels;
  std::vector<float> factors, offsets;
  for (int64_t i = 0; i < period; ++i) {
    factors.push_back(factor[i % channels]);
    offsets.push_back(offset[i % channels]);
  }
  at::parallel_for(
      0, (all + period - 1) / period, std::max<int64_t>(1, kShare / period), [&](int64_t begin, int64_t end) {
        for (int64_t first = begin * period; first < std::min(end * period, all); first += period)
          loops().each_its_own(from + first, to + first, std::min(period, all - first), factors.data(), offsets.data());
      });
}

// [N, C, H*W] in, [N, H*W, C] out, a run of pixels at a time, so that both sides stay in the cache.
void interleave(const uint8_t* from, float* to, int64_t images, int64_t channels, int64_t pixels, const float* factor,
                const float* offset) {
  constexpr int64_t kRun = 1024;
  const auto one = [&](const uint8_t* in, float* out) {
    if (channels == 3) return loops().three_planes(in, pixels, out, pixels, factor, offset);
    for (int64_t first = 0; first < pixels; first += kRun) {
      const int64_t last = std::min(pixels, first + kRun);
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t i = first; i < last; ++i)
          out[i * channels + c] = static_cast<float>(in[c * pixels + i]) * factor[c] + offset[c];
    }
  };
  const int64_t size = pixels * channels;
  at::parallel_for(0, images, std::max<int64_t>(1, kShare / size), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) one(from + i * size, to + i * size);
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
  if (const ImageToFloat kernel = cuda_kernel.load(); kernel != nullptr && image.is_cuda()) {
    if (at::Tensor out = kernel(image, scaling); out.defined()) return out;
  }
  const at::Tensor wide = image.to(image.options().dtype(at::kFloat).memory_format(scaling.layout));
  const auto per_channel = [&](const at::Tensor& t) { return t.to(image.device()).view({1, -1, 1, 1}); };
  return at::addcmul(per_channel(scaling.offset), wide, per_channel(scaling.factor)).contiguous(scaling.layout);
}

void setCudaImageToFloat(ImageToFloat kernel) {
  cuda_kernel = kernel;
}

}  // namespace blockyard
