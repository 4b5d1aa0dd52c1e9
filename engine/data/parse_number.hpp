// Numbers in text, correctly rounded. The short decimal numbers that files are full of take a path of their own.
#pragma once
#include <cstdint>
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

}  // namespace blockyard
