// CheckpointWriter: brings checkpoints to the disk behind the training. The engine thread hands over a copy of the
// state and goes on; hashing, writing and syncing happen on a thread of its own, one checkpoint at a time. What became
// of each is asked for later. All calls are for one thread, the engine's; while something is being written the store
// belongs to the writer.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "runs/checkpoints.hpp"
#include "training/state_file.hpp"

namespace blockyard {

class CheckpointWriter {
 public:
  struct Job {
    int64_t step = 0;
    StateViews views;  // of tensors that nobody changes any more
    Metadata metadata{};
    bool best = false;
    std::function<void()> before{};  // on the writer's thread: what has to be on the disk first. May throw Error
  };
  struct Outcome {
    int64_t step = 0;
    std::string file{};            // empty if there is an error
    std::optional<Error> error{};  // the older checkpoints are whole then
  };

  // `store` must outlive this object.
  explicit CheckpointWriter(CheckpointStore& store);
  ~CheckpointWriter();  // finishes what it has
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  // Waits only if the one before is not on the disk yet.
  void write(Job job);
  void wait();                      // until all is on the disk
  std::vector<Outcome> outcomes();  // since the last call

 private:
  void loop();

  CheckpointStore& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Job> job_;  // waiting for the thread
  bool busy_ = false;       // from write() until it is on the disk
  bool closed_ = false;
  std::vector<Outcome> outcomes_;
  std::thread thread_;  // last: everything it uses is there when it starts
};

}  // namespace blockyard
