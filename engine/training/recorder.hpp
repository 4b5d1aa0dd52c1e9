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
struct ErrorExamples;
struct State;

class Recorder {
 public:
  // Makes the run's folder, or goes on with the run `start.resume`. Throws Error (Fault::TryAgain) if another training
  // of the project is running.
  explicit Recorder(const Start& start);
  ~Recorder();

  const std::string& id() const;
  std::string folder() const;
  // Puts into the trainer what the run goes on from: the checkpoint that is meant, or what a branch begins with. A run
  // that was cut off before its first checkpoint begins anew, which comes to the same. What a person should know (a
  // damaged checkpoint was passed over) goes to `notices`. Throws Error.
  void restore(Trainer& trainer, std::vector<std::string>& notices);

  void started(const Trainer& trainer, Started& message);
  void step(int64_t step, double loss, double learning_rate, double gradient_norm);
  void epoch(const EpochDone& done);
  // Under "weights/block.parameter" and "gradients/block.parameter".
  void histograms(const Histograms& histograms);
  void note(int64_t step, const std::string& text);
  void rateChanges(const std::vector<RateChange>& changes);
  void metrics(Part part, const Metrics& metrics);
  void errors(const ErrorExamples& examples);
  // Takes a copy of the state, which is brought to the disk behind the training; waits only if the checkpoint before is
  // not there yet. A full disk is no reason to stop.
  void checkpoint(const Trainer& trainer, bool best);
  // What has become of the checkpoints since the last call: Saved, or one Notice for a row of failures.
  enum class Wait { No, Yes };
  std::vector<Event> written(Wait wait);
  // `weights_sha256` as in the record; empty where there is none.
  void finished(const Finished& finished, const std::string& weights_sha256 = {});
  void failed(const Error& error);

 private:
  void branch(Trainer& trainer);
  void keep(const std::string& file, const nlohmann::json& json);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace blockyard
