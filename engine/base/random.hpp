// Keyed random numbers: every random choice is a function of (seed, purpose, counter), never of what was drawn before.
// So a run can be resumed at any step, split over threads or machines, and repeated bit for bit. Philox4x32-10
// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Cheap to copy; const calls are thread-safe.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace blockyard {

// The raw generator: 128 bits of counter and 64 bits of key give 128 random bits.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

class KeyedRandom {
 public:
  explicit KeyedRandom(uint64_t seed) : key_(seed) {}

  // A generator for a purpose of its own ("conv1", "weights", "epoch 3"): keys nest, order matters.
  KeyedRandom key(std::string_view purpose) const;
  KeyedRandom key(uint64_t number) const;

  uint64_t bits(uint64_t counter) const;   // 64 random bits
  double uniform(uint64_t counter) const;  // [0, 1), 53 bits
  double normal(uint64_t counter) const;   // mean 0, deviation 1 (Box-Muller)
  uint64_t below(uint64_t counter,
                 uint64_t n) const;  // [0, n), n > 0, without bias worth naming (64-bit multiply-shift)
  // A seed for a generator of somebody else's.
  uint64_t seed() const { return bits(~uint64_t{0}); }

 private:
  uint64_t key_;
};

// A permutation of [0, n) that is computed, not stored: a Feistel network with cycle walking, keyed by Philox.
// Constant memory, random access; its whole state is (n, key).
class KeyedPermutation {
 public:
  KeyedPermutation(uint64_t n, KeyedRandom random);
  uint64_t operator()(uint64_t index) const;  // index < n
  uint64_t size() const { return n_; }

 private:
  static constexpr size_t kMaxRounds = 16;
  uint64_t n_;
  int half_bits_ = 1;
  size_t rounds_ = 6;
  std::array<uint64_t, kMaxRounds> keys_{};
};

}  // namespace blockyard
