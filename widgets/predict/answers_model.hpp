// AnswersModel: the answers for many rows as a table - the answers first, then what was asked.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <memory>

#include "export/bundle.hpp"

namespace blockyard {

class AnswersModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(std::shared_ptr<const Answers> answers);  // null: none
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const Column& columnAt(int section) const;
  bool isAnswer(int section) const;

  std::shared_ptr<const Answers> answers_{};
};

}  // namespace blockyard
