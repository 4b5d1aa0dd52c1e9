// What a training shows while it goes on: a bar that is drawn over on a
// terminal, else a line per epoch, or with --json every event as one line of
// JSON on standard output. One thread.
#pragma once
#include <string>

#include "command.hpp"
#include "graph/metric_names.hpp"
#include "training/messages.hpp"

namespace blockyard::cli {

// "accuracy 0.9731  f1_macro 0.97": the few of many metrics that a person looks
// at first, led by the one that the training watches if it is none of the loss.
std::string headline(const std::map<std::string, double>& metrics, const std::string& monitor);

nlohmann::json toJson(const Event& event);

class Progress {
 public:
  // `monitor`: the metric that decides which state is best.
  Progress(const Context& context, std::string monitor) : context_(context), monitor_(std::move(monitor)) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Event& event);
  // Takes the bar away, so that something else can be said.
  void clear();

 private:
  void on(const Preparing& event);
  void on(const Started& event);
  void on(const StepDone& event);
  void on(const EpochDone& event);
  void on(const Notice& event);
  template <class Other>
  void on(const Other&) {}
  void draw(double share, const std::string& left, const std::string& right);
  bool bar() const { return context_.err.interactive() && !context_.quiet; }

  const Context& context_;
  std::string monitor_;
  Started started_{};
  EpochDone last_epoch_{};
  std::string preparing_{};
  double line_at_ = -1;  // when the last line about an epoch was written
  bool drawn_ = false;
};

}  // namespace blockyard::cli
