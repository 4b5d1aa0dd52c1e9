// What the postprocessors share: tables for a person to read, made from tensors.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "blocks/signature.hpp"
#include "data/chunk.hpp"

namespace blockyard {

// The class names of scores [N, K]; where they have none, "0", "1", ...
Classes classNames(const Packet& scores);
// index: int64 [N], on the CPU.
Table::Shared labelColumn(const std::string& name, const at::Tensor& index, const Classes& classes);
// values: float64 [N], on the CPU, any stride.
Table::Shared numberColumn(const std::string& name, const at::Tensor& values);
// The signature of such a table with as many rows as `from`.
Signature answerOf(std::vector<ColumnInfo> columns, const Signature& from);

}  // namespace blockyard
