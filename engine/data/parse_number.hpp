// Numbers in text, correctly rounded. The short decimal numbers that files are full of take a path of their own.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace blockyard {

enum class NumberText { Finite, Infinite, None };  // None: not a number, "nan" included

// The whole of `text` as a number: [+-] digits [point digits] [e [+-] digits]; "inf" and "infinity" in any case, and
// numbers too large for a double, are Infinite. No blanks. Sets `value` if it is Finite.
NumberText parseNumber(std::string_view text, char point, double& value);

// Powers of ten that a double holds exactly.
inline constexpr double kExactPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                          1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The number that starts at `p`, if it is short enough for exact arithmetic: an integer below 2^53 divided by a power
// of ten up to 10^22 is rounded once, so correctly (Clinger 1990). Returns what stands behind it, or nullptr: then the
// number may still be one for parseNumber. The text must end with a byte that is no digit.
inline const char* parseShortNumber(const char* p, char point, double& value) {
  const bool negative = *p == '-';
  p += negative;
  const char* start = p;
  uint64_t mantissa = 0;
  for (unsigned digit = 0; (digit = static_cast<unsigned char>(*p) - unsigned{'0'}) < 10; ++p)
    mantissa = mantissa * 10 + digit;
  int64_t digits = p - start, places = 0;
  if (*p == point) {
    start = ++p;
    for (unsigned digit = 0; (digit = static_cast<unsigned char>(*p) - unsigned{'0'}) < 10; ++p)
      mantissa = mantissa * 10 + digit;
    places = p - start;
    digits += places;
  }
  // Up to 19 digits cannot overflow 64 bits.
  if (digits == 0 || digits > 19 || mantissa > (uint64_t{1} << 53)) return nullptr;
  const auto number = static_cast<double>(static_cast<int64_t>(mantissa)) / kExactPowers[places];
  value = negative ? -number : number;
  return p;
}

// The same for numbers of at most eight digits, without a loop: eight bytes are looked at as one word, whose first
// digit is its lowest byte. May read kEightDigitsReach bytes from `p` on, whatever the number is.
inline constexpr int64_t kEightDigitsReach = 11;
inline const char* parseEightDigits(const char* p, char point, double& value) {
  static_assert(std::endian::native == std::endian::little);
  constexpr uint64_t kZeros = 0x3030303030303030U, kHigh = 0x8080808080808080U;
  // How many digits stand in front of the first byte that is none. `word` has '0' taken from every byte: what is more
  // than nine reaches the high bit, and a carry spoils only bytes behind it.
  const auto digits_of = [](uint64_t word) {
    return std::countr_zero(((word + 0x7676767676767676U) | word) & kHigh) / 8;
  };
  const uint64_t sign = *p == '-';
  p += sign;
  uint64_t word = 0;
  std::memcpy(&word, p, 8);
  word ^= kZeros;
  int digits = digits_of(word), places = 0;
  if (digits < 8 && p[digits] == point) {
    // The point is taken out, and the ninth byte moves up.
    const uint64_t front = (uint64_t{1} << (8 * digits)) - 1;
    const auto ninth = static_cast<uint64_t>(static_cast<unsigned char>(p[8]) ^ 0x30U);
    word = (word & front) | ((word >> 8) & ~front) | (ninth << 56);
    places = -digits;
    digits = digits_of(word);
    places += digits;
    ++p;
  }
  if (digits == 0) return nullptr;
  if (digits == 8 && (p[8] == point || static_cast<unsigned char>(p[8]) - unsigned{'0'} < 10)) return nullptr;
  word <<= 64 - 8 * digits;  // zeros come in front
  // Neighbours are put together: to four numbers below 100, to two below 10^4, to one.
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffU;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffU;
  word = (word * 10000 + (word >> 32)) & 0xffffffffU;
  const auto number = static_cast<double>(static_cast<int64_t>(word)) / kExactPowers[places];
  value = std::bit_cast<double>(std::bit_cast<uint64_t>(number) | sign << 63);
  return p + digits;
}

}  // namespace blockyard
