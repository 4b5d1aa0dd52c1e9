// Flatten: all sizes from one axis on become one, so that a picture or a sequence fits a dense layer.
#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Flatten final : public Block {
 public:
  explicit Flatten(const Values& values) : first_(values.integer("first_axis")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    if (x.dim() == first_) return {{"y", x.unsqueeze(-1)}};
    return {{"y", x.flatten(first_)}};  // [N, a, b, c] -> [N, a * b * c]
  }

 private:
  int64_t first_;
};

Signatures inferFlatten(const Values& values, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  const auto first = static_cast<size_t>(values.integer("first_axis"));
  if (first > x.shape.size())
    throw Error({.parameter = "first_axis"}, "expected at most " + std::to_string(x.shape.size()) +
                                                 ", the number of axes of " + textOf(x.shape) + ", got " +
                                                 std::to_string(first));
  Shape shape(x.shape.begin(), x.shape.begin() + static_cast<int64_t>(first));
  shape.push_back(product(x.shape, first));
  return {{"y", tensorOf(shape, x.element)}};
}

}  // namespace

BlockType flatten() {
  return {.schema = {.title = "Flatten",
                     .doc = "Lays all sizes of a row out as one list of features, e.g. before a dense layer.",
                     .inputs = {{"x", "tensor[N, ...]"}},
                     .outputs = {{"y", "tensor[N, F]"}},
                     .params = {{"first_axis", 1, Range{1, 8},
                                 "axes before this one stay as they are; axis 0 are the rows"}},
                     .examples = {{.in = {{"x", {{1, 2, 2}, {1, 2, 3, 4}}}}, .out = {{"y", {{1, 4}, {1, 2, 3, 4}}}}}}},
          .make = make<Flatten>,
          .infer = inferFlatten,
          .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
