// Optimizer: turns gradients into steps, on LibTorch's fused kernels. Owned by the trainer, used on the engine thread
// only. The order within a step is that of a hand-written PyTorch loop: L1 and L2 are added to the gradients (as if
// they stood in the loss), then clipping by value, then by norm, then the step with its weight decay. Decay, L1 and L2
// touch weights only: tensors with at least two sizes. Biases and the scales of norms have one and are left alone.
#pragma once
#include <string>
#include <vector>

#include "blocks/block.hpp"

namespace blockyard {

class Optimizer {
 public:
  // `training` as in trainingParams(). Names must be unique; the tensors are kept, and stepped in place.
  Optimizer(const Values& training, std::vector<NamedTensor> parameters);

  // One step from the gradients that the parameters hold; a parameter without a gradient is passed over. Where `bad`
  // (float [1], see GradientCheck) is 1, weights and state stay as they are, without a look at it from the host for all
  // but rmsprop. The gradients are changed by clipping, L1 and L2.
  void step(double learning_rate, const at::Tensor& bad = {});
  // Drops all gradients: the next backward then writes them instead of adding to them.
  void clearGradients();

  // The next step computes the norm of the gradient even if nothing is clipped.
  void measureNorm() { norm_wanted_ = true; }
  // Norm of the whole gradient at the last step before it was clipped, [] on the device; undefined unless clip_norm is
  // set or it was asked for.
  const at::Tensor& gradientNorm() const { return gradient_norm_; }
  const std::vector<NamedTensor>& parameters() const { return parameters_; }

  // For checkpoints. A run that goes on from its state makes the very steps that it would have made.
  State state() const;
  void loadState(const State& state);

 private:
  enum class Method { Sgd, Adam, AdamW, RmsProp };
  // What a fused kernel takes: the parameters that have a gradient, and their state in the same order.
  struct Lists {
    std::vector<at::Tensor> weights{}, gradients{}, first{}, second{}, steps{};
  };
  // Of one parameter. first: momentum, or Adam's average of the gradient. second: average of its square.
  struct Slot {
    at::Tensor first{}, second{}, step{};
    bool decays = false;
  };

  void gather(Lists& decaying, Lists& plain) const;
  void regularize(const Lists& decaying) const;
  void clip(const Lists& decaying, const Lists& plain);
  void update(Lists& lists, double learning_rate, double weight_decay, const at::Tensor& bad) const;
  void updateAdam(Lists& lists, double learning_rate, double weight_decay, const at::Tensor& bad) const;
  void updateRmsProp(Lists& lists, double learning_rate, double weight_decay) const;

  Method method_;
  double momentum_, beta1_, beta2_, alpha_, epsilon_, weight_decay_, l1_, l2_, clip_norm_, clip_value_;
  bool decays_;  // any of them; otherwise all weights are updated alike, at once
  bool nesterov_;
  std::vector<NamedTensor> parameters_;
  std::vector<Slot> slots_;
  at::Tensor gradient_norm_;
  bool norm_wanted_ = false;
};

}  // namespace blockyard
