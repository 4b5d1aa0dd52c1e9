#include "training/trainer.hpp"

#include <chrono>
#include <cmath>

#include "base/clock.hpp"
#include "graph/training_settings.hpp"
#include "training/device_feeder.hpp"
#include "training/recorder.hpp"
#include "training/state_file.hpp"
#include "training/worst_rows.hpp"

namespace blockyard {
namespace {

constexpr double kReportSeconds = 0.1;       // between two StepDone
constexpr double kCheckpointSeconds = 10.0;  // between the checkpoints at the ends of short epochs

// Weights times rows of a batch below which threads wait for each other longer than they work.
constexpr int64_t kWorthThreads = 2'000'000;

// 0: as many as LibTorch started with.
void useThreads(int64_t threads) {
  static const int kAtStart = at::get_num_threads();
  at::set_num_threads(threads > 0 ? static_cast<int>(threads) : kAtStart);
}

// LibTorch keeps to one thread where others work side by side.
class OneThread {
 public:
  explicit OneThread(bool wanted) : before_(at::get_num_threads()) {
    if (wanted) at::set_num_threads(1);
  }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

// The plan of an older run lacks the settings that are new since.
Plan withDefaults(Plan plan) {
  plan.training = completeValues(trainingParams(), plan.training);
  return plan;
}

}  // namespace

Trainer::Trainer(const Plan& plan, TrainerHooks hooks)
    : plan_(withDefaults(plan)),
      hooks_(std::move(hooks)),
      random_(static_cast<uint64_t>(plan.training.integer("seed"))),
      device_(deviceNamed(plan.training.text("device"))),
      pipeline_(plan_) {
  if (!hooks_.emit) hooks_.emit = [](const Event&) {};
}

Trainer::~Trainer() = default;

void Trainer::prepareData(int64_t chunk_rows) {
  useThreads(plan_.training.integer("threads"));
  PrepareOptions options{.chunk_rows = chunk_rows, .stop = hooks_.stop};
  double last = 0;
  options.progress = [&](const std::string& what, double share) {
    if (steadySeconds() - last < kReportSeconds) return;
    last = steadySeconds();
    hooks_.emit(Preparing{what, share});
  };
  data_ = prepare(pipeline_, plan_, random_, options);
  pipeline_.moveTo(device_);
  const int64_t rows = plan_.training.integer("batch_size");
  train_rows_ = data_.rows(Part::Train);
  if (plan_.training.flag("dry_run")) train_rows_ = train_rows_.head(rows);
  if (const int64_t batches = plan_.training.integer("overfit_batches"); batches > 0)
    train_rows_ = train_rows_.head(batches * rows);
  else
    balanced_ = balanced(pipeline_, plan_.training, data_, random_.key("balance"), options, train_rows_);
  gradient_ = std::make_unique<GradientStep>(pipeline_, plan_.training, device_, at::get_num_threads());
  timer_ = std::make_unique<BlockTimer>(pipeline_, device_);
  gradient_->setTimer(timer_.get());
  weights_ = std::make_unique<WeightWatch>(gradient_->parameters());
  int64_t weights = 0;
  for (const auto& parameter : gradient_->parameters()) weights += parameter.tensor.numel();
  if (plan_.training.integer("threads") == 0 && weights * rows < kWorthThreads) useThreads(1);
  schedule_ =
      std::make_unique<Schedule>(plan_.training, stepsPerEpoch(), stepsPerEpoch() * plan_.training.integer("epochs"));
  early_ = std::make_unique<EarlyStopping>(plan_.training.integer("early_stopping"),
                                           largerIsBetter(plan_.training.text("monitor")));
}

int64_t Trainer::stepsPerEpoch() const {
  const int64_t rows = plan_.training.integer("batch_size"), together = plan_.training.integer("accumulate");
  const int64_t batches = plan_.training.flag("dry_run") ? 1 : (rowsPerEpoch() + rows - 1) / rows;
  return (batches + together - 1) / together;
}

int64_t Trainer::rowsPerEpoch() const {
  return balanced_.classes ? balanced_.classes->size() : train_rows_.size();
}

// Nothing: the rows in their order.
std::optional<Draw> Trainer::drawOfEpoch(int64_t number) const {
  if (plan_.training.integer("overfit_batches") > 0) return std::nullopt;
  const auto epoch = static_cast<uint64_t>(number);
  const KeyedPermutation order(static_cast<uint64_t>(rowsPerEpoch()), random_.key("order").key(epoch));
  if (!balanced_.classes) return order;
  return Draw(order, balanced_.classes, random_.key("extra").key(epoch));
}

std::unique_ptr<Loader> Trainer::openEpoch(int64_t epoch, int64_t first_batch, int64_t batches) const {
  const LoaderSettings settings{.batch_size = plan_.training.integer("batch_size"),
                                .first_batch = first_batch,
                                .batches = batches,
                                .threads = loaderThreads(plan_.training, data_.columns, device_),
                                .memory = memoryFor(device_),
                                .mixed = balanced_.mixed};
  return std::make_unique<Loader>(data_.columns, train_rows_, drawOfEpoch(epoch), settings);
}

EvaluateOptions Trainer::evaluateOptions() const {
  EvaluateOptions out{.batch_size = plan_.training.integer("batch_size"),
                      .device = device_,
                      .precision = plan_.training.text("precision")};
  out.answers = false;
  out.stop = hooks_.stop;
  if (plan_.training.flag("dry_run")) out.batches = 1;
  return out;
}

void Trainer::start() {
  Started message{.device = device_.str(),
                  .epochs = plan_.training.integer("epochs"),
                  .steps = stepsPerEpoch(),
                  .first_step = step_};
  if (plan_.training.flag("dry_run")) message.epochs = 1;
  describeBlocks(message);
  for (size_t part = 0; part < 3; ++part) message.rows[part] = data_.parts[part].size();
  if (hooks_.recorder != nullptr) hooks_.recorder->started(*this, message);
  started_at_ = reported_at_ = checkpoint_at_ = steadySeconds();
  hooks_.emit(message);
  for (const std::string& text : data_.source->notices()) hooks_.emit(Notice{text});
  tellSplit();
  if (plan_.training.text("device") == "auto" && device_.is_cpu())
    if (const std::string reason = gpuLeftUnused(); !reason.empty())
      hooks_.emit(Notice{"training on the CPU: " + reason});
}

Finished Trainer::train() {
  start();
  const int64_t epochs = plan_.training.flag("dry_run") ? 1 : plan_.training.integer("epochs");
  bool stopped = false;
  try {
    while (epoch_ < epochs && !limitReached()) {
      if (hooks_.stop_after_epochs > 0 && epoch_ >= hooks_.stop_after_epochs) {
        stopped = true;
        break;
      }
      if (!trainEpoch()) {
        stopped = stop_asked_;
        break;
      }
      if (!endEpoch() || (stop_asked_ && epoch_ < epochs)) {
        stopped = true;
        break;
      }
      if (early_->shouldStop()) {
        hooks_.emit(Notice{"stopped early: no progress of " + plan_.training.text("monitor") + " for " +
                           std::to_string(early_->epochsWithout()) + " epochs"});
        break;
      }
    }
  } catch (const Error& error) {
    if (error.fault() == Fault::Diverged) checkpoint();  // the weights are those before the bad step
    tellCheckpoints(true);
    throw;
  }
  if (stopped) {
    checkpoint();
    return finish("stopped");
  }
  checkpoint();
  if (best_ && plan_.training.flag("restore_best")) {
    pipeline_.loadState(best_->state);
  } else if (gradient_->ema() != nullptr) {
    gradient_->ema()->swap();
  }
  fitAnswers();
  return finish("done");
}

bool Trainer::trainEpoch() {
  const Values& training = plan_.training;
  if (batch_ == 0) epoch_loss_ = 0, epoch_rows_ = 0;
  epoch_started_at_ = steadySeconds();
  const auto loader = openEpoch(epoch_, batch_, training.flag("dry_run") ? 1 : -1);
  DeviceFeeder feeder([&] { return loader->next(); }, laneTo(device_));
  const KeyedRandom random = random_.key("train").key(static_cast<uint64_t>(epoch_));
  const OneThread one_thread(gradient_->sharded());
  while (auto batch = feeder.next()) {
    if (batch->index + 1 == loader->batches()) gradient_->closeEpoch();
    const StepResult result = runStep(*batch, random.key(static_cast<uint64_t>(batch->index)));
    batch_ = batch->index + 1;
    const bool ends = batch_ == loader->batches();
    if (!afterStep(result, batch->row_ids.size(0), ends) && !ends) return false;
  }
  return true;
}

// What nobody looks at is not computed: the norm when a report is due, the blocks' times now and then.
StepResult Trainer::runStep(const LoadedBatch& batch, const KeyedRandom& random) {
  makeRateChanges();
  if (steadySeconds() - norm_at_ >= kReportSeconds) gradient_->measureNorm();
  const bool timed = timer_->due() && timer_->begin();
  const StepResult result = gradient_->run(batch, epoch_, random, rate_factor_ * schedule_->at(step_, epoch_));
  if (timed) hooks_.emit(timer_->end(step_ + 1));
  return result;
}

bool Trainer::afterStep(const StepResult& result, int64_t rows, bool epoch_ends) {
  if (result.halved)
    hooks_.emit(Notice{"out of memory: from now on a batch goes through in two halves whose gradients are added up"});
  const double rate = rate_factor_ * schedule_->at(step_, epoch_);
  epoch_loss_ += result.loss * static_cast<double>(rows), epoch_rows_ += rows;
  report_loss_ += result.loss * static_cast<double>(rows), report_rows_ += rows, rows_seen_ += rows;
  if (result.stepped) {
    ++step_;
    if (result.gradient_norm != 0 && std::isfinite(result.gradient_norm))
      report_norm_ = result.gradient_norm, norm_at_ = steadySeconds();
    if (hooks_.recorder != nullptr) hooks_.recorder->step(step_, result.loss, rate, result.gradient_norm);
    watchWeights(false);
    if (!epoch_ends && checkpointDue()) checkpoint();  // else it comes when the epoch has been told and judged
  }
  reportStep(false);
  tellCheckpoints(false);
  stop_asked_ = hooks_.poll && hooks_.poll();
  return !stop_asked_ && !limitReached();
}

bool Trainer::checkpointDue() const {
  const int64_t every = plan_.training.integer("checkpoint_steps");
  const double minutes = plan_.training.number("checkpoint_minutes");
  return (every > 0 && step_ - checkpoint_step_ >= every) ||
         (minutes > 0 && steadySeconds() - checkpoint_at_ > 60 * minutes);
}

bool Trainer::limitReached() const {
  const int64_t steps = plan_.training.integer("max_steps");
  const double seconds = plan_.training.number("max_seconds");
  return (steps > 0 && step_ >= steps) || (seconds > 0 && steadySeconds() - started_at_ >= seconds);
}

void Trainer::reportStep(bool at_once) {
  const double time = steadySeconds();
  if (report_rows_ == 0 || (!at_once && time - reported_at_ < kReportSeconds)) return;
  const double speed = static_cast<double>(rows_seen_) / std::max(time - started_at_, 1e-9);
  const auto epochs = static_cast<double>(plan_.training.flag("dry_run") ? 1 : plan_.training.integer("epochs"));
  const int64_t rows = rowsPerEpoch();
  const double rows_left = epochs * static_cast<double>(rows) - static_cast<double>(epoch_ * rows + epoch_rows_);
  hooks_.emit(StepDone{.step = step_,
                       .epoch = epoch_,
                       .loss = report_loss_ / static_cast<double>(report_rows_),
                       .learning_rate = rate_factor_ * schedule_->at(std::max<int64_t>(step_ - 1, 0), epoch_),
                       .rows_per_second = speed,
                       .seconds_left = rows_left / std::max(speed, 1e-9),
                       .gradient_norm = report_norm_});
  report_loss_ = report_norm_ = 0, report_rows_ = 0, reported_at_ = time;
}

bool Trainer::endEpoch() {
  reportStep(true);
  watchWeights(true);
  EpochDone done{.epoch = epoch_ + 1,
                 .step = step_,
                 .train_loss = epoch_loss_ / static_cast<double>(std::max<int64_t>(epoch_rows_, 1))};
  if (data_.rows(Part::Validation).size() > 0) {
    if (gradient_->ema() != nullptr) gradient_->ema()->swap();
    const Metrics metrics = evaluate(pipeline_, data_, data_.rows(Part::Validation), evaluateOptions());
    const bool cut = hooks_.stop != nullptr && *hooks_.stop;  // then the epoch's end is done again after a resume
    if (!cut) judge(metrics, done);
    if (gradient_->ema() != nullptr) gradient_->ema()->swap();
    if (cut) return false;
  } else if (schedule_->epochEnded(done.train_loss, false)) {
    hooks_.emit(Notice{"no progress of the training loss: the learning rate drops"});
  }
  ++epoch_, batch_ = 0;
  done.seconds = steadySeconds() - epoch_started_at_;
  if (hooks_.recorder != nullptr) hooks_.recorder->epoch(done);
  hooks_.emit(done);
  if (checkpoint_step_ == 0 || steadySeconds() - checkpoint_at_ >= kCheckpointSeconds || checkpointDue()) checkpoint();
  return true;
}

// Whether this epoch is the best so far, and what the schedule makes of it.
void Trainer::judge(const Metrics& metrics, EpochDone& done) {
  for (const auto& [name, value] : metrics.numbers)
    if (!std::isnan(value)) done.validation[name] = value;
  const std::string& monitor = plan_.training.text("monitor");
  if (metrics.numbers.count(monitor) == 0) {
    std::vector<std::string> names;
    for (const auto& [name, value] : metrics.numbers) names.push_back(name);
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    const std::string near = nearestName(monitor, names);
    throw Error({.parameter = "training.monitor"}, "expected one of " + list + ", got \"" + monitor + "\"",
                near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  const double value = metrics.number(monitor);
  done.best = early_->epochEnded(done.epoch, value);
  if (done.best && plan_.training.flag("restore_best")) best_.reset(new Best{copied(pipeline_.state()), done.epoch});
  if (schedule_->epochEnded(value, largerIsBetter(monitor)))
    hooks_.emit(Notice{"no progress of " + monitor + ": the learning rate drops"});
}

void Trainer::checkpoint() {
  if (hooks_.recorder == nullptr || step_ == 0) return;
  const bool best = batch_ == 0 && early_->hasBest() && early_->bestEpoch() == epoch_;
  checkpoint_at_ = steadySeconds(), checkpoint_step_ = step_;
  hooks_.recorder->checkpoint(*this, best);
  tellCheckpoints(false);
}

void Trainer::tellCheckpoints(bool wait) {
  if (hooks_.recorder == nullptr) return;
  for (auto& event : hooks_.recorder->written(wait ? Recorder::Wait::Yes : Recorder::Wait::No))
    hooks_.emit(std::move(event));
}

Finished Trainer::finish(const std::string& state) {
  Finished out{.state = state, .step = step_, .epochs = epoch_, .seconds = steadySeconds() - started_at_};
  if (state == "done") {
    for (const Part part : {Part::Validation, Part::Test}) {
      if (data_.rows(part).size() == 0) continue;
      EvaluateOptions options = evaluateOptions();
      options.stop = nullptr;  // the training is over: what it reached is told
      options.decisions = true;
      WorstRows worst;
      if (part == Part::Test && hooks_.recorder != nullptr) options.worst = &worst;
      const Metrics metrics = evaluate(pipeline_, data_, data_.rows(part), options);
      for (const auto& [name, value] : metrics.numbers)
        if (!std::isnan(value)) out.metrics[nameOf(part)][name] = value;
      if (hooks_.recorder != nullptr) hooks_.recorder->metrics(part, metrics);
      if (options.worst != nullptr) keepErrors(worst);
    }
  }
  tellCheckpoints(true);
  out.seconds = steadySeconds() - started_at_;
  return out;
}

}  // namespace blockyard
