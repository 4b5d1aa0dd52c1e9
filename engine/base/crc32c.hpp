// CRC-32C (Castagnoli), the checksum of event files: by the processor's own instruction where there is one.
#pragma once
#include <cstdint>
#include <string_view>

namespace blockyard {

// `before` is the checksum of what came before these bytes; 0 at the start. crc32c("123456789") = 0xE3069283.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);
// The same by table on any processor; for tests and as the fallback.
uint32_t crc32cByTable(std::string_view bytes, uint32_t before = 0);

// As stored in event files: rotated and shifted, so that a checksum of data that holds checksums stays useful.
constexpr uint32_t maskedCrc(uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

}  // namespace blockyard
