// What the postprocessors share: tables for a person to read, made from tensors.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "base/value.hpp"
#include "blocks/signature.hpp"
#include "data/chunk.hpp"

namespace blockyard {

// The class names of scores [N, K]; where they have none, "0", "1", ...
Classes classNames(const Packet& scores);
// index: int64 [N], on the CPU.
Table::Shared labelColumn(const std::string& name, const at::Tensor& index, const Classes& classes);
// values: float64 [N], on the CPU, any stride.
Table::Shared numberColumn(const std::string& name, const at::Tensor& values);
// Index of the class of that name, of the last one for an empty name. Throws Error at the parameter `positive`.
int64_t positiveIndex(const std::string& name, const std::vector<std::string>& classes);
// What each answer is worth for each true class, by the settings of Best value: float64 [true class, answer]. Throws
// Error at the parameter `values`.
at::Tensor worthMatrix(const Values& settings, const std::vector<std::string>& classes);
// What a threshold makes of scores [N, K]: the class `positive` where its probability reaches the threshold, else the
// most probable of the others. All [N] on the CPU.
struct Thresholded {
  at::Tensor reached{};      // bool
  at::Tensor label{};        // int64
  at::Tensor probability{};  // float64, of the class `positive`
};
Thresholded thresholded(const at::Tensor& scores, int64_t positive, const at::Tensor& threshold);
// The outputs of a block that answers so: a table with label and probability. Throws Error.
Signatures thresholdOutputs(const Values& values, const Signatures& inputs);
// The signature of such a table with as many rows as `from`.
Signature answerOf(std::vector<ColumnInfo> columns, const Signature& from);

// What a block that decides leaves in its batch for the metrics, on no wire: the class that was chosen and, where the
// right one is known, what that is worth. Both [N] on the CPU, int64 and float64.
constexpr const char* kDecision = "decision";
constexpr const char* kDecisionValue = "decision_value";

}  // namespace blockyard
