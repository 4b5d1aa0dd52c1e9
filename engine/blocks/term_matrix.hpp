// Texts as rows of numbers, one column a term: what TF-IDF and feature hashing share.
#pragma once
#include <ATen/core/Tensor.h>

#include <functional>
#include <string_view>

#include "blocks/block.hpp"

namespace blockyard {

enum class Norm { None, L1, L2 };
Norm normNamed(const std::string& name);
Param normParam();

// float32 [N, columns]: fill(text, row) adds to a row of zeros, which is then brought to length 1. Rows are computed in
// double, on several threads.
at::Tensor termMatrix(const Texts& texts, int64_t columns, Norm norm,
                      const std::function<void(std::string_view, double*)>& fill);

}  // namespace blockyard
