#include "base/crc32c.hpp"

#include <array>
#include <cstring>

namespace blockyard {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;  // reflected
using Table = std::array<std::array<uint32_t, 256>, 8>;

// tables[k][b]: what byte b does to the checksum k bytes later ("slicing by 8").
constexpr Table makeTables() {
  Table tables{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][b] = crc;
  }
  for (size_t k = 1; k < 8; ++k)
    for (size_t b = 0; b < 256; ++b) tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xFF];
  return tables;
}
constexpr Table kTables = makeTables();

uint64_t littleEndian(const char* bytes) {
  uint64_t out = 0;
  std::memcpy(&out, bytes, 8);
  if constexpr (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) out = __builtin_bswap64(out);
  return out;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32cByInstruction(std::string_view bytes, uint32_t before) {
  uint64_t crc = ~before;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) crc = __builtin_ia32_crc32di(crc, littleEndian(at));
  uint32_t tail = static_cast<uint32_t>(crc);
  for (; left > 0; ++at, --left) tail = __builtin_ia32_crc32qi(tail, static_cast<unsigned char>(*at));
  return ~tail;
}
const bool kHasInstruction = __builtin_cpu_supports("sse4.2") != 0;
#endif

}  // namespace

uint32_t crc32cByTable(std::string_view bytes, uint32_t before) {
  uint32_t crc = ~before;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    const uint64_t word = littleEndian(at) ^ crc;
    crc = 0;
    for (size_t k = 0; k < 8; ++k) crc ^= kTables[7 - k][(word >> (8 * k)) & 0xFF];
  }
  for (; left > 0; ++at, --left) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFF];
  return ~crc;
}

uint32_t crc32c(std::string_view bytes, uint32_t before) {
#if defined(__x86_64__)
  if (kHasInstruction) return crc32cByInstruction(bytes, before);
#endif
  return crc32cByTable(bytes, before);
}

}  // namespace blockyard
