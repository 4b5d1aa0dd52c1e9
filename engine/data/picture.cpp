#include "data/picture.hpp"

#include <spng.h>
#include <turbojpeg.h>

#include <memory>

#include "base/error.hpp"

namespace blockyard {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& problem, const std::string& hint = {}) {
  throw Error({.file = file}, problem, hint);
}

void checkSize(const std::string& file, int64_t width, int64_t height, int64_t max_pixels) {
  if (width <= 0 || height <= 0) refuse(file, "the picture has no pixels");
  if (width > max_pixels / height) {
    refuse(file,
           "the picture has " + std::to_string(width) + " x " + std::to_string(height) + " pixels, more than the " +
               std::to_string(max_pixels) + " allowed",
           "make it smaller");
  }
}

// Grey of a color, rounded, with the integer weights that Pillow uses.
uint8_t greyOf(const uint8_t* rgb) {
  return static_cast<uint8_t>((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16);
}

// From [H, W, 4] to [C, H, W].
Picture fromRgba(const std::vector<uint8_t>& rgba, int64_t width, int64_t height, int64_t channels) {
  const auto pixels = static_cast<size_t>(width * height);
  Picture picture{channels, height, width, std::vector<uint8_t>(pixels * static_cast<size_t>(channels))};
  for (size_t i = 0; i < pixels; ++i) {
    const uint8_t* pixel = &rgba[i * 4];
    if (channels == 1) {
      picture.bytes[i] = pixel[0] == pixel[1] && pixel[1] == pixel[2] ? pixel[0] : greyOf(pixel);
      continue;
    }
    for (size_t c = 0; c < static_cast<size_t>(channels); ++c) picture.bytes[c * pixels + i] = pixel[c];
  }
  return picture;
}

// ---- PNG

struct FreePng {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Png = std::unique_ptr<spng_ctx, FreePng>;

[[noreturn]] void refusePng(const std::string& file, int code) {
  refuse(file, std::string("the PNG file is damaged: ") + spng_strerror(code), "the file may have been cut short");
}

Png openPng(std::string_view bytes, const std::string& file, spng_ihdr& header) {
  Png png(spng_ctx_new(0));
  if (!png) throw std::bad_alloc();
  spng_set_crc_action(png.get(), SPNG_CRC_ERROR, SPNG_CRC_USE);
  constexpr size_t kMaxChunk = size_t{64} << 20;  // of texts and profiles, which nobody looks at
  spng_set_chunk_limits(png.get(), kMaxChunk, kMaxChunk);
  if (const int code = spng_set_png_buffer(png.get(), bytes.data(), bytes.size())) refusePng(file, code);
  if (const int code = spng_get_ihdr(png.get(), &header)) refusePng(file, code);
  return png;
}

int64_t channelsOf(const spng_ihdr& header) {
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE:
      return 1;
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return 2;
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return 4;
    default:
      return 3;
  }
}

Picture decodePng(std::string_view bytes, const std::string& file, int64_t channels, int64_t max_pixels) {
  spng_ihdr header{};
  const Png png = openPng(bytes, file, header);
  checkSize(file, header.width, header.height, max_pixels);
  if (channels == 0) channels = channelsOf(header) <= 2 ? 1 : 3;
  size_t size = 0;
  if (const int code = spng_decoded_image_size(png.get(), SPNG_FMT_RGBA8, &size)) refusePng(file, code);
  std::vector<uint8_t> rgba(size);
  if (const int code = spng_decode_image(png.get(), rgba.data(), size, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS))
    refusePng(file, code);
  return fromRgba(rgba, header.width, header.height, channels);
}

// ---- JPEG

struct FreeJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, FreeJpeg>;

struct JpegHeader {
  int width = 0, height = 0, sampling = 0, colors = 0;
};

[[noreturn]] void refuseJpeg(const std::string& file, tjhandle handle) {
  refuse(file, std::string("the JPEG file is damaged: ") + tjGetErrorStr2(handle), "the file may have been cut short");
}

Jpeg openJpeg(std::string_view bytes, const std::string& file, JpegHeader& header) {
  Jpeg jpeg(tjInitDecompress());
  if (!jpeg) throw std::bad_alloc();
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (tjDecompressHeader3(jpeg.get(), data, bytes.size(), &header.width, &header.height, &header.sampling,
                          &header.colors) != 0) {
    refuseJpeg(file, jpeg.get());
  }
  return jpeg;
}

Picture decodeJpeg(std::string_view bytes, const std::string& file, int64_t channels, int64_t max_pixels) {
  JpegHeader header;
  const Jpeg jpeg = openJpeg(bytes, file, header);
  checkSize(file, header.width, header.height, max_pixels);
  if (channels == 0) channels = header.colors == TJCS_GRAY ? 1 : 3;
  if (header.colors == TJCS_CMYK || header.colors == TJCS_YCCK) {
    refuse(file, "the JPEG file has CMYK colors", "convert it to RGB");
  }
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::vector<uint8_t> rgba(static_cast<size_t>(header.width) * static_cast<size_t>(header.height) * 4);
  const int code = tjDecompress2(jpeg.get(), data, bytes.size(), rgba.data(), header.width, 0, header.height, TJPF_RGBA,
                                 TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING);
  if (code != 0) refuseJpeg(file, jpeg.get());
  return fromRgba(rgba, header.width, header.height, channels);
}

}  // namespace

PictureFormat pictureFormat(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return PictureFormat::Png;
  if (bytes.starts_with("\xFF\xD8\xFF")) return PictureFormat::Jpeg;
  return PictureFormat::None;
}

PictureSize pictureSize(std::string_view bytes, const std::string& file, int64_t max_pixels) {
  PictureSize size;
  if (pictureFormat(bytes) == PictureFormat::Png) {
    spng_ihdr header{};
    openPng(bytes, file, header);
    size = {channelsOf(header), header.height, header.width};
  } else if (pictureFormat(bytes) == PictureFormat::Jpeg) {
    JpegHeader header;
    openJpeg(bytes, file, header);
    size = {header.colors == TJCS_GRAY ? 1 : 3, header.height, header.width};
  } else {
    refuse(file, bytes.empty() ? "the file is empty" : "expected a PNG or JPEG picture", "convert it to PNG");
  }
  checkSize(file, size.width, size.height, max_pixels);
  return size;
}

Picture decodePicture(std::string_view bytes, const std::string& file, int64_t channels, int64_t max_pixels) {
  switch (pictureFormat(bytes)) {
    case PictureFormat::Png:
      return decodePng(bytes, file, channels, max_pixels);
    case PictureFormat::Jpeg:
      return decodeJpeg(bytes, file, channels, max_pixels);
    case PictureFormat::None:
      break;
  }
  refuse(file, bytes.empty() ? "the file is empty" : "expected a PNG or JPEG picture", "convert it to PNG");
}

}  // namespace blockyard
