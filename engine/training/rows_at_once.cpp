// Apart from the rest of prepare: whoever only predicts needs no more of it.
#include <algorithm>

#include "training/prepare.hpp"

namespace blockyard {
namespace {

int64_t bytesOf(Element element) {
  switch (element) {
    case Element::Float64:
    case Element::Int64:
      return 8;
    case Element::Float32:
      return 4;
    default:
      return 1;
  }
}

}  // namespace

int64_t rowsAtOnce(const Signatures& source, int64_t most) {
  constexpr int64_t kBytes = int64_t{64} << 20;
  int64_t bytes = 1;
  for (const auto& [port, signature] : source) {
    if (signature.kind != Wire::Image && signature.kind != Wire::Tensor) continue;
    int64_t numbers = 1;
    for (size_t axis = 1; axis < signature.shape.size(); ++axis)
      numbers *= std::max<int64_t>(1, signature.shape[axis].size);
    bytes += numbers * bytesOf(signature.element);
  }
  return std::clamp<int64_t>(kBytes / bytes, 1, most);
}

}  // namespace blockyard
