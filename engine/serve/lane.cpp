#include "serve/lane.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "blocks/source.hpp"
#include "export/memory_source.hpp"
#include "training/devices.hpp"

namespace blockyard {
namespace {

// Whether rows of both mean the same: codes of a category count in the classes of their own table.
bool joinable(const Batch& a, const Batch& b) {
  if (a.items().size() != b.items().size()) return false;
  return std::all_of(a.items().begin(), a.items().end(), [&](const auto& item) {
    const auto& [port, packet] = item;
    if (!b.has(port) || b.packet(port).isTable() != packet.isTable()) return false;
    if (!packet.isTable()) {
      const at::Tensor &x = packet.tensor(), &y = b.packet(port).tensor();
      return x.scalar_type() == y.scalar_type() && x.sizes().slice(1) == y.sizes().slice(1);
    }
    const Table &x = packet.table(), &y = b.packet(port).table();
    if (x.names() != y.names()) return false;
    for (size_t i = 0; i < x.columns().size(); ++i) {
      const Column &left = *x.columns()[i], &right = *y.columns()[i];
      if (left.type != right.type) return false;
      if (left.classes != right.classes && (!left.classes || !right.classes || *left.classes != *right.classes))
        return false;
    }
    return true;
  });
}

Error asError(const std::exception& failure) {
  if (const auto* error = dynamic_cast<const Error*>(&failure)) return *error;
  return Error({}, failure.what());
}

}  // namespace

Lane::Lane(const std::string& file, const PredictOptions& options, const LaneLimits& limits, Batched batched)
    : bundle_(file, options), limits_(limits), batched_(std::move(batched)) {
  bundle_.settle();
  const bool shared = deviceNamed(options.device).is_cpu() && options.threads > 0;
  const int usual = shared ? static_cast<int>(std::thread::hardware_concurrency()) / options.threads : 1;
  const int count = std::max(1, limits_.side_by_side > 0 ? limits_.side_by_side : usual);
  for (int i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  joined_.notify_one();
  for (std::thread& thread : threads_) thread.join();
}

bool Lane::ask(Rows rows, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= limits_.waiting) return false;
    waiting_.push_back({std::move(rows), std::move(done)});
  }
  changed_.notify_one();
  if (limits_.wait_ms > 0) joined_.notify_one();
  return true;
}

void Lane::work() {
  at::init_num_threads();  // as many for each operator as the bundle has said: OpenMP counts them thread by thread
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    changed_.wait(lock, [&] { return closed_ || (!waiting_.empty() && !gathering_); });
    --idle_;
    if (waiting_.empty()) return;
    std::vector<Job> jobs = nextJobs(lock);
    lock.unlock();
    open(jobs);
    answerTogether(jobs);
    jobs.clear();
    lock.lock();
  }
}

// A fair share of those that wait, once the first of them has waited for company as long as it may.
std::vector<Lane::Job> Lane::nextJobs(std::unique_lock<std::mutex>& lock) {
  if (limits_.wait_ms > 0) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double, std::milli>(limits_.wait_ms);
    const auto many = static_cast<size_t>(limits_.rows);
    gathering_ = true;
    joined_.wait_until(lock, until, [&] { return closed_ || waiting_.size() >= many; });
    gathering_ = false;
  }
  const size_t share = limits_.wait_ms > 0 ? waiting_.size() : (waiting_.size() + idle_) / (idle_ + 1);
  std::vector<Job> out;
  while (out.size() < share && static_cast<int64_t>(out.size()) < limits_.rows) {
    out.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (!waiting_.empty()) changed_.notify_one();
  return out;
}

// Those whose rows cannot be made are answered and gone.
void Lane::open(std::vector<Job>& jobs) const {
  for (Job& job : jobs) {
    try {
      job.source = job.rows(bundle_);
      if (job.source->rows() == 0) throw Error({}, "there are no rows");
    } catch (const std::exception& failure) {
      job.source.reset();
      job.done(asError(failure));
    }
  }
  std::erase_if(jobs, [](const Job& job) { return !job.source; });
}

void Lane::answerTogether(std::vector<Job>& jobs) {
  while (!jobs.empty()) {
    // The first request, and those behind it that go with it.
    std::vector<Job> together;
    std::vector<Batch> batches;
    int64_t rows = 0;
    for (Job& job : jobs) {
      const int64_t count = job.source->rows();
      if (!together.empty() && rows + count > limits_.rows) continue;
      const bool alone = count > limits_.rows;
      if (alone && !together.empty()) continue;
      if (!alone) {
        Batch batch = job.source->read(0, count).batch;
        if (!batches.empty() && !joinable(batches.front(), batch)) continue;
        batches.push_back(std::move(batch));
      }
      rows += count;
      together.push_back(std::exchange(job, {}));
      if (alone) break;
    }
    std::erase_if(jobs, [](const Job& job) { return !job.source; });
    if (batched_) batched_(rows, together.size());
    if (together.size() == 1) {
      together.front().done(answerAlone(*together.front().source));
      continue;
    }
    MemorySource all(joined(batches), together.front().source->outputs());
    const LaneResult result = answerAlone(all);
    int64_t first = 0;
    for (Job& job : together) {
      const int64_t count = job.source->rows();
      // One bad row must not spoil the answers of others: then each is asked alone.
      job.done(std::holds_alternative<Table>(result) ? LaneResult(std::get<Table>(result).slice(first, count))
                                                     : answerAlone(*job.source));
      first += count;
    }
  }
}

LaneResult Lane::answerAlone(Source& source) {
  try {
    std::vector<Table> parts;
    bundle_.predict(source, [&](const Table& table) { parts.push_back(table); });
    return Table::concat(parts);
  } catch (const std::exception& failure) {
    return asError(failure);
  }
}

}  // namespace blockyard
