// Schedule: the learning rate of each step, and EarlyStopping: when to give up. Both torch-free, owned by the trainer.
// The rate is a function of (step, epoch); only plateau remembers something, which is why it has a state.
#pragma once
#include <cstdint>
#include <string>

#include "base/value.hpp"

namespace blockyard {

class Schedule {
 public:
  // `training` as in trainingParams(). `total_steps` is the number of steps that the run will make, warm-up included.
  Schedule(const Values& training, int64_t steps_per_epoch, int64_t total_steps);

  // Learning rate of step number `step` (from 0) in epoch number `epoch` (from 0). step, exponential and plateau change
  // between epochs; cosine and one-cycle at each step, over the steps after the warm-up.
  double at(int64_t step, int64_t epoch) const;
  double at(int64_t step) const { return at(step, step / steps_per_epoch_); }

  // plateau: the rate drops when `metric` has not improved for more than plateau_patience epochs. NaN and Inf are no
  // improvement. True if the rate dropped. The others do nothing.
  bool epochEnded(double metric, bool larger_is_better);

  Values state() const;
  void loadState(const Values& state);

 private:
  enum class Shape { Constant, Step, Exponential, Cosine, OneCycle, Plateau };
  double shaped(int64_t step, int64_t epoch) const;
  double oneCycle(double step) const;

  Shape shape_;
  double rate_, gamma_, min_rate_, rise_, start_divisor_, end_divisor_;
  int64_t steps_per_epoch_, total_steps_, warmup_steps_, epochs_per_drop_, patience_;
  // plateau only
  double plateau_rate_, best_ = 0;
  bool has_best_ = false;
  int64_t bad_epochs_ = 0;
};

// Counts the epochs without progress of a metric, and knows the best.
class EarlyStopping {
 public:
  // `patience` 0: never stops, only watches. `metric` decides whether larger is better.
  EarlyStopping(int64_t patience, bool larger_is_better);

  // True if `metric` is the best so far; NaN and Inf never are.
  bool epochEnded(int64_t epoch, double metric);
  bool shouldStop() const { return patience_ > 0 && epochs_without_ >= patience_; }
  bool hasBest() const { return best_epoch_ >= 0; }
  double best() const { return best_; }
  int64_t bestEpoch() const { return best_epoch_; }  // -1 if there is none
  int64_t epochsWithout() const { return epochs_without_; }

  Values state() const;
  void loadState(const Values& state);

 private:
  int64_t patience_;
  bool larger_is_better_;
  double best_ = 0;
  int64_t best_epoch_ = -1, epochs_without_ = 0;
};

}  // namespace blockyard
