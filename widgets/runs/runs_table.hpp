// RunsTable: all runs of a project, to sort, filter, compare, repeat and remove. It reads the folder on another thread
// and again whenever the folder changes. What is removed can be brought back for a while. GUI thread.
#pragma once
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <filesystem>
#include <set>

#include "widgets/runs/runs_model.hpp"

class QFrame;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QTableView;

namespace blockyard {

class EngineLink;

class RunsTable final : public QWidget {
  Q_OBJECT

 public:
  explicit RunsTable(std::filesystem::path project_folder, QWidget* parent = nullptr);
  ~RunsTable() override;  // deletes for good what was removed

  void setFolder(std::filesystem::path project_folder);
  // Reads again at the start and the end of every training.
  void follow(EngineLink& link);
  void refresh();
  QStringList selectedRuns() const;  // ids, in the order shown
  void selectRun(const QString& id);

  // Hides the runs and offers to undo; they are deleted when the offer runs out. A run that is going on stays.
  void removeRuns(const QStringList& ids);
  void undoRemove();
  void commitRemove();  // deletes now
  void setUndoSeconds(double seconds) { undo_timer_.setInterval(static_cast<int>(seconds * 1000)); }

  QString command(const QString& id) const;  // see commandOfRun(); empty if the run cannot be read
  // By name (RunsModel::columnKey), for the window's settings.
  QStringList hiddenColumns() const { return {hidden_.begin(), hidden_.end()}; }
  void setHiddenColumns(const QStringList& keys);
  QMenu* makeMenu();        // for the selection; the caller owns it
  QMenu* makeColumnMenu();  // likewise

 Q_SIGNALS:
  void openRun(const QString& id);
  void compare(const QStringList& ids);
  void refreshed();

 private:
  void build();
  void buildView();
  void take(std::shared_ptr<RunsList> list);
  void fill(const QStringList& selection);
  QString deleteRemoved();
  void watchFolders();
  void updateButtons();
  void applyHidden();
  void copyCommands();

  std::filesystem::path folder_;
  RunsModel* model_;
  RunsFilter* filter_;
  QTableView* view_;
  QLineEdit* words_;
  QPushButton *open_, *compare_, *copy_, *remove_;
  QLabel* state_;
  QFrame* bar_;
  QLabel* bar_text_;
  std::shared_ptr<RunsList> list_ = std::make_shared<RunsList>();
  std::set<QString> removed_;  // hidden, and can be brought back
  std::set<QString> gone_;     // deleted since the list was read
  std::set<QString> hidden_;
  QFileSystemWatcher watcher_;
  QFutureWatcher<std::shared_ptr<RunsList>> reading_;
  bool read_again_ = false, first_ = true;
  QTimer refresh_timer_, undo_timer_;
};

}  // namespace blockyard
