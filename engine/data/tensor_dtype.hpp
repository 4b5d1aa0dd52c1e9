// Element types of tensors, as LibTorch and as safetensors name them.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

#include "base/safetensors.hpp"

namespace blockyard {

// Nothing for types that are not kept in files (complex, quantized).
std::optional<Dtype> fileDtype(at::ScalarType type);
std::optional<at::ScalarType> scalarType(Dtype dtype);

}  // namespace blockyard
