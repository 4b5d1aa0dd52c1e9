// BlockTimer: how long each block takes in a training step, measured in the very step that trains, now and then.
// Forward is timed block by block. Backward runs as one; LibTorch numbers what it will have to do there while it goes
// forward, so every piece of it is known to belong to a block. Measuring changes no number. Owned by the trainer, used
// on the engine thread only.
#pragma once
#include <functional>
#include <vector>

#include "training/messages.hpp"
#include "training/pipeline.hpp"

namespace blockyard {

class BlockTimer {
 public:
  BlockTimer(const Pipeline& pipeline, at::Device device);
  ~BlockTimer();
  BlockTimer(const BlockTimer&) = delete;
  BlockTimer& operator=(const BlockTimer&) = delete;

  // Whether the next step should be measured: every two seconds, not the very first ones, which are slower.
  bool due();
  // The step begins. False if another training of the process is being measured just now; then nothing is.
  bool begin();
  bool running() const { return running_; }
  // As Pipeline::runStage(Stage::Live), training.
  void forward(Flow& flow, const KeyedRandom& random, const at::Tensor& row_ids, int64_t epoch,
               BatchMix* mix = nullptr);
  // `work` runs the backward pass of what went forward.
  void backward(const std::function<void()>& work);
  // The step is over.
  BlockTimes end(int64_t step);

 private:
  friend struct BackwardPiece;
  struct Times {
    double forward = 0, backward = 0;  // ms, sums over the measured steps
  };
  double now() const;  // ms; on a GPU, when its queue is empty
  void addBackward(int64_t number, double ms);

  const Pipeline& pipeline_;
  at::Device device_;
  bool running_ = false;
  int64_t steps_ = 0, measured_ = 0;
  double began_at_ = 0, ended_at_ = 0, step_sum_ = 0;
  std::vector<Times> times_;  // by block
  // Number of the first piece of backward that a block of this step made, in ascending order, and the block.
  std::vector<std::pair<int64_t, size_t>> pieces_;
};

}  // namespace blockyard
