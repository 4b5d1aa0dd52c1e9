#include "widgets/peek/sample_view.hpp"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QClipboard>
#include <QtGui/QPainter>
#include <QtGui/QShortcut>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListView>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QSlider>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStyledItemDelegate>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <set>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/peek/heat_map.hpp"
#include "widgets/peek/histogram_view.hpp"

namespace blockyard {
namespace {

constexpr int kBarsWidth = 130;  // of the bars in a cell

// Bars, and beside them what the model says in words.
class DistributionDelegate final : public QStyledItemDelegate {
 public:
  DistributionDelegate(const StatisticsModel& model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem words = option;
    initStyleOption(&words, index);
    const QString text = words.text;
    words.text.clear();
    const QStyle* style = words.widget != nullptr ? words.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &words, painter, words.widget);
    const SampleColumn* column = model_.column(index.data(kColumnRole).toInt());
    if (column == nullptr) return;
    const bool selected = option.state & QStyle::State_Selected;
    const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    QRect place = option.rect.adjusted(4, 3, -4, -3);
    const std::vector<Bar> bars = barsOf(*column);
    if (!bars.empty()) {
      paintBars(*painter, {place.left(), place.top(), kBarsWidth, place.height()}, bars,
                selected ? ink : seriesColor(0));
      place.setLeft(place.left() + kBarsWidth + 8);
    }
    painter->setPen(ink);
    painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, place.width()));
  }
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QSize words = QStyledItemDelegate::sizeHint(option, index);
    return {words.width() + kBarsWidth + 16, std::max(words.height(), 24)};
  }

 private:
  const StatisticsModel& model_;
};

QString quoted(const QString& text, QChar separator) {
  if (!text.contains(separator) && !text.contains(u'"') && !text.contains(u'\n') && !text.contains(u'\r')) return text;
  return u'"' + QString(text).replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QLabel* makeNote(const char* name) {
  auto* note = new QLabel;
  note->setObjectName(QLatin1String(name));
  note->setForegroundRole(QPalette::PlaceholderText);
  note->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return note;
}

void prepare(QTableView& table) {
  table.setAlternatingRowColors(true);
  table.setWordWrap(false);
  table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 8);
  table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table.setTabKeyNavigation(false);
}

QVBoxLayout* pageLayout(QWidget* page) {
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  return layout;
}

}  // namespace

SampleView::SampleView(QWidget* parent)
    : QWidget(parent),
      statistics_(new StatisticsModel(this)),
      rows_(new RowsModel(this)),
      pictures_(new PicturesModel(this)),
      tabs_(new QTabWidget) {
  tabs_->setDocumentMode(true);
  tabs_->addTab(makeStatistics(), tr("Statistics"));
  tabs_->addTab(makeRows(), tr("Rows"));
  tabs_->addTab(makeImages(), tr("Images"));
  tabs_->addTab(makeHistogram(), tr("Histogram"));
  tabs_->addTab(makeHeat(), tr("Heat map"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tabs_);
  setSample(nullptr);
}

// ---- the pages

QWidget* SampleView::makeStatistics() {
  statistics_table_ = new QTableView;
  statistics_table_->setObjectName(QStringLiteral("statistics"));
  statistics_table_->setAccessibleName(tr("Statistics of each column"));
  sorted_ = new QSortFilterProxyModel(this);
  sorted_->setSourceModel(statistics_);
  sorted_->setSortRole(kSortRole);
  statistics_table_->setModel(sorted_);
  statistics_table_->setItemDelegateForColumn(StatisticsModel::Distribution,
                                              new DistributionDelegate(*statistics_, this));
  prepare(*statistics_table_);
  statistics_table_->verticalHeader()->hide();
  statistics_table_->setSortingEnabled(true);
  statistics_table_->sortByColumn(-1, Qt::AscendingOrder);
  statistics_table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  statistics_table_->horizontalHeader()->setStretchLastSection(true);
  connect(statistics_table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    column_->setCurrentIndex(index.data(kColumnRole).toInt());
    setPage(Histogram);
    histogram_->setFocus();
  });
  return statistics_table_;
}

QWidget* SampleView::makeRows() {
  rows_table_ = new QTableView;
  rows_table_->setObjectName(QStringLiteral("rows"));
  rows_table_->setAccessibleName(tr("The first rows"));
  rows_table_->setModel(rows_);
  prepare(*rows_table_);
  auto* keys = new QShortcut(QKeySequence::Copy, rows_table_);
  keys->setContext(Qt::WidgetWithChildrenShortcut);
  connect(keys, &QShortcut::activated, this, [this] { copy(u'\t'); });
  rows_note_ = makeNote("rows_note");
  auto* text = new QPushButton(tr("Copy as text"));
  text->setToolTip(tr("The selected cells, or all rows, with tabs between the values: for a table program (Ctrl+C)"));
  auto* csv = new QPushButton(tr("Copy as CSV"));
  csv->setToolTip(tr("The selected cells, or all rows, with commas between the values"));
  text->setObjectName(QStringLiteral("copy_text"));
  csv->setObjectName(QStringLiteral("copy_csv"));
  connect(text, &QPushButton::clicked, this, [this] { copy(u'\t'); });
  connect(csv, &QPushButton::clicked, this, [this] { copy(u','); });
  auto* below = new QHBoxLayout;
  below->addWidget(rows_note_, 1);
  below->addWidget(text);
  below->addWidget(csv);
  whole_ = new QPlainTextEdit;
  whole_->setObjectName(QStringLiteral("whole"));
  whole_->setAccessibleName(tr("The whole text of the cell"));
  whole_->setToolTip(tr("The whole text of the cell; Escape closes it"));
  whole_->setReadOnly(true);
  whole_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  whole_->hide();
  auto* escape = new QShortcut(Qt::Key_Escape, whole_);
  escape->setContext(Qt::WidgetShortcut);
  connect(escape, &QShortcut::activated, this, [this] {
    whole_->hide();
    rows_table_->setFocus();
  });
  rows_table_->setToolTip(tr("Enter or a double click shows the whole text of a cell"));
  connect(rows_table_, &QTableView::activated, this, &SampleView::showWhole);
  connect(rows_table_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& cell) {
    if (whole_->isVisible()) showWhole(cell);
  });
  auto* both = new QSplitter(Qt::Horizontal);
  both->setChildrenCollapsible(false);
  both->addWidget(rows_table_);
  both->addWidget(whole_);
  both->setStretchFactor(0, 3);
  both->setStretchFactor(1, 2);
  auto* page = new QWidget;
  auto* layout = pageLayout(page);
  layout->addWidget(both, 1);
  layout->addLayout(below);
  return page;
}

// Beside the rows, so that the next cell is only a key away.
void SampleView::showWhole(const QModelIndex& cell) {
  if (!cell.isValid()) return;
  whole_->setPlainText(cell.data(kExactRole).toString());
  whole_->show();
}

QWidget* SampleView::makeImages() {
  grid_ = new QListView;
  grid_->setObjectName(QStringLiteral("images"));
  grid_->setAccessibleName(tr("Images with their classes"));
  grid_->setViewMode(QListView::IconMode);
  grid_->setResizeMode(QListView::Adjust);
  grid_->setMovement(QListView::Static);
  grid_->setUniformItemSizes(true);
  grid_->setWordWrap(false);
  grid_->setTextElideMode(Qt::ElideRight);
  grid_->setModel(pictures_);
  auto* size = new QSlider(Qt::Horizontal);
  size->setRange(32, 256);
  size->setValue(pictures_->side());
  size->setAccessibleName(tr("Size of the images"));
  size->setToolTip(tr("Size of the images"));
  size->setMaximumWidth(180);
  const auto resize = [this](int side) {
    pictures_->setSide(side);
    grid_->setIconSize({side, side});
    grid_->setGridSize({std::max(side, 64) + 14, side + fontMetrics().height() + 14});
  };
  resize(pictures_->side());
  connect(size, &QSlider::valueChanged, this, resize);
  auto* page = new QWidget;
  auto* layout = pageLayout(page);
  layout->addWidget(grid_, 1);
  layout->addWidget(size);
  return page;
}

QWidget* SampleView::makeHistogram() {
  column_ = new QComboBox;
  column_->setObjectName(QStringLiteral("column"));
  column_->setAccessibleName(tr("Column"));
  column_->setSizeAdjustPolicy(QComboBox::AdjustToContentsOnFirstShow);
  column_->setMinimumContentsLength(16);
  histogram_ = new HistogramView;
  histogram_->setObjectName(QStringLiteral("histogram"));
  histogram_note_ = makeNote("histogram_note");
  connect(column_, &QComboBox::currentIndexChanged, this, &SampleView::showColumn);
  connect(histogram_, &HistogramView::currentChanged, histogram_note_, &QLabel::setText);
  auto* above = new QHBoxLayout;
  above->addWidget(column_);
  above->addWidget(histogram_note_, 1);
  auto* page = new QWidget;
  auto* layout = pageLayout(page);
  layout->addLayout(above);
  layout->addWidget(histogram_, 1);
  return page;
}

QWidget* SampleView::makeHeat() {
  heat_row_ = new QSpinBox;
  heat_row_->setObjectName(QStringLiteral("heat_row"));
  heat_row_->setPrefix(tr("row "));
  heat_row_->setAccessibleName(tr("Row"));
  heat_row_->setToolTip(tr("Which row of the sample is shown"));
  heat_ = new HeatMap;
  heat_->setObjectName(QStringLiteral("heat"));
  heat_note_ = makeNote("heat_note");
  connect(heat_row_, &QSpinBox::valueChanged, this, [this](int row) { heat_->setRow(row); });
  connect(heat_, &HeatMap::currentChanged, this, [this](const QString& text) {
    const auto row = static_cast<size_t>(heat_row_->value());
    const bool labelled = heat_->byRow() && sample_ && row < sample_->labels.size();
    heat_note_->setText(text.isEmpty() && labelled ? QString::fromStdString(sample_->labels[row]) : text);
  });
  heat_row_bar_ = new QWidget;
  auto* above = new QHBoxLayout(heat_row_bar_);
  above->setContentsMargins(0, 0, 0, 0);
  above->addWidget(heat_row_);
  above->addWidget(heat_note_, 1);
  auto* page = new QWidget;
  auto* layout = pageLayout(page);
  layout->addWidget(heat_row_bar_);
  layout->addWidget(heat_, 1);
  return page;
}

// ---- showing

bool SampleView::hasPage(Page page) const {
  return tabs_->isTabVisible(page);
}

SampleView::Page SampleView::page() const {
  return static_cast<Page>(tabs_->currentIndex());
}

void SampleView::setPage(Page page) {
  if (hasPage(page)) tabs_->setCurrentIndex(page);
}

void SampleView::setSample(SharedSample sample) {
  const bool first = sample_ == nullptr;
  const bool same = sample && sample_ && sample->shownColumns() == sample_->shownColumns();
  const int scrolled = rows_table_->verticalScrollBar()->value();
  sample_ = std::move(sample);
  statistics_->set(sample_);
  const auto related = [](const SampleColumn& column) { return !column.profile.measure.empty(); };
  statistics_table_->setColumnHidden(StatisticsModel::Association,
                                     !sample_ || std::ranges::none_of(sample_->columns, related));
  rows_->set(sample_);
  pictures_->set(sample_);
  rows_note_->setText(!sample_       ? QString()
                      : rows_->cut() ? tr("The first %1 of %2 values in a row")
                                           .arg(countText(RowsModel::kMostColumns), countText(sample_->shownColumns()))
                                     : QString());
  fillColumns();
  if (!same) whole_->hide();
  heat_->setSample(sample_ && !sample_->isTable() ? sample_ : nullptr);
  heat_row_->setVisible(heat_->byRow());
  heat_row_->setRange(0, sample_ ? std::max(0, static_cast<int>(sample_->shownRows()) - 1) : 0);

  const bool pictures = sample_ && sample_->pictures.count > 0;
  const bool numbers = sample_ && !sample_->numbers.empty() && sample_->shownColumns() > 1;
  const bool rows = !sample_ || sample_->shownRows() > 0;  // none: only what they hold is known
  const bool wanted[kPages] = {true, rows, pictures, true, numbers};
  const Page before = page();
  for (int i = 0; i < kPages; ++i) tabs_->setTabVisible(i, wanted[i]);
  if (first && pictures)
    setPage(Images);
  else
    setPage(wanted[before] ? before : Statistics);
  tabs_->setEnabled(sample_ != nullptr);
  if (same) {
    rows_table_->verticalScrollBar()->setValue(scrolled);
  } else if (sample_) {
    statistics_table_->resizeColumnsToContents();
    fitColumns();
  }
}

// Numbers of a tensor change their length while it is trained: there is room for any.
void SampleView::fitColumns() {
  rows_table_->resizeColumnsToContents();
  if (sample_->isTable()) return;
  const int room = fontMetrics().horizontalAdvance(QStringLiteral("-0.0001234567"));
  for (int column = 0; column < rows_->columnCount(); ++column)
    if (rows_table_->columnWidth(column) < room) rows_table_->setColumnWidth(column, room);
}

void SampleView::fillColumns() {
  const QString before = column_->currentText();
  const QSignalBlocker quiet(column_);
  column_->clear();
  if (sample_)
    for (const auto& column : sample_->columns) column_->addItem(QString::fromStdString(column.profile.name));
  column_->setCurrentIndex(std::max(column_->count() > 0 ? 0 : -1, column_->findText(before)));
  showColumn(column_->currentIndex());
}

void SampleView::showColumn(int column) {
  if (!sample_ || column < 0) return histogram_->setColumn(nullptr);
  histogram_->setColumn({sample_, &sample_->columns[static_cast<size_t>(column)]});
}

// ---- copying

QString SampleView::rowsText(QChar separator) const {
  if (!sample_) return {};
  std::set<int> rows, columns;
  for (const QModelIndex& index : rows_table_->selectionModel()->selectedIndexes())
    rows.insert(index.row()), columns.insert(index.column());
  if (rows.empty()) {
    for (int row = 0; row < rows_->rowCount(); ++row) rows.insert(row);
    for (int column = 0; column < rows_->columnCount(); ++column) columns.insert(column);
  }
  QString out;
  const auto addLine = [&](const auto& text) {
    bool first = true;
    for (const int column : columns) {
      if (!std::exchange(first, false)) out += separator;
      out += quoted(text(column), separator);
    }
    out += u'\n';
  };
  addLine([&](int column) { return rows_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
  for (const int row : rows) addLine([&](int column) { return rows_->index(row, column).data(kExactRole).toString(); });
  return out;
}

void SampleView::copy(QChar separator) {
  const QString text = rowsText(separator);
  if (!text.isEmpty()) QApplication::clipboard()->setText(text);
}

}  // namespace blockyard
