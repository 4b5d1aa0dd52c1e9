// Flatten: every row of a picture or tensor as one list of numbers. Keeps the type of the numbers.
#include <ATen/ATen.h>

#include "blocks/block.hpp"

namespace blockyard::preprocessor {
namespace {

class Flatten final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    return {{"y", x.reshape({x.size(0), x.numel() / std::max<int64_t>(1, x.size(0))})}};
  }
};

Signatures inferFlatten(const Values&, const Signatures& inputs) {
  Signature out = inputs.at("x");
  Dim features = 1;
  for (size_t i = 1; i < out.shape.size(); ++i)
    features = features.known() && out.shape[i].known() ? Dim(features.size * out.shape[i].size) : Dim("F");
  out.kind = Wire::Tensor;
  out.shape = {out.shape.front(), features};
  return {{"y", out}};
}

}  // namespace

BlockType flatten() {
  return {
      .schema =
          {.title = "Flatten",
           .doc =
               "Lays out every row of a picture or tensor as one list of numbers, channel by channel and line by line.",
           .inputs = {{"x", "image[N, ...]|tensor[N, ...]"}},
           .outputs = {{"y", "tensor[N, F]"}},
           .examples = {{.in = {{"x", {{1, 2, 2}, {1, 2, 3, 4}}}}, .out = {{"y", {{1, 4}, {1, 2, 3, 4}}}}}},
           .phase = Phase::EachBatch},
      .make = make<Flatten>,
      .infer = inferFlatten};
}

}  // namespace blockyard::preprocessor
