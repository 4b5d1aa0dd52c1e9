#include "blocks/picture_kernels.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>

namespace blockyard {
namespace {

using EightFloats = float __attribute__((vector_size(32), aligned(4), may_alias));

constexpr int64_t kEight = 8;
constexpr int64_t kPixelGroup = 4;          // pixels side by side that share each weight that was fetched
constexpr int64_t kWorthAThread = 1 << 15;  // multiplications or comparisons that are worth waking a thread
constexpr float kLowest = -std::numeric_limits<float>::infinity();

[[gnu::always_inline]] inline const EightFloats& eight(const float* from) {
  return *reinterpret_cast<const EightFloats*>(from);
}
[[gnu::always_inline]] inline EightFloats& eight(float* to) {
  return *reinterpret_cast<EightFloats*>(to);
}

// One row of a convolution's result.
struct ConvolutionRow {
  const float* x;                       // the first input of the first pixel
  const std::vector<int64_t>& offsets;  // of a pixel's inputs, from the first one
  int64_t step;                         // from a pixel's inputs to the next one's
  const float *weight, *bias;           // [inputs, outputs], [outputs]
  int64_t pixels, outputs;
  float floor;
  float* y;  // [pixels, outputs]
};

[[gnu::always_inline]] inline void convolvePixels(const ConvolutionRow& row) {
  const EightFloats floor = EightFloats{} + row.floor;
  const auto inputs = static_cast<int64_t>(row.offsets.size());
  for (int64_t next = 0; next < row.pixels; next += kPixelGroup) {
    const int64_t first = std::min(next, row.pixels - kPixelGroup);  // the last group may do some pixels again
    const float* const x = row.x + first * row.step;
    for (int64_t o = 0; o < row.outputs; o += 2 * kEight) {
      EightFloats sum[kPixelGroup][2];
#pragma GCC unroll 4
      for (auto& each : sum) each[0] = eight(row.bias + o), each[1] = eight(row.bias + o + kEight);
      for (int64_t i = 0; i < inputs; ++i) {
        const float* const w = row.weight + i * row.outputs + o;
#pragma GCC unroll 4
        for (int64_t p = 0; p < kPixelGroup; ++p) {
          const float value = x[p * row.step + row.offsets[static_cast<size_t>(i)]];
          sum[p][0] += value * eight(w);
          sum[p][1] += value * eight(w + kEight);
        }
      }
#pragma GCC unroll 4
      for (int64_t p = 0; p < kPixelGroup; ++p) {
        float* const y = row.y + (first + p) * row.outputs + o;
        eight(y) = sum[p][0] < floor ? floor : sum[p][0];
        eight(y + kEight) = sum[p][1] < floor ? floor : sum[p][1];
      }
    }
  }
}

// One row of a pooling's result.
struct PoolRow {
  const float* x;  // [height, width, channels]: the rows of the picture under the window
  int64_t height, width, channels;
  int64_t kernel, stride, padding;  // along the width
  int64_t pixels;
  float* y;  // [pixels, channels]
};

[[gnu::always_inline]] inline void poolPixels(const PoolRow& row) {
  for (int64_t pixel = 0; pixel < row.pixels; ++pixel) {
    const int64_t start = pixel * row.stride - row.padding;
    const int64_t first = std::max<int64_t>(0, start), last = std::min(row.width, start + row.kernel);
    for (int64_t c = 0; c < row.channels; c += kEight) {
      EightFloats most = EightFloats{} + kLowest;
      for (int64_t h = 0; h < row.height; ++h)
        for (int64_t w = first; w < last; ++w) {
          const EightFloats value = eight(row.x + (h * row.width + w) * row.channels + c);
          most = ((value > most) | (value != value)) ? value : most;  // NaN, once met, stays
        }
      eight(row.y + pixel * row.channels + c) = most;
    }
  }
}

// Compiled for every processor, and once more for those with AVX2: as LibTorch chooses its own.
#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void convolveAvx2(const ConvolutionRow& row) {
  convolvePixels(row);
}
__attribute__((target("avx2,fma"))) void poolAvx2(const PoolRow& row) {
  poolPixels(row);
}
bool hasAvx2() {
  static const bool kHas = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return kHas;
}
void convolveRow(const ConvolutionRow& row) {
  hasAvx2() ? convolveAvx2(row) : convolvePixels(row);
}
void poolRow(const PoolRow& row) {
  hasAvx2() ? poolAvx2(row) : poolPixels(row);
}
#else
void convolveRow(const ConvolutionRow& row) {
  convolvePixels(row);
}
void poolRow(const PoolRow& row) {
  poolPixels(row);
}
#endif

bool isFloatPicture(const at::Tensor& x) {
  return x.dim() == 4 && x.is_cpu() && x.scalar_type() == at::kFloat;
}

// How often a window fits into `size`.
int64_t windowPlaces(int64_t size, int64_t kernel, int64_t stride, int64_t dilation = 1) {
  const int64_t room = size - dilation * (kernel - 1);
  return room < 1 ? 0 : (room - 1) / stride + 1;
}

}  // namespace

std::optional<FewInputs> FewInputs::of(const at::Tensor& weight, const at::Tensor& bias, at::IntArrayRef stride,
                                       at::IntArrayRef dilation) {
  constexpr int64_t kFew = 32;
  if (!isFloatPicture(weight) || weight[0].numel() > kFew || weight.size(0) % (2 * kEight) != 0) return std::nullopt;
  FewInputs out;
  out.weight_ = weight.detach().flatten(1).t().contiguous();
  out.bias_ = bias.defined() ? bias.detach() : at::zeros({weight.size(0)});
  out.kernel_ = weight.sizes().slice(2).vec(), out.stride_ = stride.vec(), out.dilation_ = dilation.vec();
  out.channels_ = weight.size(1);
  return out;
}

at::Tensor FewInputs::apply(const at::Tensor& x, bool relu) const {
  if (!isFloatPicture(x)) return {};
  const int64_t outputs = bias_.size(0), height = windowPlaces(x.size(2), kernel_[0], stride_[0], dilation_[0]),
                width = windowPlaces(x.size(3), kernel_[1], stride_[1], dilation_[1]);
  if (width < kPixelGroup || height < 1) return {};
  std::vector<int64_t> offsets;
  for (int64_t c = 0; c < channels_; ++c)
    for (int64_t i = 0; i < kernel_[0]; ++i)
      for (int64_t j = 0; j < kernel_[1]; ++j)
        offsets.push_back(c * x.stride(1) + i * dilation_[0] * x.stride(2) + j * dilation_[1] * x.stride(3));
  at::Tensor out =
      at::empty({x.size(0), outputs, height, width}, x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const float *from = x.const_data_ptr<float>(), *weight = weight_.const_data_ptr<float>(),
              *bias = bias_.const_data_ptr<float>();
  float* const to = out.mutable_data_ptr<float>();
  const int64_t work = width * outputs * static_cast<int64_t>(offsets.size());
  at::parallel_for(0, x.size(0) * height, kWorthAThread / work + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      convolveRow({.x = from + i / height * x.stride(0) + i % height * stride_[0] * x.stride(2),
                   .offsets = offsets,
                   .step = stride_[1] * x.stride(3),
                   .weight = weight,
                   .bias = bias,
                   .pixels = width,
                   .outputs = outputs,
                   .floor = relu ? 0 : kLowest,
                   .y = to + i * width * outputs});
  });
  return out;
}

at::Tensor maxPoolLast(const at::Tensor& x, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding) {
  if (!isFloatPicture(x) || x.size(1) % kEight != 0 || !x.is_contiguous(at::MemoryFormat::ChannelsLast)) return {};
  const int64_t channels = x.size(1), rows = x.size(2), columns = x.size(3);
  const int64_t height = windowPlaces(rows + 2 * padding[0], kernel[0], stride[0]);
  const int64_t width = windowPlaces(columns + 2 * padding[1], kernel[1], stride[1]);
  if (height < 1 || width < 1) return {};
  at::Tensor out =
      at::empty({x.size(0), channels, height, width}, x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const float* const from = x.const_data_ptr<float>();
  float* const to = out.mutable_data_ptr<float>();
  const int64_t work = width * channels * kernel[0] * kernel[1];
  at::parallel_for(0, x.size(0) * height, kWorthAThread / work + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t start = i % height * stride[0] - padding[0], first = std::max<int64_t>(0, start);
      poolRow({.x = from + (i / height * rows + first) * columns * channels,
               .height = std::min(rows, start + kernel[0]) - first,
               .width = columns,
               .channels = channels,
               .kernel = kernel[1],
               .stride = stride[1],
               .padding = padding[1],
               .pixels = width,
               .y = to + i * width * channels});
    }
  });
  return out;
}

}  // namespace blockyard
