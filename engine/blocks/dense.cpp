#include "blocks/dense.hpp"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace blockyard {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor forwardOf(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu) {
  at::Tensor y = at::linear(x, weight, bias);
  return relu ? at::relu_(y) : y;
}

struct Dense : torch::autograd::Function<Dense> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias, bool relu) {
    at::Tensor y = forwardOf(x, weight, bias.value_or(at::Tensor()), relu);
    context->saved_data["relu"] = relu;
    context->saved_data["bias"] = bias.has_value();
    context->save_for_backward({x, weight, relu ? y : at::Tensor()});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &y = saved[2];
    const bool relu = context->saved_data["relu"].toBool();
    const at::Tensor g = relu ? at::threshold_backward(gradients[0], y, 0) : gradients[0];  // [N, ..., out]
    const at::Tensor g2 = g.reshape({-1, g.size(-1)}), x2 = x.reshape({-1, x.size(-1)});    // [M, out], [M, in]
    variable_list out(4);
    if (context->needs_input_grad(0)) out[0] = g2.mm(weight).view(x.sizes());
    if (context->needs_input_grad(1)) out[1] = g2.t().mm(x2);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2)) out[2] = g2.sum(0);
    return out;
  }
};

}  // namespace

at::Tensor dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu) {
  const bool learns = at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad());
  // Mixed precision casts operator by operator, which only PyTorch's own gradients follow.
  const bool mixed = at::autocast::is_autocast_enabled(x.device().type());
  return learns && !mixed ? Dense::apply(x, weight, bias.defined() ? std::optional(bias) : std::nullopt, relu)
                          : forwardOf(x, weight, bias, relu);
}

}  // namespace blockyard
