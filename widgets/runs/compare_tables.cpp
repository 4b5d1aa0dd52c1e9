#include "widgets/runs/compare_tables.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "training/class_scores.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/runs/metric_order.hpp"
#include "widgets/runs/runs_model.hpp"

namespace blockyard {
namespace {

// What the box for groups offers before the settings, by its data.
const QString kSingle = QStringLiteral("/runs"), kSettings = QStringLiteral("/settings"),
              kTags = QStringLiteral("/tags");

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

QWidget* titled(QHBoxLayout* title, QTableWidget* table) {
  auto* out = new QWidget;
  auto* column = new QVBoxLayout(out);
  column->setContentsMargins(0, 0, 0, 0);
  column->addLayout(title);
  column->addWidget(table, 1);
  return out;
}

QHBoxLayout* strip(QLabel* title, const QString& name, QComboBox* box) {
  title->setWordWrap(true);
  box->setAccessibleName(name);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  constexpr int kLetters = 14;
  box->setMinimumContentsLength(kLetters);
  auto* out = new QHBoxLayout;
  out->addWidget(title, 1);
  out->addWidget(box);
  return out;
}

// The rows of a comparison in the order of a person's interest.
template <class Row>
std::vector<const Row*> ordered(const std::vector<Row>& metrics) {
  std::map<std::string, std::map<std::string, double>> names;
  for (const auto& row : metrics) names[row.part][row.metric] = 0;
  std::vector<const Row*> out;
  for (const char* part : {"test", "validation", "train"})
    for (const auto& name : orderedMetrics(names[part]))
      for (const auto& row : metrics)
        if (row.part == part && row.metric == name) out.push_back(&row);
  return out;
}

QString arrow(bool better) {
  return better ? QStringLiteral("▲") : QStringLiteral("▼");
}

// "0.924 ± 0.010 (n 5)", and below it "+0.011 [+0.002, +0.020] ▲".
QTableWidgetItem* groupCell(const Spread& spread, const std::string& unit,
                            const std::optional<GroupDifference>& difference, bool more_is_better) {
  if (spread.count == 0) return cell(QStringLiteral("-"), true);
  QString text = shortNumber(spread.mean);
  if (spread.count > 1) text += QStringLiteral(" ± ") + shortNumber(spread.deviation);
  text += QString::fromStdString(unit) + CompareTables::tr(" (n %1)").arg(spread.count);
  if (!difference) return cell(text, true);
  const Interval& found = difference->interval;
  const bool better = (found.mean > 0) == more_is_better;
  text += QLatin1Char('\n') + deltaText(found.mean);
  if (found.count >= 2) text += QStringLiteral(" [%1, %2]").arg(deltaText(found.low), deltaText(found.high));
  if (difference->shown()) text += QLatin1Char(' ') + arrow(better);
  auto* item = cell(text, true);
  item->setToolTip(found.count < 2
                       ? CompareTables::tr("%1\nOne pair with the same seed: too few for an interval").arg(text)
                       : CompareTables::tr("%1\nDifference to the baseline over %2 pairs with the same seed, with its "
                                           "95 % interval; p %3 (Holm)")
                             .arg(text)
                             .arg(found.count)
                             .arg(shortNumber(difference->p_adjusted)));
  if (difference->shown()) item->setForeground(better ? goodColor() : problemColor());
  return item;
}

}  // namespace

CompareTables::CompareTables(QWidget* parent)
    : QWidget(parent),
      grouping_(new QComboBox),
      scores_(new QComboBox),
      settings_(makeTable(tr("Settings that differ"))),
      metrics_(makeTable(tr("Scores, with the difference to the baseline"))),
      settings_title_(new QLabel),
      metrics_title_(new QLabel) {
  grouping_->setObjectName(QStringLiteral("grouping"));
  scores_->setObjectName(QStringLiteral("scores"));
  grouping_->setToolTip(
      tr("Runs that differ by their seeds alone, share a tag or a setting are judged together: mean ± "
         "deviation, and the difference to the baseline seed by seed"));
  auto* tables = new QSplitter(Qt::Horizontal);
  tables->setChildrenCollapsible(false);
  tables->addWidget(titled(strip(settings_title_, tr("How runs are grouped"), grouping_), settings_));
  tables->addWidget(titled(strip(metrics_title_, tr("Scores that are shown"), scores_), metrics_));
  tables->setStretchFactor(0, 2);
  tables->setStretchFactor(1, 3);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tables);
  connect(grouping_, &QComboBox::currentIndexChanged, this, [this] {
    fill();
    Q_EMIT regrouped();
  });
  connect(scores_, &QComboBox::currentIndexChanged, this, &CompareTables::fill);
  for (QTableWidget* table : {settings_, metrics_}) {
    auto* header = table->horizontalHeader();
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& at) {
      QMenu* menu = makeHeaderMenu(header->logicalIndexAt(at));
      menu->setAttribute(Qt::WA_DeleteOnClose);
      menu->popup(header->mapToGlobal(at));
    });
  }
}

void CompareTables::setRuns(std::shared_ptr<const std::vector<ComparedRun>> runs, const QString& baseline) {
  const bool same = runs_ == runs;
  runs_ = std::move(runs);
  baseline_ = baseline;
  if (!same) {
    fillGrouping();
    fillScores();
  }
  fill();
}

std::vector<RunRecord> CompareTables::records(const std::vector<size_t>& order) const {
  const std::string score = scores_->currentData().toString().toStdString();
  std::vector<RunRecord> out;
  for (const size_t i : order) {
    const ComparedRun& run = (*runs_)[i];
    RunRecord record = run.record;
    if (!score.empty()) {
      record.results.clear();
      for (const auto& [part, metrics] : run.metrics)
        if (MetricValues values = classScores(metrics, score); !values.empty())
          record.results[part] = std::move(values);
    }
    out.push_back(std::move(record));
  }
  return out;
}

void CompareTables::fillGrouping() {
  constexpr size_t kMost = 30;
  const QString before = grouping_->currentData().toString();
  const QSignalBlocker quiet(grouping_);
  grouping_->clear();
  grouping_->addItem(tr("Run by run"), kSingle);
  grouping_->addItem(tr("By equal settings, over seeds"), kSettings);
  grouping_->addItem(tr("By tag"), kTags);
  std::vector<RunRecord> all;
  for (const ComparedRun& run : *runs_) all.push_back(run.record);
  const Texts names = settingsToGroupBy(all);
  for (size_t i = 0; i < std::min(kMost, names.size()); ++i) {
    const QString name = QString::fromStdString(names[i]);
    grouping_->addItem(tr("By %1").arg(name), name);
  }
  grouping_->setCurrentIndex(std::max(0, grouping_->findData(before)));
}

void CompareTables::fillScores() {
  const QString before = scores_->currentData().toString();
  const QSignalBlocker quiet(scores_);
  scores_->clear();
  scores_->addItem(tr("Over all rows"), QString());
  const bool classes = std::any_of(runs_->begin(), runs_->end(), [](const ComparedRun& run) {
    return std::any_of(run.metrics.begin(), run.metrics.end(),
                       [](const auto& part) { return !part.second.classes.empty(); });
  });
  if (classes)
    for (const std::string& name : classScoreNames())
      scores_->addItem(tr("%1 of each class").arg(QString::fromStdString(name)), QString::fromStdString(name));
  scores_->setEnabled(scores_->count() > 1);
  scores_->setCurrentIndex(std::max(0, scores_->findData(before)));
}

std::vector<RunGroup> CompareTables::groups(const std::vector<RunRecord>& records) const {
  const QString by = grouping_->currentData().toString();
  try {
    if (by == kSettings) return groupsBySettings(records);
    if (by != kTags) return groupsBySetting(records, {by.toStdString()});
    std::vector<RunNotes> notes;
    for (const ComparedRun& run : *runs_) notes.push_back(run.notes);
    return groupsByTag(notes);
  } catch (const Error&) {  // a setting of runs that are not among these any more
    return {};
  }
}

std::vector<int> CompareTables::groupOfRuns() const {
  if (grouping_->currentData().toString() == kSingle) return {};
  std::vector<RunRecord> all;
  for (const ComparedRun& run : *runs_) all.push_back(run.record);
  std::vector<int> out(runs_->size(), -1);
  const auto found = groups(all);
  for (size_t g = 0; g < found.size(); ++g)
    for (const size_t i : found[g].runs) out[i] = static_cast<int>(g);
  return out;
}

void CompareTables::fill() {
  if (grouping_->currentData().toString() == kSingle || grouping_->count() == 0) {
    showRuns();
  } else {
    std::vector<size_t> all(runs_->size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    showGroups(groups(records(all)));
  }
  fitColumns();
}

void CompareTables::setColumns(QTableWidget& table, const QString& first, const QStringList& names,
                               const QStringList& ids) {
  QStringList header{first};
  header << names;
  if (!names.isEmpty()) header[1] += tr(" (baseline)");
  table.clear();
  table.setColumnCount(static_cast<int>(header.size()));
  table.setHorizontalHeaderLabels(header);
  for (int i = 0; i < static_cast<int>(names.size()); ++i) {
    auto* item = table.horizontalHeaderItem(i + 1);
    item->setData(Qt::UserRole, ids[i]);
    item->setToolTip(header[i + 1]);
  }
}

void CompareTables::showRuns() {
  std::vector<size_t> order(runs_->size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_partition(order.begin(), order.end(),
                        [this](size_t i) { return QString::fromStdString((*runs_)[i].record.id.text) == baseline_; });
  QStringList names, ids;
  for (const size_t i : order) {
    names << (*runs_)[i].name;
    ids << QString::fromStdString((*runs_)[i].record.id.text);
  }
  const RunComparison comparison = compareRuns(records(order));
  setColumns(*settings_, tr("Setting"), names, ids);
  settings_->setRowCount(static_cast<int>(comparison.settings.size()));
  for (int row = 0; row < settings_->rowCount(); ++row) {
    const SettingRow& setting = comparison.settings[static_cast<size_t>(row)];
    settings_->setItem(row, 0, cell(settingText(QString::fromStdString(setting.path)), false));
    for (size_t i = 0; i < setting.values.size(); ++i)
      settings_->setItem(row, static_cast<int>(i) + 1,
                         cell(jsonText(setting.values[i]), setting.values[i].is_number()));
  }
  settings_title_->setText(comparison.settings.empty() && !order.empty() ? tr("The settings are the same")
                                                                         : tr("Settings that differ"));
  metrics_title_->setText(tr("Scores, with the difference to the baseline (▲ better, ▼ worse)"));
  setColumns(*metrics_, tr("Score"), names, ids);
  fillRunMetrics(comparison);
}

void CompareTables::fillRunMetrics(const RunComparison& comparison) {
  const std::string score = scores_->currentData().toString().toStdString();
  const auto rows = ordered(comparison.metrics);
  metrics_->setRowCount(static_cast<int>(rows.size()));
  for (size_t row = 0; row < rows.size(); ++row) {
    const int at = static_cast<int>(row);
    metrics_->setItem(at, 0, cell(QString::fromStdString(rows[row]->part + " " + rows[row]->metric), false));
    const bool more_is_better = largerIsBetter(score.empty() ? rows[row]->metric : score);
    for (size_t i = 0; i < rows[row]->values.size(); ++i) {
      const auto& value = rows[row]->values[i];
      const auto& delta = rows[row]->deltas[i];
      QString text = value ? shortNumber(*value) + QString::fromStdString(rows[row]->units[i]) : QStringLiteral("-");
      const bool differs = i > 0 && delta && *delta != 0 && std::isfinite(*delta);
      const bool better = differs && (*delta > 0) == more_is_better;
      if (differs) text += QStringLiteral("  (%1 %2)").arg(deltaText(*delta), arrow(better));
      auto* item = cell(text, true);
      if (differs) item->setForeground(better ? goodColor() : problemColor());
      metrics_->setItem(at, static_cast<int>(i) + 1, item);
    }
  }
}

void CompareTables::showGroups(std::vector<RunGroup> groups) {
  std::vector<size_t> all(runs_->size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  const std::vector<RunRecord> records = this->records(all);
  const size_t baseline = groupOfRun(records, groups, baseline_.toStdString());
  const bool none = groups.empty();
  const GroupComparison comparison = compareGroups(records, std::move(groups), baseline);
  QStringList names, ids;
  for (const RunGroup& group : comparison.groups) {
    names << QString::fromStdString(group.name);
    ids << QString::fromStdString(records[group.runs.front()].id.text);
  }
  setColumns(*settings_, tr("Setting"), names, ids);
  settings_->setRowCount(static_cast<int>(comparison.settings.size()));
  for (int row = 0; row < settings_->rowCount(); ++row) {
    const GroupSettingRow& setting = comparison.settings[static_cast<size_t>(row)];
    settings_->setItem(row, 0, cell(settingText(QString::fromStdString(setting.path)), false));
    for (size_t g = 0; g < setting.values.size(); ++g) {
      QStringList texts;
      for (const auto& value : setting.values[g]) texts << jsonText(value);
      settings_->setItem(
          row, static_cast<int>(g) + 1,
          cell(texts.join(QStringLiteral(" | ")), texts.size() == 1 && setting.values[g][0].is_number()));
    }
  }
  settings_title_->setText(none                          ? tr("None of these runs has a tag")
                           : comparison.settings.empty() ? tr("The settings are the same but for the seed")
                                                         : tr("Settings that differ"));
  metrics_title_->setText(
      tr("Mean ± deviation; below it the difference to the baseline, seed by seed, with its 95 % "
         "interval (▲ better, ▼ worse)"));
  setColumns(*metrics_, tr("Score"), names, ids);
  fillGroupMetrics(comparison);
}

void CompareTables::fillGroupMetrics(const GroupComparison& comparison) {
  const std::string score = scores_->currentData().toString().toStdString();
  const auto rows = ordered(comparison.metrics);
  metrics_->setRowCount(static_cast<int>(rows.size()));
  for (size_t row = 0; row < rows.size(); ++row) {
    const int at = static_cast<int>(row);
    metrics_->setItem(at, 0, cell(QString::fromStdString(rows[row]->part + " " + rows[row]->metric), false));
    for (size_t g = 0; g < rows[row]->values.size(); ++g)
      metrics_->setItem(at, static_cast<int>(g) + 1,
                        groupCell(rows[row]->values[g], rows[row]->units[g], rows[row]->differences[g],
                                  largerIsBetter(score.empty() ? rows[row]->metric : score)));
  }
}

void CompareTables::fitColumns() {
  constexpr int kWidest = 150;  // names of runs may be sentences; the tool tip has them whole
  const bool grouped = grouping_->currentData().toString() != kSingle;
  for (QTableWidget* table : {settings_, metrics_}) {
    table->resizeColumnsToContents();
    table->resizeRowsToContents();
    const int widest = grouped && table == metrics_ ? 2 * kWidest : kWidest;
    for (int column = 1; column < table->columnCount(); ++column)
      table->setColumnWidth(column, std::min(widest, table->columnWidth(column)));
  }
}

QMenu* CompareTables::makeHeaderMenu(int column) {
  auto* menu = new QMenu(this);
  const auto* item = settings_->horizontalHeaderItem(column);
  const QString id = item == nullptr ? QString() : item->data(Qt::UserRole).toString();
  QAction* pin = menu->addAction(tr("Pin as &baseline"), this, [this, id] { Q_EMIT baselineWanted(id); });
  pin->setEnabled(!id.isEmpty() && column > 1);
  return menu;
}

}  // namespace blockyard
