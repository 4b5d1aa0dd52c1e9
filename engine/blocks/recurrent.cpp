#include "blocks/recurrent.hpp"

#include <ATen/ATen.h>

#include <cmath>

#include "blocks/shapes.hpp"

namespace blockyard {
namespace {

// Rows with their tokens [0, length) back to front and padding where it was: its own inverse. `length` [N, 1].
at::Tensor reversed(const at::Tensor& x, const at::Tensor& length) {
  const at::Tensor steps = at::arange(x.size(1), length.options()).unsqueeze(0);  // [1, L]
  const at::Tensor from = at::where(steps < length, length - 1 - steps, steps);   // [N, L]
  return x.gather(1, from.unsqueeze(2).expand({-1, -1, x.size(2)}));
}

Signatures infer(const Values& values, const Signatures& inputs) {
  requireSameLength(inputs);
  const Shape& x = inputs.at("x").shape;
  const int64_t width = values.integer("hidden") * (values.flag("bidirectional") ? 2 : 1);
  return {{"y", tensorOf({x[0], x[1], width})}, {"last", tensorOf({x[0], width})}};
}

}  // namespace

Recurrent::Recurrent(const Setup& setup, int64_t gates, RunLayer run)
    : run_(run),
      hidden_(setup.values.integer("hidden")),
      layers_(setup.values.integer("layers")),
      directions_(setup.values.flag("bidirectional") ? 2 : 1),
      padding_(setup.values.integer("padding")) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_));  // as PyTorch
  for (int64_t layer = 0; layer < layers_; ++layer) {
    const int64_t inputs = layer == 0 ? setup.size("x", 2) : hidden_ * directions_;
    for (int64_t direction = 0; direction < directions_; ++direction) {
      const std::string end = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
      const auto add = [&](const std::string& name, at::IntArrayRef shape) {
        at::Tensor weight = setup.uniform(name + end, shape, bound);
        weights_.push_back({name + end, weight.requires_grad_()});
      };
      add("weight_ih", {gates * hidden_, inputs});
      add("weight_hh", {gates * hidden_, hidden_});
      add("bias_ih", {gates * hidden_});
      add("bias_hh", {gates * hidden_});
    }
  }
}

std::vector<at::Tensor> Recurrent::weightsOf(int64_t layer, int64_t direction) const {
  std::vector<at::Tensor> out;
  const auto first = static_cast<size_t>(4 * (layer * directions_ + direction));
  for (size_t i = first; i < first + 4; ++i) out.push_back(weights_[i].tensor);
  return out;
}

Batch Recurrent::forward(const Batch& in, Step&) {
  const at::Tensor present = presentTokens(in, padding_);  // [N, L]
  // Padding is at the end: what stands behind the last token is not read in either direction.
  const at::Tensor steps = at::arange(present.size(1), present.options().dtype(at::kLong)) + 1;
  const at::Tensor length = at::amax(present * steps, 1, true);  // [N, 1]
  const at::Tensor padded = (steps > length).unsqueeze(2);       // [N, L, 1]
  at::Tensor y = in["x"];                                        // [N, L, F]
  for (int64_t layer = 0; layer < layers_; ++layer) {
    at::Tensor out = run_(y, weightsOf(layer, 0), hidden_);
    if (directions_ == 2)
      out = at::cat({out, reversed(run_(reversed(y, length), weightsOf(layer, 1), hidden_), length)}, 2);
    y = out.masked_fill(padded, 0);
  }
  const at::Tensor at = (length - 1).clamp_min(0).unsqueeze(2);  // [N, 1, 1]
  at::Tensor last = y.narrow(2, 0, hidden_).gather(1, at.expand({-1, -1, hidden_})).squeeze(1);
  if (directions_ == 2) last = at::cat({last, y.select(1, 0).narrow(1, hidden_, hidden_)}, 1);
  return {{"y", y}, {"last", last}};
}

BlockType recurrentType(const std::string& title, const std::string& doc, MakeBlock make) {
  return {.schema = {.title = title,
                     .doc = doc + " With the tokens wired, padding at the end of a row is not read, and its outputs "
                                  "are 0.",
                     .inputs = {{"x", "float[N, L, F]"}, tokensPort()},
                     .outputs = {{"y", "float[N, L, H]", "the state after every step; both directions side by side"},
                                 {"last", "float[N, H]",
                                  "the state after the last step, and of the backward direction after the first"}},
                     .params = {{"hidden", 64, Range{1, 1 << 16}, "size of the state, in each direction"},
                                {"layers", 1, Range{1, 64}, "layers, each reading what the one before it gives"},
                                {"bidirectional", false, {}, "also read from the end to the beginning"},
                                paddingParam()}},
          .make = make,
          .infer = infer};
}

}  // namespace blockyard
