#include "widgets/runs/compare_view.hpp"

#include <QtConcurrent/QtConcurrentMap>
#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "widgets/charts/chart_controls.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/compare_tables.hpp"
#include "widgets/runs/confusion_page.hpp"
#include "widgets/runs/graphs_page.hpp"
#include "widgets/runs/rows_page.hpp"

namespace blockyard {

CompareView::CompareView(std::filesystem::path project_folder, QWidget* parent)
    : QWidget(parent),
      folder_(std::move(project_folder)),
      tag_(new QComboBox),
      chart_(new LineChart(tr("Curves of the runs"))),
      tables_(new CompareTables),
      message_(new QLabel),
      pages_(new QTabWidget),
      confusion_(new ConfusionPage),
      graphs_(new GraphsPage),
      rows_(new RowsPage) {
  setAccessibleName(tr("Comparison of runs"));
  pages_->setDocumentMode(true);
  pages_->addTab(makeOverview(), tr("Curves and scores"));
  pages_->addTab(confusion_, tr("Confusion matrices"));
  pages_->addTab(graphs_, tr("Pipelines"));
  pages_->addTab(rows_, tr("Rows that differ"));
  message_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(message_);
  layout->addWidget(pages_, 1);
  connect(&reading_, &QFutureWatcherBase::finished, this, &CompareView::take);
  connect(rows_, &RowsPage::rowActivated, this, &CompareView::rowActivated);
  connect(&confusion_->rows(), &CellRows::rowActivated, this, &CompareView::rowActivated);
  take();
}

QWidget* CompareView::makeOverview() {
  tag_->setAccessibleName(tr("Curve that is shown"));
  tag_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  auto* label = new QLabel(tr("C&urve"));
  label->setBuddy(tag_);
  auto* strip = new QHBoxLayout;
  strip->addWidget(label);
  strip->addWidget(tag_);
  strip->addWidget(new ChartControls({chart_}), 1);
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(new ShapeSplitter(chart_, 2, tables_, 3), 1);
  connect(tag_, &QComboBox::currentIndexChanged, this, &CompareView::fillChart);
  connect(tables_, &CompareTables::baselineWanted, this, &CompareView::setBaseline);
  connect(tables_, &CompareTables::regrouped, this, &CompareView::fillChart);
  return page;
}

CompareView::~CompareView() {
  reading_.disconnect(this);
}

void CompareView::setFolder(std::filesystem::path project_folder) {
  folder_ = std::move(project_folder);
  setRuns({});
}

void CompareView::setRuns(const QStringList& ids) {
  ids_ = ids;
  chosen_ = chosen_ && ids_.contains(baseline_);
  if (!ids_.contains(baseline_)) baseline_ = ids_.isEmpty() ? QString() : ids_.front();
  read();
}

void CompareView::setBaseline(const QString& id) {
  if (id == baseline_ || !ids_.contains(id)) return;
  baseline_ = id;
  chosen_ = true;
  fillTables();
  showPages();
  Q_EMIT baselineChanged(id);
}

void CompareView::setPinned(const QString& id) {
  chosen_ = false;
  if (!ids_.isEmpty() && !id.isEmpty() && id != baseline_) setRuns(ids_);
}

void CompareView::showTag(const QString& tag) {
  if (const int at = tag_->findText(tag); at >= 0) tag_->setCurrentIndex(at);
}

std::shared_ptr<CompareView::Loaded> CompareView::load(const std::filesystem::path& folder, const QStringList& ids) {
  auto out = std::make_shared<Loaded>();
  const auto attempt = [&](auto work) {
    try {
      work();
    } catch (const Error& error) {  // the others can still be compared
      out->failure += (out->failure.isEmpty() ? QString() : QStringLiteral("\n")) + QString::fromUtf8(error.what());
    }
  };
  QStringList all = ids;
  if (!ids.isEmpty()) attempt([&] { out->pinned = QString::fromStdString(pinnedBaseline(folder)); });
  if (!out->pinned.isEmpty() && !all.contains(out->pinned)) all << out->pinned;
  // Journals are long: several threads read them.
  const auto read = QtConcurrent::blockingMapped<QList<std::shared_ptr<Loaded>>>(all, [&folder](const QString& id) {
    auto one = std::make_shared<Loaded>();
    try {
      one->runs.push_back(readComparedRun(folder, id.toStdString()));
    } catch (const Error& error) {
      one->failure = QString::fromUtf8(error.what());
    }
    return one;
  });
  for (const auto& one : read) {
    if (one->runs.empty())
      out->failure += (out->failure.isEmpty() ? QString() : QStringLiteral("\n")) + one->failure;
    else
      out->runs.push_back(std::move(one->runs.front()));
  }
  nameRuns(out->runs);
  return out;
}

void CompareView::read() {
  if (reading_.isRunning()) {
    read_again_ = true;
    return;
  }
  reading_.setFuture(QtConcurrent::run([folder = folder_, ids = ids_] { return load(folder, ids); }));
}

void CompareView::take() {
  if (std::exchange(read_again_, false)) return read();
  const bool was_read = reading_.isFinished() && reading_.future().resultCount() > 0;
  if (was_read) loaded_ = reading_.result();
  if (was_read && !loaded_->pinned.isEmpty() && !chosen_) {
    if (!ids_.contains(loaded_->pinned)) ids_ << loaded_->pinned;
    baseline_ = loaded_->pinned;
  }
  message_->setText(!loaded_->failure.isEmpty() ? loaded_->failure
                    : loaded_->runs.empty()     ? tr("Choose two runs or more in the list of runs, then Compare")
                                                : QString());
  message_->setVisible(!message_->text().isEmpty());
  fillTags();
  fillTables();
  fillChart();
  showPages();
  if (was_read) Q_EMIT shown();
}

void CompareView::showPages() {
  const std::shared_ptr<const std::vector<ComparedRun>> runs(loaded_, &loaded_->runs);
  confusion_->setRuns(folder_, runs, order());
  graphs_->setRuns(runs, order());
  rows_->setRuns(folder_, *runs, order());
}

void CompareView::fillTags() {
  std::set<std::string> tags;
  for (const auto& run : loaded_->runs)
    for (const auto& [tag, points] : run.curves)
      if (tag.find('/') != std::string::npos) tags.insert(tag);
  const QString before = tag_->currentText();
  const QSignalBlocker quiet(tag_);
  tag_->clear();
  for (const auto& tag : tags) tag_->addItem(QString::fromStdString(tag));
  for (const QString& wanted : {before, QStringLiteral("validation/loss"), QStringLiteral("train/loss")}) {
    if (const int at = tag_->findText(wanted); !wanted.isEmpty() && at >= 0) {
      tag_->setCurrentIndex(at);
      return;
    }
  }
}

void CompareView::fillChart() {
  chart_->clear();
  const std::string tag = tag_->currentText().toStdString();
  const std::vector<int> groups = tables_->groupOfRuns();  // runs of one group have one colour
  for (size_t i = 0; i < loaded_->runs.size(); ++i) {
    const ComparedRun& run = loaded_->runs[i];
    if (!groups.empty() && groups[i] < 0) continue;
    const int curve = chart_->addCurve(run.name, groups.empty() ? static_cast<int>(i) : groups[i]);
    const auto found = run.curves.find(tag);
    if (found == run.curves.end()) continue;
    for (const auto& point : found->second) chart_->append(curve, static_cast<double>(point.step), point.value);
  }
}

std::vector<size_t> CompareView::order() const {
  std::vector<size_t> out;
  for (size_t i = 0; i < loaded_->runs.size(); ++i) out.push_back(i);
  std::stable_partition(out.begin(), out.end(), [this](size_t i) {
    return QString::fromStdString(loaded_->runs[i].record.id.text) == baseline_;
  });
  return out;
}

void CompareView::fillTables() {
  tables_->setRuns({loaded_, &loaded_->runs}, baseline_);
}

QTableWidget& CompareView::settings() {
  return tables_->settings();
}

QTableWidget& CompareView::metrics() {
  return tables_->metrics();
}

QMenu* CompareView::makeHeaderMenu(int column) {
  return tables_->makeHeaderMenu(column);
}

}  // namespace blockyard
