// RowList: rows of the data with what is known of them, as a plain table to sort, read, copy and save as CSV. The first
// column, "row", is the number of the row in the data, from 1. GUI thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <QtWidgets/QWidget>

#include "data/table.hpp"

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace blockyard {

class RowModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr int kSortRole = Qt::UserRole;
  using QAbstractTableModel::QAbstractTableModel;
  void set(Table table);
  const Table& table() const { return table_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  Table table_{};
};

class RowList final : public QWidget {
  Q_OBJECT

 public:
  explicit RowList(QWidget* parent = nullptr);

  void showRows(Table rows, const QString& title);
  // Instead of rows: why there are none, or that they are being looked for.
  void showMessage(const QString& text);
  // All rows in the order shown, with a header. Throws Error.
  void saveAs(const std::string& file) const;
  // Goes to a row of the data, from 0, if it is in the list.
  void chooseRow(qint64 row);
  QTableView& view() { return *view_; }
  QString title() const;

 Q_SIGNALS:
  // Enter, a double click, or the row the keyboard has come to: a place to show more of it, such as its picture. From
  // 0.
  void rowActivated(qint64 row);
  void rowChosen(qint64 row);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void askForFile();
  void copySelection() const;
  qint64 rowAt(const QModelIndex& index) const;
  QLabel* title_;
  QTableView* view_;
  RowModel* model_;
  QSortFilterProxyModel* sorted_;
  QPushButton* save_;
};

}  // namespace blockyard
