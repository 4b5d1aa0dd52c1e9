// Trainer: from a plan to a trained pipeline, on the engine thread. It asks nobody and shows nothing: whoever wants to
// know gets events through `emit`, whoever wants to stop it says so through `poll`, and what is written goes to the
// Recorder.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "training/balance.hpp"
#include "training/block_timer.hpp"
#include "training/devices.hpp"
#include "training/evaluate.hpp"
#include "training/gradient_step.hpp"
#include "training/messages.hpp"
#include "training/pipeline.hpp"
#include "training/prepare.hpp"
#include "training/schedule.hpp"
#include "training/weight_watch.hpp"

namespace blockyard {

class Loader;
class Recorder;

struct TrainerHooks {
  std::function<void(Event)> emit{};
  // Asked after every batch; true: stop now. Blocks while the user has paused.
  std::function<bool()> poll{};
  const std::atomic<bool>* stop = nullptr;  // set from any thread, for the long stretches without a batch
  Recorder* recorder = nullptr;             // may be null: nothing is written
  int64_t stop_after_epochs = 0;            // as if poll had said so at the end of that epoch; 0: never
};

class Trainer {
 public:
  Trainer(const Plan& plan, TrainerHooks hooks);
  ~Trainer();

  // Opens, splits, fits and makes everything. Throws Error.
  void prepareData(int64_t chunk_rows = kChunkRows);
  // Trains to the end or until stopped; evaluates. Throws Error; the last good state stays in the pipeline and on disk.
  Finished train();

  // Goes on from a checkpoint: call between prepareData and train. Throws Error if it does not fit the plan.
  void loadState(const State& state);
  // Begins with what a run of the plan `before` had reached, as far as it still means the same under this plan: weights
  // always; optimizer, schedule, best state and the place in the epoch where no setting that they hang on differs. Call
  // between prepareData and train. Throws Error if a shape or the split differs.
  void branchFrom(const State& state, const Plan& before);
  // Makes these live changes of the learning rate again, those that lie behind at once; between loadState and train.
  void replay(std::vector<RateChange> changes);
  // Everything that training needs to go on bit for bit. Tensors are the live ones.
  State state() const;

  const Plan& plan() const { return plan_; }
  Pipeline& pipeline() { return pipeline_; }
  const Pipeline& pipeline() const { return pipeline_; }
  const PreparedData& data() const { return data_; }
  at::Device device() const { return device_; }
  int64_t step() const { return step_; }
  EvaluateOptions evaluateOptions() const;
  int64_t stepsPerEpoch() const;
  // Rows that are drawn in an epoch: all training rows, or more where rare classes are filled up.
  int64_t rowsPerEpoch() const;
  // The batches of an epoch from one of them on, at most so many in all (-1: the whole epoch), as training draws them.
  std::unique_ptr<Loader> openEpoch(int64_t epoch, int64_t first_batch = 0, int64_t batches = -1) const;
  // Multiplies the learning rate of the schedule from now on. Ends a replay: what comes is in somebody's hand now.
  void scaleLearningRate(double factor);
  // Those that were made, and those that a replay is still to make.
  const std::vector<RateChange>& rateChanges() const { return rate_changes_; }

 private:
  // The best state so far, kept in memory: what restore_best brings back.
  struct Best {
    State state;
    int64_t epoch = -1;
  };

  void start();
  std::optional<Draw> drawOfEpoch(int64_t epoch) const;
  void describeBlocks(Started& message) const;
  void tellSplit();
  bool trainEpoch();  // false: stopped inside the epoch
  bool afterStep(const StepResult& result, int64_t rows, bool epoch_ends);
  bool endEpoch();  // false: stopped while the validation rows were judged
  void judge(const Metrics& metrics, EpochDone& done);
  bool checkpointDue() const;
  void checkpoint();
  void tellCheckpoints(bool wait);
  void fitAnswers();
  void reportStep(bool now);
  StepResult runStep(const LoadedBatch& batch, const KeyedRandom& random);
  void watchWeights(bool epoch_ends);
  void keepErrors(const WorstRows& worst);
  Finished finish(const std::string& state);
  bool limitReached() const;
  void makeRateChanges();
  void loadModel(const State& state);

  Plan plan_;
  TrainerHooks hooks_;
  KeyedRandom random_;
  at::Device device_;
  Pipeline pipeline_;
  PreparedData data_;
  RowSet train_rows_;
  Balanced balanced_;
  std::unique_ptr<GradientStep> gradient_;
  std::unique_ptr<Schedule> schedule_;
  std::unique_ptr<EarlyStopping> early_;
  std::unique_ptr<BlockTimer> timer_;
  std::unique_ptr<WeightWatch> weights_;
  std::unique_ptr<Best> best_;

  int64_t step_ = 0;       // optimizer steps done
  int64_t epoch_ = 0;      // epochs done
  int64_t batch_ = 0;      // batches done within the epoch
  double epoch_loss_ = 0;  // sum over the rows of this epoch
  int64_t epoch_rows_ = 0;
  double rate_factor_ = 1;
  std::vector<RateChange> rate_changes_;
  size_t rate_changes_made_ = 0;
  bool stop_asked_ = false;

  // For the messages only; not part of the state.
  double report_loss_ = 0, report_norm_ = 0;
  int64_t report_rows_ = 0, rows_seen_ = 0;
  double started_at_ = 0, reported_at_ = 0, norm_at_ = 0, epoch_started_at_ = 0, checkpoint_at_ = 0;
  int64_t checkpoint_step_ = 0;
};

}  // namespace blockyard
