#include "training/checkpoint_writer.hpp"

#include <utility>

#include "training/pipeline.hpp"

namespace blockyard {

CheckpointWriter::CheckpointWriter(CheckpointStore& store) : store_(store), thread_([this] { loop(); }) {}

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CheckpointWriter::write(Job job) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !busy_; });
    job_.emplace(std::move(job));
    busy_ = true;
  }
  changed_.notify_all();
}

void CheckpointWriter::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !busy_; });
}

std::vector<CheckpointWriter::Outcome> CheckpointWriter::outcomes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcomes_, {});
}

void CheckpointWriter::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return job_ || closed_; });
    if (!job_) return;
    std::optional<Job> job = std::exchange(job_, std::nullopt);
    lock.unlock();
    Outcome outcome{.step = job->step};
    try {
      guarded({}, [&] {
        if (job->before) job->before();
        outcome.file = store_.save(job->step, job->views.tensors(), job->metadata, {}, job->best);
      });
    } catch (const Error& error) {
      outcome.error = error;
    }
    job.reset();  // its memory is free before the next one comes
    lock.lock();
    outcomes_.push_back(std::move(outcome));
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace blockyard
