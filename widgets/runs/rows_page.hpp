// RowsPage: the rows to which two runs give different answers, found by asking both trained pipelines about the same
// rows again, on another thread. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QWidget>
#include <atomic>
#include <filesystem>
#include <memory>

#include "export/row_answers.hpp"
#include "widgets/runs/compared_run.hpp"

class QComboBox;
class QLabel;
class QPushButton;

namespace blockyard {

class HeadBox;
class RowList;
class RowPictures;

class RowsPage final : public QWidget {
  Q_OBJECT

 public:
  explicit RowsPage(QWidget* parent = nullptr);
  ~RowsPage() override;  // stops what is going on after its batch

  void setRuns(const std::filesystem::path& folder, const std::vector<ComparedRun>& runs,
               const std::vector<size_t>& order);
  // As the button does: asks both, or stops asking.
  void find();
  RowList& list() { return *list_; }
  RowPictures& pictures() { return *pictures_; }
  HeadBox& heads() { return *heads_; }
  QString message() const;

 Q_SIGNALS:
  void shown();  // the rows, or why there are none
  void rowActivated(const QString& run, qint64 row);

 private:
  struct Found {
    Disagreement what{};
    Pictures pictures{};  // of the first rows that differ
    QString failure{};
  };
  static std::shared_ptr<Found> ask(const std::filesystem::path& folder, const QString& first, const QString& second,
                                    Part part, const QString& head, const std::shared_ptr<std::atomic<bool>>& stop);
  void take();
  void showFound();
  void showPictures(const Table& rows);
  void forget();

  std::filesystem::path folder_;
  QComboBox *first_, *second_, *part_, *which_;
  QPushButton* find_;
  QLabel *summary_, *warning_;
  RowList* list_;
  RowPictures* pictures_;
  HeadBox* heads_;
  std::shared_ptr<const Found> found_{};
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  QFutureWatcher<std::shared_ptr<Found>> asking_;
};

}  // namespace blockyard
