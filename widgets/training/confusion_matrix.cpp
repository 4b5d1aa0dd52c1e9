#include "widgets/training/confusion_matrix.hpp"

#include <QtCore/QEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QStyledItemDelegate>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

QColor mixed(const QColor& from, const QColor& to, double share) {
  const auto part = [share](double a, double b) { return a + (b - a) * share; };
  return QColor::fromRgbF(static_cast<float>(part(from.redF(), to.redF())),
                          static_cast<float>(part(from.greenF(), to.greenF())),
                          static_cast<float>(part(from.blueF(), to.blueF())));
}

QString percent(double share) {
  const double value = share * 100;
  return QString::number(value, 'f', value > 0 && value < 9.95 ? 1 : 0) + QStringLiteral(" %");
}

// Numbers in a table sort as numbers.
QTableWidgetItem* numberItem(double value, const QString& text) {
  auto* item = new QTableWidgetItem(text);
  item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  item->setData(Qt::UserRole, value);
  return item;
}

// The cell that was chosen gets a frame: its colour means something.
class CellDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem plain = option;
    const bool chosen = plain.state & QStyle::State_Selected;
    plain.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus);
    QStyledItemDelegate::paint(painter, plain, index);
    if (!chosen) return;
    painter->setPen(QPen(option.palette.color(QPalette::Text), 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
  }
};

}  // namespace

void ConfusionModel::set(const Metrics& metrics) {
  beginResetModel();
  classes_.clear();
  counts_ = metrics.confusion;
  sums_.clear();
  for (size_t i = 0; i < counts_.size(); ++i) {
    classes_.push_back(i < metrics.classes.size() ? QString::fromStdString(metrics.classes[i]) : QString::number(i));
    sums_.push_back(std::accumulate(counts_[i].begin(), counts_[i].end(), int64_t{0}));
  }
  endResetModel();
}

int ConfusionModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(counts_.size());
}

QString ConfusionModel::className(int index) const {
  return classes_[static_cast<size_t>(index)];
}

double ConfusionModel::shareAt(const QModelIndex& index) const {
  const auto row = static_cast<size_t>(index.row());
  if (sums_[row] == 0) return 0;
  return static_cast<double>(counts_[row][static_cast<size_t>(index.column())]) / static_cast<double>(sums_[row]);
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const int64_t count = counts_[static_cast<size_t>(index.row())][static_cast<size_t>(index.column())];
  const double share = shareAt(index);
  const auto ground = [&] {
    // Right answers and wrong ones in colours of their own; the diagonal also says which is which.
    const QColor full = index.row() == index.column() ? busyColor() : warningColor();
    return mixed(QApplication::palette().color(QPalette::Base), full, share == 0 ? 0 : 0.12 + 0.88 * share);
  };
  switch (role) {
    case Qt::DisplayRole:
      return count == 0 ? QStringLiteral("·") : countText(count) + QLatin1Char('\n') + percent(share);
    case Qt::TextAlignmentRole:
      return static_cast<int>(Qt::AlignCenter);
    case Qt::BackgroundRole:
      return QBrush(ground());
    case Qt::ForegroundRole: {
      constexpr double kMiddle = 0.5;
      const QColor colour = ground();
      const double light = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF();
      if (count == 0) return QBrush(QApplication::palette().color(QPalette::PlaceholderText));
      return QBrush(light > kMiddle ? QColor(Qt::black) : QColor(Qt::white));
    }
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
      return tr("%1 answered as %2: %3 rows, %4 of this class", "", pluralOf(count))
          .arg(className(index.row()), className(index.column()), countText(count), percent(share));
    default:
      return {};
  }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role == Qt::DisplayRole) return className(section);
  if (role == Qt::ToolTipRole)
    return orientation == Qt::Horizontal ? tr("Answered as %1").arg(className(section))
                                         : tr("Truly %1").arg(className(section));
  return {};
}

ConfusionMatrix::ConfusionMatrix(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel),
      map_(new QTableView),
      model_(new ConfusionModel(this)),
      table_(new QTableWidget(0, 5)) {
  setAccessibleName(tr("Confusion matrix"));
  map_->setObjectName(QStringLiteral("map"));
  map_->setModel(model_);
  map_->setItemDelegate(new CellDelegate(map_));
  map_->setAccessibleName(tr("True classes in rows, answers in columns"));
  map_->setSelectionMode(QAbstractItemView::SingleSelection);
  constexpr int kSmallest = 64;
  const int height = 2 * fontMetrics().height() + 8;
  map_->horizontalHeader()->setMinimumSectionSize(kSmallest);
  map_->horizontalHeader()->setDefaultSectionSize(kSmallest);
  map_->verticalHeader()->setDefaultSectionSize(height);
  map_->verticalHeader()->setMinimumSectionSize(height);
  map_->setShowGrid(false);
  for (const auto signal : {&QTableView::clicked, &QTableView::activated})
    connect(map_, signal, this,
            [this](const QModelIndex& index) { Q_EMIT cellActivated(index.row(), index.column()); });
  table_->setAccessibleName(tr("Scores per class"));
  table_->setHorizontalHeaderLabels({tr("Class"), tr("Precision"), tr("Recall"), tr("F1"), tr("Support")});
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setAlternatingRowColors(true);
  title_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(title_);
  layout->addWidget(new ShapeSplitter(map_, 3, table_, 2), 1);
  clear();
}

void ConfusionMatrix::clear() {
  setMetrics({});
}

void ConfusionMatrix::showMapOnly() {
  map_only_ = true;
  title_->hide();
  table_->hide();
}

void ConfusionMatrix::setMetrics(const Metrics& metrics) {
  model_->set(metrics);
  const bool has_map = !metrics.confusion.empty();
  map_->setVisible(has_map);
  if (has_map) {
    title_->setText(tr("True classes in rows, answers in columns; the share is that of the true class"));
    constexpr int kFew = 12;
    const auto mode = model_->rowCount() <= kFew ? QHeaderView::Stretch : QHeaderView::Interactive;
    map_->horizontalHeader()->setSectionResizeMode(mode);
    map_->verticalHeader()->setSectionResizeMode(mode);
    map_->setCurrentIndex(model_->index(0, 0));
  } else if (!metrics.per_class.empty()) {
    title_->setText(tr("A row may have several labels here, so there is no confusion matrix"));
  } else {
    title_->setText(tr("No classes to compare yet"));
  }
  fillTable(metrics);
  setAccessibleDescription(title_->text());
}

void ConfusionMatrix::fillTable(const Metrics& metrics) {
  const auto count = std::min(metrics.per_class.size(), metrics.classes.size());
  table_->setVisible(count > 0 && !map_only_);
  table_->setRowCount(static_cast<int>(count));
  for (size_t i = 0; i < count; ++i) {
    const ClassScore& score = metrics.per_class[i];
    const int row = static_cast<int>(i);
    auto* name = new QTableWidgetItem(QString::fromStdString(metrics.classes[i]));
    name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    table_->setItem(row, 0, name);
    int column = 1;
    for (const double value : {score.precision, score.recall, score.f1})
      table_->setItem(row, column++,
                      numberItem(value, std::isnan(value) ? QStringLiteral("-") : QString::number(value, 'f', 3)));
    table_->setItem(row, column, numberItem(static_cast<double>(score.support), countText(score.support)));
  }
}

void ConfusionMatrix::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) map_->viewport()->update();
}

}  // namespace blockyard
