// GradientStep: one batch forward and backward, and when enough batches have come together, one step of the optimizer.
// The step takes its loss from the heads. Before it is applied, loss and gradients are checked: NaN or Inf never
// reaches a weight.
#pragma once
#include <memory>

#include "data/loader.hpp"
#include "training/block_timer.hpp"
#include "training/gradients.hpp"
#include "training/mix_up.hpp"
#include "training/optimizer.hpp"
#include "training/pipeline.hpp"
#include "training/thread_team.hpp"

namespace blockyard {

struct StepResult {
  double loss = 0;           // mean over the rows of the batch
  bool stepped = false;      // the optimizer has moved the weights
  double gradient_norm = 0;  // before clipping; 0 where it was not computed
  bool halved = false;       // memory ran out: from now on the batch goes through in parts
};

class GradientStep {
 public:
  // `threads`: how many may work on a batch side by side.
  GradientStep(Pipeline& pipeline, const Values& training, at::Device device, int threads = 1);

  // `random` is keyed by the step. Throws Error: Diverged with the block that made NaN or Inf, OutOfMemory if half a
  // batch does not fit either. The weights are untouched by a step that throws.
  StepResult run(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, double learning_rate);
  // The batches gathered so far make the step although they are fewer than `accumulate`: the end of an epoch.
  void closeEpoch() { last_of_epoch_ = true; }
  // Whether batches go through in shards, each on one thread: LibTorch should then keep to one while this runs.
  bool sharded() const { return shard_rows_ > 0; }
  // The next step of the optimizer tells the norm of the gradient.
  void measureNorm() { optimizer_->measureNorm(); }
  // What this one measures is asked of it; it must outlive the steps.
  void setTimer(BlockTimer* timer) { timer_ = timer; }

  Optimizer& optimizer() { return *optimizer_; }
  Ema* ema() { return ema_.get(); }
  // Optimizer, averaged weights, loss scale, and gradients gathered but not applied.
  State state() const;
  void loadState(const State& state);
  // What fits a branch with other settings: the optimizer's memory if it is the same `optimizer`, gathered gradients if
  // it goes on within the same epoch (`same_rows`), averages and the loss scale if both have them. Weights that are new
  // begin afresh.
  void branchFrom(const State& state, bool same_optimizer, bool same_rows);
  const std::vector<NamedTensor>& parameters() const { return parameters_; }

 private:
  // Adds the gradients of the mean loss over the batch to the parameters and returns that loss, [].
  at::Tensor forwardBackward(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random);
  at::Tensor forwardBackwardInShards(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random,
                                     int64_t shards);
  std::optional<BatchMix> mixOf(const LoadedBatch& batch, const KeyedRandom& random) const;
  at::Tensor lossOf(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, Flow& flow,
                    BlockTimer* timer) const;
  void loadGradients(const State& state);
  // The optimizer's step, unless the gradients are not finite. False: float16 gave up this step for a smaller scale.
  bool apply(const at::Tensor& loss, double learning_rate);
  // Throws Error naming the block that made the first NaN or Inf of the batch.
  [[noreturn]] void refuse(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, const at::Tensor& loss);

  Pipeline& pipeline_;
  at::Device device_;
  std::string precision_;
  std::optional<MixHow> mix_;
  double mix_alpha_;
  int64_t accumulate_ = 1;
  double ema_decay_ = 0;
  int64_t gathered_ = 0;  // batches since the last step
  int64_t parts_ = 1;     // a batch goes through in this many parts, one after the other
  int64_t shard_rows_;    // a batch goes through in shards of at least so many rows, side by side; 0: as a whole
  bool first_ = true;     // no batch has gone through yet
  bool last_of_epoch_ = false;
  std::vector<NamedTensor> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Ema> ema_;
  std::unique_ptr<GradScaler> scaler_;
  std::unique_ptr<GradientCheck> check_;
  BlockTimer* timer_ = nullptr;
  std::unique_ptr<ThreadTeam> team_;
};

}  // namespace blockyard
