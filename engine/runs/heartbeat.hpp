// Heartbeat: a sign of life in the record of a run that goes on, for those who look from another machine: they cannot
// see the process, only that something in its folder has changed lately (Run::shownState). A thread of its own, because
// reading data may take long, and a paused training writes nothing.
#pragma once
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace blockyard {

class Heartbeat {
 public:
  explicit Heartbeat(std::filesystem::path run_folder, std::chrono::milliseconds every = std::chrono::minutes(1));
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  void loop();

  std::filesystem::path record_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool closed_ = false;
  std::thread thread_;  // last: everything it uses is there when it starts
};

}  // namespace blockyard
