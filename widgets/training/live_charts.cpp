#include "widgets/training/live_charts.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QVBoxLayout>
#include <set>

#include "base/error.hpp"
#include "widgets/charts/chart_controls.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/runs/metric_order.hpp"
#include "widgets/training/load_view.hpp"
#include "widgets/training/weight_view.hpp"

namespace blockyard {

LiveCharts::LiveCharts(EngineLink& link, QWidget* parent)
    : QWidget(parent),
      link_(link),
      choice_(new QComboBox),
      loss_(new LineChart(tr("Loss"))),
      metrics_(new LineChart(tr("Metrics of the validation rows"))),
      rate_(new LineChart(tr("Learning rate, gradient norm"))),
      controls_(new ChartControls({loss_, metrics_, rate_})),
      weights_(new WeightView),
      load_(new LoadView) {
  setAccessibleName(tr("Curves of the training"));
  rate_->setLogY(true);  // they differ by powers of ten
  auto* tabs = new QTabWidget;
  tabs->setDocumentMode(true);
  tabs->addTab(makeCurves(), tr("Curves"));
  tabs->addTab(weights_, tr("Weights"));
  tabs->addTab(load_, tr("Load"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tabs);
  clear();
  listen();
}

LiveCharts::~LiveCharts() {
  reading_.waitForFinished();
}

QWidget* LiveCharts::makeCurves() {
  auto* label = new QLabel(tr("&Metric"));
  label->setBuddy(choice_);
  choice_->setAccessibleName(tr("Metric that is shown"));
  choice_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  choice_->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);  // its words are not cut where the row gets narrow
  auto* strip = new QHBoxLayout;
  strip->addWidget(label);
  strip->addWidget(choice_);
  strip->addWidget(controls_, 1);
  auto* all = new QSplitter(Qt::Horizontal);
  for (LineChart* chart : {loss_, metrics_, rate_}) all->addWidget(chart);
  all->setChildrenCollapsible(false);
  all->setSizes({1000, 1000, 1000});
  for (int i = 0; i < all->count(); ++i) all->setStretchFactor(i, 1);
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(all, 1);
  return page;
}

void LiveCharts::listen() {
  connect(choice_, &QComboBox::currentIndexChanged, this, &LiveCharts::chooseMetric);
  connect(&link_, &EngineLink::started, this, &LiveCharts::onStarted);
  connect(&link_, &EngineLink::stepDone, this, &LiveCharts::onStep);
  connect(&link_, &EngineLink::histogramsTaken, this, &LiveCharts::onHistograms);
  connect(&link_, &EngineLink::epochDone, this, &LiveCharts::onEpoch);
  connect(&link_, &EngineLink::noticed, this, &LiveCharts::mark);
  connect(&reading_, &QFutureWatcherBase::finished, this, &LiveCharts::showJournal);
}

// A training of small epochs has hundreds of points a second; the journal keeps all of them.
void LiveCharts::onStarted(const Started& event) {
  constexpr size_t kMostPoints = 1 << 15;
  for (LineChart* chart : {loss_, metrics_, rate_}) chart->setMostPoints(kMostPoints);
  clear();
  resumed_at_ = event.first_step;
  if (resumed_at_ > 0) readJournal(QString::fromStdString(event.folder));  // what it did before it was stopped
}

void LiveCharts::onStep(const StepDone& event) {
  step_ = event.step;
  if (resumed_at_ > 0) return waiting_.push_back(event);
  const auto step = static_cast<double>(event.step);
  loss_->append(train_loss_, step, event.loss);
  rate_->append(learning_rate_, step, event.learning_rate);
  if (event.gradient_norm > 0) rate_->append(gradient_norm_, step, event.gradient_norm);
}

void LiveCharts::onEpoch(const EpochDone& event) {
  step_ = event.step;
  if (resumed_at_ > 0) return waiting_.push_back(event);
  for (const auto& [name, value] : event.validation) addMetric(name, static_cast<double>(event.step), value);
}

void LiveCharts::onHistograms(const Histograms& event) {
  if (resumed_at_ > 0) return waiting_.push_back(event);
  weights_->take(event);
}

void LiveCharts::clear() {
  for (auto* chart : {loss_, metrics_, rate_}) chart->clear();
  const QSignalBlocker quiet(choice_);
  choice_->clear();
  choice_->addItem(tr("Main"), QString());
  metric_curves_.clear();
  train_loss_ = loss_->addCurve(tr("training"));
  validation_loss_ = loss_->addCurve(tr("validation"));
  learning_rate_ = rate_->addCurve(tr("learning rate"));
  gradient_norm_ = rate_->addCurve(tr("gradient norm"));
  weights_->clear();
  step_ = resumed_at_ = 0;
  waiting_.clear();
}

void LiveCharts::showBlock(const QString& block) {
  weights_->showBlock(block);
}

void LiveCharts::addMetric(const std::string& name, double step, double value) {
  if (name == "loss") return loss_->append(validation_loss_, step, value);
  const auto [it, is_new] = metric_curves_.try_emplace(name, metrics_->curveCount());
  if (is_new) {
    const QString title = QString::fromStdString(name);
    metrics_->addCurve(title);
    const QSignalBlocker quiet(choice_);
    choice_->addItem(title, title);
  }
  metrics_->append(it->second, step, value);
  if (is_new) chooseMetric();
}

void LiveCharts::chooseMetric() {
  // Until somebody chooses: those that one looks at first, and that share an axis.
  static const std::set<std::string> kShares = {"accuracy", "f1_macro", "roc_auc", "r2"};
  const QString chosen = choice_->currentData().toString();
  bool any_share = false;
  for (const auto& [name, curve] : metric_curves_) any_share = any_share || kShares.count(name) > 0;
  for (const auto& [name, curve] : metric_curves_) {
    const bool by_default = !any_share || kShares.count(name) > 0;
    metrics_->setCurveVisible(curve, chosen.isEmpty() ? by_default : chosen == QString::fromStdString(name));
  }
  metrics_->fit();
}

void LiveCharts::showRun(const QString& run_folder) {
  if (!link_.busy()) readJournal(run_folder);
}

void LiveCharts::readJournal(const QString& run_folder) {
  reading_.setFuture(QtConcurrent::run([run_folder] {
    Read out{.folder = run_folder};
    try {
      out.journal = std::make_shared<JournalReader>(run_folder.toStdString());
    } catch (const Error& error) {
      out.failure = QString::fromUtf8(error.what());
    }
    return out;
  }));
}

void LiveCharts::showJournal() {
  const Read read = reading_.result();
  const int64_t resumed_at = resumed_at_;
  if (link_.busy() && resumed_at == 0) return;  // a training has begun meanwhile
  const std::vector<Event> waiting = std::exchange(waiting_, {});
  if (resumed_at == 0)
    for (LineChart* chart : {loss_, metrics_, rate_}) chart->setMostPoints(0);
  clear();
  if (read.journal) {
    const auto each = [&](const std::string& tag, auto take) {
      const auto found = read.journal->scalars().find(tag);
      if (found == read.journal->scalars().end()) return;
      for (const auto& point : found->second) {
        if (resumed_at > 0 && point.step > resumed_at) continue;  // that comes as messages
        take(static_cast<double>(point.step), static_cast<double>(point.value));
      }
    };
    each("train/loss", [this](double step, double value) { loss_->append(train_loss_, step, value); });
    each("train/learning_rate", [this](double step, double value) { rate_->append(learning_rate_, step, value); });
    each("train/gradient_norm", [this](double step, double value) { rate_->append(gradient_norm_, step, value); });
    std::map<std::string, double> names;
    for (const auto& [tag, points] : read.journal->scalars())
      if (tag.starts_with("validation/")) names[tag.substr(std::string("validation/").size())] = 0;
    for (const auto& name : orderedMetrics(names))
      each("validation/" + name, [&](double step, double value) { addMetric(name, step, value); });
    const auto events = read.journal->texts().find("events");
    if (events != read.journal->texts().end())
      for (const auto& note : events->second)
        markAt(static_cast<double>(note.step), QString::fromStdString(note.value));
    weights_->setJournal(read.journal->histograms());
  }
  if (resumed_at > 0) markAt(static_cast<double>(resumed_at), tr("resumed"));
  for (const Event& event : waiting) {
    if (const auto* step = std::get_if<StepDone>(&event)) onStep(*step);
    if (const auto* epoch = std::get_if<EpochDone>(&event)) onEpoch(*epoch);
    if (const auto* histograms = std::get_if<Histograms>(&event)) onHistograms(*histograms);
  }
  if (read.failure.isEmpty())
    Q_EMIT runShown(read.folder);
  else
    Q_EMIT runNotRead(read.failure);
}

void LiveCharts::mark(const QString& text) {
  markAt(static_cast<double>(step_), text);
}

void LiveCharts::markLearningRate(double factor) {
  mark(tr("learning rate × %1").arg(shortNumber(factor)));
}

void LiveCharts::markAt(double step, const QString& text) {
  for (auto* chart : {loss_, metrics_, rate_}) chart->addMark(step, text);
}

}  // namespace blockyard
