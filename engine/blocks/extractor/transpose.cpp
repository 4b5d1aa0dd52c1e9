// Transpose: two axes of each row change places.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Transpose final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override { return {{"y", in["x"].transpose(1, 2).contiguous()}}; }
};

Signatures inferTranspose(const Values&, const Signatures& inputs) {
  Shape shape = inputs.at("x").shape;
  std::swap(shape[1], shape[2]);
  return {{"y", tensorOf(shape)}};
}

}  // namespace

BlockType transpose() {
  return {.schema = {.title = "Transpose",
                     .doc = "Lets the two axes of each row change places: a sequence of vectors [N, L, F], as an "
                            "embedding gives it, becomes channels of numbers [N, F, L], as a convolution takes them, "
                            "and back.",
                     .inputs = {{"x", "float[N, A, B]"}},
                     .outputs = {{"y", "float[N, B, A]"}},
                     .examples = {{.in = {{"x", {{1, 2, 3}, {1, 2, 3, 4, 5, 6}}}},
                                   .out = {{"y", {{1, 3, 2}, {1, 4, 2, 5, 3, 6}}}}}}},
          .make = make<Transpose>,
          .infer = inferTranspose};
}

}  // namespace blockyard::extractor
