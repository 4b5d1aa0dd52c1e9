// How many numbers a block will learn, told before anything is trained. Torch-free; any thread.
#pragma once
#include <cstdint>
#include <optional>

#include "blocks/block_type.hpp"

namespace blockyard {

// Makes the block without filling its weights, which takes neither memory nor time worth speaking of, and counts them.
// Nothing if it cannot be made from this: a size is not known yet, a setting is wrong.
std::optional<int64_t> parameterCount(const BlockType& type, const Values& values, const Signatures& inputs);

// While it lives, weights of blocks that are made on this thread stay unfilled.
class UnfilledWeights {
 public:
  UnfilledWeights();
  ~UnfilledWeights();
  UnfilledWeights(const UnfilledWeights&) = delete;
  UnfilledWeights& operator=(const UnfilledWeights&) = delete;
  static bool active();
};

}  // namespace blockyard
