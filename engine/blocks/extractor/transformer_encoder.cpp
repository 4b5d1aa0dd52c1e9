// Transformer encoder: every step of a sequence looks at all the others (Vaswani et al., "Attention is all you need",
// NeurIPS 2017). Layers are those of PyTorch's nn.TransformerEncoderLayer, weights have its names and start as its own.
#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "blocks/activations.hpp"
#include "blocks/dense.hpp"
#include "blocks/norms.hpp"
#include "blocks/sequences.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

// sin and cos of the place in the sequence, with wavelengths from 2 pi to 10000 * 2 pi: [L, F].
at::Tensor sinusoids(int64_t length, int64_t features, const at::TensorOptions& options) {
  const at::TensorOptions wide = options.dtype(at::kDouble);
  const at::Tensor places = at::arange(length, wide).unsqueeze(1);
  const at::Tensor rates = at::exp(at::arange(0, features, 2, wide) * (-std::log(1e4) / static_cast<double>(features)));
  const at::Tensor angles = places * rates;  // [L, F / 2], rounded up
  return at::stack({angles.sin(), angles.cos()}, 2).flatten(1).narrow(1, 0, features).to(options.dtype());
}

class Dropped {
 public:
  Dropped(double rate, Step& step) : rate_(step.training() ? rate : 0), step_(step) {}
  at::Tensor operator()(const at::Tensor& x) {
    if (rate_ == 0) return x;
    const at::Generator generator = step_.generator(x.device(), "dropout " + std::to_string(calls_++));
    return x * at::empty_like(x).bernoulli_(1 - rate_, generator).div_(1 - rate_);
  }

 private:
  double rate_;
  Step& step_;
  int calls_ = 0;
};

class Layer {
 public:
  Layer(const Setup& setup, const std::string& prefix)
      : prefix_(prefix),
        heads_(setup.values.integer("heads")),
        before_(setup.values.text("norm") == "before"),
        activation_(activationNamed(setup.values.text("activation"))),
        norm1_({setup.size("x", 2)}),
        norm2_({setup.size("x", 2)}) {
    const int64_t features = setup.size("x", 2), wide = setup.values.integer("feed_forward");
    const auto uniform = [&](const char* name, at::IntArrayRef shape, double bound) {
      return setup.uniform(prefix + name, shape, bound).requires_grad_();
    };
    const double in = 1 / std::sqrt(static_cast<double>(features)), back = 1 / std::sqrt(static_cast<double>(wide));
    in_weight_ = uniform("self_attn.in_proj_weight", {3 * features, features}, std::sqrt(1.5) * in);
    in_bias_ = at::zeros({3 * features}).requires_grad_();
    out_weight_ = uniform("self_attn.out_proj.weight", {features, features}, in);
    out_bias_ = at::zeros({features}).requires_grad_();
    weight1_ = uniform("linear1.weight", {wide, features}, in);
    bias1_ = uniform("linear1.bias", {wide}, in);
    weight2_ = uniform("linear2.weight", {features, wide}, back);
    bias2_ = uniform("linear2.bias", {features}, back);
  }

  // x [N, L, F]; `hidden`: bool [N or 1, 1, L or 1, L], true where a step must not look.
  at::Tensor apply(const at::Tensor& x, const at::Tensor& hidden, Dropped& dropped) const {
    if (before_) {
      const at::Tensor seen = x + dropped(attention(norm1_.apply(x), hidden, dropped));
      return seen + dropped(feedForward(norm2_.apply(seen), dropped));
    }
    const at::Tensor seen = norm1_.apply(x + dropped(attention(x, hidden, dropped)));
    return norm2_.apply(seen + dropped(feedForward(seen, dropped)));
  }

  void addParameters(std::vector<NamedTensor>& out) const {
    const auto add = [&](const char* name, const at::Tensor& tensor) { out.push_back({prefix_ + name, tensor}); };
    add("self_attn.in_proj_weight", in_weight_), add("self_attn.in_proj_bias", in_bias_);
    add("self_attn.out_proj.weight", out_weight_), add("self_attn.out_proj.bias", out_bias_);
    add("linear1.weight", weight1_), add("linear1.bias", bias1_);
    add("linear2.weight", weight2_), add("linear2.bias", bias2_);
    norm1_.addParameters(prefix_ + "norm1.", out), norm2_.addParameters(prefix_ + "norm2.", out);
  }

 private:
  at::Tensor attention(const at::Tensor& x, const at::Tensor& hidden, Dropped& dropped) const {
    const int64_t rows = x.size(0), length = x.size(1), features = x.size(2), width = features / heads_;
    const at::Tensor all = dense(x, in_weight_, in_bias_).view({rows, length, 3, heads_, width});
    const auto part = [&](int64_t which) { return all.select(2, which).transpose(1, 2); };  // [N, heads, L, width]
    at::Tensor scores = at::matmul(part(0), part(1).transpose(2, 3)) / std::sqrt(static_cast<double>(width));
    if (scores.scalar_type() == at::kHalf || scores.scalar_type() == at::kBFloat16) scores = scores.to(at::kFloat);
    // A step that may look at nothing at all looks everywhere, instead of dividing by zero.
    if (hidden.defined()) scores = scores.masked_fill(hidden, std::numeric_limits<float>::lowest());
    const at::Tensor weights = dropped(at::softmax(scores, -1));  // [N, heads, L, L]
    const at::Tensor mixed = at::matmul(weights.to(all.scalar_type()), part(2));
    return dense(mixed.transpose(1, 2).reshape({rows, length, features}), out_weight_, out_bias_);
  }

  at::Tensor feedForward(const at::Tensor& x, Dropped& dropped) const {
    return dense(dropped(activation_(dense(x, weight1_, bias1_))), weight2_, bias2_);
  }

  std::string prefix_;
  int64_t heads_;
  bool before_;
  Activation activation_;
  at::Tensor in_weight_, in_bias_, out_weight_, out_bias_;  // [3 F, F], [3 F], [F, F], [F]
  at::Tensor weight1_, bias1_, weight2_, bias2_;            // [W, F], [W], [F, W], [F]
  LayerNorm norm1_, norm2_;
};

class TransformerEncoder final : public Block {
 public:
  explicit TransformerEncoder(const Setup& setup)
      : causal_(setup.values.flag("causal")),
        sinusoidal_(setup.values.text("positions") == "sinusoidal"),
        dropout_(setup.values.number("dropout")),
        padding_(setup.values.integer("padding")) {
    if (setup.values.text("positions") == "learned")
      positions_ = setup.normal("positions", {setup.size("x", 1), setup.size("x", 2)}, 0.02).requires_grad_();
    for (int64_t i = 0; i < setup.values.integer("layers"); ++i)
      layers_.emplace_back(setup, "layers." + std::to_string(i) + ".");
  }

  Batch forward(const Batch& in, Step& step) override {
    at::Tensor x = in["x"];  // [N, L, F]
    const int64_t length = x.size(1);
    if (sinusoidal_) x = x + sinusoids(length, x.size(2), x.options());
    if (positions_.defined()) x = x + positions_;
    at::Tensor absent, hidden;
    if (in.has("tokens")) {
      absent = presentTokens(in, padding_).logical_not();  // [N, L]
      hidden = absent.unsqueeze(1).unsqueeze(1);
    }
    if (causal_) {
      const at::Tensor later = at::ones({length, length}, x.options().dtype(at::kBool)).triu(1);
      hidden = hidden.defined() ? hidden | later : later;
    }
    Dropped dropped(dropout_, step);
    for (const Layer& layer : layers_) x = layer.apply(x, hidden, dropped);
    return {{"y", absent.defined() ? x.masked_fill(absent.unsqueeze(2), 0) : x}};
  }

  std::vector<NamedTensor> parameters() const override {
    std::vector<NamedTensor> out;
    if (positions_.defined()) out.push_back({"positions", positions_});
    for (const Layer& layer : layers_) layer.addParameters(out);
    return out;
  }

 private:
  bool causal_, sinusoidal_;
  double dropout_;
  int64_t padding_;
  at::Tensor positions_;  // [L, F]
  std::vector<Layer> layers_;
};

Signatures inferTransformerEncoder(const Values& values, const Signatures& inputs) {
  requireSameLength(inputs);
  const Signature& x = inputs.at("x");
  const int64_t heads = values.integer("heads");
  if (x.shape[2].known() && x.shape[2].size % heads != 0)
    throw Error({.parameter = "heads"}, "expected a divisor of the " + x.shape[2].text() +
                                            " features of x, for each head looks at a share of them; got " +
                                            std::to_string(heads));
  return {{"y", tensorOf(x.shape)}};
}

}  // namespace

BlockType transformer_encoder() {
  return {
      .schema =
          {.title = "Transformer encoder",
           .doc = "Lets every step of a sequence look at all the others and take from them what it needs: layers of "
                  "self-attention and a small network for each step, as PyTorch's TransformerEncoderLayer. With the "
                  "tokens wired, nobody looks at padding, and its outputs are 0. Time and memory grow with the square "
                  "of the length.",
           .inputs = {{"x", "float[N, L, F]"}, tokensPort()},
           .outputs = {{"y", "float[N, L, F]"}},
           .params = {{"layers", 1, Range{1, 64}, "layers, each reading what the one before it gives"},
                      {"heads", 4, Range{1, 256},
                       "looks that a step takes at the same time; a divisor of the features"},
                      {"feed_forward", 128, Range{1, 1 << 16}, "width of the small network inside a layer"},
                      {"dropout", 0.1, Range{0, 0.95}, "share of values that are blanked while training"},
                      {"norm", "before", Choices{"before", "after"},
                       "layer norm before attention and network, which learns more steadily, or after each with what "
                       "went in added, as in the paper"},
                      {"activation", "relu", activationNames(), "function inside the small network"},
                      {"causal", false, {}, "a step looks at itself and what comes before it only"},
                      {"positions", "sinusoidal", Choices{"none", "sinusoidal", "learned"},
                       "what is added to x to tell the steps apart: sines of the place as in the paper, a learned "
                       "vector for each place, or nothing: then the order is not seen"},
                      paddingParam()}},
      .make = make<TransformerEncoder>,
      .infer = inferTransformerEncoder};
}

}  // namespace blockyard::extractor
