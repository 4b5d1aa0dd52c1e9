#include "widgets/training/training_panel.hpp"

#include <QtCore/QEvent>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <algorithm>
#include <filesystem>

#include "export/bundle.hpp"
#include "export/trained_runs.hpp"
#include "graph/snapshot.hpp"
#include "runs/run.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/runs/metric_order.hpp"

namespace blockyard {
namespace {

// The trained pipeline lies in the run's folder, as after a training from the command line.
void keepBundle(const Trainer& trainer, const std::string& folder) {
  if (folder.empty()) return;
  const std::filesystem::path run(folder);
  saveBundle(trainer, run.filename().string(), bundleIn(run).string());
}

}  // namespace

TrainingPanel::TrainingPanel(EngineLink& link, Document& document, QWidget* parent)
    : QWidget(parent), link_(link), document_(document) {
  setAccessibleName(tr("Training"));
  build();
  listen();
  constexpr int kLoadMilliseconds = 1000;
  load_timer_.setInterval(kLoadMilliseconds);
  connect(&load_timer_, &QTimer::timeout, this, &TrainingPanel::updateLoad);
  load_timer_.start();
  constexpr int kFiguresMilliseconds = 1000;  // nobody reads faster, and epochs may end a thousand times a second
  figures_timer_.setInterval(kFiguresMilliseconds);
  figures_timer_.setSingleShot(true);
  connect(&figures_timer_, &QTimer::timeout, this, &TrainingPanel::showFigures);
  clearFigures();
  updateLoad();
  updateReadiness();
}

void TrainingPanel::listen() {
  connect(stop_, &QPushButton::clicked, &link_, &EngineLink::stop);
  connect(purpose_, &QLineEdit::returnPressed, train_, &QPushButton::click);
  connect(required_, &QCheckBox::clicked, this, [this](bool on) {
    document_.apply(RequirePurpose{on}, on ? tr("Require a purpose of runs") : tr("Require no purpose of runs"));
  });
  connect(&link_, &EngineLink::stateChanged, this, &TrainingPanel::updateButtons);
  connect(&link_, &EngineLink::preparing, this, [this](const Preparing& event) {
    bar_->setValue(static_cast<int>(std::clamp(event.share, 0.0, 1.0) * kBarSteps));
    bar_->setFormat(QString::fromStdString(event.what) + QStringLiteral("  %p %"));
  });
  connect(&link_, &EngineLink::started, this, &TrainingPanel::onStarted);
  const auto show_soon = [this] {
    if (!figures_timer_.isActive() && isVisible()) figures_timer_.start();
  };
  connect(&link_, &EngineLink::stepDone, this, [this, show_soon](const StepDone& event) {
    latest_step_ = event;
    show_soon();
  });
  connect(&link_, &EngineLink::epochDone, this, [this, show_soon](const EpochDone& event) {
    latest_scores_ = event.validation;
    show_soon();
  });
  connect(&link_, &EngineLink::noticed, this, [this](const QString& text) { say(text, Tone::Plain); });
  connect(&link_, &EngineLink::failed, this, &TrainingPanel::tell);
  connect(&link_, &EngineLink::finished, this, &TrainingPanel::onFinished);
  connect(&document_, &Document::checked, this, &TrainingPanel::updateReadiness);
  connect(&document_, &Document::changed, this, &TrainingPanel::updateReadiness);
  connect(&document_, &Document::replaced, this, &TrainingPanel::updateReadiness);
}

void TrainingPanel::train() {
  begin(false);
}

void TrainingPanel::dryRun() {
  begin(true);
}

void TrainingPanel::begin(bool dry) {
  if (link_.busy()) return;
  if (!dry && document_.project().purpose_required && purpose_->text().simplified().isEmpty()) {
    say(tr("Say in one line what this run is for, then press Enter: this project wants to know it of every run"),
        Tone::Problem);
    purpose_->setFocus();
    return;
  }
  try {
    if (!dry && document_.project().file.empty())
      throw Error({}, tr("the project is not saved yet").toStdString(),
                  tr("save it: runs are kept in its folder").toStdString());
    Start start;
    start.plan = makePlan(document_.project(), document_.root());
    start.snapshot = snapshotText(document_.project(), document_.root());
    if (dry) start.plan.training.set("dry_run", true);
    dry_ = start.plan.training.flag("dry_run");
    start.purpose = purpose_->text().simplified().toStdString();
    start.keep_run = !dry_;
    startWith(std::move(start));
  } catch (const Error& error) {
    tell(error);
  }
}

void TrainingPanel::startRun(Start start) {
  dry_ = false;
  startWith(std::move(start));
}

void TrainingPanel::resumeRun(const QString& run) {
  if (link_.busy()) return;
  try {
    const std::string folder = document_.project().folder();
    const Run old = Run::open(folder, run.toStdString());
    Start start;
    start.plan = planFromJson(old.record().plan);
    start.plan.folder = folder;
    start.purpose = old.record().purpose;
    start.overrides = old.record().overrides;
    start.resume = old.id().text;
    dry_ = false;
    startWith(std::move(start));
  } catch (const Error& error) {
    tell(error);
  }
}

void TrainingPanel::startWith(Start start) {
  start.trained = keepBundle;
  clearFigures();
  say({}, Tone::Plain);
  bar_->setValue(0);
  bar_->setFormat(tr("Starting"));
  link_.start(std::move(start));
}

void TrainingPanel::pauseOrContinue() {
  if (link_.state() == EngineLink::State::Paused)
    link_.resume();
  else
    link_.pause();
}

void TrainingPanel::halve() {
  scaleRate(0.5);
}

void TrainingPanel::twice() {
  scaleRate(2);
}

void TrainingPanel::scaleRate(double factor) {
  link_.scaleLearningRate(factor);
  Q_EMIT learningRateScaled(factor);
}

QString TrainingPanel::purpose() const {
  return purpose_->text();
}

QString TrainingPanel::message() const {
  return message_->text();
}

void TrainingPanel::say(const QString& text, Tone tone) {
  QPalette colours;
  if (tone != Tone::Plain) colours.setColor(QPalette::WindowText, tone == Tone::Good ? goodColor() : problemColor());
  message_->setPalette(colours);
  message_->setText(text);
  message_->setAccessibleDescription(text);
}

void TrainingPanel::tell(const Error& error) {
  showFigures();
  const QString text = QString::fromUtf8(error.what());
  say(tr("Error: %1").arg(text), Tone::Problem);
  bar_->setFormat(tr("Not trained"));
  Q_EMIT errorAt(QString::fromStdString(error.where().block), text);
}

void TrainingPanel::updateReadiness() {
  const bool required = document_.project().purpose_required;
  required_->setChecked(required);
  purpose_->setPlaceholderText(required ? tr("Purpose of this run, in one line (required)")
                                        : tr("Purpose of this run, in one line"));
  const QString before = std::exchange(blocked_, {});
  const auto& problems = document_.rootResult().problems;
  const auto is_error = [](const Problem& problem) { return problem.severity == Severity::Error; };
  const auto errors = std::count_if(problems.begin(), problems.end(), is_error);
  if (errors > 0) {
    const auto first = std::find_if(problems.begin(), problems.end(), is_error);
    blocked_ = tr("Cannot train: %1").arg(QString::fromStdString(first->text()));
    if (errors > 1) blocked_ += tr(" (%1 errors in all)").arg(errors);
  }
  // What a run has said stays until there is something to say about the graph.
  if (!link_.busy() && blocked_ != before) say(blocked_, Tone::Problem);
  updateButtons();
}

void TrainingPanel::updateButtons() {
  using State = EngineLink::State;
  const State state = link_.state();
  const bool idle = state == State::Idle, trains = state == State::Training || state == State::Paused;
  train_->setEnabled(idle && blocked_.isEmpty());
  dry_run_->setEnabled(idle && blocked_.isEmpty());
  pause_->setEnabled(trains);
  pause_->setText(state == State::Paused ? tr("&Continue") : tr("&Pause"));
  stop_->setEnabled(!idle && state != State::Stopping);
  halve_->setEnabled(trains);
  double_->setEnabled(trains);
  purpose_->setEnabled(idle);
  if (state == State::Paused) bar_->setFormat(tr("Paused at %p %"));
  if (state == State::Stopping) bar_->setFormat(tr("Stopping after this batch"));
}

void TrainingPanel::updateLoad() {
  const int64_t bytes = ProcessLoad::memoryBytes();
  memory_->setText(bytes > 0 ? bytesText(static_cast<double>(bytes)) : QStringLiteral("-"));
  cpu_->setText(tr("%1 cores").arg(load_.busyCores(), 0, 'f', 1));
}

void TrainingPanel::clearFigures() {
  figures_timer_.stop();
  latest_step_.reset();
  latest_scores_.clear();
  for (auto* figure : {loss_, score_, rate_, speed_, left_, device_}) figure->setText(QStringLiteral("-"));
  bar_->setFormat(tr("Not started"));
}

void TrainingPanel::onStarted(const Started& event) {
  started_ = event;
  device_->setText(QString::fromStdString(event.device));
  say(tr("%1 parameters; %2 rows to train on, %3 to validate, %4 to test")
          .arg(countText(event.parameters), countText(event.rows[0]), countText(event.rows[1]),
               countText(event.rows[2])),
      Tone::Plain);
}

void TrainingPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  showFigures();
}

void TrainingPanel::showFigures() {
  figures_timer_.stop();
  if (latest_step_) showStep(*std::exchange(latest_step_, {}));
  const auto scores = std::exchange(latest_scores_, {});
  const auto names = mainMetrics(scores);
  if (!names.empty())
    score_->setText(QString::fromStdString(names[0]) + QLatin1Char(' ') + shortNumber(scores.at(names[0])));
}

void TrainingPanel::showStep(const StepDone& event) {
  const int64_t steps = std::max<int64_t>(1, started_.epochs * started_.steps);
  const int64_t epoch = std::min(event.epoch + 1, started_.epochs);
  bar_->setValue(static_cast<int>(std::min<int64_t>(kBarSteps, event.step * kBarSteps / steps)));
  if (link_.state() == EngineLink::State::Training)
    bar_->setFormat(tr("Epoch %1 of %2, step %3 of %4")
                        .arg(epoch)
                        .arg(started_.epochs)
                        .arg(countText(event.step), countText(steps)));
  loss_->setText(shortNumber(event.loss));
  rate_->setText(shortNumber(event.learning_rate));
  speed_->setText(countText(static_cast<qint64>(event.rows_per_second)));
  left_->setText(durationText(event.seconds_left));
}

void TrainingPanel::onFinished(const Finished& event) {
  showFigures();
  const bool done = event.state == "done";
  if (done) bar_->setValue(kBarSteps);
  left_->setText(QStringLiteral("-"));
  if (dry_) {
    bar_->setFormat(tr("Dry run done"));
    say(tr("Dry run: one batch went all the way, and nothing was kept"), Tone::Good);
    return;
  }
  bar_->setFormat(done ? tr("Done") : tr("Stopped at %p %"));
  QString text =
      tr("Run %1: %2 after %3, %4")
          .arg(QString::fromStdString(event.run), done ? tr("done") : tr("stopped"),
               tr("%1 epochs", "", pluralOf(event.epochs)).arg(countText(event.epochs)), durationText(event.seconds));
  for (const char* part : {"validation", "test"}) {
    const auto it = event.metrics.find(part);
    if (it == event.metrics.end()) continue;
    const auto names = mainMetrics(it->second);
    if (names.empty()) continue;
    text += QStringLiteral("; %1 %2 %3")
                .arg(QLatin1String(part), QString::fromStdString(names[0]), shortNumber(it->second.at(names[0])));
  }
  say(text, done ? Tone::Good : Tone::Plain);
  Q_EMIT runFinished(QString::fromStdString(event.run));
}

}  // namespace blockyard
