#include "widgets/training/live_charts.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

#include "base/error.hpp"
#include "widgets/charts/chart_controls.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/runs/metric_order.hpp"

namespace blockyard {

LiveCharts::LiveCharts(EngineLink& link, QWidget* parent)
    : QWidget(parent),
      link_(link),
      choice_(new QComboBox),
      loss_(new LineChart(tr("Loss"))),
      metrics_(new LineChart(tr("Metrics of the validation rows"))),
      rate_(new LineChart(tr("Learning rate and norm of the gradient"))),
      controls_(new ChartControls({loss_, metrics_, rate_})) {
  setAccessibleName(tr("Curves of the training"));
  rate_->setLogY(true);  // they differ by powers of ten
  auto* label = new QLabel(tr("&Metric"));
  label->setBuddy(choice_);
  choice_->setAccessibleName(tr("Metric that is shown"));
  choice_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  auto* strip = new QHBoxLayout;
  strip->addWidget(label);
  strip->addWidget(choice_);
  strip->addWidget(controls_, 1);
  auto* all = new QSplitter(Qt::Horizontal);
  for (LineChart* chart : {loss_, metrics_, rate_}) all->addWidget(chart);
  all->setChildrenCollapsible(false);
  all->setSizes({1000, 1000, 1000});
  for (int i = 0; i < all->count(); ++i) all->setStretchFactor(i, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(all, 1);
  clear();
  listen();
}

void LiveCharts::listen() {
  connect(choice_, &QComboBox::currentIndexChanged, this, &LiveCharts::chooseMetric);
  connect(&link_, &EngineLink::started, this, [this](const Started& event) {
    clear();
    folder_ = event.folder;
    if (event.first_step > 0) {
      showRun(QString::fromStdString(event.folder));  // what it did before it was stopped
      markAt(static_cast<double>(event.first_step), tr("resumed"));
    }
    if (!folder_.empty()) journal_timer_.start();
  });
  connect(&link_, &EngineLink::stepDone, this, [this](const StepDone& event) {
    step_ = event.step;
    loss_->append(train_loss_, static_cast<double>(event.step), event.loss);
    rate_->append(learning_rate_, static_cast<double>(event.step), event.learning_rate);
  });
  connect(&link_, &EngineLink::epochDone, this, [this](const EpochDone& event) {
    step_ = event.step;
    for (const auto& [name, value] : event.validation) addMetric(name, static_cast<double>(event.step), value);
  });
  connect(&link_, &EngineLink::noticed, this, &LiveCharts::mark);
  const auto end = [this] {
    readGradientNorm();
    journal_timer_.stop();
  };
  connect(&link_, &EngineLink::finished, this, end);
  connect(&link_, &EngineLink::failed, this, end);
  constexpr int kJournalMilliseconds = 2000;  // the journal reaches the disk no sooner
  journal_timer_.setInterval(kJournalMilliseconds);
  connect(&journal_timer_, &QTimer::timeout, this, &LiveCharts::readGradientNorm);
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
  gradient_norm_ = -1;
  journal_.reset();
  norms_read_ = 0;
  step_ = 0;
  folder_.clear();
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

void LiveCharts::readGradientNorm() {
  if (folder_.empty()) return;
  try {
    if (!journal_)
      journal_ = std::make_unique<JournalReader>(folder_);
    else
      journal_->update();
  } catch (const Error&) {
    return;  // the curve of the norm stays as it is; the run itself tells what is wrong with the disk
  }
  const auto found = journal_->scalars().find("train/gradient_norm");
  if (found == journal_->scalars().end()) return;
  if (gradient_norm_ < 0) gradient_norm_ = rate_->addCurve(tr("norm of the gradient"));
  const auto& points = found->second;
  if (norms_read_ > points.size()) norms_read_ = 0;
  for (; norms_read_ < points.size(); ++norms_read_) {
    const auto& point = points[norms_read_];
    rate_->append(gradient_norm_, static_cast<double>(point.step), point.value);
  }
}

void LiveCharts::showRun(const QString& run_folder) {
  const bool own = run_folder.toStdString() == folder_;
  if (link_.busy() && !own) return;
  const JournalReader journal(run_folder.toStdString());
  clear();
  folder_ = run_folder.toStdString();
  const auto each = [&](const char* tag, auto take) {
    const auto found = journal.scalars().find(tag);
    if (found == journal.scalars().end()) return;
    for (const auto& point : found->second) take(static_cast<double>(point.step), static_cast<double>(point.value));
  };
  each("train/loss", [this](double step, double value) { loss_->append(train_loss_, step, value); });
  each("train/learning_rate", [this](double step, double value) { rate_->append(learning_rate_, step, value); });
  std::map<std::string, double> names;
  for (const auto& [tag, points] : journal.scalars())
    if (tag.starts_with("validation/")) names[tag.substr(std::string("validation/").size())] = 0;
  for (const auto& name : orderedMetrics(names))
    each(("validation/" + name).c_str(), [&](double step, double value) { addMetric(name, step, value); });
  const auto events = journal.texts().find("events");
  if (events != journal.texts().end())
    for (const auto& note : events->second) markAt(static_cast<double>(note.step), QString::fromStdString(note.value));
  readGradientNorm();
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
