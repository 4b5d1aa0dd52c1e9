// JPEG, by libjpeg-turbo.
#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <new>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

struct FreeJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, FreeJpeg>;

const unsigned char* jpegData(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[noreturn]] void refuse(const std::string& file, tjhandle handle) {
  refusePicture(file, std::string("the JPEG file is damaged: ") + tjGetErrorStr2(handle));
}

struct Stored {
  int width = 0, height = 0, sampling = 0, colors = 0;
  bool cmyk() const { return colors == TJCS_CMYK || colors == TJCS_YCCK; }
};

Jpeg openJpeg(std::string_view bytes, const std::string& file, Stored& stored) {
  Jpeg jpeg(tjInitDecompress());
  if (!jpeg) throw std::bad_alloc();
  if (tjDecompressHeader3(jpeg.get(), jpegData(bytes), bytes.size(), &stored.width, &stored.height, &stored.sampling,
                          &stored.colors) != 0)
    refuse(file, jpeg.get());
  return jpeg;
}

// The EXIF data among the segments before the picture; empty if there is none.
std::string_view jpegExif(std::string_view bytes) {
  size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == '\xFF') {
    const auto marker = static_cast<uint8_t>(bytes[at + 1]);
    constexpr uint8_t kFill = 0xFF, kScan = 0xDA, kApp1 = 0xE1;
    if (marker == kFill) {
      ++at;
      continue;
    }
    if (marker == kScan) break;
    const size_t length =
        static_cast<size_t>(static_cast<uint8_t>(bytes[at + 2])) << 8 | static_cast<uint8_t>(bytes[at + 3]);
    if (length < 2 || at + 2 + length > bytes.size()) break;
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    if (marker == kApp1 && segment.starts_with(std::string_view("Exif\0\0", 6))) return segment;
    at += 2 + length;
  }
  return {};
}

// The smallest size of 1/1, 1/2, 1/4 and 1/8 that is not below what is wanted.
tjscalingfactor scaleFor(const Stored& stored, const PictureWish& wish) {
  tjscalingfactor scale{1, 1};
  if (wish.least_height <= 0 || wish.least_width <= 0) return scale;
  for (const int part : {2, 4, 8}) {
    const tjscalingfactor smaller{1, part};
    if (TJSCALED(stored.height, smaller) < wish.least_height || TJSCALED(stored.width, smaller) < wish.least_width)
      break;
    scale = smaller;
  }
  return scale;
}

// The stored inks are inverted, as all known programs write them. Rounds as Pillow does.
void fromCmyk(std::vector<uint8_t>& bytes) {
  const auto product = [](int a, int b) {
    const int t = a * b + 128;
    return (t + (t >> 8)) >> 8;  // a * b / 255, rounded
  };
  const size_t pixels = bytes.size() / 4;
  for (size_t i = 0; i < pixels; ++i) {
    const int light = bytes[i * 4 + 3];
    for (size_t c = 0; c < 3; ++c)
      bytes[i * 3 + c] = static_cast<uint8_t>(std::max(0, light - product(255 - bytes[i * 4 + c], light)));
  }
  bytes.resize(pixels * 3);
}

}  // namespace

PictureHeader jpegHeader(std::string_view bytes, const std::string& file) {
  Stored stored;
  openJpeg(bytes, file, stored);
  return {stored.colors == TJCS_GRAY ? 1 : 3, stored.height, stored.width, exifOrientation(jpegExif(bytes))};
}

Pixels jpegPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                  const PictureWish& wish) {
  Stored stored;
  const Jpeg jpeg = openJpeg(bytes, file, stored);
  const tjscalingfactor scale = scaleFor(stored, wish);
  const TJPF format = stored.cmyk() ? TJPF_CMYK : header.channels == 1 ? TJPF_GRAY : TJPF_RGB;
  Pixels out{TJSCALED(stored.height, scale), TJSCALED(stored.width, scale), tjPixelSize[format], {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * out.channels));
  const auto decode = [&](int flags) {
    return tjDecompress2(jpeg.get(), jpegData(bytes), bytes.size(), out.bytes.data(), static_cast<int>(out.width), 0,
                         static_cast<int>(out.height), format, TJFLAG_ACCURATEDCT | flags);
  };
  // Bytes in excess between two segments harm nothing; every other warning means that pixels are missing or wrong.
  const auto harmless = [&] {
    return tjGetErrorCode(jpeg.get()) == TJERR_WARNING &&
           std::string_view(tjGetErrorStr2(jpeg.get())).find("extraneous bytes") != std::string_view::npos;
  };
  if (decode(TJFLAG_STOPONWARNING) != 0 && (!harmless() || (decode(0) != 0 && !harmless()))) refuse(file, jpeg.get());
  if (stored.cmyk()) {
    fromCmyk(out.bytes);
    out.channels = 3;
  }
  return out;
}

}  // namespace blockyard
