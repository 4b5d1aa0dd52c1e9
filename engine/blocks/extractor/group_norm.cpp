// Group norm: brings groups of channels of every row to one scale, independent of the other rows.
#include <ATen/ATen.h>

#include "blocks/block.hpp"

namespace blockyard::extractor {
namespace {

class GroupNorm final : public Block {
 public:
  explicit GroupNorm(const Setup& setup)
      : groups_(setup.values.integer("groups")), epsilon_(setup.values.number("epsilon")) {
    if (!setup.values.flag("affine")) return;
    weight_ = at::ones({setup.size("x", 1)}).requires_grad_();
    bias_ = at::zeros({setup.size("x", 1)}).requires_grad_();
  }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", at::group_norm(in["x"], groups_, weight_, bias_, epsilon_)}};
  }

  std::vector<NamedTensor> parameters() const override {
    if (!weight_.defined()) return {};
    return {{"weight", weight_}, {"bias", bias_}};
  }

 private:
  int64_t groups_;
  double epsilon_;
  at::Tensor weight_, bias_;  // [C]
};

Signatures inferGroupNorm(const Values& values, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  const int64_t groups = values.integer("groups");
  if (x.shape[1].known() && x.shape[1].size % groups != 0)
    throw Error({.parameter = "groups"},
                "expected a divisor of the " + x.shape[1].text() + " channels of x, got " + std::to_string(groups));
  return {{"y", x}};
}

}  // namespace

BlockType group_norm() {
  return {
      .schema = {.title = "Group norm",
                 .doc = "Brings groups of channels of every row to mean 0 and deviation 1, then scales and shifts each "
                        "channel by "
                        "learned numbers. A stand-in for batch norm where batches are small (Wu and He, ECCV 2018).",
                 .inputs = {{"x", "float[N, C, ...]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"groups", 1, Range{1, 1 << 16}, "number of groups; must divide the channels"},
                            {"epsilon", 1e-5, Range{1e-12, 1}, "added to the variance, against division by zero"},
                            {"affine", true, {}, "learn a scale and a shift for each channel"}}},
      .make = make<GroupNorm>,
      .infer = inferGroupNorm};
}

}  // namespace blockyard::extractor
