#include "base/png.hpp"

#include <zlib.h>

#include "base/error.hpp"

namespace blockyard {
namespace {

void appendBigEndian(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

void appendChunk(std::string& out, const char* name, std::string_view data) {
  appendBigEndian(out, static_cast<uint32_t>(data.size()));
  const std::string body = std::string(name) + std::string(data);
  out += body;
  const auto* bytes = reinterpret_cast<const Bytef*>(body.data());
  appendBigEndian(out, static_cast<uint32_t>(crc32(0, bytes, static_cast<uInt>(body.size()))));
}

}  // namespace

std::string pngOf(std::span<const uint8_t> pixels, int64_t height, int64_t width, int64_t channels) {
  const auto line = static_cast<size_t>(width * channels);
  std::string plain;  // each line behind the number of its filter: none
  for (int64_t y = 0; y < height; ++y) {
    plain += '\0';
    plain.append(reinterpret_cast<const char*>(pixels.data()) + static_cast<size_t>(y) * line, line);
  }
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                plain.size(), Z_BEST_COMPRESSION) != Z_OK)
    throw Error({}, "a picture cannot be written as PNG", {}, Fault::Failed);
  packed.resize(size);
  std::string head;
  appendBigEndian(head, static_cast<uint32_t>(width));
  appendBigEndian(head, static_cast<uint32_t>(height));
  head += '\x08';                         // bits of a channel
  head += channels == 3 ? '\x02' : '\0';  // RGB or grey
  head += std::string(3, '\0');           // the only compression and filter there are; lines in their order
  std::string out = "\x89PNG\r\n\x1a\n";
  appendChunk(out, "IHDR", head);
  appendChunk(out, "IDAT", packed);
  appendChunk(out, "IEND", {});
  return out;
}

std::string base64Of(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](size_t k) { return i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U; };
    const uint32_t bits = at(0) << 16 | at(1) << 8 | at(2);
    for (int k = 0; k < 4; ++k)
      out += i + static_cast<size_t>(k) <= bytes.size() ? kLetters[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace blockyard
