#include "widgets/runs/compare_view.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "runs/compare.hpp"
#include "training/metrics.hpp"
#include "widgets/charts/chart_controls.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/confusion_page.hpp"
#include "widgets/runs/graphs_page.hpp"
#include "widgets/runs/metric_order.hpp"
#include "widgets/runs/rows_page.hpp"

namespace blockyard {
namespace {

QString jsonText(const nlohmann::json& value) {
  if (value.is_null()) return QStringLiteral("-");
  return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

QTableWidgetItem* cell(const QString& text, bool number) {
  auto* item = new QTableWidgetItem(text);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  item->setToolTip(text);
  if (number) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return item;
}

QTableWidget* makeTable(const QString& name) {
  auto* table = new QTableWidget;
  table->setAccessibleName(name);
  table->setAlternatingRowColors(true);
  table->setShowGrid(false);
  table->setWordWrap(false);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->verticalHeader()->hide();
  table->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  table->horizontalHeader()->setHighlightSections(false);
  return table;
}

}  // namespace

CompareView::CompareView(std::filesystem::path project_folder, QWidget* parent)
    : QWidget(parent),
      folder_(std::move(project_folder)),
      tag_(new QComboBox),
      chart_(new LineChart(tr("Curves of the runs"))),
      settings_(makeTable(tr("Settings that differ"))),
      metrics_(makeTable(tr("Scores, with the difference to the baseline"))),
      message_(new QLabel),
      settings_title_(new QLabel),
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
  const auto titled = [](QLabel* title, QTableWidget* table) {
    auto* out = new QWidget;
    auto* column = new QVBoxLayout(out);
    column->setContentsMargins(0, 0, 0, 0);
    title->setWordWrap(true);
    column->addWidget(title);
    column->addWidget(table, 1);
    return out;
  };
  auto* tables = new QSplitter(Qt::Horizontal);
  tables->setChildrenCollapsible(false);
  tables->addWidget(titled(settings_title_, settings_));
  tables->addWidget(
      titled(new QLabel(tr("Scores, with the difference to the baseline (▲ better, ▼ worse)")), metrics_));
  tables->setStretchFactor(0, 2);
  tables->setStretchFactor(1, 3);
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(new ShapeSplitter(chart_, 2, tables, 3), 1);
  connect(tag_, &QComboBox::currentIndexChanged, this, &CompareView::fillChart);
  for (QTableWidget* table : {settings_, metrics_}) {
    auto* header = table->horizontalHeader();
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& at) {
      QMenu* menu = makeHeaderMenu(header->logicalIndexAt(at));
      menu->setAttribute(Qt::WA_DeleteOnClose);
      menu->popup(header->mapToGlobal(at));
    });
  }
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
  for (const auto& id : all) attempt([&] { out->runs.push_back(readComparedRun(folder, id.toStdString())); });
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
  fillChart();
  fillTables();
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
  for (size_t i = 0; i < loaded_->runs.size(); ++i) {
    const ComparedRun& run = loaded_->runs[i];
    const int curve = chart_->addCurve(run.name, static_cast<int>(i));
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

void CompareView::setColumns(QTableWidget& table, const std::vector<size_t>& order, const QStringList& first) {
  QStringList names = first;
  for (const size_t i : order) names << loaded_->runs[i].name;
  if (!order.empty()) names[first.size()] += tr(" (baseline)");
  table.clear();
  table.setColumnCount(static_cast<int>(names.size()));
  table.setHorizontalHeaderLabels(names);
  for (size_t i = 0; i < order.size(); ++i) {
    auto* item = table.horizontalHeaderItem(static_cast<int>(first.size()) + static_cast<int>(i));
    item->setData(Qt::UserRole, QString::fromStdString(loaded_->runs[order[i]].record.id.text));
    item->setToolTip(names[first.size() + static_cast<qsizetype>(i)]);
  }
}

void CompareView::fillTables() {
  const auto columns = order();
  std::vector<RunRecord> records;
  for (const size_t i : columns) records.push_back(loaded_->runs[i].record);
  const RunComparison comparison = compareRuns(records);
  setColumns(*settings_, columns, {tr("Setting")});
  settings_->setRowCount(static_cast<int>(comparison.settings.size()));
  for (size_t row = 0; row < comparison.settings.size(); ++row) {
    const SettingRow& setting = comparison.settings[row];
    const int at = static_cast<int>(row);
    settings_->setItem(at, 0, cell(settingText(QString::fromStdString(setting.path)), false));
    for (size_t i = 0; i < setting.values.size(); ++i)
      settings_->setItem(at, static_cast<int>(i) + 1, cell(jsonText(setting.values[i]), setting.values[i].is_number()));
  }
  settings_title_->setText(comparison.settings.empty() && !records.empty() ? tr("The settings are the same")
                                                                           : tr("Settings that differ"));
  fillMetrics(comparison, columns);
  for (QTableWidget* table : {settings_, metrics_}) {
    table->resizeColumnsToContents();
    table->resizeRowsToContents();
    constexpr int kWidest = 150;  // names of runs may be sentences; the tool tip has them whole
    for (int column = 1; column < table->columnCount(); ++column)
      table->setColumnWidth(column, std::min(kWidest, table->columnWidth(column)));
  }
}

void CompareView::fillMetrics(const RunComparison& comparison, const std::vector<size_t>& columns) {
  std::map<std::string, std::map<std::string, double>> names;
  for (const auto& row : comparison.metrics) names[row.part][row.metric] = 0;
  std::vector<const MetricRow*> rows;
  for (const char* part : {"test", "validation", "train"})
    for (const auto& name : orderedMetrics(names[part]))
      for (const auto& row : comparison.metrics)
        if (row.part == part && row.metric == name) rows.push_back(&row);
  setColumns(*metrics_, columns, {tr("Score")});
  metrics_->setRowCount(static_cast<int>(rows.size()));
  for (size_t row = 0; row < rows.size(); ++row) {
    const int at = static_cast<int>(row);
    metrics_->setItem(at, 0, cell(QString::fromStdString(rows[row]->part + " " + rows[row]->metric), false));
    const bool more_is_better = largerIsBetter(rows[row]->metric);
    for (size_t i = 0; i < rows[row]->values.size(); ++i) {
      const auto& value = rows[row]->values[i];
      const auto& delta = rows[row]->deltas[i];
      QString text = value ? shortNumber(*value) : QStringLiteral("-");
      const bool differs = i > 0 && delta && *delta != 0 && std::isfinite(*delta);
      const bool better = differs && (*delta > 0) == more_is_better;
      if (differs)
        text += QStringLiteral("  (%1 %2)").arg(deltaText(*delta), better ? QStringLiteral("▲") : QStringLiteral("▼"));
      auto* item = cell(text, true);
      if (differs) item->setForeground(better ? goodColor() : problemColor());
      metrics_->setItem(at, static_cast<int>(i) + 1, item);
    }
  }
}

QMenu* CompareView::makeHeaderMenu(int column) {
  auto* menu = new QMenu(this);
  const auto* item = settings_->horizontalHeaderItem(column);
  const QString id = item == nullptr ? QString() : item->data(Qt::UserRole).toString();
  QAction* pin = menu->addAction(tr("Pin as &baseline"), this, [this, id] { setBaseline(id); });
  pin->setEnabled(!id.isEmpty() && id != baseline_);
  return menu;
}

}  // namespace blockyard
