// Rows of sequences [N, L, F] that are padded at their end, as the tokens [N, L] beside them say. Nothing here looks at
// a value.
#pragma once
#include <ATen/core/Tensor.h>

#include "blocks/block.hpp"

namespace blockyard {

// The optional port `tokens` and the parameter `padding` that go with it.
Port tokensPort();
Param paddingParam();
// Throws Error at port tokens if its length is not that of x.
void requireSameLength(const Signatures& inputs);
// bool [N, L]: true where there is a token; all true without the port.
at::Tensor presentTokens(const Batch& in, int64_t padding);

}  // namespace blockyard
