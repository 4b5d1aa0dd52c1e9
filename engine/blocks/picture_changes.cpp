#include "blocks/picture_changes.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace blockyard {
namespace {

// Copies a picture between its place in a batch and the canvas. `like` is the batch.
template <class T>
void load(const T* from, const at::Tensor& like, Canvas& into) {
  const int64_t by_channel = like.stride(1), by_row = like.stride(2), by_column = like.stride(3);
  float* to = into.pixels.data();
  for (int64_t c = 0; c < into.channels; ++c)
    for (int64_t y = 0; y < into.height; ++y) {
      const T* row = from + c * by_channel + y * by_row;
      for (int64_t x = 0; x < into.width; ++x) *to++ = static_cast<float>(row[x * by_column]);
    }
}

template <class T>
void store(const Canvas& from, const at::Tensor& like, T* into) {
  const int64_t by_channel = like.stride(1), by_row = like.stride(2), by_column = like.stride(3);
  const float* in = from.pixels.data();
  for (int64_t c = 0; c < from.channels; ++c)
    for (int64_t y = 0; y < from.height; ++y) {
      T* row = into + c * by_channel + y * by_row;
      for (int64_t x = 0; x < from.width; ++x, ++in) {
        if constexpr (std::is_same_v<T, uint8_t>)
          row[x * by_column] = static_cast<uint8_t>(std::clamp(std::nearbyint(*in), 0.0F, 255.0F));
        else
          row[x * by_column] = *in;
      }
    }
}

template <class T>
void changeAll(const at::Tensor& from, at::Tensor& to, const Step& step, const KeyedRandom& random,
               const PictureChange& change) {
  const int64_t* ids = step.rowIds().defined() ? step.rowIds().const_data_ptr<int64_t>() : nullptr;
  const T* source = from.const_data_ptr<T>();
  T* target = to.mutable_data_ptr<T>();
  const KeyedRandom epoch = random.key(static_cast<uint64_t>(step.epoch()));
  at::parallel_for(0, from.size(0), 4, [&](int64_t begin, int64_t end) {
    Canvas canvas{from.size(1), from.size(2), from.size(3), std::is_same_v<T, uint8_t> ? 255.0F : 1.0F};
    canvas.pixels.resize(static_cast<size_t>(canvas.channels * canvas.height * canvas.width));
    for (int64_t i = begin; i < end; ++i) {
      load(source + i * from.stride(0), from, canvas);
      change(canvas, epoch.key(static_cast<uint64_t>(ids != nullptr ? ids[i] : i)));
      store(canvas, to, target + i * to.stride(0));
    }
  });
}

double radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}

// A plane between its pixels; `fill` where it ends.
float smoothAt(const float* plane, int64_t height, int64_t width, double y, double x, float fill) {
  const double low_y = std::floor(y), low_x = std::floor(x);
  const auto top = static_cast<int64_t>(low_y), left = static_cast<int64_t>(low_x);
  const auto at = [&](int64_t row, int64_t column) {
    return row < 0 || column < 0 || row >= height || column >= width ? fill : plane[row * width + column];
  };
  const auto down = static_cast<float>(y - low_y), right = static_cast<float>(x - low_x);
  return (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
         down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
}

// For every place along an axis of `size` the two pixels of `count` from `start` on that it lies between, as a scaling
// without corners aligned has them.
struct Between {
  int64_t low = 0, high = 0;
  float share = 0;  // of the higher one
};
std::vector<Between> scaledAxis(int64_t size, int64_t start, int64_t count) {
  std::vector<Between> out;
  const double step = static_cast<double>(count) / static_cast<double>(size);
  for (int64_t i = 0; i < size; ++i) {
    const double at = std::max(0.0, (static_cast<double>(i) + 0.5) * step - 0.5);
    const auto low = std::min(static_cast<int64_t>(at), count - 1);
    out.push_back(
        {start + low, start + std::min(low + 1, count - 1), static_cast<float>(at - static_cast<double>(low))});
  }
  return out;
}

}  // namespace

Packet changedPictures(const Packet& x, const Step& step, const KeyedRandom& random, const PictureChange& change) {
  if (!step.training()) return x;
  // Random numbers are made on the processor, so that every device sees the same pictures.
  const at::Tensor image = x.tensor().cpu();  // [N, C, H, W]
  const auto layout = image.suggest_memory_format();
  const at::Tensor from = image.contiguous(layout);
  at::Tensor to = at::empty_like(from, layout);
  if (image.scalar_type() == at::kByte)
    changeAll<uint8_t>(from, to, step, random, change);
  else
    changeAll<float>(from, to, step, random, change);
  return {to.to(x.tensor().device()), x.sharedMeaning()};
}

Signatures inferChanged(const Signatures& inputs, bool color) {
  const Signature& x = inputs.at("x");
  if (x.element != Element::UInt8 && x.element != Element::Float32)
    throw Error({.port = "x"}, "expected pictures of uint8 or float32, got " + x.text());
  const Dim& channels = x.shape.at(1);
  if (color && channels.known() && channels.size != 1 && channels.size != 3)
    throw Error({.port = "x"}, "expected pictures with 1 or 3 channels, got " + x.text());
  return {{"y", x}};
}

std::array<double, 2> rangeOf(const Values& values, const std::string& parameter) {
  const Numbers& numbers = values.numbers(parameter);
  if (numbers.size() != 2 || numbers[0] > numbers[1])
    throw Error({.parameter = parameter}, "expected two numbers, the smaller one first, got " + Value(numbers).text());
  return {numbers[0], numbers[1]};
}

double between(const std::array<double, 2>& range, double share) {
  return range[0] + (range[1] - range[0]) * share;
}

void affine(Canvas& canvas, const Affine& how, bool smooth, float fill) {
  // From a place in the result to where it comes from: the inverse of shear, scale, rotation and move.
  const double turn = radians(how.angle), sx = radians(how.shear_x), sy = radians(how.shear_y);
  const double a = std::cos(turn - sy) / std::cos(sy);
  const double b = -std::cos(turn - sy) * std::tan(sx) / std::cos(sy) - std::sin(turn);
  const double c = std::sin(turn - sy) / std::cos(sy);
  const double d = -std::sin(turn - sy) * std::tan(sx) / std::cos(sy) + std::cos(turn);
  const double xx = d / how.scale, xy = -b / how.scale, yx = -c / how.scale, yy = a / how.scale;
  const double middle_x = how.about_corner ? -0.5 : static_cast<double>(canvas.width - 1) / 2;
  const double middle_y = how.about_corner ? -0.5 : static_cast<double>(canvas.height - 1) / 2;
  canvas.spare.resize(canvas.pixels.size());
  const int64_t plane = canvas.height * canvas.width;
  for (int64_t y = 0; y < canvas.height; ++y) {
    for (int64_t x = 0; x < canvas.width; ++x) {
      const double to_x = static_cast<double>(x) - middle_x - how.right;
      const double to_y = static_cast<double>(y) - middle_y - how.down;
      double from_x = xx * to_x + xy * to_y + middle_x, from_y = yx * to_x + yy * to_y + middle_y;
      if (!smooth) from_x = std::nearbyint(from_x), from_y = std::nearbyint(from_y);
      for (int64_t k = 0; k < canvas.channels; ++k)
        canvas.spare[static_cast<size_t>(k * plane + y * canvas.width + x)] =
            smoothAt(canvas.pixels.data() + k * plane, canvas.height, canvas.width, from_y, from_x, fill);
    }
  }
  canvas.pixels.swap(canvas.spare);
}

void resizedCrop(Canvas& canvas, int64_t top, int64_t left, int64_t height, int64_t width) {
  const std::vector<Between> rows = scaledAxis(canvas.height, top, height);
  const std::vector<Between> columns = scaledAxis(canvas.width, left, width);
  canvas.spare.resize(canvas.pixels.size());
  float* to = canvas.spare.data();
  for (int64_t k = 0; k < canvas.channels; ++k) {
    const float* plane = canvas.pixels.data() + k * canvas.height * canvas.width;
    for (const Between& row : rows) {
      const float *upper = plane + row.low * canvas.width, *lower = plane + row.high * canvas.width;
      for (const Between& column : columns) {
        const float above = upper[column.low] + (upper[column.high] - upper[column.low]) * column.share;
        const float below = lower[column.low] + (lower[column.high] - lower[column.low]) * column.share;
        *to++ = above + (below - above) * row.share;
      }
    }
  }
  canvas.pixels.swap(canvas.spare);
}

void fillRectangle(Canvas& canvas, int64_t top, int64_t left, int64_t height, int64_t width, float value) {
  for (int64_t k = 0; k < canvas.channels; ++k)
    for (int64_t y = top; y < top + height; ++y) {
      float* row = canvas.pixels.data() + (k * canvas.height + y) * canvas.width + left;
      std::fill(row, row + width, value);
    }
}

std::optional<Rectangle> randomRectangle(const Canvas& canvas, const std::array<double, 2>& area,
                                         const std::array<double, 2>& ratio, const KeyedRandom& random) {
  const auto whole = static_cast<double>(canvas.height * canvas.width);
  constexpr uint64_t kTries = 10, kEach = 4;
  for (uint64_t at = 0; at < kTries * kEach; at += kEach) {
    const double wanted = whole * between(area, random.uniform(at));
    const double shape = std::exp(
        between({std::log(std::max(ratio[0], 1e-3)), std::log(std::max(ratio[1], 1e-3))}, random.uniform(at + 1)));
    const auto width = std::llrint(std::sqrt(wanted * shape)), height = std::llrint(std::sqrt(wanted / shape));
    if (width < 1 || height < 1 || width > canvas.width || height > canvas.height) continue;
    const auto top = random.below(at + 2, static_cast<uint64_t>(canvas.height - height + 1));
    const auto left = random.below(at + 3, static_cast<uint64_t>(canvas.width - width + 1));
    return Rectangle{static_cast<int64_t>(top), static_cast<int64_t>(left), height, width};
  }
  return std::nullopt;
}

}  // namespace blockyard
