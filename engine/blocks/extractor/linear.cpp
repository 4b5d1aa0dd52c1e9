// Linear: y = x W' + b on the last axis, W and b learned.
#include <cmath>

#include "blocks/block.hpp"
#include "blocks/dense.hpp"
#include "blocks/settles.hpp"

namespace blockyard::extractor {
namespace {

class Linear final : public Block, public Settles {
 public:
  explicit Linear(const Setup& setup) {
    const int64_t in = setup.size("x", -1), out = setup.values.integer("out_features");
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    weight_ = setup.uniform("weight", {out, in}, bound).requires_grad_();  // [out, in]
    if (setup.values.flag("bias")) bias_ = setup.uniform("bias", {out}, bound).requires_grad_();
  }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", packed_.defined() ? densePacked(in["x"], packed_, bias_, relu_) : dense(in["x"], weight_, bias_)}};
  }

  bool settle(bool relu) override {
    packed_ = packDense(weight_);
    relu_ = relu;
    return packed_.defined();
  }

  std::vector<NamedTensor> parameters() const override {
    if (!bias_.defined()) return {{"weight", weight_}};
    return {{"weight", weight_}, {"bias", bias_}};
  }

 private:
  at::Tensor weight_, bias_;
  at::Tensor packed_;  // see packDense; undefined before settle
  bool relu_ = false;  // y is max(0, y); settled only
};

}  // namespace

BlockType linear() {
  return {
      .schema =
          {.title = "Linear",
           .doc = "A dense layer: every output is a weighted sum of all inputs plus a bias. Weights start uniform in "
                  "±1/sqrt(inputs), as PyTorch's nn.Linear does.",
           .inputs = {{"x", "float[N, ..., F]"}},
           .outputs = {{"y", "float[N, ..., out_features]"}},
           .params = {{"out_features", 64, Range{1, 1 << 20}, "number of outputs"},
                      {"bias", true, {}, "add a learned bias"}}},
      .make = make<Linear>,
      .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
