// Concatenate: several wires side by side along one axis.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Concatenate final : public Block {
 public:
  explicit Concatenate(const Values& values) : axis_(values.integer("axis")) {}

  Batch forward(const Batch& in, Step&) override { return {{"y", at::cat(in.all("x"), axis_)}}; }

 private:
  int64_t axis_;
};

Signatures inferConcatenate(const Values& values, const Signatures& inputs) {
  const auto rank = static_cast<int64_t>(inputs.at("x").shape.size());
  const int64_t axis = values.integer("axis"), at = axis < 0 ? axis + rank : axis;
  if (at < 1 || at >= rank)
    throw Error({.parameter = "axis"}, "expected an axis of " + textOf(inputs.at("x").shape) +
                                           " that is not its rows, got " + std::to_string(axis));
  return {{"y", joined(inputs, "x", at)}};
}

}  // namespace

BlockType concatenate() {
  return {.schema = {.title = "Concatenate",
                     .doc = "Puts what comes in on all its wires side by side, in the order of wiring.",
                     .inputs = {{"x", "float[N, ...]", "wires whose other sizes agree", Wires::Many}},
                     .outputs = {{"y", "float[N, ...]"}},
                     .params = {{"axis", 1, Range{-8, 8},
                                 "the axis that grows: 1 are features or channels; negative counts from the end"}},
                     .examples = {{.in = {{"x", {{1, 2}, {1, 2}}}, {"x:1", {{1, 1}, {3}}}},
                                   .out = {{"y", {{1, 3}, {1, 2, 3}}}}}}},
          .make = make<Concatenate>,
          .infer = inferConcatenate,
          .rows_apart = [](const Values& values) { return values.integer("axis") > 0; }};
}

}  // namespace blockyard::extractor
