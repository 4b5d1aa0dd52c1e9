// Recorder: what is written about a run while it goes on - its record, the journal of curves, the checkpoints. Engine
// thread only. The trainer says what happened; where and how it is written is known here alone.
#pragma once
#include <memory>
#include <string>

#include "data/chunk.hpp"
#include "training/messages.hpp"
#include "training/metrics.hpp"

namespace blockyard {

class Trainer;
struct State;

class Recorder {
 public:
  // Makes the run's folder, or goes on with the run `start.resume`. Throws Error (Fault::TryAgain) if another training
  // of the project is running.
  explicit Recorder(const Start& start);
  ~Recorder();

  const std::string& id() const;
  std::string folder() const;
  // State of the latest checkpoint that is whole; warnings (a damaged one was passed over) go to `notices`.
  State latestState(std::vector<std::string>& notices) const;

  void started(const Trainer& trainer, Started& message);
  void step(int64_t step, double loss, double learning_rate, double gradient_norm);
  void epoch(const EpochDone& done);
  // Under "weights/block.parameter" and "gradients/block.parameter".
  void histograms(const Histograms& histograms);
  void note(int64_t step, const std::string& text);
  void metrics(Part part, const Metrics& metrics);
  // Writes a checkpoint; returns its file. A full disk is no reason to stop: it is said once and training goes on.
  std::string checkpoint(const Trainer& trainer, bool best, std::string& notice);
  void finished(const Finished& finished);
  void failed(const Error& error);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace blockyard
