// SampleView: a sample as tables and pictures - its statistics, its rows, pictures, a histogram of one column, a heat
// map; only the pages that apply to it. Takes the plain value alone and knows nothing of ports and engines, so it shows
// any rows. GUI thread.
#pragma once
#include <QtWidgets/QWidget>

#include "widgets/peek/sample_models.hpp"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QListView;
class QSortFilterProxyModel;
class QSpinBox;
class QTabWidget;
class QTableView;

namespace blockyard {

class HeatMap;
class HistogramView;

class SampleView final : public QWidget {
  Q_OBJECT

 public:
  enum Page { Statistics, Rows, Images, Histogram, Heat, kPages };

  explicit SampleView(QWidget* parent = nullptr);

  // Null empties the view. The page on show stays if it applies to the new sample, and so does the chosen column.
  void setSample(SharedSample sample);
  const SharedSample& sample() const { return sample_; }
  void setPage(Page page);
  Page page() const;
  bool hasPage(Page page) const;

  // The selected cells of the rows, or all rows if none are selected, with the names of their columns; values as texts
  // that read back as the same.
  QString rowsText(QChar separator) const;

 private:
  QWidget* makeStatistics();
  QWidget* makeRows();
  void showWhole(const QModelIndex& cell);
  QWidget* makeImages();
  QWidget* makeHistogram();
  QWidget* makeHeat();
  void fitColumns();
  void fillColumns();
  void showColumn(int column);
  void copy(QChar separator);

  SharedSample sample_;
  StatisticsModel* statistics_;
  RowsModel* rows_;
  PicturesModel* pictures_;
  QTabWidget* tabs_;
  QPlainTextEdit* whole_ = nullptr;  // the text of a cell, all of it
  QTableView *statistics_table_ = nullptr, *rows_table_ = nullptr;
  QSortFilterProxyModel* sorted_ = nullptr;
  QLabel* rows_note_ = nullptr;
  QListView* grid_ = nullptr;
  QComboBox* column_ = nullptr;
  HistogramView* histogram_ = nullptr;
  QLabel *histogram_note_ = nullptr, *heat_note_ = nullptr;
  QSpinBox* heat_row_ = nullptr;
  QWidget* heat_row_bar_ = nullptr;
  HeatMap* heat_ = nullptr;
};

}  // namespace blockyard
