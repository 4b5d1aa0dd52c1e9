#include "data/picture.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "base/error.hpp"
#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

struct Format {
  PictureHeader (*header)(std::string_view bytes, const std::string& file);
  Pixels (*pixels)(std::string_view bytes, const std::string& file, const PictureHeader& header,
                   const PictureWish& wish);
};

Format formatOf(std::string_view bytes, const std::string& file) {
  switch (pictureFormat(bytes)) {
    case PictureFormat::Png:
      return {pngHeader, pngPixels};
    case PictureFormat::Jpeg:
      return {jpegHeader, jpegPixels};
    case PictureFormat::Bmp:
      return {bmpHeader, bmpPixels};
    case PictureFormat::Tiff:
      return {tiffHeader, tiffPixels};
    case PictureFormat::WebP:
      return {webpHeader, webpPixels};
    case PictureFormat::None:
      break;
  }
  if (bytes.empty()) refusePicture(file, "the file is empty");
  refusePicture(file, "expected a JPEG, PNG, BMP, TIFF or WebP picture, got something else", "convert it to PNG");
}

PictureHeader checkedHeader(const Format& format, std::string_view bytes, const std::string& file, int64_t max_pixels) {
  const PictureHeader header = format.header(bytes, file);
  if (header.width <= 0 || header.height <= 0) refusePicture(file, "the picture has no pixels", "");
  if (header.width > max_pixels / header.height) {
    refusePicture(file,
                  "the picture has " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                      " pixels, more than the " + std::to_string(max_pixels) + " allowed",
                  "make it smaller");
  }
  return header;
}

// Grey of a color, rounded, with the integer weights that Pillow uses.
uint8_t greyOf(const uint8_t* rgb) {
  return static_cast<uint8_t>((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16);
}

Pixels withChannels(Pixels from, int64_t channels) {
  if (from.channels == channels) return from;
  const auto count = static_cast<size_t>(from.height * from.width);
  const auto had = static_cast<size_t>(from.channels), wanted = static_cast<size_t>(channels);
  Pixels out{from.height, from.width, channels, std::vector<uint8_t>(count * wanted)};
  const uint8_t* in = from.bytes.data();
  uint8_t* to = out.bytes.data();
  for (size_t i = 0; i < count; ++i, in += had, to += wanted) {
    if (wanted == 1) {
      *to = greyOf(in);
      continue;
    }
    for (size_t c = 0; c < 3; ++c) to[c] = in[had == 1 ? 0 : c];
    if (wanted == 4) to[3] = 255;
  }
  return out;
}

}  // namespace

void refusePicture(const std::string& file, const std::string& problem, const std::string& hint) {
  throw Error({.file = file}, problem, hint);
}

PictureFormat pictureFormat(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return PictureFormat::Png;
  if (bytes.starts_with("\xFF\xD8\xFF")) return PictureFormat::Jpeg;
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return PictureFormat::WebP;
  for (const std::string_view mark : {std::string_view("II*\0", 4), std::string_view("MM\0*", 4),
                                      std::string_view("II+\0", 4), std::string_view("MM\0+", 4)})
    if (bytes.starts_with(mark)) return PictureFormat::Tiff;
  // "BM" may begin any text: the size of the header that follows tells.
  constexpr size_t kBmpHeaderSize = 14;
  if (bytes.starts_with("BM") && bytes.size() > kBmpHeaderSize + 3 && bytes[kBmpHeaderSize + 1] == 0 &&
      bytes[kBmpHeaderSize + 2] == 0 && bytes[kBmpHeaderSize + 3] == 0)
    return PictureFormat::Bmp;
  return PictureFormat::None;
}

bool hasPictureEnding(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string ending(name.substr(dot + 1));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 13> kEndings = {"jpg", "jpeg", "png",  "bmp",  "tif", "tiff", "webp",
                                                         "gif", "heic", "heif", "avif", "jp2", "jxl"};
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool holdsPictures(const std::string& folder) {
  namespace fs = std::filesystem;
  constexpr int kDeep = 3, kMostFiles = 10000;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (at->path().extension() == ".blockyard") return false;
  int seen = 0;
  for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end && seen < kMostFiles;
       at.increment(code), ++seen) {
    if (hasPictureEnding(at->path().filename().string())) return true;
    if (at.depth() + 1 >= kDeep) at.disable_recursion_pending();
  }
  return false;
}

PictureSize pictureSize(std::string_view bytes, const std::string& file, int64_t max_pixels) {
  const PictureHeader header = checkedHeader(formatOf(bytes, file), bytes, file, max_pixels);
  const bool turned = header.orientation >= 5;
  return {header.channels, turned ? header.width : header.height, turned ? header.height : header.width};
}

Pixels decodePixels(std::string_view bytes, const std::string& file, const PictureWish& wish) {
  const Format format = formatOf(bytes, file);
  const PictureHeader header = checkedHeader(format, bytes, file, wish.max_pixels);
  PictureWish stored = wish;
  if (stored.channels == 0) stored.channels = header.channels <= 2 ? 1 : 3;
  if (header.orientation >= 5) std::swap(stored.least_height, stored.least_width);
  Pixels pixels = format.pixels(bytes, file, header, stored);
  return upright(withChannels(std::move(pixels), stored.channels), header.orientation);
}

Picture decodePicture(std::string_view bytes, const std::string& file, int64_t channels, int64_t max_pixels) {
  Pixels pixels = decodePixels(bytes, file, {.channels = channels, .max_pixels = max_pixels});
  Picture out{pixels.channels, pixels.height, pixels.width, {}};
  if (out.channels == 1) {
    out.bytes = std::move(pixels.bytes);
    return out;
  }
  const auto count = static_cast<size_t>(out.height * out.width), each = static_cast<size_t>(out.channels);
  out.bytes.resize(count * each);
  for (size_t c = 0; c < each; ++c)
    for (size_t i = 0; i < count; ++i) out.bytes[c * count + i] = pixels.bytes[i * each + c];
  return out;
}

}  // namespace blockyard
