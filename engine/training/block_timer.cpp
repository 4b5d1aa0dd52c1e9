#include "training/block_timer.hpp"

#include <ATen/SequenceNumber.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace blockyard {
namespace {

constexpr double kBetween = 2000;  // ms
constexpr int64_t kWarmUpSteps = 3;

// LibTorch calls back without saying for whom, and on a GPU from a thread of its own.
std::atomic<BlockTimer*> measured_now{nullptr};

}  // namespace

// A piece of the backward pass, from its beginning to its end.
struct BackwardPiece final : at::ObserverContext {
  double began_at = 0;

  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction&) {
    auto out = std::make_unique<BackwardPiece>();
    if (const BlockTimer* timer = measured_now) out->began_at = timer->now();
    return out;
  }
  static void end(const at::RecordFunction& piece, at::ObserverContext* context) {
    BlockTimer* timer = measured_now;
    if (timer != nullptr && context != nullptr)
      timer->addBackward(piece.seqNr(), timer->now() - static_cast<BackwardPiece*>(context)->began_at);
  }
};

BlockTimer::BlockTimer(const Pipeline& pipeline, at::Device device)
    : pipeline_(pipeline), device_(device), times_(pipeline.nodes().size()) {}

BlockTimer::~BlockTimer() {
  if (running_) measured_now = nullptr;
}

double BlockTimer::now() const {
  if (device_.is_cuda()) at::detail::getCUDAHooks().deviceSynchronize(device_.index());
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool BlockTimer::due() {
  if (running_) measured_now = nullptr, running_ = false;  // the step before has failed
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return ++steps_ > kWarmUpSteps && std::chrono::duration<double, std::milli>(time).count() - ended_at_ >= kBetween;
}

bool BlockTimer::begin() {
  BlockTimer* nobody = nullptr;
  if (!measured_now.compare_exchange_strong(nobody, this)) return false;
  running_ = true;
  pieces_.clear();
  began_at_ = now();
  return true;
}

void BlockTimer::forward(Flow& flow, const KeyedRandom& random, const at::Tensor& row_ids, int64_t epoch,
                         BatchMix* mix) {
  double last = now();
  for (size_t i = 0; i < pipeline_.nodes().size(); ++i) {
    if (pipeline_.nodes()[i].stage != Stage::Live || !pipeline_.nodes()[i].block) continue;
    pieces_.emplace_back(static_cast<int64_t>(at::sequence_number::peek()), i);
    pipeline_.run(i, flow, true, random, row_ids, epoch, mix);
    const double time = now();
    times_[i].forward += time - last;
    last = time;
  }
}

void BlockTimer::backward(const std::function<void()>& work) {
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(&BackwardPiece::begin, &BackwardPiece::end)
                                                     .scopes({at::RecordScope::BACKWARD_FUNCTION}));
  try {
    work();
  } catch (...) {
    at::removeCallback(handle);
    throw;
  }
  at::removeCallback(handle);
}

void BlockTimer::addBackward(int64_t number, double ms) {
  if (number < 0) return;  // adding up into a gradient: belongs to no block
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), number,
                                      [](int64_t a, const auto& piece) { return a < piece.first; });
  if (after != pieces_.begin()) times_[std::prev(after)->second].backward += ms;
}

BlockTimes BlockTimer::end(int64_t step) {
  ended_at_ = now();
  measured_now = nullptr, running_ = false;
  step_sum_ += ended_at_ - began_at_;
  const auto count = static_cast<double>(++measured_);
  BlockTimes out{.step = step, .step_ms = step_sum_ / count};
  for (size_t i = 0; i < times_.size(); ++i)
    if (pipeline_.nodes()[i].stage == Stage::Live && pipeline_.nodes()[i].block)
      out.blocks.push_back({pipeline_.nodes()[i].plan.id, times_[i].forward / count, times_[i].backward / count});
  return out;
}

}  // namespace blockyard
