// PNG, by libspng; the usual kind by ourselves, which is faster.
#include <spng.h>

#include <memory>
#include <new>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

struct FreePng {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Png = std::unique_ptr<spng_ctx, FreePng>;

void check(int code, const std::string& file) {
  if (code != 0) refusePicture(file, std::string("the PNG file is damaged: ") + spng_strerror(code));
}

Png openPng(std::string_view bytes, const std::string& file, spng_ihdr& header) {
  Png png(spng_ctx_new(0));
  if (!png) throw std::bad_alloc();
  spng_set_crc_action(png.get(), SPNG_CRC_ERROR, SPNG_CRC_USE);
  constexpr size_t kMaxChunk = size_t{64} << 20;  // of texts and profiles, which nobody looks at
  spng_set_chunk_limits(png.get(), kMaxChunk, kMaxChunk);
  check(spng_set_png_buffer(png.get(), bytes.data(), bytes.size()), file);
  check(spng_get_ihdr(png.get(), &header), file);
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

}  // namespace

PictureHeader pngHeader(std::string_view bytes, const std::string& file) {
  spng_ihdr header{};
  const Png png = openPng(bytes, file, header);
  PictureHeader out{channelsOf(header), header.height, header.width};
  spng_exif exif{};
  if (spng_get_exif(png.get(), &exif) == 0) out.orientation = exifOrientation({exif.data, exif.length});
  return out;
}

Pixels pngPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                 const PictureWish& wish) {
  if (auto usual = usualPngPixels(bytes, header, wish)) return std::move(*usual);
  spng_ihdr stored{};
  const Png png = openPng(bytes, file, stored);
  // libspng makes grey of grey pictures of up to 8 bits alone.
  const bool grey = stored.color_type == SPNG_COLOR_TYPE_GRAYSCALE && stored.bit_depth <= 8 && wish.channels < 4;
  const int64_t channels = grey ? 1 : wish.channels == 4 ? 4 : 3;
  const int format = grey ? SPNG_FMT_G8 : channels == 3 ? SPNG_FMT_RGB8 : SPNG_FMT_RGBA8;
  const int flags = channels == 4 ? SPNG_DECODE_TRNS : 0;
  Pixels out{header.height, header.width, channels, {}};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * channels));
  check(spng_decode_image(png.get(), out.bytes.data(), out.bytes.size(), format, flags), file);
  return out;
}

}  // namespace blockyard
