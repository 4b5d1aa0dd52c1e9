// The training settings of a pipeline, as parameters like those of a block: the inspector, `--set training.NAME=VALUE`,
// the help and the checks read them from here.
#pragma once
#include <vector>

#include "blocks/schema.hpp"

namespace blockyard {

// In the order in which a person looks for them.
const std::vector<Param>& trainingParams();

}  // namespace blockyard
