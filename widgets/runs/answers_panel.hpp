// AnswersPanel: how a run answered, class by class - its confusion matrix, and beside it the rows of the cell that was
// clicked. For numbers: the rows with the largest errors. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <filesystem>

#include "data/part.hpp"
#include "training/metrics.hpp"

class QPushButton;

namespace blockyard {

class CellRows;
class ConfusionMatrix;
class HeadBox;

class AnswersPanel final : public QWidget {
  Q_OBJECT

 public:
  explicit AnswersPanel(QWidget* parent = nullptr);

  // Of the test rows, or of the validation rows if there were none.
  void showRun(const std::filesystem::path& project_folder, const QString& run);
  void clear();
  ConfusionMatrix& matrix() { return *matrix_; }
  CellRows& rows() { return *rows_; }
  HeadBox& heads() { return *heads_; }

 Q_SIGNALS:
  void failed(const QString& why);
  // A row that somebody wants to see more of, from 0, of the data of that run.
  void rowActivated(const QString& run, qint64 row);

 private:
  void showHead();
  ConfusionMatrix* matrix_;
  CellRows* rows_;
  QPushButton* errors_;
  HeadBox* heads_;
  Metrics metrics_;
  std::filesystem::path folder_;
  QString run_;
  Part part_ = Part::Test;
};

}  // namespace blockyard
