// Lists in the state of a block: texts among its values, numbers as tensors, which keep every bit.
#pragma once
#include <string>

#include "blocks/block.hpp"

namespace blockyard {

// A list of texts; an empty one has no type of its own once it has been through a file. Throws Error naming `name`.
Texts stateTexts(const State& state, const std::string& name);
// float64 [count], and back.
at::Tensor tensorOf(const Numbers& numbers);
Numbers stateNumbers(const State& state, const std::string& name, size_t count);

}  // namespace blockyard
