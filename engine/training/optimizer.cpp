#include "training/optimizer.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace blockyard {
namespace {

// State tensors by their names in torch.optim, so that a checkpoint reads the same to people who know it.
constexpr const char* kStep = ".step";

at::Tensor total(const std::vector<at::Tensor>& gradients) {
  return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients)));
}

// Counts a step for each parameter. On the CPU without operators: those would take longer than the update of a bias.
void count(std::vector<at::Tensor>& steps) {
  if (!steps.front().is_cpu()) return at::_foreach_add_(steps, 1);
  for (at::Tensor& step : steps) *step.mutable_data_ptr<float>() += 1;
}

// A step that was not made is not counted. On a GPU nobody waits for the answer.
void uncount(std::vector<at::Tensor>& steps, const at::Tensor& bad) {
  if (bad.is_cpu() && bad.item<float>() == 0) return;
  at::_foreach_sub_(steps, std::vector<at::Tensor>(steps.size(), bad.squeeze()));
}

}  // namespace

Optimizer::Optimizer(const Values& training, std::vector<NamedTensor> parameters)
    : momentum_(training.number("momentum")),
      beta1_(training.number("beta1")),
      beta2_(training.number("beta2")),
      alpha_(training.number("alpha")),
      epsilon_(training.number("epsilon")),
      weight_decay_(training.number("weight_decay")),
      l1_(training.number("l1")),
      l2_(training.number("l2")),
      clip_norm_(training.number("clip_norm")),
      clip_value_(training.number("clip_value")),
      decays_(weight_decay_ > 0 || l1_ > 0 || l2_ > 0),
      nesterov_(training.flag("nesterov") && momentum_ > 0),
      parameters_(std::move(parameters)) {
  const std::string& name = training.text("optimizer");
  method_ = name == "sgd"     ? Method::Sgd
            : name == "adam"  ? Method::Adam
            : name == "adamw" ? Method::AdamW
                              : Method::RmsProp;
  const bool adam = method_ == Method::Adam || method_ == Method::AdamW;
  for (const auto& [_, tensor] : parameters_) {
    // zeros_like keeps the memory format: the fused kernels walk weight and state side by side.
    const auto zeros = [&t = tensor](bool wanted) { return wanted ? at::zeros_like(t.detach()) : at::Tensor(); };
    slots_.push_back(
        {.first = zeros(adam || momentum_ > 0),
         .second = zeros(method_ != Method::Sgd),
         .step = adam ? at::zeros({}, tensor.options().dtype(at::kFloat).requires_grad(false)) : at::Tensor(),
         .decays = tensor.dim() >= 2});
  }
}

void Optimizer::step(double learning_rate, const at::Tensor& bad) {
  const at::NoGradGuard no_grad;
  if (method_ == Method::RmsProp && bad.defined() && bad.item<float>() != 0) return;
  Lists decaying, plain;
  gather(decaying, plain);
  regularize(decaying);
  clip(decaying, plain);
  if (!decaying.weights.empty()) update(decaying, learning_rate, weight_decay_, bad);
  if (!plain.weights.empty()) update(plain, learning_rate, 0, bad);
}

void Optimizer::clearGradients() {
  for (auto& [_, tensor] : parameters_) tensor.mutable_grad().reset();
}

void Optimizer::gather(Lists& decaying, Lists& plain) const {
  for (size_t i = 0; i < slots_.size(); ++i) {
    const at::Tensor& gradient = parameters_[i].tensor.grad();
    if (!gradient.defined()) continue;
    const Slot& slot = slots_[i];
    Lists& lists = slot.decays && decays_ ? decaying : plain;
    lists.weights.push_back(parameters_[i].tensor);
    lists.gradients.push_back(gradient);
    if (slot.first.defined()) lists.first.push_back(slot.first);
    if (slot.second.defined()) lists.second.push_back(slot.second);
    if (slot.step.defined()) lists.steps.push_back(slot.step);
  }
}

void Optimizer::regularize(const Lists& decaying) const {
  if (decaying.weights.empty()) return;
  if (l1_ > 0) at::_foreach_add_(decaying.gradients, at::_foreach_sign(decaying.weights), l1_);
  if (l2_ > 0) at::_foreach_add_(decaying.gradients, decaying.weights, l2_);
}

// As torch.nn.utils.clip_grad_value_ and clip_grad_norm_, over both lists together.
void Optimizer::clip(const Lists& decaying, const Lists& plain) {
  gradient_norm_ = at::Tensor();
  const bool measured = std::exchange(norm_wanted_, false) || clip_norm_ > 0;
  if (clip_value_ <= 0 && !measured) return;
  std::vector<at::Tensor> gradients = decaying.gradients;
  gradients.insert(gradients.end(), plain.gradients.begin(), plain.gradients.end());
  if (gradients.empty()) return;
  if (clip_value_ > 0) {
    at::_foreach_clamp_min_(gradients, -clip_value_);
    at::_foreach_clamp_max_(gradients, clip_value_);
  }
  if (measured) gradient_norm_ = total(gradients);
  if (clip_norm_ > 0) {
    at::_foreach_mul_(gradients, (clip_norm_ / (gradient_norm_ + 1e-6)).clamp_max(1.0));
  }
}

void Optimizer::update(Lists& lists, double learning_rate, double weight_decay, const at::Tensor& bad) const {
  switch (method_) {
    case Method::Sgd: {
      const std::optional<at::Tensor> skip = bad.defined() ? std::optional(bad) : std::nullopt;
      // The first step needs no case of its own: with dampening 0, momentum * 0 + gradient is the gradient.
      at::_fused_sgd_(lists.weights, lists.gradients, lists.first, weight_decay, momentum_, learning_rate,
                      /*dampening=*/0, nesterov_, /*maximize=*/false, /*is_first_step=*/false, {}, skip);
      break;
    }
    case Method::Adam:
    case Method::AdamW:
      updateAdam(lists, learning_rate, weight_decay, bad);
      break;
    case Method::RmsProp:
      updateRmsProp(lists, learning_rate, weight_decay);
      break;
  }
}

void Optimizer::updateAdam(Lists& lists, double learning_rate, double weight_decay, const at::Tensor& bad) const {
  const std::optional<at::Tensor> skip = bad.defined() ? std::optional(bad) : std::nullopt;
  count(lists.steps);
  const auto kernel = [&](auto fused) {
    fused(lists.weights, lists.gradients, lists.first, lists.second, {}, lists.steps, learning_rate, beta1_, beta2_,
          weight_decay, epsilon_, /*amsgrad=*/false, /*maximize=*/false, {}, skip);
  };
  using Kernel = void (*)(at::TensorList, at::TensorList, at::TensorList, at::TensorList, at::TensorList,
                          at::TensorList, double, double, double, double, double, bool, bool,
                          const std::optional<at::Tensor>&, const std::optional<at::Tensor>&);
  if (method_ == Method::Adam)
    kernel(static_cast<Kernel>(at::_fused_adam_));
  else
    kernel(static_cast<Kernel>(at::_fused_adamw_));
  if (bad.defined()) uncount(lists.steps, bad);
}

// torch.optim.RMSprop, not centered; there is no fused kernel.
void Optimizer::updateRmsProp(Lists& lists, double learning_rate, double weight_decay) const {
  std::vector<at::Tensor> gradients = lists.gradients;
  if (weight_decay > 0) gradients = at::_foreach_add(gradients, lists.weights, weight_decay);
  at::_foreach_mul_(lists.second, alpha_);
  at::_foreach_addcmul_(lists.second, gradients, gradients, 1 - alpha_);
  std::vector<at::Tensor> divisors = at::_foreach_sqrt(lists.second);
  at::_foreach_add_(divisors, epsilon_);
  if (momentum_ > 0) {
    at::_foreach_mul_(lists.first, momentum_);
    at::_foreach_addcdiv_(lists.first, gradients, divisors);
    at::_foreach_add_(lists.weights, lists.first, -learning_rate);
  } else {
    at::_foreach_addcdiv_(lists.weights, gradients, divisors, -learning_rate);
  }
}

State Optimizer::state() const {
  State out;
  const bool adam = method_ == Method::Adam || method_ == Method::AdamW;
  for (size_t i = 0; i < slots_.size(); ++i) {
    const std::string& name = parameters_[i].name;
    if (slots_[i].first.defined()) out.tensors[name + (adam ? ".exp_avg" : ".momentum_buffer")] = slots_[i].first;
    if (slots_[i].second.defined()) out.tensors[name + (adam ? ".exp_avg_sq" : ".square_avg")] = slots_[i].second;
    if (slots_[i].step.defined()) out.tensors[name + kStep] = slots_[i].step;
  }
  return out;
}

void Optimizer::loadState(const State& state) {
  // The tensors that state() names are the live ones.
  for (auto& [name, tensor] : this->state().tensors) {
    at::Tensor into = tensor;
    restore(state, name, into);
  }
}

}  // namespace blockyard
