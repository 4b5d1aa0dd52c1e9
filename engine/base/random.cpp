#include "base/random.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace blockyard {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr uint64_t kNestText = 0x9e3779b97f4a7c15;  // keys made from texts and from numbers never meet
constexpr uint64_t kNestNumber = 0xd1b54a32d192ed03;

uint64_t mixed(uint64_t key, uint64_t a, uint64_t domain) {
  const auto out = philox({static_cast<uint32_t>(a), static_cast<uint32_t>(a >> 32), static_cast<uint32_t>(domain),
                           static_cast<uint32_t>(domain >> 32)},
                          {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)});
  return static_cast<uint64_t>(out[1]) << 32 | out[0];
}

}  // namespace

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * counter[0];
    const uint64_t b = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

KeyedRandom KeyedRandom::key(std::string_view purpose) const {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, then scrambled with the parent's key
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return KeyedRandom(mixed(key_, hash, kNestText));
}

KeyedRandom KeyedRandom::key(uint64_t number) const {
  return KeyedRandom(mixed(key_, number, kNestNumber));
}

uint64_t KeyedRandom::bits(uint64_t counter) const {
  return mixed(key_, counter, 0);
}

double KeyedRandom::uniform(uint64_t counter) const {
  return static_cast<double>(bits(counter) >> 11) * 0x1p-53;
}

double KeyedRandom::normal(uint64_t counter) const {
  const double u = 1.0 - static_cast<double>(mixed(key_, counter, 1) >> 11) * 0x1p-53;  // (0, 1]
  const double v = static_cast<double>(mixed(key_, counter, 2) >> 11) * 0x1p-53;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

uint64_t KeyedRandom::below(uint64_t counter, uint64_t n) const {
  return static_cast<uint64_t>((static_cast<Wide>(bits(counter)) * n) >> 64);
}

KeyedPermutation::KeyedPermutation(uint64_t n, KeyedRandom random) : n_(n) {
  const int bits = n > 1 ? std::bit_width(n - 1) : 1;
  half_bits_ = (bits + 1) / 2;
  if (half_bits_ <= 4) rounds_ = kMaxRounds;  // with six, some orders of a few rows come twice as often as others
  for (size_t i = 0; i < rounds_; ++i) keys_[i] = random.bits(i);
}

uint64_t KeyedPermutation::operator()(uint64_t index) const {
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  do {
    uint64_t left = index >> half_bits_, right = index & mask;
    for (size_t round = 0; round < rounds_; ++round) {
      const uint64_t key = keys_[round];
      uint64_t f = (right ^ key) * 0xff51afd7ed558ccd;  // the finalizer of MurmurHash3
      f = (f ^ (f >> 33)) * 0xc4ceb9fe1a85ec53;
      f = (f ^ (f >> 29) ^ (key >> 32)) & mask;
      const uint64_t next = left ^ f;
      left = right;
      right = next;
    }
    index = left << half_bits_ | right;
  } while (index >= n_);  // the domain is at most four times n: three more rounds on average at worst
  return index;
}

}  // namespace blockyard
