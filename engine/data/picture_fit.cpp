#include "data/picture_fit.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace blockyard {
namespace {

struct Size {
  int64_t height = 0, width = 0;
};

// What a picture is scaled to before it is cut or padded.
Size scaledSize(Size from, const PictureShape& shape) {
  const auto height = static_cast<double>(from.height), width = static_cast<double>(from.width);
  const double tall = static_cast<double>(shape.height) / height, wide = static_cast<double>(shape.width) / width;
  if (shape.fit == Fit::Stretch || tall == wide) return {shape.height, shape.width};
  if (shape.fit == Fit::Crop) {  // the other side rounded down, as torchvision does
    if (tall > wide) return {shape.height, std::max(shape.width, static_cast<int64_t>(tall * width))};
    return {std::max(shape.height, static_cast<int64_t>(wide * height)), shape.width};
  }
  if (tall < wide) return {shape.height, std::max<int64_t>(1, std::llrint(std::nearbyint(tall * width)))};
  return {std::max<int64_t>(1, std::llrint(std::nearbyint(wide * height))), shape.width};
}

Pixels scaled(Pixels from, Size to, Smoothing smoothing) {
  if (from.height == to.height && from.width == to.width) return from;
  Pixels out{to.height, to.width, from.channels, {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * out.channels));
  const auto view = [](Pixels& pixels) {  // [1, C, H, W], the channels beside each other in memory
    return at::from_blob(pixels.bytes.data(), {1, pixels.height, pixels.width, pixels.channels}, at::kByte)
        .permute({0, 3, 1, 2});
  };
  const at::Tensor source = view(from);
  at::Tensor target = view(out);
  if (smoothing == Smoothing::Bilinear)
    at::_upsample_bilinear2d_aa_out(target, source, {to.height, to.width}, false);
  else
    at::_upsample_bicubic2d_aa_out(target, source, {to.height, to.width}, false);
  return out;
}

// The middle of `from`, or all of it in the middle of black, channel by channel.
void place(const Pixels& from, const PictureShape& shape, uint8_t* into) {
  const int64_t channels = from.channels, plane = shape.height * shape.width;
  const auto start = [](int64_t outer, int64_t inner) {  // rounded half to even, as both models do
    return std::llrint(std::nearbyint(static_cast<double>(outer - inner) / 2));
  };
  const int64_t top = start(from.height, shape.height), left = start(from.width, shape.width);
  const int64_t rows = std::min(from.height, shape.height), columns = std::min(from.width, shape.width);
  if (rows < shape.height || columns < shape.width) std::memset(into, 0, static_cast<size_t>(plane * channels));
  for (int64_t y = 0; y < rows; ++y) {
    const uint8_t* in =
        from.bytes.data() + ((y + std::max<int64_t>(top, 0)) * from.width + std::max<int64_t>(left, 0)) * channels;
    uint8_t* out = into + (y + std::max<int64_t>(-top, 0)) * shape.width + std::max<int64_t>(-left, 0);
    if (channels == 1) {
      std::memcpy(out, in, static_cast<size_t>(columns));
      continue;
    }
    for (int64_t x = 0; x < columns; ++x, in += channels)
      for (int64_t c = 0; c < channels; ++c) out[c * plane + x] = in[c];
  }
}

}  // namespace

void fitPicture(std::string_view bytes, const std::string& file, const PictureShape& shape, uint8_t* into) {
  // Twice the size at least: what a decoder leaves out before is then not seen behind the antialiasing.
  constexpr int64_t kSpare = 2;
  const PictureSize stored = pictureSize(bytes, file);
  const Size size = scaledSize({stored.height, stored.width}, shape);
  PictureWish wish{.channels = shape.channels};
  wish.least_height = kSpare * size.height, wish.least_width = kSpare * size.width;
  place(scaled(decodePixels(bytes, file, wish), size, shape.smoothing), shape, into);
}

}  // namespace blockyard
