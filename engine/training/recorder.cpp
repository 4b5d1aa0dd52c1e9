#include "training/recorder.hpp"

#include <torch/version.h>

#include <cmath>

#include "base/file.hpp"
#include "base/json.hpp"
#include "blocks/block.hpp"
#include "runs/checkpoints.hpp"
#include "runs/journal.hpp"
#include "runs/lock.hpp"
#include "runs/run.hpp"
#include "training/data_change.hpp"
#include "training/describe_data.hpp"
#include "training/run_pipeline.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

RunState stateNamed(const std::string& state) {
  return state == "done" ? RunState::Done : RunState::Stopped;
}

Run openRun(const Start& start) {
  if (!start.resume.empty()) {
    Run run = Run::open(start.plan.folder, start.resume);
    if (run.record().plan_hash != start.plan.hash())
      throw Error({}, "run " + run.id().text + " was made by another pipeline or other settings",
                  "go on without --set, or start a new run");
    run.resume();
    return run;
  }
  RunRecord record;
  record.purpose = start.purpose;
  record.plan = toJson(start.plan);
  record.plan_hash = start.plan.hash();
  record.seed = start.plan.training.integer("seed");
  record.overrides = start.overrides;
  record.study = start.study;
  record.versions = {{"blockyard", BLOCKYARD_VERSION}, {"libtorch", TORCH_VERSION}};
  Run run = Run::create(start.plan.folder, std::move(record));
  if (!start.snapshot.empty()) writeDurably(run.folder() / kSnapshotFile, start.snapshot);
  return run;
}

}  // namespace

struct Recorder::Parts {
  explicit Parts(const Start& start)
      : lock(start.study.study.empty() ? std::optional<TrainingLock>(std::in_place, start.plan.folder, start.purpose)
                                       : std::nullopt),
        run(openRun(start)),
        checkpoints(run.folder() / "checkpoints"),
        resumed(!start.resume.empty()) {}

  std::optional<TrainingLock> lock;
  Run run;
  CheckpointStore checkpoints;
  std::unique_ptr<Journal> journal{};
  bool resumed;
  bool disk_full_said = false;
};

Recorder::Recorder(const Start& start) : parts_(std::make_unique<Parts>(start)) {}
Recorder::~Recorder() = default;

const std::string& Recorder::id() const {
  return parts_->run.id().text;
}
std::string Recorder::folder() const {
  return parts_->run.folder().string();
}

State Recorder::latestState(std::vector<std::string>& notices) const {
  auto loaded = parts_->checkpoints.loadLatest();
  if (!loaded) throw Error({.file = folder()}, "the run has no checkpoint to go on from", "start a new run");
  notices.insert(notices.end(), loaded->warnings.begin(), loaded->warnings.end());
  return stateFrom(loaded->file);
}

void Recorder::started(const Trainer& trainer, Started& message) {
  message.run = id(), message.folder = folder();
  const std::string& fingerprint = trainer.data().fingerprint;
  if (parts_->resumed && parts_->run.record().data_fingerprint != fingerprint)
    throw Error({}, "the data has changed since run " + id() + " began",
                "start a new run, or bring back the files as they were");
  parts_->journal = std::make_unique<Journal>(
      parts_->run.folder(), parts_->resumed ? std::optional<int64_t>(trainer.step() + 1) : std::nullopt);
  parts_->journal->hparams(trainer.plan().training, {"validation/loss"});
  DataCard card = dataCard(trainer.plan(), *trainer.data().source);
  parts_->run.update([&](RunRecord& record) {
    record.data_fingerprint = fingerprint;
    record.card = std::move(card);
    record.data = dataSeen(trainer.plan(), *trainer.data().source);
    for (const auto& [block, rows] : trainer.data().left_out)
      record.data.left_out.push_back({block, rows[0], rows[1], rows[2]});
    record.parameter_count = message.parameters;
    record.versions["device"] = message.device;
  });
}

void Recorder::step(int64_t step, double loss, double learning_rate, double gradient_norm) {
  parts_->journal->scalar("train/loss", step, loss);
  parts_->journal->scalar("train/learning_rate", step, learning_rate);
  if (gradient_norm != 0) parts_->journal->scalar("train/gradient_norm", step, gradient_norm);
}

void Recorder::epoch(const EpochDone& done) {
  parts_->journal->scalar("train/epoch_loss", done.step, done.train_loss);
  parts_->journal->scalar("train/epoch", done.step, static_cast<double>(done.epoch));
  for (const auto& [name, value] : done.validation) parts_->journal->scalar("validation/" + name, done.step, value);
}

void Recorder::histograms(const Histograms& histograms) {
  for (const auto& each : histograms.parameters) {
    parts_->journal->histogram("weights/" + each.parameter, histograms.step, each.values);
    if (!each.gradients.counts.empty())
      parts_->journal->histogram("gradients/" + each.parameter, histograms.step, each.gradients);
  }
}

void Recorder::note(int64_t step, const std::string& text) {
  if (parts_->journal) parts_->journal->event(step, text);
}

void Recorder::metrics(Part part, const Metrics& metrics) {
  const std::string file = std::string("metrics-") + nameOf(part) + ".json";
  writeDurably(parts_->run.folder() / file, dumpJson(toJson(metrics)));
  parts_->run.update([&](RunRecord& record) {
    if (std::find(record.artifacts.begin(), record.artifacts.end(), file) == record.artifacts.end())
      record.artifacts.emplace_back(file);
  });
}

std::string Recorder::checkpoint(const Trainer& trainer, bool best, std::string& notice) {
  try {
    const StateViews views(trainer.state());
    parts_->checkpoints.save(trainer.step(), views.tensors(), views.metadata(), {}, best);
    parts_->journal->sync();
    parts_->disk_full_said = false;
    for (const auto& checkpoint : parts_->checkpoints.checkpoints())
      if (checkpoint.step == trainer.step()) return checkpoint.file;
  } catch (const Error& error) {
    if (!std::exchange(parts_->disk_full_said, true))
      notice = std::string("no checkpoint could be written, training goes on: ") + error.what();
  }
  return {};
}

void Recorder::finished(const Finished& finished) {
  if (parts_->journal) {
    parts_->journal->ended(true);
    parts_->journal->sync();
  }
  parts_->run.update([&](RunRecord& record) {
    record.epochs = finished.epochs, record.steps = finished.step;
    record.seconds += finished.seconds;
    if (!finished.metrics.empty()) record.results = finished.metrics;
    record.artifacts.emplace_back("bundle.safetensors");
    record.artifacts.erase(
        std::remove_if(record.artifacts.begin(), record.artifacts.end(),
                       [&](const std::string& file) { return !std::filesystem::exists(parts_->run.folder() / file); }),
        record.artifacts.end());
    std::sort(record.artifacts.begin(), record.artifacts.end());
    record.artifacts.erase(std::unique(record.artifacts.begin(), record.artifacts.end()), record.artifacts.end());
  });
  parts_->run.finish(stateNamed(finished.state));
}

void Recorder::failed(const Error& error) {
  if (parts_->journal) parts_->journal->ended(false);
  parts_->run.finish(error.fault() == Fault::Diverged ? RunState::Diverged : RunState::Failed, error.what());
}

}  // namespace blockyard
