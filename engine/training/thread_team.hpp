// ThreadTeam: a few threads that do the pieces of a training step side by side, each piece on one thread. Inside of an
// operator LibTorch's threads wait for each other dozens of times a step; these meet once.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace blockyard {

class ThreadTeam {
 public:
  // `threads` with the caller of run; 1 starts none.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const { return static_cast<int>(helpers_.size()) + 1; }
  // Calls work(0) to work(count - 1), each once; the caller begins with piece 0. Rethrows what the first piece threw
  // that failed, once all are over. LibTorch must be set to one thread meanwhile (at::set_num_threads).
  void run(int64_t count, const std::function<void(int64_t)>& work);

 private:
  void help();
  void takePieces();

  // What a round is about: written before its number is raised, read after.
  const std::function<void(int64_t)>* work_ = nullptr;
  int64_t count_ = 0;
  std::vector<std::exception_ptr> failures_;
  std::atomic<int64_t> next_piece_ = 0;
  std::atomic<int> busy_ = 0;  // helpers that have not finished the round
  std::atomic<uint32_t> round_ = 0;
  std::atomic<bool> over_ = false;
  std::vector<std::thread> helpers_;  // last: everything they use is there when they start
};

}  // namespace blockyard
