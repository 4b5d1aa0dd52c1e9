// A plan in the order in which it runs faster, with the same numbers.
#pragma once
#include "graph/plan.hpp"

namespace blockyard {

// Puts max pooling before the ReLU that it follows: the largest of some numbers, cut off at 0, is the largest of the
// numbers cut off at 0, bit for bit, and so are the gradients; but the ReLU then has only a part of the numbers to do.
// Nothing else may read what the ReLU says.
std::vector<PlanNode> poolBeforeRelu(std::vector<PlanNode> nodes);

}  // namespace blockyard
