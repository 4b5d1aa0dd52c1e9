// TrialsModel: the trials of a study as a table - score, deviation, test score, size, time, and what was varied. GUI
// thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <memory>

#include "widgets/study/study_link.hpp"

namespace blockyard {

class TrialsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  // Then one for each thing that is varied, then the parameters and the time.
  enum Column { Number, Score, Test, Fixed };
  static constexpr int kSortRole = Qt::UserRole;

  using QAbstractTableModel::QAbstractTableModel;
  void set(std::shared_ptr<const StudyView> view);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  // The trial shown in a row: those with a score first, the best on top.
  const TrialResult& trial(int row) const;

 private:
  QVariant text(const TrialResult& trial, int column) const;
  QVariant sortKey(const TrialResult& trial, int row, int column) const;
  QString note(const TrialResult& trial) const;
  bool ablation() const;
  int varied() const;  // columns of what is varied

  std::shared_ptr<const StudyView> view_ = std::make_shared<StudyView>();
  std::vector<size_t> order_{};
};

}  // namespace blockyard
