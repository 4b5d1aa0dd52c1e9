// Trainer: what it has to remember to go on, and what of it a branch takes over.
#include <algorithm>
#include <set>
#include <sstream>

#include "blocks/schema.hpp"
#include "graph/plan_diff.hpp"
#include "graph/training_settings.hpp"
#include "training/recorder.hpp"
#include "training/row_parts.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

using Names = std::set<std::string>;

// Which rows a batch holds. With others the place within an epoch means nothing.
const Names kDraw = {"batch_size", "accumulate", "balance", "balance_share", "smote_neighbors", "overfit_batches"};
const Names kRate = {"learning_rate",     "schedule",       "warmup_steps",    "schedule_epochs", "gamma",
                     "min_learning_rate", "one_cycle_rise", "one_cycle_start", "one_cycle_end",   "plateau_patience"};

bool differs(const PlanDiff& diff, const Names& names) {
  return std::any_of(diff.training.begin(), diff.training.end(),
                     [&](const SettingChange& change) { return names.count(change.name) > 0; });
}

std::string shapeText(const at::Tensor& tensor) {
  std::ostringstream out;
  out << tensor.sizes();
  return out.str();
}

void keepSplit(const PlanDiff& diff) {
  for (const SettingChange& change : diff.training)
    if (splitSettings().count(change.name) > 0)  // a branch would be judged by rows that it has learned from
      throw Error({.parameter = "training." + change.name},
                  "a branch keeps the split of its run (" + change.before +
                      "), or it would be judged by rows that it " + "has learned from; got " + change.after,
                  "leave it as it was, or start a new run");
}

}  // namespace

void Trainer::scaleLearningRate(double factor) {
  // A checkpoint of an older version tells the factor alone.
  if (rate_changes_.empty() && rate_factor_ != 1) rate_changes_.push_back({0, rate_factor_}), ++rate_changes_made_;
  rate_changes_.resize(rate_changes_made_);
  rate_changes_.push_back({step_, factor});
  makeRateChanges();
  if (hooks_.recorder == nullptr) return;
  try {
    hooks_.recorder->rateChanges(rate_changes_);
  } catch (const Error& error) {
    hooks_.emit(Notice{std::string("the change of the learning rate could not be recorded, so that a repetition would "
                                   "not make it: ") +
                       error.what()});
  }
}

void Trainer::replay(std::vector<RateChange> changes) {
  if (changes.empty()) return;
  rate_changes_ = std::move(changes);
  rate_factor_ = 1, rate_changes_made_ = 0;
  while (rate_changes_made_ < rate_changes_.size() && rate_changes_[rate_changes_made_].step < step_)
    rate_factor_ *= rate_changes_[rate_changes_made_++].factor;
}

// Those that are due before the next step.
void Trainer::makeRateChanges() {
  for (; rate_changes_made_ < rate_changes_.size() && rate_changes_[rate_changes_made_].step <= step_;
       ++rate_changes_made_) {
    const double factor = rate_changes_[rate_changes_made_].factor;
    rate_factor_ *= factor;
    if (hooks_.recorder != nullptr) hooks_.recorder->note(step_, "learning rate times " + numberText(factor));
  }
}

State Trainer::state() const {
  State out = pipeline_.state();
  addState(out, "/step/", gradient_->state());
  addState(out, "/schedule/", {.values = schedule_->state()});
  addState(out, "/early/", {.values = early_->state()});
  if (best_) {
    addState(out, "/best/", best_->state);
    out.values.set("/best epoch", best_->epoch);
  }
  out.values.set("/steps", step_);
  out.values.set("/epochs", epoch_);
  out.values.set("/batches", batch_);
  out.values.set("/epoch loss", epoch_loss_);
  out.values.set("/epoch rows", epoch_rows_);
  out.values.set("/rate factor", rate_factor_);
  return out;
}

void Trainer::loadState(const State& state) {
  pipeline_.loadState(state);
  gradient_->loadState(stateUnder(state, "/step/"));
  schedule_->loadState(stateUnder(state, "/schedule/").values);
  early_->loadState(stateUnder(state, "/early/").values);
  if (state.values.has("/best epoch"))
    best_.reset(new Best{copied(stateUnder(state, "/best/")), stateValue(state, "/best epoch").as<int64_t>()});
  step_ = stateValue(state, "/steps").as<int64_t>();
  epoch_ = stateValue(state, "/epochs").as<int64_t>();
  batch_ = stateValue(state, "/batches").as<int64_t>();
  epoch_loss_ = stateValue(state, "/epoch loss").as<double>();
  epoch_rows_ = stateValue(state, "/epoch rows").as<int64_t>();
  rate_factor_ = stateValue(state, "/rate factor").as<double>();
  checkpoint_step_ = step_;
}

// What preprocessors have learned from the same rows is here already; one that is set otherwise has learned something
// else. So only the model takes over.
void Trainer::loadModel(const State& state) {
  std::string fresh;
  for (auto& node : pipeline_.nodes()) {
    if (!node.block || node.stage != Stage::Live || node.type->schema.kind == Kind::Preprocessor) continue;
    State own = node.block->state();
    for (const auto& parameter : node.block->parameters())
      own.tensors.insert_or_assign(parameter.name, parameter.tensor);
    if (own.tensors.empty()) continue;
    State saved = stateUnder(state, node.plan.id + ".");
    if (saved.tensors.empty()) {
      fresh += (fresh.empty() ? "" : ", ") + node.plan.id;
      continue;
    }
    for (const auto& [name, tensor] : own.tensors) {
      const auto it = saved.tensors.find(name);
      const std::string was = it == saved.tensors.end() ? "not there" : shapeText(it->second);
      if (it == saved.tensors.end() || it->second.sizes() != tensor.sizes())
        throw Error({.block = node.plan.id},
                    "the checkpoint does not fit: its " + name + " is " + was + " there, and " + shapeText(tensor) +
                        " with these settings",
                    "a branch keeps the shapes of its blocks; start a new run for others");
    }
    guarded({.block = node.plan.id}, [&] {
      for (auto& parameter : node.block->parameters()) {
        restore(saved, parameter.name, parameter.tensor);
        saved.tensors.erase(parameter.name);
      }
      node.block->loadState(saved);
    });
  }
  if (!fresh.empty()) hooks_.emit(Notice{"new in this branch, and begun with fresh weights: " + fresh});
}

void Trainer::branchFrom(const State& state, const Plan& before) {
  Plan old = before;
  old.training = completeValues(trainingParams(), old.training);
  const PlanDiff diff = diffPlans(old, plan_);
  keepSplit(diff);
  loadModel(state);
  bool rows_differ = differs(diff, kDraw), heads_differ = false;
  for (const auto& node : pipeline_.nodes()) {
    if (diff.blocks.count(node.plan.id) == 0) continue;
    rows_differ = rows_differ || node.stage == Stage::Source || node.stage == Stage::Prepare;
    heads_differ = heads_differ || node.isHead();
  }
  gradient_->branchFrom(stateUnder(state, "/step/"), !differs(diff, {"optimizer"}), !rows_differ);
  step_ = stateValue(state, "/steps").as<int64_t>();
  epoch_ = stateValue(state, "/epochs").as<int64_t>();
  if (!rows_differ) {
    batch_ = stateValue(state, "/batches").as<int64_t>();
    epoch_loss_ = stateValue(state, "/epoch loss").as<double>();
    epoch_rows_ = stateValue(state, "/epoch rows").as<int64_t>();
  } else if (stateValue(state, "/batches").as<int64_t>() > 0) {
    hooks_.emit(Notice{"the batches of this branch hold other rows: it begins epoch " + std::to_string(epoch_ + 1) +
                       " from its start"});
  }
  if (!differs(diff, kRate)) {
    schedule_->loadState(stateUnder(state, "/schedule/").values);
    rate_factor_ = stateValue(state, "/rate factor").as<double>();
  }
  if (!heads_differ && !rows_differ && !differs(diff, {"monitor"})) {
    early_->loadState(stateUnder(state, "/early/").values);
    if (state.values.has("/best epoch"))
      best_.reset(new Best{copied(stateUnder(state, "/best/")), stateValue(state, "/best epoch").as<int64_t>()});
  }
  if (const int64_t epochs = plan_.training.integer("epochs"); epoch_ >= epochs)
    throw Error({.parameter = "training.epochs"},
                "nothing is left to train: the checkpoint lies at the end of epoch " + std::to_string(epoch_) +
                    ", and training.epochs is " + std::to_string(epochs),
                "raise training.epochs, or branch from an earlier step");
  checkpoint_step_ = step_;
}

}  // namespace blockyard
