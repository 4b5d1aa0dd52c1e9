// What the pooling blocks share: their parameters and how sizes follow from them. Torch-free.
#pragma once
#include <vector>

#include "blocks/schema.hpp"
#include "blocks/shapes.hpp"

namespace blockyard {

std::vector<Param> poolParams();
// The window over [N, C, L] or [N, C, H, W]. Throws Error at the parameter.
Window poolWindow(const Values& values, const Shape& shape);
Signatures inferPool(const Values& values, const Signatures& inputs);

}  // namespace blockyard
