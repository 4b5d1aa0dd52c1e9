#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace blockyard {
namespace {

// From `start` at share 0 to `end` at share 1, flat at both ends.
double cosineBetween(double start, double end, double share) {
  return end + (start - end) / 2 * (1 + std::cos(std::numbers::pi * share));
}

const Value& saved(const Values& state, const std::string& name) {
  const Value* value = state.find(name);
  if (value == nullptr) throw Error({}, "the saved state lacks \"" + name + "\"");
  return *value;
}

}  // namespace

Schedule::Schedule(const Values& training, int64_t steps_per_epoch, int64_t total_steps)
    : rate_(training.number("learning_rate")),
      gamma_(training.number("gamma")),
      min_rate_(training.number("min_learning_rate")),
      rise_(training.number("one_cycle_rise")),
      start_divisor_(training.number("one_cycle_start")),
      end_divisor_(training.number("one_cycle_end")),
      steps_per_epoch_(std::max<int64_t>(1, steps_per_epoch)),
      total_steps_(total_steps),
      warmup_steps_(training.integer("warmup_steps")),
      epochs_per_drop_(training.integer("schedule_epochs")),
      patience_(training.integer("plateau_patience")),
      plateau_rate_(rate_) {
  const std::string& name = training.text("schedule");
  shape_ = name == "step"          ? Shape::Step
           : name == "exponential" ? Shape::Exponential
           : name == "cosine"      ? Shape::Cosine
           : name == "one-cycle"   ? Shape::OneCycle
           : name == "plateau"     ? Shape::Plateau
                                   : Shape::Constant;
}

double Schedule::at(int64_t step, int64_t epoch) const {
  // Step 0 already moves: a rate of zero would waste it. The last step of the warm-up has the full rate.
  const double warm = step < warmup_steps_ ? static_cast<double>(step + 1) / static_cast<double>(warmup_steps_) : 1.0;
  return warm * shaped(std::max<int64_t>(0, step - warmup_steps_), epoch);
}

double Schedule::shaped(int64_t step, int64_t epoch) const {
  const auto steps = static_cast<double>(std::max<int64_t>(1, total_steps_ - warmup_steps_));
  switch (shape_) {
    case Shape::Constant:
      return rate_;
    case Shape::Step: {
      const int64_t drops = epoch / epochs_per_drop_;
      return rate_ * std::pow(gamma_, static_cast<double>(drops));
    }
    case Shape::Exponential:
      return rate_ * std::pow(gamma_, static_cast<double>(epoch));
    case Shape::Cosine:
      return cosineBetween(rate_, min_rate_, std::min(1.0, static_cast<double>(step) / steps));
    case Shape::OneCycle:
      return oneCycle(static_cast<double>(step));
    case Shape::Plateau:
      return plateau_rate_;
  }
  return rate_;
}

// torch.optim.lr_scheduler.OneCycleLR with anneal_strategy "cos" and two phases.
double Schedule::oneCycle(double step) const {
  const auto steps = static_cast<double>(std::max<int64_t>(1, total_steps_ - warmup_steps_));
  const double first = rate_ / start_divisor_;
  const double top = rise_ * steps - 1;  // may lie between two steps
  if (step <= top && top > 0) return cosineBetween(first, rate_, step / top);
  const double fall = steps - 1 - top;
  const double share = fall > 0 ? (step - top) / fall : 1.0;
  return cosineBetween(rate_, first / end_divisor_, std::clamp(share, 0.0, 1.0));
}

// torch.optim.lr_scheduler.ReduceLROnPlateau with its defaults: progress is at least 0.01 % of the best value, and a
// drop of less than 1e-8 is not made.
bool Schedule::epochEnded(double metric, bool larger_is_better) {
  if (shape_ != Shape::Plateau) return false;
  constexpr double kThreshold = 1e-4;
  const bool better =
      std::isfinite(metric) &&
      (!has_best_ || (larger_is_better ? metric > best_ * (1 + kThreshold) : metric < best_ * (1 - kThreshold)));
  if (better) {
    best_ = metric;
    has_best_ = true;
    bad_epochs_ = 0;
    return false;
  }
  if (++bad_epochs_ <= patience_) return false;
  bad_epochs_ = 0;
  const double next = std::max(plateau_rate_ * gamma_, min_rate_);
  if (plateau_rate_ - next <= 1e-8) return false;
  plateau_rate_ = next;
  return true;
}

Values Schedule::state() const {
  if (shape_ != Shape::Plateau) return {};
  return {{"rate", plateau_rate_}, {"best", best_}, {"has_best", has_best_}, {"bad_epochs", bad_epochs_}};
}

void Schedule::loadState(const Values& state) {
  if (shape_ != Shape::Plateau) return;
  for (const char* name : {"rate", "best", "has_best", "bad_epochs"}) saved(state, name);
  plateau_rate_ = state.number("rate");
  best_ = state.number("best");
  has_best_ = state.flag("has_best");
  bad_epochs_ = state.integer("bad_epochs");
}

EarlyStopping::EarlyStopping(int64_t patience, bool larger_is_better)
    : patience_(patience), larger_is_better_(larger_is_better) {}

bool EarlyStopping::epochEnded(int64_t epoch, double metric) {
  const bool better = std::isfinite(metric) && (!hasBest() || (larger_is_better_ ? metric > best_ : metric < best_));
  if (!better) {
    ++epochs_without_;
    return false;
  }
  best_ = metric;
  best_epoch_ = epoch;
  epochs_without_ = 0;
  return true;
}

Values EarlyStopping::state() const {
  return {{"best", best_}, {"best_epoch", best_epoch_}, {"epochs_without", epochs_without_}};
}

void EarlyStopping::loadState(const Values& state) {
  for (const char* name : {"best", "best_epoch", "epochs_without"}) saved(state, name);
  best_ = state.number("best");
  best_epoch_ = state.integer("best_epoch");
  epochs_without_ = state.integer("epochs_without");
}

}  // namespace blockyard
