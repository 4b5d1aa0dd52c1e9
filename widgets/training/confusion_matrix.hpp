// ConfusionMatrix: which classes are taken for which - a heat map of counts with the share of each true class, and a
// table of precision, recall and F1 per class. Both are tables to the keyboard and to a screen reader. GUI thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <QtWidgets/QWidget>

#include "training/metrics.hpp"

class QLabel;
class QTableView;
class QTableWidget;

namespace blockyard {

class ConfusionModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(const Metrics& metrics);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return rowCount(parent); }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  QString className(int index) const;

 private:
  double shareAt(const QModelIndex& index) const;  // of the true class
  std::vector<QString> classes_{};
  std::vector<std::vector<int64_t>> counts_{};
  std::vector<int64_t> sums_{};
};

class ConfusionMatrix final : public QWidget {
  Q_OBJECT

 public:
  explicit ConfusionMatrix(QWidget* parent = nullptr);

  // Metrics without a confusion matrix (numbers, several labels) empty the map and say so; the table of classes is
  // filled where there are classes.
  void setMetrics(const Metrics& metrics);
  void clear();
  // Without the explanation and the table of classes, for places where there are several.
  void showMapOnly();

 Q_SIGNALS:
  // Enter or a click on a cell: rows of class `truth` that were answered `answer`, both by index.
  void cellActivated(int truth, int answer);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void fillTable(const Metrics& metrics);
  QLabel* title_;
  QTableView* map_;
  ConfusionModel* model_;
  QTableWidget* table_;
  bool map_only_ = false;
};

}  // namespace blockyard
