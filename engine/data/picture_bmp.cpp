// BMP: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks. Runs (RLE) are refused.
#include <array>
#include <bit>
#include <cstdlib>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

constexpr size_t kFileHeader = 14, kCoreHeader = 12, kInfoHeader = 40;
constexpr uint32_t kPlain = 0, kBitFields = 3, kAlphaBitFields = 6;

uint32_t littleEndian(std::string_view bytes, size_t at, size_t size) {
  uint32_t value = 0;
  if (at > bytes.size() || bytes.size() - at < size) return value;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

struct BmpLayout {
  int64_t width = 0, height = 0, bits = 0;
  bool from_top = false;
  uint32_t compression = kPlain;
  std::array<uint32_t, 4> masks{};  // red, green, blue, alpha
  size_t palette = 0, palette_entry = 4, colors = 0, pixels = 0;
};

[[noreturn]] void refuse(const std::string& file, const std::string& problem) {
  refusePicture(file, "the BMP file is damaged: " + problem);
}

void readMasks(std::string_view bytes, size_t header_size, BmpLayout& layout) {
  constexpr size_t kMasks = kFileHeader + kInfoHeader;
  if (layout.compression == kPlain) {
    layout.masks = layout.bits == 16 ? std::array<uint32_t, 4>{0x7C00, 0x03E0, 0x001F, 0}
                                     : std::array<uint32_t, 4>{0xFF0000, 0xFF00, 0xFF, 0};
    return;
  }
  const size_t count = header_size > kInfoHeader + 12 || layout.compression == kAlphaBitFields ? 4 : 3;
  for (size_t i = 0; i < count; ++i) layout.masks[i] = littleEndian(bytes, kMasks + 4 * i, 4);
}

BmpLayout layoutOf(std::string_view bytes, const std::string& file) {
  BmpLayout out;
  const size_t header_size = littleEndian(bytes, kFileHeader, 4);
  if (bytes.size() < kFileHeader + header_size) refuse(file, "its header is cut short");
  const bool core = header_size == kCoreHeader;
  if (!core && header_size < kInfoHeader) refuse(file, "its header has " + std::to_string(header_size) + " bytes");
  if (core) {
    out.width = littleEndian(bytes, 18, 2), out.height = littleEndian(bytes, 20, 2);
    out.bits = littleEndian(bytes, 24, 2), out.palette_entry = 3;
  } else {
    out.width = static_cast<int32_t>(littleEndian(bytes, 18, 4));
    out.height = static_cast<int32_t>(littleEndian(bytes, 22, 4));
    out.bits = littleEndian(bytes, 28, 2);
    out.compression = littleEndian(bytes, 30, 4);
    out.colors = littleEndian(bytes, 46, 4);
  }
  out.from_top = out.height < 0;
  out.height = std::abs(out.height);
  out.pixels = littleEndian(bytes, 10, 4);
  const bool masked = out.compression == kBitFields || out.compression == kAlphaBitFields;
  if (out.compression != kPlain && !(masked && (out.bits == 16 || out.bits == 32)))
    refusePicture(file, "the BMP file is compressed, which is not supported", "convert it to PNG");
  if (out.bits != 1 && out.bits != 4 && out.bits != 8 && out.bits != 16 && out.bits != 24 && out.bits != 32)
    refuse(file, "it has " + std::to_string(out.bits) + " bits per pixel");
  readMasks(bytes, header_size, out);
  out.palette = kFileHeader + header_size + (masked && header_size == kInfoHeader ? 12 : 0);
  if (out.bits <= 8 && (out.colors == 0 || out.colors > 256)) out.colors = size_t{1} << out.bits;
  return out;
}

// A field of a pixel, spread to 0 to 255 (rounded down, as Pillow does).
uint8_t fieldOf(uint32_t pixel, uint32_t mask) {
  if (mask == 0) return 0;
  const int shift = std::countr_zero(mask);
  return static_cast<uint8_t>(uint64_t{(pixel & mask) >> shift} * 255 / (mask >> shift));
}

// One row of pixels by their numbers in the palette.
void fromPalette(const uint8_t* row, const BmpLayout& layout, const std::vector<uint8_t>& palette, uint8_t* to) {
  const int64_t each = 8 / layout.bits;
  for (int64_t x = 0; x < layout.width; ++x, to += 3) {
    const auto shift = static_cast<int>(8 - layout.bits * (x % each + 1));
    const size_t color = static_cast<size_t>(row[x / each] >> shift) & ((size_t{1} << layout.bits) - 1);
    for (size_t c = 0; c < 3; ++c) to[c] = palette[color * 3 + c];
  }
}

void fromFields(const uint8_t* row, const BmpLayout& layout, int64_t channels, uint8_t* to) {
  const auto bytes = static_cast<size_t>(layout.bits / 8);
  for (int64_t x = 0; x < layout.width; ++x, row += bytes, to += channels) {
    uint32_t pixel = 0;
    for (size_t i = bytes; i-- > 0;) pixel = pixel << 8 | row[i];
    for (size_t c = 0; c < 3; ++c) to[c] = fieldOf(pixel, layout.masks[c]);
    if (channels == 4) to[3] = layout.masks[3] == 0 ? 255 : fieldOf(pixel, layout.masks[3]);
  }
}

}  // namespace

PictureHeader bmpHeader(std::string_view bytes, const std::string& file) {
  const BmpLayout layout = layoutOf(bytes, file);
  return {layout.masks[3] != 0 && layout.bits > 8 ? 4 : 3, layout.height, layout.width};
}

Pixels bmpPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                 const PictureWish& wish) {
  const BmpLayout layout = layoutOf(bytes, file);
  const int64_t stride = (layout.width * layout.bits + 31) / 32 * 4;
  if (layout.pixels > bytes.size() || static_cast<int64_t>(bytes.size() - layout.pixels) < stride * layout.height)
    refuse(file, "pixels are missing at its end");
  const int64_t channels = layout.bits > 8 && wish.channels == 4 ? 4 : 3;
  Pixels out{header.height, header.width, channels, {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * channels));
  std::vector<uint8_t> palette(size_t{256} * 3, 0);
  for (size_t i = 0; layout.bits <= 8 && i < layout.colors; ++i)
    for (size_t c = 0; c < 3; ++c)
      palette[i * 3 + c] =
          static_cast<uint8_t>(littleEndian(bytes, layout.palette + i * layout.palette_entry + 2 - c, 1));
  const auto* from = reinterpret_cast<const uint8_t*>(bytes.data()) + layout.pixels;
  for (int64_t y = 0; y < out.height; ++y) {
    const uint8_t* row = from + stride * (layout.from_top ? y : out.height - 1 - y);
    uint8_t* to = out.bytes.data() + y * out.width * channels;
    if (layout.bits <= 8)
      fromPalette(row, layout, palette, to);
    else
      fromFields(row, layout, channels, to);
  }
  return out;
}

}  // namespace blockyard
