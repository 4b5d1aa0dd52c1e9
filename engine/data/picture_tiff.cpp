// TIFF, by libtiff: the first picture of the file. Rows of grey, RGB and their alpha are taken as they lie; all else
// (palettes, tiles, CMYK, YCbCr, planes) goes through libtiff's conversion to RGBA.
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

// The bytes of a file, and what libtiff complained about first.
struct TiffMemory {
  std::string_view bytes;
  toff_t at = 0;
  std::string problem{};
};

TiffMemory& memoryOf(thandle_t handle) {
  return *static_cast<TiffMemory*>(handle);
}

tmsize_t readSome(thandle_t handle, void* into, tmsize_t size) {
  TiffMemory& memory = memoryOf(handle);
  if (memory.at >= memory.bytes.size()) return 0;
  const size_t count = std::min<size_t>(static_cast<size_t>(size), memory.bytes.size() - memory.at);
  std::memcpy(into, memory.bytes.data() + memory.at, count);
  memory.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t writeNothing(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int from) {
  TiffMemory& memory = memoryOf(handle);
  memory.at = from == SEEK_CUR ? memory.at + offset : from == SEEK_END ? memory.bytes.size() + offset : offset;
  return memory.at;
}

int closeNothing(thandle_t) {
  return 0;
}

toff_t sizeOf(thandle_t handle) {
  return memoryOf(handle).bytes.size();
}

int keepError(TIFF*, void* memory, const char*, const char* format, va_list arguments) {
  std::string& problem = static_cast<TiffMemory*>(memory)->problem;
  constexpr size_t kMost = 300;
  if (!problem.empty()) return 1;
  problem.resize(kMost);
  const int size = std::vsnprintf(problem.data(), problem.size(), format, arguments);
  problem.resize(std::min(kMost - 1, static_cast<size_t>(std::max(size, 0))));
  return 1;  // nobody else is told
}

int ignoreWarning(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

struct Close {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, Close>;

[[noreturn]] void refuse(const std::string& file, const TiffMemory& memory) {
  refusePicture(file,
                "the TIFF file is damaged: " + (memory.problem.empty() ? "it cannot be decoded" : memory.problem));
}

Tiff openTiff(TiffMemory& memory, const std::string& file) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  if (!options) throw std::bad_alloc();
  constexpr tmsize_t kMostAtOnce = tmsize_t{1} << 31;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostAtOnce);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keepError, &memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignoreWarning, nullptr);
  Tiff tiff(TIFFClientOpenExt("picture", "rm", &memory, readSome, writeNothing, seek, closeNothing, sizeOf, nullptr,
                              nullptr, options.get()));
  if (!tiff) refuse(file, memory);
  return tiff;
}

struct TiffLayout {
  uint32_t width = 0, height = 0;
  uint16_t bits = 1, samples = 1, meaning = 0, planes = PLANARCONFIG_CONTIG, format = SAMPLEFORMAT_UINT;
  uint16_t extra_count = 0;
  bool tiled = false;

  bool grey() const { return meaning == PHOTOMETRIC_MINISBLACK || meaning == PHOTOMETRIC_MINISWHITE; }
  bool alpha() const { return extra_count > 0; }
  // Its rows can be taken as they lie.
  bool plain() const {
    return !tiled && planes == PLANARCONFIG_CONTIG && format == SAMPLEFORMAT_UINT && (bits == 8 || bits == 16) &&
           ((grey() && samples >= 1) || (meaning == PHOTOMETRIC_RGB && samples >= 3));
  }
};

TiffLayout layoutOf(TIFF* tiff, const std::string& file) {
  TiffLayout out;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &out.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &out.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &out.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &out.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &out.planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &out.format);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &out.meaning);
  uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &out.extra_count, &kinds);
  out.tiled = TIFFIsTiled(tiff) != 0;
  constexpr uint16_t kMostSamples = 32;
  if (out.samples > kMostSamples)
    refusePicture(file, "the TIFF file has " + std::to_string(out.samples) + " channels, more than a picture has", "");
  return out;
}

// Row by row: the first samples of each pixel.
Pixels plainPixels(TIFF* tiff, const TiffLayout& layout, const std::string& file, const TiffMemory& memory,
                   int64_t wanted) {
  const bool with_alpha = wanted == 4 && !layout.grey() && layout.samples >= 4;
  Pixels out{layout.height, layout.width, layout.grey() ? 1 : with_alpha ? 4 : 3, {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * out.channels));
  const auto channels = static_cast<size_t>(out.channels), wide = size_t{layout.bits} / 8;
  const size_t pixel = wide * layout.samples;
  std::vector<uint8_t> row(static_cast<size_t>(TIFFScanlineSize64(tiff)));
  if (row.size() < pixel * layout.width) refuse(file, memory);
  const size_t high = wide == 2 && std::endian::native == std::endian::little ? 1 : 0;  // the higher byte of a sample
  uint8_t* to = out.bytes.data();
  for (uint32_t y = 0; y < layout.height; ++y) {
    if (TIFFReadScanline(tiff, row.data(), y) != 1) refuse(file, memory);
    const uint8_t* from = row.data() + high;
    for (uint32_t x = 0; x < layout.width; ++x, from += pixel, to += channels)
      for (size_t c = 0; c < channels; ++c)
        to[c] = layout.meaning == PHOTOMETRIC_MINISWHITE ? static_cast<uint8_t>(255 - from[c * wide]) : from[c * wide];
  }
  return out;
}

Pixels convertedPixels(TIFF* tiff, const TiffLayout& layout, const std::string& file, TiffMemory& memory) {
  TIFFRGBAImage image;
  char problem[1024] = "";
  if (TIFFRGBAImageBegin(&image, tiff, 1, problem) != 1)
    refusePicture(file, std::string("the TIFF file cannot be decoded: ") + problem, "convert it to PNG");
  // As stored: the orientation is done for all formats alike.
  image.orientation = image.req_orientation = ORIENTATION_TOPLEFT;
  std::vector<uint32_t> raster(size_t{layout.width} * layout.height);
  const int done = TIFFRGBAImageGet(&image, raster.data(), layout.width, layout.height);
  TIFFRGBAImageEnd(&image);
  if (done != 1) refuse(file, memory);
  Pixels out{layout.height, layout.width, 4, {}};
  out.bytes.resize(raster.size() * 4);
  for (size_t i = 0; i < raster.size(); ++i)
    for (uint32_t c = 0; c < 4; ++c) out.bytes[i * 4 + c] = static_cast<uint8_t>(raster[i] >> (8 * c));
  return out;
}

}  // namespace

PictureHeader tiffHeader(std::string_view bytes, const std::string& file) {
  TiffMemory memory{bytes};
  const Tiff tiff = openTiff(memory, file);
  const TiffLayout layout = layoutOf(tiff.get(), file);
  uint16_t orientation = 1;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
  const int64_t channels = (layout.grey() ? 1 : 3) + (layout.alpha() ? 1 : 0);
  return {channels, layout.height, layout.width, orientation >= 1 && orientation <= 8 ? orientation : 1};
}

Pixels tiffPixels(std::string_view bytes, const std::string& file, const PictureHeader&, const PictureWish& wish) {
  TiffMemory memory{bytes};
  const Tiff tiff = openTiff(memory, file);
  const TiffLayout layout = layoutOf(tiff.get(), file);
  if (layout.plain()) return plainPixels(tiff.get(), layout, file, memory, wish.channels);
  return convertedPixels(tiff.get(), layout, file, memory);
}

}  // namespace blockyard
