#include "data/short_numbers.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "data/parse_number.hpp"
#include "data/table.hpp"

namespace blockyard {
namespace {

using FourDoubles = double __attribute__((vector_size(32)));
using FourLongs = int64_t __attribute__((vector_size(32)));  // as bits of doubles, or as yes (-1) and no (0)
using FourInts = int32_t __attribute__((vector_size(16)));

constexpr int32_t kMissingInteger = std::numeric_limits<int32_t>::min();
constexpr int64_t kPiece = 256;  // numbers that are packed before it is asked whether all of them could be

struct Packing {
  const double* numbers;
  int64_t count;  // at most kPiece
  double power;
  int32_t* packed;
};

// Four numbers, or the fewer that are left, as integers. Sets bits of `wrong` where those do not give back each bit.
[[gnu::always_inline]] inline void packFour(const double* numbers, double power, int32_t* packed, size_t count,
                                            FourLongs& wrong) {
  // Adding and taking away again rounds to the nearest integer.
  constexpr double kRound = 0x1.8p52, kMost = std::numeric_limits<int32_t>::max();
  FourDoubles number = {};
  std::memcpy(&number, numbers, count * sizeof(double));
  const FourDoubles product = number * power;
  const FourDoubles held = (product < kMost) & (product > -kMost) ? product : FourDoubles{};  // NaN is not held
  const FourInts integer = __builtin_convertvector((held + kRound) - kRound, FourInts);
  const FourDoubles back = __builtin_convertvector(integer, FourDoubles) / power;
  const FourLongs missing = number != number;
  const FourInts none = __builtin_convertvector(missing, FourInts);
  const FourInts result = (integer & ~none) | (none & kMissingInteger);
  std::memcpy(packed, &result, count * sizeof(int32_t));
  wrong |= (reinterpret_cast<FourLongs>(back) ^ reinterpret_cast<FourLongs>(number)) & ~missing;
}

[[gnu::always_inline]] inline void unpackFour(const int32_t* packed, double power, double* numbers, size_t count) {
  FourInts integer = {};
  std::memcpy(&integer, packed, count * sizeof(int32_t));
  const FourLongs missing = __builtin_convertvector(integer == kMissingInteger, FourLongs);
  FourDoubles number = __builtin_convertvector(integer, FourDoubles) / power;
  number = missing ? FourDoubles{} + kMissingNumber : number;
  std::memcpy(numbers, &number, count * sizeof(double));
}

[[gnu::always_inline]] inline bool packPiece(const Packing& piece) {
  FourLongs wrong = {};
  int64_t i = 0;
  for (; i + 4 <= piece.count; i += 4) packFour(piece.numbers + i, piece.power, piece.packed + i, 4, wrong);
  if (i < piece.count)
    packFour(piece.numbers + i, piece.power, piece.packed + i, static_cast<size_t>(piece.count - i), wrong);
  return (wrong[0] | wrong[1] | wrong[2] | wrong[3]) == 0;
}

[[gnu::always_inline]] inline void unpackAll(const int32_t* packed, int64_t count, double power, double* into) {
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) unpackFour(packed + i, power, into + i, 4);
  if (i < count) unpackFour(packed + i, power, into + i, static_cast<size_t>(count - i));
}

// Compiled for every processor, and once more for those with AVX2.
#if defined(__x86_64__)
__attribute__((target("avx2"))) bool packAvx2(const Packing& piece) {
  return packPiece(piece);
}
__attribute__((target("avx2"))) void unpackAvx2(const int32_t* packed, int64_t count, double power, double* into) {
  unpackAll(packed, count, power, into);
}
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
#endif

bool pack(const Packing& piece) {
#if defined(__x86_64__)
  if (kHasAvx2) return packAvx2(piece);
#endif
  return packPiece(piece);
}

}  // namespace

std::optional<int> packNumbers(std::span<const double> numbers, std::vector<int32_t>& packed) {
  packed.resize(numbers.size());
  const auto count = static_cast<int64_t>(numbers.size());
  int places = 0;
  for (int64_t first = 0; first < count;) {
    Packing piece{numbers.data() + first, std::min(kPiece, count - first), kExactPowers[places], packed.data() + first};
    if (pack(piece)) {
      first += piece.count;
      continue;
    }
    do {
      if (++places > kMostPlaces) return std::nullopt;
      piece.power = kExactPowers[places];
    } while (!pack(piece));
    first = 0;  // those before are to have as many places
  }
  return places;
}

void unpackNumbers(int places, const int32_t* packed, std::span<double> into) {
  const double power = kExactPowers[places];
#if defined(__x86_64__)
  if (kHasAvx2) return unpackAvx2(packed, static_cast<int64_t>(into.size()), power, into.data());
#endif
  unpackAll(packed, static_cast<int64_t>(into.size()), power, into.data());
}

}  // namespace blockyard
