// Rules of postprocessors that name classes and put numbers into tables.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "export/onnx/block_rules.hpp"

namespace blockyard::rules {
namespace {

std::vector<std::string> classesOf(const BlockToWrite& block) {
  return *classNames(block.example_in.packet("scores"));
}

OnnxColumn label(const BlockToWrite& block, const std::string& name, const OnnxValue& code) {
  return {.name = name, .type = ColumnType::Category, .classes = classesOf(block), .value = code};
}
OnnxColumn number(BlockToWrite& block, const std::string& name, const OnnxValue& value) {
  return {.name = name, .value = block.graph.cast(value, OnnxType::Double)};
}

const OnnxAttributes kAlongClasses{{"axis", int64_t{1}}, {"keepdims", int64_t{1}}};

OnnxValue best(BlockToWrite& block, const OnnxValue& scores) {
  return block.op("ArgMax", {scores}, OnnxType::Int64, kAlongClasses);  // [N, 1], the first of equal ones
}
OnnxValue largest(BlockToWrite& block, const OnnxValue& scores) {
  return block.op("ReduceMax", {scores}, scores.type, {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}});
}

// The positive class where its probability reaches the threshold, else the best of the others.
OnnxBatch decided(BlockToWrite& block, double threshold) {
  const OnnxValue scores = block.graph.cast(block.in.at("scores").tensor, OnnxType::Double);
  const std::vector<std::string> classes = classesOf(block);
  const int64_t positive = positiveIndex(block.values().text("positive"), classes);
  const OnnxValue probability =
      block.op("Gather", {scores, block.graph.integers({positive})}, OnnxType::Double, {{"axis", int64_t{1}}});
  at::Tensor is_positive = at::zeros({static_cast<int64_t>(classes.size())}, at::kBool);
  is_positive[positive].fill_(true);
  const OnnxValue others =
      block.op("Where", {block.graph.constant(is_positive), block.number(-1), scores}, OnnxType::Double);
  const OnnxValue reached = block.op("GreaterOrEqual", {probability, block.number(threshold)}, OnnxType::Bool);
  const OnnxValue code =
      block.op("Where", {reached, block.graph.integer(positive), best(block, others)}, OnnxType::Int64);
  return tableOf({label(block, "label", code), number(block, "probability", probability)}, "answer");
}

}  // namespace

OnnxBatch classLabel(BlockToWrite& block) {
  const OnnxValue& scores = block.in.at("scores").tensor;
  return tableOf({label(block, "label", best(block, scores)), number(block, "probability", largest(block, scores))},
                 "answer");
}

OnnxBatch topK(BlockToWrite& block) {
  const OnnxValue& scores = block.in.at("scores").tensor;
  const auto count = std::min(block.values().integer("k"), static_cast<int64_t>(classesOf(block).size()));
  const OnnxValues sorted = block.graph.nodes("TopK", {scores, block.graph.integers({count})},
                                              {scores.type, OnnxType::Int64}, {{"axis", int64_t{1}}});
  std::vector<OnnxColumn> out;
  for (int64_t i = 0; i < count; ++i) {
    const auto place = [&](const OnnxValue& of) {
      return block.op("Gather", {of, block.graph.integers({i})}, of.type, {{"axis", int64_t{1}}});
    };
    out.push_back(label(block, "label_" + std::to_string(i + 1), place(sorted[1])));
    out.push_back(number(block, "probability_" + std::to_string(i + 1), place(sorted[0])));
  }
  return tableOf(std::move(out), "answer");
}

OnnxBatch threshold(BlockToWrite& block) {
  return decided(block, block.values().number("threshold"));
}

OnnxBatch bestThreshold(BlockToWrite& block) {
  return decided(block, block.state.tensors.at("threshold").item<double>());
}

OnnxBatch bestValue(BlockToWrite& block) {
  const OnnxValue scores = block.graph.cast(block.in.at("scores").tensor, OnnxType::Double);
  const OnnxValue worth = block.graph.constant(worthMatrix(block.values(), classesOf(block)));  // [true, answer]
  const OnnxValue expected = block.op("MatMul", {scores, worth}, OnnxType::Double);
  return tableOf({label(block, "label", best(block, expected)), number(block, "value", largest(block, expected))},
                 "answer");
}

OnnxBatch valuesTable(BlockToWrite& block) {
  const OnnxValue values = block.graph.cast(block.in.at("values").tensor, OnnxType::Double);
  const std::vector<std::string> names = block.example_out.table("answer").names();
  std::vector<OnnxColumn> out;
  for (size_t i = 0; i < names.size(); ++i)
    out.push_back({.name = names[i],
                   .value = values,
                   .at = static_cast<int64_t>(i),
                   .width = static_cast<int64_t>(names.size())});
  return tableOf(std::move(out), "answer");
}

}  // namespace blockyard::rules
