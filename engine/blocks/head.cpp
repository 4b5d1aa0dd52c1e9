#include "blocks/head.hpp"

#include <ATen/ATen.h>

#include <cmath>

#include "blocks/dense.hpp"

namespace blockyard {

LastLayer::LastLayer(const Setup& setup, int64_t outputs) : features_(setup.size("x", -1)) {
  if (outputs == 0) return;
  const double bound = 1 / std::sqrt(static_cast<double>(features_));
  weight_ = setup.uniform("weight", {outputs, features_}, bound).requires_grad_();
  bias_ = setup.uniform("bias", {outputs}, bound).requires_grad_();
}

void LastLayer::resize(int64_t outputs) {
  if (weight_.defined()) {
    if (weight_.size(0) == outputs) return;
    throw Error({.port = "target"}, "the saved state has " + std::to_string(outputs) + " outputs, expected " +
                                        std::to_string(weight_.size(0)));
  }
  weight_ = at::zeros({outputs, features_}).requires_grad_();
  bias_ = at::zeros({outputs}).requires_grad_();
}

at::Tensor LastLayer::apply(const at::Tensor& x) const {
  if (!weight_.defined())
    throw Error({.port = "target"}, "expected a target to learn from, or saved weights, got neither",
                "wire the target of the source to this block");
  const at::Tensor out = dense(x, weight_, bias_);
  // Losses and probabilities of 16-bit numbers are too coarse.
  return out.scalar_type() == at::kHalf || out.scalar_type() == at::kBFloat16 ? out.to(at::kFloat) : out;
}

std::vector<NamedTensor> LastLayer::parameters() const {
  if (!weight_.defined()) return {};
  return {{"weight", weight_}, {"bias", bias_}};
}

const at::Tensor& matched(at::Tensor& constant, const at::Tensor& like) {
  if (constant.defined() && (constant.scalar_type() != like.scalar_type() || constant.device() != like.device()))
    constant = constant.to(like.options());
  return constant;
}

const Signature* targetOf(const Signatures& inputs) {
  const auto it = inputs.find("target");
  return it == inputs.end() ? nullptr : &it->second;
}

int64_t columnsOf(const Signature& target) {
  if (target.shape.size() < 2) return 1;
  return target.shape[1].known() ? target.shape[1].size : 0;
}

int64_t classCount(const Signatures& inputs) {
  const Signature* target = targetOf(inputs);
  return target == nullptr ? 0 : static_cast<int64_t>(target->classes.size());
}

}  // namespace blockyard
