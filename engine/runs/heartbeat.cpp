#include "runs/heartbeat.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace blockyard {

Heartbeat::Heartbeat(std::filesystem::path run_folder, std::chrono::milliseconds every)
    : record_(std::move(run_folder) / "run.json"), every_(every), thread_([this] { loop(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Heartbeat::loop() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, every_, [&] { return closed_; })) {
    // Best effort: whoever deletes the folder meanwhile is told elsewhere.
    [[maybe_unused]] const int touched = ::utimensat(AT_FDCWD, record_.c_str(), nullptr, 0);
  }
}

}  // namespace blockyard
