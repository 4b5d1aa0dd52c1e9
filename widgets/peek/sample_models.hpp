// A sample as models of Qt: its statistics column by column, its rows, its pictures. GUI thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <QtGui/QPixmap>
#include <memory>
#include <vector>

#include "blocks/sample.hpp"

namespace blockyard {

using SharedSample = std::shared_ptr<const Sample>;

enum SampleRole {
  kExactRole = Qt::UserRole,  // text that reads back as the same value
  kSortRole,
  kColumnRole,  // number of the SampleColumn
};

// A column of the sample in each row.
class StatisticsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Field { Name, Type, Missing, Distinct, Min, Mean, Deviation, Max, Association, Distribution, kFields };

  using QAbstractTableModel::QAbstractTableModel;
  void set(SharedSample sample);
  const SampleColumn* column(int row) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : kFields; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString text(const SampleColumn& column, int field) const;
  SharedSample sample_;
};

// The first rows of the sample; their class, where it is known, stands before their values.
class RowsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr int kMostColumns = 1000;  // of values

  using QAbstractTableModel::QAbstractTableModel;
  void set(SharedSample sample);
  bool cut() const;  // there are more values in a row than shown
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QVariant labelData(int row, int role) const;
  QString shown(int64_t row, int64_t column) const;
  SharedSample sample_;
  bool labelled_ = false;
};

class PicturesModel final : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;
  void set(SharedSample sample);
  // Longer side of a picture on the screen.
  void setSide(int pixels);
  int side() const { return side_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QPixmap picture(int row) const;
  SharedSample sample_;
  int side_ = 72;
  mutable std::vector<QPixmap> drawn_;  // as far as they have been asked for
};

// Number `row` of the pictures in its own size.
QImage imageOf(const Pictures& pictures, int64_t row);
// Values as a person reads them: six digits that count.
QString valueText(double value);

}  // namespace blockyard
