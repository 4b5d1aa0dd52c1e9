// Which part every row of a source belongs to, by the training settings of a plan.
#pragma once
#include <vector>

#include "blocks/source.hpp"
#include "graph/plan.hpp"

namespace blockyard {

// One entry per row. Throws Error for settings that do not fit the data, and if a class has rows to be judged on but
// none to learn from.
std::vector<Part> rowParts(Source& source, const Plan& plan);

}  // namespace blockyard
