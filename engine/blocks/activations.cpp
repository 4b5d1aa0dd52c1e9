#include "blocks/activations.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <iterator>

#include "base/error.hpp"

namespace blockyard {
namespace {

using at::Tensor;

struct Named {
  const char* name;
  Activation function;
};

// Slopes and constants are PyTorch's defaults.
const Named kActivations[] = {
    {"none", [](const Tensor& x) { return x; }},
    {"relu", [](const Tensor& x) { return at::relu(x); }},
    {"leaky_relu", [](const Tensor& x) { return at::leaky_relu(x, 0.01); }},
    {"gelu", [](const Tensor& x) { return at::gelu(x); }},
    {"gelu_tanh", [](const Tensor& x) { return at::gelu(x, "tanh"); }},
    {"silu", [](const Tensor& x) { return at::silu(x); }},
    {"mish", [](const Tensor& x) { return at::mish(x); }},
    {"tanh", [](const Tensor& x) { return at::tanh(x); }},
    {"sigmoid", [](const Tensor& x) { return at::sigmoid(x); }},
    {"elu", [](const Tensor& x) { return at::elu(x); }},
    {"selu", [](const Tensor& x) { return at::selu(x); }},
    {"softplus", [](const Tensor& x) { return at::softplus(x); }},
    {"softsign", [](const Tensor& x) { return x / (x.abs() + 1); }},
    {"relu6", [](const Tensor& x) { return at::hardtanh(x, 0, 6); }},
    {"hard_swish", [](const Tensor& x) { return at::hardswish(x); }},
    {"hard_sigmoid", [](const Tensor& x) { return at::hardsigmoid(x); }},
};

}  // namespace

const Choices& activationNames() {
  static const Choices kNames = [] {
    Choices out;
    for (const auto& one : kActivations) out.emplace_back(one.name);
    return out;
  }();
  return kNames;
}

Activation activationNamed(const std::string& name) {
  const auto* found =
      std::find_if(std::begin(kActivations), std::end(kActivations), [&](const Named& n) { return n.name == name; });
  if (found == std::end(kActivations))
    throw Error({.parameter = "activation"}, "there is no activation \"" + name + "\"");
  return found->function;
}

}  // namespace blockyard
