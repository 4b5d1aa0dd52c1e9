#include "widgets/runs/row_list.hpp"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QClipboard>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <QtWidgets/QVBoxLayout>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

// A field as RFC 4180 wants it.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

void RowModel::set(Table table) {
  beginResetModel();
  table_ = std::move(table);
  endResetModel();
}

int RowModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows());
}

int RowModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.columns().size());
}

QVariant RowModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Column& column = *table_.columns()[static_cast<size_t>(index.column())];
  const bool number = column.type == ColumnType::Number;
  constexpr int kDigits = 6;
  switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
      if (number && index.column() > 0 && !column.missing(index.row()))
        return QString::number(column.numbers[static_cast<size_t>(index.row())], 'g', kDigits);
      return QString::fromStdString(column.cell(index.row()));
    case kSortRole:
      if (number) return column.numbers[static_cast<size_t>(index.row())];
      return QString::fromStdString(column.cell(index.row()));
    case Qt::TextAlignmentRole:
      return static_cast<int>((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant RowModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  return QString::fromStdString(table_.columns()[static_cast<size_t>(section)]->name);
}

RowList::RowList(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel),
      view_(new QTableView),
      model_(new RowModel(this)),
      sorted_(new QSortFilterProxyModel(this)),
      save_(new QPushButton(tr("Save as CS&V…"))) {
  setAccessibleName(tr("Rows"));
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(RowModel::kSortRole);
  view_->setModel(sorted_);
  view_->setAccessibleName(tr("Rows with their answers"));
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setAlternatingRowColors(true);
  view_->setShowGrid(false);
  view_->setWordWrap(false);
  view_->setTabKeyNavigation(false);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  view_->horizontalHeader()->setHighlightSections(false);
  title_->setWordWrap(true);
  save_->setToolTip(tr("All rows of this list, in the order shown"));
  connect(save_, &QPushButton::clicked, this, &RowList::askForFile);
  connect(view_, &QTableView::activated, this, [this](const QModelIndex& index) { Q_EMIT rowActivated(rowAt(index)); });
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) Q_EMIT rowChosen(rowAt(index));
  });
  auto* strip = new QHBoxLayout;
  strip->addWidget(title_, 1);
  strip->addWidget(save_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(view_, 1);
  showMessage({});
}

void RowList::showRows(Table rows, const QString& title) {
  view_->setSortingEnabled(false);
  sorted_->sort(-1);  // the order of the list is the first order shown
  model_->set(std::move(rows));
  view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  view_->setSortingEnabled(true);
  view_->resizeColumnsToContents();
  constexpr int kWidest = 260;
  for (int i = 0; i < model_->columnCount(); ++i)
    if (view_->columnWidth(i) > kWidest) view_->setColumnWidth(i, kWidest);
  title_->setText(title);
  save_->setEnabled(model_->rowCount() > 0);
}

void RowList::showMessage(const QString& text) {
  model_->set({});
  title_->setText(text);
  save_->setEnabled(false);
}

QString RowList::title() const {
  return title_->text();
}

qint64 RowList::rowAt(const QModelIndex& index) const {
  return sorted_->index(index.row(), 0).data(RowModel::kSortRole).toLongLong() - 1;
}

void RowList::chooseRow(qint64 row) {
  for (int i = 0; i < sorted_->rowCount(); ++i)
    if (rowAt(sorted_->index(i, 0)) == row) return view_->setCurrentIndex(sorted_->index(i, 0));
}

void RowList::saveAs(const std::string& file) const {
  DurableFile out(file);
  const auto& columns = model_->table().columns();
  for (size_t i = 0; i < columns.size(); ++i) out.write((i > 0 ? "," : "") + field(columns[i]->name));
  out.write("\n");
  for (int row = 0; row < sorted_->rowCount(); ++row) {
    const int source = sorted_->mapToSource(sorted_->index(row, 0)).row();
    for (size_t i = 0; i < columns.size(); ++i) out.write((i > 0 ? "," : "") + field(columns[i]->cell(source)));
    out.write("\n");
  }
  out.commit();
}

void RowList::askForFile() {
  auto* dialog = new QFileDialog(this, tr("Save the rows"), QStringLiteral("rows.csv"), tr("Tables (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    try {
      saveAs(file.toStdString());
    } catch (const Error& error) {
      title_->setText(QString::fromUtf8(error.what()));
    }
  });
  dialog->open();
}

void RowList::copySelection() const {
  std::set<int> rows;
  for (const auto& index : view_->selectionModel()->selectedRows()) rows.insert(index.row());
  QString text;
  for (const int row : rows) {
    for (int column = 0; column < sorted_->columnCount(); ++column)
      text += (column > 0 ? QStringLiteral("\t") : QString()) + sorted_->index(row, column).data().toString();
    text += QLatin1Char('\n');
  }
  QApplication::clipboard()->setText(text);
}

void RowList::keyPressEvent(QKeyEvent* event) {
  if (!event->matches(QKeySequence::Copy)) return QWidget::keyPressEvent(event);
  copySelection();
}

}  // namespace blockyard
