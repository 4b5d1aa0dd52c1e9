// What stands between the gradients and the step: are all finite, the scale of float16 training, averaged weights.
// Owned by the trainer, used on the engine thread only.
#pragma once
#include <string>
#include <vector>

#include "blocks/block.hpp"

namespace blockyard {

// Looks for NaN and Inf in the loss and all gradients in one pass on the device.
class GradientCheck {
 public:
  explicit GradientCheck(std::vector<NamedTensor> parameters);

  // After backward. Float [1] on the parameters' device: 1 if the loss or any gradient is not finite, else 0. Valid
  // until the next call. Multiplies the gradients by `inverse_scale` (float [1]) if it is given; see GradScaler.
  const at::Tensor& run(const at::Tensor& loss, const at::Tensor& inverse_scale = {});

  // Where it came from, for the message; looks at values on the host.
  struct Finding {
    bool loss = false;       // the loss itself is not finite
    std::string weight{};    // first parameter whose value is not finite
    std::string gradient{};  // parameter nearest to the loss whose gradient is not finite: it arose there or just after
    const std::string& name() const { return weight.empty() ? gradient : weight; }  // parameter to blame; may be empty
  };
  // `parameters` were given in the order in which a batch passes them.
  Finding find(const at::Tensor& loss) const;

 private:
  std::vector<NamedTensor> parameters_;
  at::Tensor found_, one_;
};

// Scales the loss of float16 training so that small gradients survive: doubled after 2,000 good steps, halved after a
// bad one, as torch.amp.GradScaler. A bad gradient then costs a step, and is no failure while the loss is finite.
class GradScaler {
 public:
  explicit GradScaler(at::Device device);

  at::Tensor scaled(const at::Tensor& loss) const { return loss * scale_.squeeze(); }
  at::Tensor inverse() const;                                   // float [1], for GradientCheck::run
  void update(const at::Tensor& bad);                           // once per step, with what GradientCheck::run gave
  double scale() const;                                         // looks at the device
  bool exhausted() const { return scale() < 1.0 / (1 << 14); }  // no scale keeps the gradients finite: it has diverged

  State state() const;
  void loadState(const State& state);

 private:
  at::Tensor scale_, growth_;
};

// An average of the weights over the steps, with a memory that starts short: min(decay, (1 + step) / (10 + step)), as
// tf.train.ExponentialMovingAverage. Only parameters are averaged, running statistics are not.
class Ema {
 public:
  Ema(double decay, std::vector<NamedTensor> parameters);

  void update();  // after each step
  // Exchanges the weights and their average: once before an evaluation, once after it.
  void swap();
  bool swapped() const { return swapped_; }

  // Must not be swapped.
  State state() const;
  void loadState(const State& state);

 private:
  double decay_;
  int64_t steps_ = 0;
  bool swapped_ = false;
  std::vector<NamedTensor> parameters_;
  std::vector<at::Tensor> weights_, average_;
};

}  // namespace blockyard
