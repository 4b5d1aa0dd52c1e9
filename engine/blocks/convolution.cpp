#include "blocks/convolution.hpp"

#include <ATen/ATen.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <cmath>

#include "blocks/eight_bits.hpp"

namespace blockyard {
namespace {

std::vector<int64_t> weightShape(const Setup& setup, const Window& window) {
  const int64_t groups = setup.values.integer("groups");
  std::vector<int64_t> out{setup.values.integer("out_channels"), setup.size("x", 1) / groups};
  out.insert(out.end(), window.kernel().begin(), window.kernel().end());
  return out;
}

// oneDNN's convolution with weights that are in its own order already, and with the activation in the same pass:
// LibTorch has it for compiled graphs, as operators without a C++ function.
bool packsWeights() {
  return at::globalContext().userEnabledMkldnn() &&
         c10::Dispatcher::singleton().findSchema({"mkldnn::_convolution_pointwise", ""}).has_value();
}

at::Tensor packWeight(const at::Tensor& weight, at::IntArrayRef padding, at::IntArrayRef stride,
                      at::IntArrayRef dilation, int64_t groups, at::OptionalIntArrayRef input_size) {
  static const auto kPack = c10::Dispatcher::singleton()
                                .findSchemaOrThrow("mkldnn::_reorder_convolution_weight", "")
                                .typed<at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                                                  int64_t, at::OptionalIntArrayRef)>();
  return kPack.call(weight, padding, stride, dilation, groups, input_size);
}

at::Tensor convolvePacked(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                          at::IntArrayRef padding, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups,
                          std::string_view activation) {
  using Scalars = c10::List<std::optional<at::Scalar>>;
  static const auto kConvolve =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_convolution_pointwise", "")
          .typed<at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, at::IntArrayRef,
                            at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view, Scalars,
                            std::optional<std::string_view>)>();
  return kConvolve.call(x, weight, bias, padding, stride, dilation, groups, activation, Scalars(), std::nullopt);
}

}  // namespace

Convolution::Convolution(const Setup& setup, size_t axes)
    : window_(setup.values, axes), groups_(setup.values.integer("groups")) {
  const std::vector<int64_t> shape = weightShape(setup, window_);
  int64_t fan_in = 1;
  for (size_t i = 1; i < shape.size(); ++i) fan_in *= shape[i];
  // He et al., "Delving deep into rectifiers" (2015) with a = sqrt(5), which is nn.Conv2d's choice.
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  weight_ = setup.uniform("weight", shape, bound).requires_grad_();
  if (setup.values.flag("bias")) bias_ = setup.uniform("bias", {shape[0]}, bound).requires_grad_();
}

bool Convolution::settle(bool relu) {
  if (window_.kernel().size() != 2 || !packsWeights() || weight_.scalar_type() != at::kFloat) return false;
  const at::NoGradGuard no_grad;
  if (groups_ == 1) few_inputs_ = FewInputs::of(weight_, bias_, window_.stride(), window_.dilation());
  packed_ = packWeight(weight_, {0, 0}, window_.stride(), window_.dilation(), groups_, {});
  relu_ = relu;
  return true;
}

at::Tensor Convolution::convolve(const at::Tensor& x, const Integers& padding) const {
  const at::Tensor weight = asWeight(weight_);
  if (window_.kernel().size() == 1)
    return at::conv1d(x, weight, bias_, window_.stride(), padding, window_.dilation(), groups_);
  if (!packed_.defined()) return at::conv2d(x, weight, bias_, window_.stride(), padding, window_.dilation(), groups_);
  if (few_inputs_) {
    const bool padded = padding[0] > 0 || padding[1] > 0;
    const std::vector<int64_t> margins{padding[1], padding[1], padding[0], padding[0]};
    if (at::Tensor y = few_inputs_->apply(padded ? at::constant_pad_nd(x, margins) : x, relu_); y.defined()) return y;
  }
  const auto bias = bias_.defined() ? std::optional(bias_) : std::nullopt;
  return convolvePacked(x, packed_, bias, padding, window_.stride(), window_.dilation(), groups_,
                        relu_ ? "relu" : "none");
}

Batch Convolution::forward(const Batch& in, Step&) {
  at::Tensor x = in["x"];  // [N, C, (H,) W]
  const size_t axes = window_.kernel().size();
  Integers padding = window_.padding();
  if (window_.same()) {
    // An odd total cannot be given to the convolution itself: then the zeros are laid around x first.
    std::vector<int64_t> margins;
    bool even = true;
    padding.clear();
    for (size_t axis = 0; axis < axes; ++axis) {
      const auto [before, after] = window_.margins(axis, x.size(static_cast<int64_t>(2 + axis)));
      even = even && before == after;
      padding.push_back(before);
      margins.insert(margins.begin(), {before, after});
    }
    if (!even) {
      x = at::constant_pad_nd(x, margins);
      padding.assign(axes, 0);
    }
  }
  return {{"y", convolve(asActivation(x), padding)}};
}

std::vector<NamedTensor> Convolution::parameters() const {
  if (!bias_.defined()) return {{"weight", weight_}};
  return {{"weight", weight_}, {"bias", bias_}};
}

Signatures inferConvolution(const Values& values, const Signatures& inputs, size_t axes) {
  const Shape& x = inputs.at("x").shape;
  const int64_t groups = values.integer("groups"), channels = values.integer("out_channels");
  if (x[1].known() && x[1].size % groups != 0)
    throw Error({.parameter = "groups"},
                "expected a divisor of the " + x[1].text() + " channels of x, got " + std::to_string(groups));
  if (channels % groups != 0)
    throw Error({.parameter = "groups"},
                "expected a divisor of out_channels = " + std::to_string(channels) + ", got " + std::to_string(groups));
  Shape out = Window(values, axes).over(x);
  out[1] = channels;
  return {{"y", tensorOf(out)}};
}

std::vector<Param> convolutionParams() {
  return {
      {"out_channels", 32, Range{1, 1 << 16}, "number of filters"},
      {"kernel", Integers{3}, Range{1, 1024}, "size of the window; one number for all axes, or one for each"},
      {"stride", Integers{1}, Range{1, 1024}, "steps that the window moves at a time"},
      {"padding", "0", {}, "zeros on each side, as numbers; or \"same\": the size becomes size / stride, rounded up"},
      {"dilation", Integers{1}, Range{1, 1024}, "distance between the inputs of a window"},
      {"groups", 1, Range{1, 1 << 16}, "channels are split into this many groups that do not see each other"},
      {"bias", true, {}, "add a learned bias; a batch norm that follows makes it superfluous"}};
}

}  // namespace blockyard
