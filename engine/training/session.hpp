// Session: the engine thread, and the only door between it and whoever drives it (the window, the command).
// post and drain may be called from any thread; neither waits for the engine. The engine never waits for a reader
// either: if nobody drains, steps are merged, while errors, epochs and ends are kept.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "training/messages.hpp"

namespace blockyard {

class Session {
 public:
  Session();
  // Stops what is running (after the batch, with a checkpoint) and joins the thread.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A Start while a run is going on is queued behind it.
  void post(Command command);
  // What has happened since the last call, in order.
  std::vector<Event> drain();
  // Waits until there is something to drain, at most `seconds`. For the command; the window uses a timer.
  bool wait(double seconds);

 private:
  void loop();
  void runOne(const Start& start);
  void stoppedEarly(class Recorder* recorder);
  void emit(Event event);
  void answer(const PreviewPort& asked);
  bool poll();  // engine thread, after every batch

  std::mutex mutex_;
  std::condition_variable arrived_, happened_;
  std::deque<Command> commands_;
  std::vector<Event> events_;
  bool closed_ = false;
  std::atomic<bool> stop_{false};
  class Trainer* trainer_ = nullptr;  // engine thread only
  std::thread thread_;                // last: everything it uses is there when it starts
};

}  // namespace blockyard
