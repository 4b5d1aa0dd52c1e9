#include "blocks/parameter_count.hpp"

#include "blocks/block.hpp"

namespace blockyard {
namespace {

thread_local int unfilled = 0;

}  // namespace

UnfilledWeights::UnfilledWeights() {
  ++unfilled;
}
UnfilledWeights::~UnfilledWeights() {
  --unfilled;
}
bool UnfilledWeights::active() {
  return unfilled > 0;
}

std::optional<int64_t> parameterCount(const BlockType& type, const Values& values, const Signatures& inputs) {
  if (type.make == nullptr) return 0;
  const UnfilledWeights unfilled_here;
  try {
    int64_t out = 0;
    for (const auto& parameter : type.make(Setup{values, inputs, KeyedRandom(0)})->parameters())
      out += parameter.tensor.numel();
    return out;
  } catch (const std::exception&) {  // whatever it is, the checks or the training will say it at the block
    return std::nullopt;
  }
}

}  // namespace blockyard
