// What becomes of the values of pixels: brightness, contrast, colors, sharpness. See picture_changes.hpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "blocks/picture_changes.hpp"

namespace blockyard {
namespace {

size_t planeOf(const Canvas& canvas) {
  return static_cast<size_t>(canvas.height * canvas.width);
}

float mixed(const Canvas& canvas, float value, float other, float factor) {
  return std::clamp(factor * value + (1 - factor) * other, 0.0F, canvas.most);
}

float greyAt(const Canvas& canvas, size_t pixel) {
  const size_t plane = planeOf(canvas);
  const float* at = canvas.pixels.data() + pixel;
  if (canvas.channels != 3) return *at;
  return 0.2989F * at[0] + 0.587F * at[plane] + 0.114F * at[2 * plane];
}

// Red, green and blue of 0 to 1, with the hue turned on the circle; value and saturation stay (Smith 1978, HSV).
std::array<float, 3> turned(const std::array<float, 3>& rgb, float turn) {
  const float most = std::max({rgb[0], rgb[1], rgb[2]}), least = std::min({rgb[0], rgb[1], rgb[2]});
  const float range = most - least;
  if (range <= 0) return rgb;
  float hue = most == rgb[0]   ? (rgb[1] - rgb[2]) / range
              : most == rgb[1] ? 2 + (rgb[2] - rgb[0]) / range
                               : 4 + (rgb[0] - rgb[1]) / range;
  hue += 6 * turn;
  std::array<float, 3> out{};
  for (size_t c = 0; c < 3; ++c) {
    // How far the color of this channel is on the circle of six: 1 within one step, 0 from two steps on.
    const float off = std::abs(std::remainder(hue - 2 * static_cast<float>(c), 6.0F));
    out[c] = least + range * std::clamp(2 - off, 0.0F, 1.0F);
  }
  return out;
}

}  // namespace

void brightness(Canvas& canvas, float factor) {
  for (float& value : canvas.pixels) value = mixed(canvas, value, 0, factor);
}

void contrast(Canvas& canvas, float factor) {
  double sum = 0;
  for (size_t i = 0; i < planeOf(canvas); ++i) sum += static_cast<double>(greyAt(canvas, i));
  const auto mean = static_cast<float>(sum / static_cast<double>(planeOf(canvas)));
  for (float& value : canvas.pixels) value = mixed(canvas, value, mean, factor);
}

void saturation(Canvas& canvas, float factor) {
  if (canvas.channels != 3) return;
  const size_t plane = planeOf(canvas);
  for (size_t i = 0; i < plane; ++i) {
    const float grey = greyAt(canvas, i);
    for (size_t c = 0; c < 3; ++c)
      canvas.pixels[c * plane + i] = mixed(canvas, canvas.pixels[c * plane + i], grey, factor);
  }
}

void hue(Canvas& canvas, float turn) {
  if (canvas.channels != 3) return;
  const size_t plane = planeOf(canvas);
  for (size_t i = 0; i < plane; ++i) {
    std::array<float, 3> rgb{};
    for (size_t c = 0; c < 3; ++c) rgb[c] = canvas.pixels[c * plane + i] / canvas.most;
    rgb = turned(rgb, turn);
    for (size_t c = 0; c < 3; ++c) canvas.pixels[c * plane + i] = rgb[c] * canvas.most;
  }
}

void sharpness(Canvas& canvas, float factor) {
  if (canvas.height <= 2 || canvas.width <= 2) return;
  canvas.spare = canvas.pixels;
  const int64_t width = canvas.width;
  for (int64_t k = 0; k < canvas.channels; ++k) {
    for (int64_t y = 1; y + 1 < canvas.height; ++y) {
      for (int64_t x = 1; x + 1 < width; ++x) {
        const int64_t at = (k * canvas.height + y) * width + x;
        const float* from = canvas.spare.data() + at;
        float sum = 4 * from[0];
        for (int64_t row = -width; row <= width; row += width) sum += from[row - 1] + from[row] + from[row + 1];
        canvas.pixels[static_cast<size_t>(at)] = mixed(canvas, from[0], sum / 13, factor);
      }
    }
  }
}

void posterize(Canvas& canvas, int bits) {
  const auto step = static_cast<float>(1 << (8 - bits));
  for (float& value : canvas.pixels) {
    const float byte = value * 255 / canvas.most;
    value = std::floor(byte / step) * step * canvas.most / 255;
  }
}

void solarize(Canvas& canvas, float threshold) {
  for (float& value : canvas.pixels)
    if (value >= threshold) value = canvas.most - value;
}

void autocontrast(Canvas& canvas) {
  const size_t plane = planeOf(canvas);
  for (size_t start = 0; start < canvas.pixels.size(); start += plane) {
    float* const from = canvas.pixels.data() + start;
    const auto [least, most] = std::minmax_element(from, from + plane);
    const float low = *least, range = *most - low;
    if (range <= 0) continue;
    for (size_t i = 0; i < plane; ++i) from[i] = std::clamp((from[i] - low) * (canvas.most / range), 0.0F, canvas.most);
  }
}

void equalize(Canvas& canvas) {
  const size_t plane = planeOf(canvas);
  for (size_t start = 0; start < canvas.pixels.size(); start += plane) {
    float* const from = canvas.pixels.data() + start;
    const auto byteOf = [](float value) { return static_cast<size_t>(std::clamp(value, 0.0F, 255.0F)); };
    std::array<int64_t, 256> counts{};
    for (size_t i = 0; i < plane; ++i) ++counts[byteOf(from[i])];
    int64_t last = 0;
    for (const int64_t count : counts)
      if (count > 0) last = count;
    const int64_t step = (static_cast<int64_t>(plane) - last) / 255;
    if (step == 0) continue;
    std::array<float, 256> table{};
    int64_t below = 0;
    for (size_t value = 0; value < table.size(); ++value) {
      table[value] = static_cast<float>(std::min<int64_t>(255, (below + step / 2) / step));
      below += counts[value];
    }
    for (size_t i = 0; i < plane; ++i) from[i] = table[byteOf(from[i])];
  }
}

void roundToBytes(Canvas& canvas) {
  for (float& value : canvas.pixels) value = std::clamp(std::nearbyint(value), 0.0F, 255.0F);
}

}  // namespace blockyard
