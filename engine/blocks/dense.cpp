#include "blocks/dense.hpp"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include "blocks/eight_bits.hpp"

namespace blockyard {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor forwardOf(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu) {
  at::Tensor y = at::linear(asActivation(x), asWeight(weight), bias);
  return relu ? at::relu_(y) : y;
}

using LinearPointwise = at::Tensor(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                                   c10::string_view activation, c10::List<std::optional<at::Scalar>>,
                                   std::optional<c10::string_view>);

// oneDNN's product x weight', or nothing: LibTorch has it as an operator, but in no header.
std::optional<c10::TypedOperatorHandle<LinearPointwise>> oneDnnProduct() {
  const auto found = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
  return found ? std::optional(found->typed<LinearPointwise>()) : std::nullopt;
}

enum class Rows { Kept, Summed };  // whether the rows of the batch are rows of the product, or what is summed over

// a b. For large products in float32 oneDNN takes a half to 95 % of MKL's time, which runs its generic kernels on
// processors of other makers; where many rows are summed over MKL is faster, and where little is to be done, too.
at::Tensor product(const at::Tensor& a, const at::Tensor& b, Rows rows) {
  constexpr int64_t kLarge = 1 << 24, kFewRows = 256;
  static const auto kOneDnn = oneDnnProduct();
  // MKL cuts a narrow product in two across the long sum, its transpose along the wide side.
  if (rows == Rows::Summed && a.is_cpu() && 4 * b.size(1) <= a.size(0)) return b.t().mm(a.t()).t();
  const bool large = a.size(0) * a.size(1) * b.size(1) >= kLarge && (rows == Rows::Kept || a.size(1) <= kFewRows);
  if (!large || !kOneDnn || !a.is_cpu() || a.scalar_type() != at::kFloat || b.scalar_type() != at::kFloat ||
      !at::globalContext().userEnabledMkldnn())
    return a.mm(b);
  return kOneDnn->call(a, b.t(), {}, "none", c10::List<std::optional<at::Scalar>>(), {});
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
    if (context->needs_input_grad(0)) out[0] = product(g2, weight, Rows::Kept).view(x.sizes());
    if (context->needs_input_grad(1)) out[1] = product(g2.t(), x2, Rows::Summed);
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

at::Tensor packDense(const at::Tensor& weight) {
  constexpr int64_t kLarge = 1 << 18;  // below it the call costs more than it spares a single row
  using Pack = at::Tensor(const at::Tensor& weight, std::optional<c10::SymInt> rows);
  static const auto kFound = c10::Dispatcher::singleton().findSchema({"mkldnn::_reorder_linear_weight", ""});
  if (weight.numel() < kLarge || !weight.is_cpu() || weight.scalar_type() != at::kFloat || !kFound ||
      !at::globalContext().userEnabledMkldnn())
    return {};
  const at::NoGradGuard no_grad;
  return kFound->typed<Pack>().call(weight, std::nullopt);
}

at::Tensor densePacked(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, bool relu) {
  static const auto kProduct = oneDnnProduct().value();
  return kProduct.call(x, packed, bias.defined() ? std::optional(bias) : std::nullopt, relu ? "relu" : "none",
                       c10::List<std::optional<at::Scalar>>(), {});
}

}  // namespace blockyard
