#include "widgets/runs/graphs_page.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>

#include "widgets/common/shape_splitter.hpp"
#include "widgets/runs/graph_view.hpp"

namespace blockyard {
namespace {

QWidget* titled(QComboBox* choice, GraphView* view) {
  auto* out = new QWidget;
  auto* column = new QVBoxLayout(out);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(choice);
  column->addWidget(view, 1);
  return out;
}

QString summaryOf(const PlanDiff& diff) {
  if (diff.same()) return GraphsPage::tr("The pipelines and their settings are the same");
  QStringList parts;
  if (const auto count = static_cast<int>(diff.blocks.size()); count > 0)
    parts << GraphsPage::tr("%n blocks", "", count);
  if (const auto count = static_cast<int>(diff.wires.size()); count > 0) parts << GraphsPage::tr("%n wires", "", count);
  if (const auto count = static_cast<int>(diff.training.size()); count > 0)
    parts << GraphsPage::tr("%n training settings", "", count);
  return GraphsPage::tr("What differs: %1 (+ only in the second, − only in the first, ≠ set otherwise)")
      .arg(parts.join(QStringLiteral(", ")));
}

// Of one kind only: what one pipeline has and the other has not is shown where it is.
template <class Key>
std::map<Key, Change> without(std::map<Key, Change> marks, Change kind) {
  std::erase_if(marks, [kind](const auto& mark) { return mark.second == kind; });
  return marks;
}

}  // namespace

GraphsPage::GraphsPage(QWidget* parent)
    : QWidget(parent),
      first_(new QComboBox),
      second_(new QComboBox),
      summary_(new QLabel),
      graphs_(new QSplitter),
      left_(new GraphView),
      right_(new GraphView),
      list_(new QTableWidget(0, 4)) {
  first_->setAccessibleName(tr("First run"));
  second_->setAccessibleName(tr("Second run"));
  for (QComboBox* each : {first_, second_}) {
    each->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(each, &QComboBox::activated, this, &GraphsPage::compare);
  }
  list_->setAccessibleName(tr("Differences of the pipelines"));
  list_->verticalHeader()->hide();
  list_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  list_->setSelectionBehavior(QAbstractItemView::SelectRows);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setAlternatingRowColors(true);
  list_->setShowGrid(false);
  list_->setWordWrap(false);
  list_->setTabKeyNavigation(false);
  list_->horizontalHeader()->setStretchLastSection(true);
  connect(list_, &QTableWidget::currentCellChanged, this, [this](int row) {
    if (row < 0) return;
    const std::string block = list_->item(row, 0)->data(Qt::UserRole).toString().toStdString();
    left_->goTo(block);
    right_->goTo(block);
  });
  summary_->setWordWrap(true);
  graphs_->setChildrenCollapsible(false);
  graphs_->addWidget(titled(first_, left_));
  graphs_->addWidget(titled(second_, right_));
  graphs_->setSizes({1000, 1000});
  auto* below = new QWidget;
  auto* column = new QVBoxLayout(below);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(summary_);
  column->addWidget(list_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(new ShapeSplitter(graphs_, 5, below, 3));
}

QString GraphsPage::summary() const {
  return summary_->text();
}

void GraphsPage::setRuns(std::shared_ptr<const std::vector<ComparedRun>> runs, const std::vector<size_t>& order) {
  runs_ = std::move(runs);
  for (QComboBox* choice : {first_, second_}) {
    const QString before = choice->currentData().toString();
    choice->clear();
    for (const size_t i : order) choice->addItem((*runs_)[i].name, QString::fromStdString((*runs_)[i].record.id.text));
    const int again = choice->findData(before);
    choice->setCurrentIndex(choice == first_ ? 0 : again > 0 ? again : std::min(1, choice->count() - 1));
  }
  compare();
}

void GraphsPage::compare() {
  const auto chosen = [this](const QComboBox* choice) -> const ComparedRun* {
    for (const ComparedRun& run : *runs_)
      if (QString::fromStdString(run.record.id.text) == choice->currentData().toString()) return &run;
    return nullptr;
  };
  const ComparedRun *first = chosen(first_), *second = chosen(second_);
  const bool both = first != nullptr && second != nullptr && first->plan && second->plan;
  const PlanDiff diff = both ? diffPlans(*first->plan, *second->plan) : PlanDiff{};
  left_->show(first == nullptr ? Graph() : first->graph, without(diff.blocks, Change::Added),
              without(diff.wires, Change::Added));
  right_->show(second == nullptr ? Graph() : second->graph, without(diff.blocks, Change::Removed),
               without(diff.wires, Change::Removed));
  // Long chains are larger one above the other.
  const QRectF room = left_->sceneRect().united(right_->sceneRect());
  graphs_->setOrientation(room.width() > 2 * room.height() ? Qt::Vertical : Qt::Horizontal);
  list_->setHorizontalHeaderLabels({tr("Where"), tr("What"), first_->currentText(), second_->currentText()});
  fillList(diff);
  if (first == nullptr)
    summary_->clear();
  else if (!both)
    summary_->setText(tr("A pipeline of a later version of Blockyard cannot be compared"));
  else if (first == second)
    summary_->setText(tr("Choose two runs to see how their pipelines differ"));
  else
    summary_->setText(summaryOf(diff));
}

void GraphsPage::addRow(const QString& place, const QString& what, const QString& before, const QString& after,
                        Change change) {
  const int row = list_->rowCount();
  list_->insertRow(row);
  const QString cells[] = {symbolOf(change) + QLatin1Char(' ') + place, what, before, after};
  for (int column = 0; column < 4; ++column) {
    auto* item = new QTableWidgetItem(cells[column]);
    item->setToolTip(cells[column]);
    if (column == 0) item->setForeground(colorOf(change)), item->setData(Qt::UserRole, place);
    list_->setItem(row, column, item);
  }
}

void GraphsPage::fillList(const PlanDiff& diff) {
  list_->setRowCount(0);
  const auto text = [](const std::string& value) {
    return value.empty() ? QStringLiteral("-") : QString::fromStdString(value);
  };
  for (const auto& [block, change] : diff.blocks) {
    const QString name = QString::fromStdString(block);
    if (change == Change::Added) addRow(name, tr("block"), QStringLiteral("-"), tr("there"), change);
    if (change == Change::Removed) addRow(name, tr("block"), tr("there"), QStringLiteral("-"), change);
    const auto settings = diff.settings.find(block);
    if (settings == diff.settings.end()) continue;
    for (const auto& setting : settings->second)
      addRow(name, QString::fromStdString(setting.name), text(setting.before), text(setting.after), change);
  }
  for (const auto& [link, change] : diff.wires) {
    const bool added = change == Change::Added;
    addRow(QString::fromStdString(link.to.node.name), tr("wire %1").arg(QString::fromStdString(link.text())),
           added ? QStringLiteral("-") : tr("there"), added ? tr("there") : QStringLiteral("-"), change);
  }
  for (const auto& setting : diff.training)
    addRow(tr("training"), QString::fromStdString(setting.name), text(setting.before), text(setting.after),
           Change::Changed);
  list_->resizeColumnsToContents();
  list_->horizontalHeader()->setStretchLastSection(true);
}

}  // namespace blockyard
