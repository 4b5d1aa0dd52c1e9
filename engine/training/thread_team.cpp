#include "training/thread_team.hpp"

#include <ATen/Parallel.h>

#include <chrono>
#include <exception>

namespace blockyard {
namespace {

// Between two steps lies less time than it takes to wake a thread, so nobody sleeps before this has passed.
constexpr auto kPatience = std::chrono::microseconds(300);

// Returns when `value` is no longer `old`.
template <class T>
void awaitChange(const std::atomic<T>& value, T old) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (value.load(std::memory_order_acquire) == old) {
    if (std::chrono::steady_clock::now() < until) continue;
    value.wait(old, std::memory_order_acquire);
  }
}

}  // namespace

ThreadTeam::ThreadTeam(int threads) {
  for (int i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
}

ThreadTeam::~ThreadTeam() {
  over_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void ThreadTeam::run(int64_t count, const std::function<void(int64_t)>& work) {
  work_ = &work, count_ = count;
  failures_.assign(static_cast<size_t>(count), nullptr);
  next_piece_ = 1;
  busy_ = static_cast<int>(helpers_.size());
  ++round_;
  round_.notify_all();
  try {
    work(0);
  } catch (...) {
    failures_.front() = std::current_exception();
  }
  takePieces();
  for (int busy = busy_; busy > 0; busy = busy_) awaitChange(busy_, busy);
  for (const auto& failure : failures_)
    if (failure) std::rethrow_exception(failure);
}

void ThreadTeam::takePieces() {
  for (int64_t piece = next_piece_++; piece < count_; piece = next_piece_++) {
    try {
      (*work_)(piece);
    } catch (...) {
      failures_[static_cast<size_t>(piece)] = std::current_exception();
    }
  }
}

void ThreadTeam::help() {
  for (uint32_t seen = 0;;) {
    awaitChange(round_, seen);
    ++seen;
    if (over_) return;
    at::set_num_threads(1);  // each thread has a number of its own for OpenMP
    takePieces();
    if (--busy_ == 0) busy_.notify_one();
  }
}

}  // namespace blockyard
