// CellRows: the rows behind a cell of a confusion matrix - which they are, how certain the answer was, what came in.
// The trained pipeline of the run is asked again, on another thread; its answers are kept for the next cell. GUI
// thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QWidget>
#include <atomic>
#include <filesystem>
#include <memory>

#include "export/row_answers.hpp"

namespace blockyard {

class RowList;
class RowPictures;

class CellRows final : public QWidget {
  Q_OBJECT

 public:
  explicit CellRows(QWidget* parent = nullptr);
  ~CellRows() override;  // stops what is going on after its batch

  // `head` is the block whose answers are meant, empty for the first one. Rows of class `truth` that the run answered
  // with class `answer`, both by index.
  void showCell(const std::filesystem::path& project_folder, const QString& run, Part part, const QString& head,
                int truth, int answer);
  // Rows of a run that answers with numbers: those with the largest errors first.
  void showLargestErrors(const std::filesystem::path& project_folder, const QString& run, Part part,
                         const QString& head);
  void clear();
  RowList& list() { return *list_; }
  RowPictures& pictures() { return *pictures_; }

 Q_SIGNALS:
  void shown();  // the rows that were asked for, or why there are none
  // A row that somebody wants to see more of, from 0, and the run it was shown for.
  void rowActivated(const QString& run, qint64 row);

 private:
  struct Wanted {
    std::filesystem::path folder{};
    QString run{};
    Part part = Part::Test;
    QString head{};
    int truth = -1, answer = -1;  // -1: the largest errors
    bool operator==(const Wanted&) const = default;
  };
  struct Found {
    Wanted wanted{};
    std::shared_ptr<const RowAnswers> answers{};
    Table rows{};
    Pictures pictures{};
    std::vector<int64_t> numbers{};    // of the rows, from 0
    std::vector<std::string> texts{};  // below the pictures
    QString title{}, failure{};
  };
  static std::shared_ptr<Found> find(Wanted wanted, std::shared_ptr<const RowAnswers> known,
                                     std::shared_ptr<std::atomic<bool>> stop);
  void ask(Wanted wanted);
  void start();
  void take();

  RowList* list_;
  RowPictures* pictures_;
  Wanted wanted_{}, known_of_{};
  bool pending_ = false;  // what is wanted has not been found yet
  std::shared_ptr<const RowAnswers> known_{};
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  QFutureWatcher<std::shared_ptr<Found>> finding_;
};

}  // namespace blockyard
