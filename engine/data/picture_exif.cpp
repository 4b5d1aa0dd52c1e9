// EXIF: which way up a camera was held.
#include <utility>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

constexpr uint16_t kOrientationTag = 0x0112, kShort = 3;
constexpr size_t kEntry = 12;  // bytes of a field: tag, type, count, value

// Numbers of a TIFF file in its byte order; 0 beyond its end.
class Words {
 public:
  explicit Words(std::string_view bytes) : bytes_(bytes), big_(bytes.starts_with("MM")) {}

  uint32_t at(size_t place, size_t size) const {
    if (place > bytes_.size() || bytes_.size() - place < size) return 0;
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      const auto byte = static_cast<uint8_t>(bytes_[place + (big_ ? i : size - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_;
};

}  // namespace

int exifOrientation(std::string_view exif) {
  if (exif.starts_with(std::string_view("Exif\0\0", 6))) exif.remove_prefix(6);
  if (!exif.starts_with("II") && !exif.starts_with("MM")) return 1;
  const Words words(exif);
  const size_t folder = words.at(4, 4), fields = words.at(folder, 2);
  for (size_t i = 0; i < fields; ++i) {
    const size_t field = folder + 2 + i * kEntry;
    if (words.at(field, 2) != kOrientationTag || words.at(field + 2, 2) != kShort) continue;
    const auto orientation = static_cast<int>(words.at(field + 8, 2));
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

Pixels upright(Pixels pixels, int orientation) {
  if (orientation <= 1 || orientation > 8) return pixels;
  const bool turned = orientation >= 5;  // rows have become columns
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Pixels out{turned ? pixels.width : pixels.height, turned ? pixels.height : pixels.width, pixels.channels, {}};
  out.bytes.resize(pixels.bytes.size());
  const int64_t channels = pixels.channels;
  uint8_t* to = out.bytes.data();
  for (int64_t y = 0; y < out.height; ++y) {
    for (int64_t x = 0; x < out.width; ++x) {
      int64_t row = turned ? x : y, column = turned ? y : x;
      if (from_bottom) row = pixels.height - 1 - row;
      if (from_right) column = pixels.width - 1 - column;
      const uint8_t* from = pixels.bytes.data() + (row * pixels.width + column) * channels;
      for (int64_t c = 0; c < channels; ++c) *to++ = from[c];
    }
  }
  return out;
}

}  // namespace blockyard
