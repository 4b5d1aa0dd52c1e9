// The activation functions, by name: shared by the activation block and by blocks that hold several layers.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>

#include "blocks/schema.hpp"

namespace blockyard {

// "relu", "leaky_relu", ... and, first, "none".
const Choices& activationNames();
using Activation = at::Tensor (*)(const at::Tensor&);
// Elementwise, any shape, keeps the memory layout. Asserts that the name is one of the list.
Activation activationNamed(const std::string& name);

}  // namespace blockyard
