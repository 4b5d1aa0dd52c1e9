// Layer norm: brings the features of every row to one scale, independent of the other rows.
#include "blocks/block.hpp"
#include "blocks/norms.hpp"

namespace blockyard::extractor {
namespace {

std::vector<int64_t> lastSizes(const Setup& setup) {
  std::vector<int64_t> out;
  for (int64_t axis = -setup.values.integer("axes"); axis < 0; ++axis) out.push_back(setup.size("x", axis));
  return out;
}

class LayerNormBlock final : public Block {
 public:
  explicit LayerNormBlock(const Setup& setup)
      : norm_(lastSizes(setup), setup.values.number("epsilon"), setup.values.flag("affine")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    const at::Tensor y = norm_.apply(x);
    return {{"y", x.dim() == 4 ? y.contiguous(x.suggest_memory_format()) : y}};
  }

  std::vector<NamedTensor> parameters() const override {
    std::vector<NamedTensor> out;
    norm_.addParameters("", out);
    return out;
  }

 private:
  LayerNorm norm_;
};

Signatures inferLayerNorm(const Values& values, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  const auto axes = static_cast<size_t>(values.integer("axes"));
  if (axes >= x.shape.size())
    throw Error({.parameter = "axes"}, "expected at most " + std::to_string(x.shape.size() - 1) + ", the axes of " +
                                           textOf(x.shape) + " without its rows, got " + std::to_string(axes));
  return {{"y", x}};
}

}  // namespace

BlockType layer_norm() {
  return {
      .schema =
          {.title = "Layer norm",
           .doc =
               "Brings the last sizes of every row to mean 0 and deviation 1, then scales and shifts them by learned "
               "numbers. It works the same for any batch, while training and otherwise.",
           .inputs = {{"x", "float[N, ..., F]"}},
           .outputs = {{"y", "like x"}},
           .params = {{"axes", 1, Range{1, 8}, "how many of the last sizes are normalized together"},
                      {"epsilon", 1e-5, Range{1e-12, 1}, "added to the variance, against division by zero"},
                      {"affine", true, {}, "learn a scale and a shift for each value"}},
           .examples = {{.params = {{"epsilon", 1e-12}},
                         .in = {{"x", {{1, 2}, {1, 3}}}},
                         .out = {{"y", {{1, 2}, {-1, 1}}}}}}},
      .make = make<LayerNormBlock>,
      .infer = inferLayerNorm,
      .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
