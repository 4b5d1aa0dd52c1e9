#include "blocks/norms.hpp"

#include <ATen/ATen.h>

namespace blockyard {

BatchNorm::BatchNorm(int64_t channels, double momentum, double epsilon, bool affine)
    : momentum_(momentum), epsilon_(epsilon), running_mean_(at::zeros({channels})), running_var_(at::ones({channels})) {
  if (!affine) return;
  weight_ = at::ones({channels}).requires_grad_();
  bias_ = at::zeros({channels}).requires_grad_();
}

at::Tensor BatchNorm::apply(const at::Tensor& x, bool training) const {
  // One value per channel has no deviation: such a batch is treated as in a prediction.
  const bool over_batch = training && x.numel() > x.size(1);
  return at::batch_norm(x, weight_, bias_, running_mean_, running_var_, over_batch, momentum_, epsilon_, true);
}

void BatchNorm::addParameters(const std::string& prefix, std::vector<NamedTensor>& out) const {
  if (!weight_.defined()) return;
  out.push_back({prefix + "weight", weight_});
  out.push_back({prefix + "bias", bias_});
}

void BatchNorm::addState(const std::string& prefix, State& out) const {
  out.tensors[prefix + "running_mean"] = running_mean_;
  out.tensors[prefix + "running_var"] = running_var_;
}

void BatchNorm::loadState(const std::string& prefix, const State& state) {
  restore(state, prefix + "running_mean", running_mean_);
  restore(state, prefix + "running_var", running_var_);
}

LayerNorm::LayerNorm(std::vector<int64_t> shape, double epsilon, bool affine)
    : shape_(std::move(shape)), epsilon_(epsilon) {
  if (!affine) return;
  weight_ = at::ones(shape_).requires_grad_();
  bias_ = at::zeros(shape_).requires_grad_();
}

at::Tensor LayerNorm::apply(const at::Tensor& x) const {
  return at::layer_norm(x, shape_, weight_, bias_, epsilon_);
}

void LayerNorm::addParameters(const std::string& prefix, std::vector<NamedTensor>& out) const {
  if (!weight_.defined()) return;
  out.push_back({prefix + "weight", weight_});
  out.push_back({prefix + "bias", bias_});
}

}  // namespace blockyard
