// Add: the sum of several wires, such as the two ends of a residual connection.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Add final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    const std::vector<at::Tensor> all = in.all("x");
    at::Tensor sum = all.front();
    for (size_t i = 1; i < all.size(); ++i) sum = sum + all[i];
    return {{"y", sum}};
  }
};

Signatures inferAdd(const Values&, const Signatures& inputs) {
  return {{"y", joined(inputs, "x", kNoAxis)}};
}

}  // namespace

BlockType add() {
  return {
      .schema =
          {.title = "Add",
           .doc =
               "Adds up what comes in on all its wires, value by value. Wire the input and the output of a layer to it "
               "for a residual connection.",
           .inputs = {{"x", "float[N, ...]", "wires of one shape", Wires::Many}},
           .outputs = {{"y", "like x"}},
           .examples = {{.in = {{"x", {{1, 2}, {1, 2}}}, {"x:1", {{1, 2}, {10, 20}}}},
                         .out = {{"y", {{1, 2}, {11, 22}}}}}}},
      .make = make<Add>,
      .infer = inferAdd,
      .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
