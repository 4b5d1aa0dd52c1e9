// Lane: one trained pipeline that answers on threads of its own, a batch on each. Requests that wait are answered
// together, as many rows at a time as the limits allow; a request's answer does not depend on its company.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "base/error.hpp"
#include "data/table.hpp"
#include "export/bundle.hpp"

namespace blockyard {

class Source;

struct LaneLimits {
  int64_t rows = 256;     // of different requests that are answered together; one request may have more
  double wait_ms = 0;     // how long the first request waits for company
  size_t waiting = 1024;  // requests; one more is refused
  int side_by_side = 0;   // batches, each on a thread of its own; 0: as many as keep all cores busy, one on a GPU
};

// What the pipeline says of the rows of one request, or why it does not.
using LaneResult = std::variant<Table, Error>;

class Lane {
 public:
  // Makes the rows of a request, on a thread of the lane. Throws Error.
  using Rows = std::function<std::shared_ptr<Source>(const Bundle&)>;
  using Done = std::function<void(LaneResult)>;  // on a thread of the lane
  // Of how many rows in all, and how many requests, a batch was made. On a thread of the lane.
  using Batched = std::function<void(int64_t rows, size_t requests)>;

  // Loads the bundle. Throws Error.
  Lane(const std::string& file, const PredictOptions& options, const LaneLimits& limits, Batched batched = {});
  // Answers what waits, and ends. Not on a thread of the lane.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Any thread. False if too many wait already; `done` is then not called.
  bool ask(Rows rows, Done done);
  // What it takes and who made it: never changes.
  const Bundle& bundle() const { return bundle_; }

 private:
  struct Job {
    Rows rows;
    Done done;
    std::shared_ptr<Source> source{};
  };

  void work();
  std::vector<Job> nextJobs(std::unique_lock<std::mutex>& lock);
  void open(std::vector<Job>& jobs) const;
  void answerTogether(std::vector<Job>& jobs);
  LaneResult answerAlone(Source& source);

  Bundle bundle_;
  LaneLimits limits_;
  Batched batched_;
  std::mutex mutex_;
  std::condition_variable changed_, joined_;  // for threads that are idle; for the one that gathers
  std::deque<Job> waiting_;
  size_t idle_ = 0;         // threads that have nothing to answer
  bool gathering_ = false;  // a thread lets the first request wait for company
  bool closed_ = false;
  std::vector<std::thread> threads_;  // last: everything they use is there when they start
};

}  // namespace blockyard
