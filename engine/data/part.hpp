// Part: what a row is for.
#pragma once
#include <cstdint>

namespace blockyard {

enum class Part : uint8_t { Train, Validation, Test, Unused };
// "train", ...
const char* nameOf(Part part);

}  // namespace blockyard
