#include "training/session.hpp"

#include <chrono>
#include <optional>

#include "training/preview.hpp"
#include "training/recorder.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

constexpr size_t kManyEvents = 4096;  // from here on steps are merged

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace

Session::Session() : thread_([this] { loop(); }) {}

Session::~Session() {
  stop_ = true;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void Session::post(Command command) {
  if (std::holds_alternative<Stop>(command)) stop_ = true;
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
  }
  arrived_.notify_all();
}

std::vector<Event> Session::drain() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

bool Session::wait(double seconds) {
  std::unique_lock lock(mutex_);
  return happened_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return !events_.empty(); });
}

void Session::emit(Event event) {
  {
    const std::lock_guard lock(mutex_);
    const bool merge = events_.size() >= kManyEvents && event.index() == events_.back().index() &&
                       (std::holds_alternative<StepDone>(event) || std::holds_alternative<Preparing>(event));
    if (merge)
      events_.back() = std::move(event);
    else
      events_.push_back(std::move(event));
  }
  happened_.notify_all();
}

bool Session::poll() {
  std::unique_lock lock(mutex_);
  bool paused = false;
  while (true) {
    std::vector<PreviewPort> asked;
    std::vector<double> factors;
    for (auto it = commands_.begin(); it != commands_.end();) {
      const bool taken = std::visit(
          Overloaded{[&](const Pause&) { return paused = true; }, [&](const Continue&) { return paused = false, true; },
                     [&](const Stop&) { return stop_ = true, true; },
                     [&](const SetLearningRate& set) { return factors.push_back(set.factor), true; },
                     [&](const PreviewPort& look) { return asked.push_back(look), true; },
                     [](const Start&) { return false; }},
          *it);
      it = taken ? commands_.erase(it) : it + 1;
    }
    if (!factors.empty()) {  // each goes to the disk: nobody is to wait for that
      lock.unlock();
      for (const double factor : factors) trainer_->scaleLearningRate(factor);
      lock.lock();
    }
    if (stop_ || closed_) return true;
    if (!asked.empty()) {
      lock.unlock();
      for (const auto& look : asked) answer(look);
      lock.lock();
      continue;  // something may have arrived meanwhile
    }
    if (!paused) return false;
    if (events_.empty() || !std::holds_alternative<Paused>(events_.back())) events_.emplace_back(Paused{});
    happened_.notify_all();
    arrived_.wait(lock, [&] { return closed_ || !commands_.empty(); });
  }
}

void Session::answer(const PreviewPort& asked) {
  Previewed out{.number = asked.number};
  try {
    guarded({.block = asked.block}, [&] {
      out.preview = std::make_shared<const Preview>(
          preview(*trainer_, asked.block, asked.port, {.rows = asked.rows, .stop = &stop_}));
    });
  } catch (const Error& error) {
    if (stop_ && error.fault() == Fault::TryAgain) return;  // the training ends before it could answer
    out.error = error;
  }
  emit(std::move(out));
}

void Session::loop() {
  while (true) {
    std::optional<Start> start;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return closed_ || !commands_.empty(); });
      if (closed_) return;
      if (auto* command = std::get_if<Start>(&commands_.front())) start = std::move(*command);
      commands_.pop_front();  // whatever else stands here came too late for its run
    }
    if (!start) continue;
    stop_ = false;
    runOne(*start);
    trainer_ = nullptr;
  }
}

// Asked to stop while the data was read: there is no step to go on from.
void Session::stoppedEarly(Recorder* recorder) {
  Finished finished{.state = "stopped"};
  if (recorder != nullptr) finished.run = recorder->id(), recorder->finished(finished);
  emit(std::move(finished));
}

void Session::runOne(const Start& start) {
  std::unique_ptr<Recorder> recorder;
  try {
    guarded({}, [&] {
      if (start.keep_run && !start.plan.training.flag("dry_run")) recorder = std::make_unique<Recorder>(start);
      TrainerHooks hooks{
          .emit = [this](Event event) { emit(std::move(event)); }, .poll = [this] { return poll(); }, .stop = &stop_};
      hooks.recorder = recorder.get();
      hooks.stop_after_epochs = start.stop_after_epochs;
      Trainer trainer(start.plan, hooks);
      trainer_ = &trainer;
      trainer.prepareData();
      if (recorder) {
        std::vector<std::string> notices;
        recorder->restore(trainer, notices);
        for (auto& text : notices) emit(Notice{std::move(text)});
      } else {
        trainer.replay(start.rate_changes);
      }
      Finished finished = trainer.train();
      if (recorder) finished.run = recorder->id();
      if (finished.state == "done" && start.trained)
        start.trained(trainer, recorder ? recorder->folder() : std::string());
      if (recorder) recorder->finished(finished, finished.state == "done" ? hashOf(trainer.pipeline().state()) : "");
      emit(std::move(finished));
    });
  } catch (const Error& error) {
    try {
      if (stop_ && error.fault() == Fault::TryAgain) return stoppedEarly(recorder.get());
      if (recorder) recorder->failed(error);
    } catch (const Error& second) {  // the first error wins; that it could not be written down is said too
      emit(Notice{std::string("the run's record could not be written: ") + second.what()});
    }
    emit(Failed{error});
  }
}

}  // namespace blockyard
