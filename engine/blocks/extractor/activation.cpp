// Activation: a fixed curve applied to every value, what makes a stack of layers more than one big linear layer.
#include "blocks/activations.hpp"

#include <ATen/ATen.h>

#include "blocks/block.hpp"

namespace blockyard::extractor {
namespace {

class Activate final : public Block {
 public:
  explicit Activate(const Values& values)
      : name_(values.text("function")),
        slope_(values.number("slope")),
        alpha_(values.number("alpha")),
        function_(activationNamed(name_)) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    if (name_ == "leaky_relu") return {{"y", at::leaky_relu(x, slope_)}};
    if (name_ == "elu") return {{"y", at::elu(x, alpha_)}};
    return {{"y", function_(x)}};
  }

 private:
  std::string name_;
  double slope_, alpha_;
  Activation function_;
};

}  // namespace

BlockType activation() {
  return {
      .schema = {.title = "Activation",
                 .doc = "Applies a fixed curve to every value. Put one between layers that are learned: without it two "
                        "linear layers do no more than one.",
                 .inputs = {{"x", "float[N, ...]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"function", "relu", activationNames(), "the curve"},
                            {"slope", 0.01, Range{0, 1}, "leaky_relu only: slope for negative values"},
                            {"alpha", 1.0, Range{0, 100},
                             "elu only: the value that large negative inputs approach is -alpha"}},
                 .examples = {{.in = {{"x", {{1, 3}, {-1, 0, 2}}}}, .out = {{"y", {{1, 3}, {0, 0, 2}}}}},
                              {.params = {{"function", "leaky_relu"}, {"slope", 0.5}},
                               .in = {{"x", {{1, 3}, {-1, 0, 2}}}},
                               .out = {{"y", {{1, 3}, {-0.5, 0, 2}}}}}}},
      .make = make<Activate>,
      .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
