// MLP: a stack of dense layers with activations between them, for tables and as a first try on anything.
#include <ATen/ATen.h>

#include <cmath>

#include "blocks/activations.hpp"
#include "blocks/block.hpp"
#include "blocks/dense.hpp"
#include "blocks/norms.hpp"
#include "blocks/settles.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

struct DenseLayer {
  at::Tensor weight, bias;  // [out, in], [out]
  at::Tensor packed{};      // see packDense; undefined before settle
  std::optional<BatchNorm> batch_norm{};
  std::optional<LayerNorm> layer_norm{};
};

class Mlp final : public Block, public Settles {
 public:
  explicit Mlp(const Setup& setup)
      : activation_(activationNamed(setup.values.text("activation"))),
        relu_(setup.values.text("activation") == "relu"),
        dropout_(setup.values.number("dropout")) {
    const std::string& norm = setup.values.text("norm");
    int64_t in = setup.size("x", -1);
    for (const int64_t out : setup.values.integers("hidden")) {
      const std::string name = "linear" + std::to_string(layers_.size() + 1);
      const double bound = 1 / std::sqrt(static_cast<double>(in));  // as nn.Linear
      DenseLayer& layer = layers_.emplace_back();
      layer.weight = setup.uniform(name + ".weight", {out, in}, bound).requires_grad_();
      layer.bias = setup.uniform(name + ".bias", {out}, bound).requires_grad_();
      if (norm == "batch") layer.batch_norm.emplace(out);
      if (norm == "layer") layer.layer_norm.emplace(Integers{out});
      in = out;
    }
  }

  Batch forward(const Batch& in, Step& step) override {
    at::Tensor x = in["x"];  // [N, F]
    for (size_t i = 0; i < layers_.size(); ++i) {
      const DenseLayer& layer = layers_[i];
      const bool with_relu = relu_ && !layer.batch_norm && !layer.layer_norm;
      x = layer.packed.defined() ? densePacked(x, layer.packed, layer.bias, with_relu)
                                 : dense(x, layer.weight, layer.bias, with_relu);
      if (layer.batch_norm) x = layer.batch_norm->apply(x, step.training());
      if (layer.layer_norm) x = layer.layer_norm->apply(x);
      if (!with_relu) x = activation_(x);
      if (dropout_ == 0 || !step.training()) continue;
      const double keep = 1 - dropout_;
      x = x *
          at::empty_like(x).bernoulli_(keep, step.generator(x.device(), "dropout" + std::to_string(i + 1))).div_(keep);
    }
    return {{"y", x}};
  }

  bool settle(bool) override {
    for (DenseLayer& layer : layers_) layer.packed = packDense(layer.weight);
    return false;
  }

  std::vector<NamedTensor> parameters() const override {
    std::vector<NamedTensor> out;
    for (size_t i = 0; i < layers_.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      out.push_back({"linear" + number + ".weight", layers_[i].weight});
      out.push_back({"linear" + number + ".bias", layers_[i].bias});
      if (layers_[i].batch_norm) layers_[i].batch_norm->addParameters("norm" + number + ".", out);
      if (layers_[i].layer_norm) layers_[i].layer_norm->addParameters("norm" + number + ".", out);
    }
    return out;
  }

  State state() const override {
    State out;
    for (size_t i = 0; i < layers_.size(); ++i)
      if (layers_[i].batch_norm) layers_[i].batch_norm->addState("norm" + std::to_string(i + 1) + ".", out);
    return out;
  }

  void loadState(const State& state) override {
    for (size_t i = 0; i < layers_.size(); ++i)
      if (layers_[i].batch_norm) layers_[i].batch_norm->loadState("norm" + std::to_string(i + 1) + ".", state);
  }

 private:
  Activation activation_;
  bool relu_;  // then it is part of the dense layer
  double dropout_;
  std::vector<DenseLayer> layers_;
};

Signatures inferMlp(const Values& values, const Signatures& inputs) {
  const Integers& hidden = values.integers("hidden");
  Shape shape = inputs.at("x").shape;
  if (!hidden.empty()) shape.back() = hidden.back();
  return {{"y", tensorOf(shape)}};
}

}  // namespace

BlockType mlp() {
  return {
      .schema =
          {.title = "MLP",
           .doc =
               "A stack of dense layers, each followed by a norm (if wanted), an activation and dropout. A good first "
               "network for tables.",
           .inputs = {{"x", "float[N, F]"}},
           .outputs = {{"y", "float[N, F]"}},
           .params = {{"hidden", Integers{64, 64}, Range{1, 1 << 16}, "outputs of each layer, first to last"},
                      {"activation", "relu", activationNames(), "the curve after each layer"},
                      {"dropout", 0.0, Range{0, 0.95},
                       "share of values that are blanked after each layer while training"},
                      {"norm", "none", Choices{"none", "batch", "layer"},
                       "what brings the values of each layer to one scale"}}},
      .make = make<Mlp>,
      .infer = inferMlp,
      .rows_apart = [](const Values& values) { return values.text("norm") != "batch"; }};
}

}  // namespace blockyard::extractor
