// PNG, the usual kind - 8 bits, not interlaced - several times as fast as by libspng: unpacked at once by libdeflate,
// filters undone a row at a time. Whatever is unusual or damaged is left to libspng, which also says what is wrong.
#include <libdeflate.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "data/picture_formats.hpp"

namespace blockyard {
namespace {

constexpr size_t kSignature = 8, kChunkHead = 8, kChunkEnd = 4;

uint32_t bigEndian(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

struct PngLayout {
  int64_t width = 0, height = 0;
  int color = 0;       // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  size_t samples = 0;  // bytes of a pixel
};

// What is needed of the file; nothing unless it is whole and of the usual kind.
struct Chunks {
  PngLayout layout{};
  std::string_view palette{}, packed{};
  std::string joined{};  // where the packed data lies in several chunks
  bool transparent = false;
  bool good = false;
};

bool readHeader(std::string_view body, PngLayout& layout) {
  constexpr size_t kSize = 13;
  if (body.size() != kSize) return false;
  layout.width = bigEndian(body, 0), layout.height = bigEndian(body, 4);
  layout.color = body[9];
  constexpr std::array<size_t, 7> kSamples = {1, 0, 3, 1, 2, 0, 4};
  if (layout.color < 0 || layout.color > 6) return false;
  layout.samples = kSamples[static_cast<size_t>(layout.color)];
  return body[8] == 8 && layout.samples > 0 && body[10] == 0 && body[11] == 0 && body[12] == 0;
}

void readChunks(std::string_view bytes, Chunks& out) {
  bool ended = false;
  size_t pieces = 0;
  for (size_t at = kSignature; !ended;) {
    if (bytes.size() - at < kChunkHead + kChunkEnd) return;
    const size_t length = bigEndian(bytes, at);
    if (length > bytes.size() - at - kChunkHead - kChunkEnd) return;
    const std::string_view type = bytes.substr(at + 4, 4), body = bytes.substr(at + kChunkHead, length);
    if (at == kSignature && (type != "IHDR" || !readHeader(body, out.layout))) return;
    const bool critical = (type[0] & 0x20) == 0;
    if (critical && libdeflate_crc32(0, type.data(), length + 4) != bigEndian(bytes, at + kChunkHead + length)) return;
    if (type == "PLTE") {
      out.palette = body;
    } else if (type == "tRNS") {
      out.transparent = true;
    } else if (type == "IDAT") {
      if (pieces == 1) out.joined.assign(out.packed);
      if (pieces >= 1) out.joined.append(body);
      out.packed = pieces++ == 0 ? body : std::string_view(out.joined);
    } else if (type == "IEND") {
      ended = true;
    }
    at += kChunkHead + length + kChunkEnd;
  }
  out.good = pieces > 0 && (out.layout.color != 3 || (!out.palette.empty() && out.palette.size() % 3 == 0));
}

uint8_t paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner), to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  const int best = to_above <= to_corner ? above : corner;
  return static_cast<uint8_t>(to_left <= to_above && to_left <= to_corner ? left : best);
}

// One row of pixels of kBytes: what lies in the file, the row above, and where the row is to go.
template <size_t kBytes>
bool undo(int filter, const uint8_t* in, const uint8_t* above, uint8_t* out, size_t size) {
  std::array<uint8_t, kBytes> left{}, corner{};
  const auto each = [&](auto predict) {
    for (size_t i = 0; i < size; i += kBytes) {
      for (size_t c = 0; c < kBytes; ++c) {
        const uint8_t up = above[i + c];
        left[c] = static_cast<uint8_t>(in[i + c] + predict(left[c], up, corner[c]));
        corner[c] = up;
        out[i + c] = left[c];
      }
    }
  };
  switch (filter) {
    case 0:
      std::memcpy(out, in, size);
      return true;
    case 1:
      each([](int a, int, int) { return a; });
      return true;
    case 2:
      for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(in[i] + above[i]);
      return true;
    case 3:
      each([](int a, int b, int) { return (a + b) / 2; });
      return true;
    case 4:
      each(paeth);
      return true;
    default:
      return false;
  }
}

bool undoRow(size_t samples, int filter, const uint8_t* in, const uint8_t* above, uint8_t* out, size_t size) {
  switch (samples) {
    case 1:
      return undo<1>(filter, in, above, out, size);
    case 2:
      return undo<2>(filter, in, above, out, size);
    case 3:
      return undo<3>(filter, in, above, out, size);
    default:
      return undo<4>(filter, in, above, out, size);
  }
}

// A row as stored to a row of pixels; false if a color is not in the palette.
bool convert(const Chunks& chunks, const uint8_t* row, size_t channels, uint8_t* out) {
  const auto width = static_cast<size_t>(chunks.layout.width);
  const size_t samples = chunks.layout.samples;
  if (chunks.layout.color != 3) {
    for (size_t x = 0; x < width; ++x, row += samples, out += channels)
      for (size_t c = 0; c < channels; ++c) out[c] = row[c];
    return true;
  }
  for (size_t x = 0; x < width; ++x, out += 3) {
    const size_t color = size_t{3} * row[x];
    if (color >= chunks.palette.size()) return false;
    for (size_t c = 0; c < 3; ++c) out[c] = static_cast<uint8_t>(chunks.palette[color + c]);
  }
  return true;
}

bool unpack(const Chunks& chunks, std::vector<uint8_t>& into) {
  struct Free {
    void operator()(libdeflate_decompressor* unpacker) const { libdeflate_free_decompressor(unpacker); }
  };
  // Made once per thread: it takes longer than a small picture.
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> unpacker(libdeflate_alloc_decompressor());
  return unpacker && libdeflate_zlib_decompress(unpacker.get(), chunks.packed.data(), chunks.packed.size(), into.data(),
                                                into.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

}  // namespace

std::optional<Pixels> usualPngPixels(std::string_view bytes, const PictureHeader& header, const PictureWish& wish) {
  Chunks chunks;
  readChunks(bytes, chunks);
  const PngLayout& layout = chunks.layout;
  if (!chunks.good || layout.width != header.width || layout.height != header.height ||
      (wish.channels == 4 && (chunks.transparent || layout.color == 4)))
    return std::nullopt;
  const int64_t colors = layout.color == 0 || layout.color == 4 ? 1 : 3;
  const int64_t channels = wish.channels == 4 && layout.color == 6 ? 4 : colors;
  const size_t size = static_cast<size_t>(layout.width) * layout.samples;
  constexpr size_t kMostPacked = 1040;  // no data can be packed to less than a 1032nd
  if ((size + 1) * static_cast<size_t>(layout.height) / kMostPacked > chunks.packed.size()) return std::nullopt;
  std::vector<uint8_t> packed_rows((size + 1) * static_cast<size_t>(layout.height));
  if (!unpack(chunks, packed_rows)) return std::nullopt;
  Pixels out{layout.height, layout.width, channels, {}};
  const size_t out_size = static_cast<size_t>(layout.width * channels);
  out.bytes.resize(out_size * static_cast<size_t>(layout.height));
  // Where nothing has to be converted, the rows are undone at their place.
  const bool direct = layout.color != 3 && static_cast<size_t>(channels) == layout.samples;
  std::vector<uint8_t> zeros(size), scratch(direct ? 0 : 2 * size);
  const uint8_t* above = zeros.data();
  for (size_t y = 0; y < static_cast<size_t>(layout.height); ++y) {
    const uint8_t* in = packed_rows.data() + y * (size + 1);
    uint8_t* const to = out.bytes.data() + y * out_size;
    uint8_t* const row = direct ? to : scratch.data() + (y % 2) * size;
    if (!undoRow(layout.samples, in[0], in + 1, above, row, size)) return std::nullopt;
    if (!direct && !convert(chunks, row, static_cast<size_t>(channels), to)) return std::nullopt;
    above = row;
  }
  return out;
}

}  // namespace blockyard
