#include "training/recorder.hpp"

#include <torch/version.h>

#include <cmath>

#include "base/file.hpp"
#include "base/json.hpp"
#include "blocks/block.hpp"
#include "runs/checkpoints.hpp"
#include "runs/error_examples.hpp"
#include "runs/heartbeat.hpp"
#include "runs/journal.hpp"
#include "runs/lock.hpp"
#include "runs/run.hpp"
#include "training/branch.hpp"
#include "training/checkpoint_writer.hpp"
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

// A checkpoint is never written to again: where the disk allows it, the copy is a second name of it.
void keepBeginning(const std::string& checkpoint, const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_hard_link(checkpoint, folder / kBranchFile, code);
  if (!code) return syncFolder(folder);
  const MappedFile file(checkpoint);
  writeDurably(folder / kBranchFile, file.bytes());
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
  record.repeats = start.repeats;
  record.rate_changes = start.rate_changes;
  if (start.branch) record.parent = start.branch->point;
  record.versions = {{"blockyard", BLOCKYARD_VERSION}, {"libtorch", TORCH_VERSION}};
  Run run = Run::create(start.plan.folder, std::move(record));
  if (start.branch) keepBeginning(start.branch->file, run.folder());
  if (!start.snapshot.empty()) writeDurably(run.folder() / kSnapshotFile, start.snapshot);
  return run;
}

size_t keptOf(const Plan& plan) {
  return plan.training.has("checkpoint_keep") ? static_cast<size_t>(plan.training.integer("checkpoint_keep")) : 2;
}

std::string metadataOf(const SafetensorsFile& file, const char* key) {
  const auto it = file.metadata().find(key);
  return it == file.metadata().end() ? std::string() : it->second;
}

constexpr const char *kPlanKey = "plan", *kDataKey = "data_fingerprint";

}  // namespace

struct Recorder::Parts {
  explicit Parts(const Start& start)
      : lock(start.study.study.empty() ? std::optional<TrainingLock>(std::in_place, start.plan.folder, start.purpose)
                                       : std::nullopt),
        run(openRun(start)),
        checkpoints(run.folder() / "checkpoints", keptOf(start.plan)),
        resumed(!start.resume.empty()),
        at(start.at) {}

  std::optional<TrainingLock> lock;
  Run run;
  CheckpointStore checkpoints;
  std::unique_ptr<Journal> journal{};
  bool resumed;
  int64_t at;  // the step to go on from; -1: the latest
  bool failure_said = false;
  Heartbeat heartbeat{run.folder()};
  CheckpointWriter writer{checkpoints};  // last: it uses the others
};

Recorder::Recorder(const Start& start) : parts_(std::make_unique<Parts>(start)) {}
Recorder::~Recorder() = default;

const std::string& Recorder::id() const {
  return parts_->run.id().text;
}
std::string Recorder::folder() const {
  return parts_->run.folder().string();
}

void Recorder::restore(Trainer& trainer, std::vector<std::string>& notices) {
  std::vector<RateChange> changes = parts_->run.record().rate_changes;
  std::optional<CheckpointStore::Loaded> loaded;
  if (parts_->at >= 0)
    loaded = parts_->checkpoints.loadStep(parts_->at);
  else if (parts_->resumed)
    loaded = parts_->checkpoints.loadLatest();
  if (loaded) {
    notices.insert(notices.end(), loaded->warnings.begin(), loaded->warnings.end());
    trainer.loadState(stateFrom(loaded->file));
  } else if (parts_->run.record().parent) {
    branch(trainer);
  } else if (parts_->resumed) {
    notices.emplace_back("the run was cut off before its first checkpoint: it begins anew");
  }
  // Whoever goes back to a step means to go another way from there.
  if (parts_->at >= 0) std::erase_if(changes, [&](const RateChange& change) { return change.step > parts_->at; });
  if (changes != parts_->run.record().rate_changes) rateChanges(changes);
  trainer.replay(std::move(changes));
}

void Recorder::branch(Trainer& trainer) {
  const std::filesystem::path path = parts_->run.folder() / kBranchFile;
  const SafetensorsFile file(path);
  file.verify();
  const std::string text = metadataOf(file, kPlanKey), data = metadataOf(file, kDataKey);
  if (text.empty())
    throw Error({.file = path.string()},
                "this checkpoint was written by an older version, and does not tell its settings",
                "go on with that run for a step (train --resume), then branch from there");
  if (!data.empty() && data != trainer.data().fingerprint)
    throw Error({}, "the data has changed since run " + parts_->run.record().parent->run + " was trained",
                "bring back the files as they were, or start a new run");
  trainer.branchFrom(stateFrom(file), planFromJson(parseJson(text, path.string())));
}

void Recorder::started(const Trainer& trainer, Started& message) {
  message.run = id(), message.folder = folder();
  const std::string& fingerprint = trainer.data().fingerprint;
  const std::string& then = parts_->run.record().data_fingerprint;
  if (parts_->resumed && !then.empty() && then != fingerprint)
    throw Error({}, "the data has changed since run " + id() + " began",
                "start a new run, or bring back the files as they were");
  parts_->journal = std::make_unique<Journal>(parts_->run.folder(), parts_->resumed || trainer.step() > 0
                                                                        ? std::optional<int64_t>(trainer.step() + 1)
                                                                        : std::nullopt);
  parts_->journal->hparams(trainer.plan().training, {"validation/loss"});
  DataCard card = dataCard(trainer.plan(), *trainer.data().source);
  parts_->run.update([&](RunRecord& record) {
    record.data_fingerprint = fingerprint;
    record.card = std::move(card);
    record.rate_changes = trainer.rateChanges();
    record.data = dataSeen(trainer.plan(), *trainer.data().source);
    record.data.train = message.rows[0], record.data.validation = message.rows[1], record.data.test = message.rows[2];
    for (const auto& [block, rows] : trainer.data().left_out)
      record.data.left_out.push_back({block, rows[0], rows[1], rows[2]});
    record.parameter_count = message.parameters;
    record.versions["device"] = message.device;
    record.versions["threads"] = std::to_string(at::get_num_threads());
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

void Recorder::rateChanges(const std::vector<RateChange>& changes) {
  parts_->run.update([&](RunRecord& record) { record.rate_changes = changes; });
}

void Recorder::metrics(Part part, const Metrics& metrics) {
  keep(std::string("metrics-") + nameOf(part) + ".json", toJson(metrics));
}

void Recorder::errors(const ErrorExamples& examples) {
  keep(kErrorsFile, toJson(examples));
}

// As a file of the run's folder.
void Recorder::keep(const std::string& file, const nlohmann::json& json) {
  writeDurably(parts_->run.folder() / file, dumpJson(json));
  parts_->run.update([&](RunRecord& record) {
    if (std::find(record.artifacts.begin(), record.artifacts.end(), file) == record.artifacts.end())
      record.artifacts.emplace_back(file);
  });
}

void Recorder::checkpoint(const Trainer& trainer, bool best) {
  try {
    parts_->journal->flush();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): nothing is lost, and the next flush tries again
  }
  State state = trainer.state();
  bool behind = true;
  try {
    guarded({}, [&] { state = copied(state); });
  } catch (const Error& error) {
    if (error.fault() != Fault::OutOfMemory) throw;
    behind = false;  // no room for a copy: the training waits until the state itself is written
  }
  CheckpointWriter::Job job{.step = trainer.step(), .views = StateViews(state), .best = best};
  job.metadata = job.views.metadata();
  job.metadata[kPlanKey] = toJson(trainer.plan()).dump();
  job.metadata[kDataKey] = trainer.data().fingerprint;
  job.before = [journal = parts_->journal.get()] { journal->syncFlushed(); };
  parts_->writer.write(std::move(job));
  if (!behind) parts_->writer.wait();
}

std::vector<Event> Recorder::written(Wait wait) {
  if (wait == Wait::Yes) parts_->writer.wait();
  std::vector<Event> out;
  for (auto& outcome : parts_->writer.outcomes()) {
    if (!outcome.error)
      out.emplace_back(Saved{outcome.step, outcome.file});
    else if (!parts_->failure_said)
      out.emplace_back(
          Notice{std::string("no checkpoint could be written, training goes on: ") + outcome.error->what()});
    parts_->failure_said = outcome.error.has_value();
  }
  return out;
}

void Recorder::finished(const Finished& finished, const std::string& weights_sha256) {
  parts_->writer.wait();
  if (parts_->journal) {
    parts_->journal->ended(true);
    parts_->journal->sync();
  }
  parts_->run.update([&](RunRecord& record) {
    record.epochs = finished.epochs, record.steps = finished.step;
    record.seconds += finished.seconds;
    record.weights_sha256 = weights_sha256;
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
  parts_->writer.wait();
  if (parts_->journal) parts_->journal->ended(false);
  parts_->run.finish(error.fault() == Fault::Diverged ? RunState::Diverged : RunState::Failed, error.what());
}

}  // namespace blockyard
