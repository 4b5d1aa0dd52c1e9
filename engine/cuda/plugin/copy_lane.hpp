#pragma once
#include <memory>

#include "cuda/copy_lane.hpp"

namespace blockyard::cuda {

std::unique_ptr<CopyLane> makeLane(at::Device device);

}  // namespace blockyard::cuda
