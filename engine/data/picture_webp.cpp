// WebP, by libwebp.
#include <webp/decode.h>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

const uint8_t* webpData(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

uint32_t littleEndian(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

// The EXIF chunk of the RIFF file; empty if there is none.
std::string_view webpExif(std::string_view bytes) {
  constexpr size_t kFirst = 12, kHead = 8;
  for (size_t at = kFirst; at + kHead <= bytes.size();) {
    const size_t size = littleEndian(bytes, at + 4);
    if (size > bytes.size() - at - kHead) break;
    if (bytes.substr(at, 4) == "EXIF") return bytes.substr(at + kHead, size);
    at += kHead + size + size % 2;
  }
  return {};
}

}  // namespace

PictureHeader webpHeader(std::string_view bytes, const std::string& file) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(webpData(bytes), bytes.size(), &features) != VP8_STATUS_OK)
    refusePicture(file, "the WebP file is damaged: its header cannot be read");
  if (features.has_animation != 0)
    refusePicture(file, "the WebP file is an animation, expected one picture", "save one of its pictures as PNG");
  return {features.has_alpha != 0 ? 4 : 3, features.height, features.width, exifOrientation(webpExif(bytes))};
}

Pixels webpPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                  const PictureWish& wish) {
  const int64_t channels = wish.channels == 4 ? 4 : 3;
  Pixels out{header.height, header.width, channels, {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * channels));
  const auto decode = channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (decode(webpData(bytes), bytes.size(), out.bytes.data(), out.bytes.size(),
             static_cast<int>(out.width * channels)) == nullptr)
    refusePicture(file, "the WebP file is damaged: its pixels cannot be decoded");
  return out;
}

}  // namespace blockyard
