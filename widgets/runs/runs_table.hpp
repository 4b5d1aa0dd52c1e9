// RunsTable: all runs of a project, to sort, filter, tag, archive, compare, repeat and delete. It reads the folder on
// another thread and again whenever the folder changes. Whatever is done to a run can be undone. GUI thread.
#pragma once
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <deque>
#include <filesystem>
#include <map>

#include "widgets/runs/run_acts.hpp"
#include "widgets/runs/runs_model.hpp"

class QCheckBox;
class QFrame;
class QHBoxLayout;
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
  ~RunsTable() override;

  void setFolder(std::filesystem::path project_folder);
  // Reads again at the start and the end of every training.
  void follow(EngineLink& link);
  void refresh();
  QStringList selectedRuns() const;  // ids, in the order shown
  void selectRun(const QString& id);

  // Acts on the disk, one after the other on another thread; acted() follows. The last one can be undone.
  void deleteRuns(const QStringList& ids);  // to the trash; a run that is going on stays
  void archiveRuns(const QStringList& ids, bool archived);
  void pinRun(const QString& id);  // empty: none
  void setNotes(const QString& id, const Texts& tags, const QString& note);
  void addTags(const QStringList& ids, const Texts& tags);
  void reportRun(const QString& id);         // writes a page about it and opens that in the browser
  void reportSelected();                     // of the first selected run, of the newest one if none is
  void restoreRuns(const QStringList& ids);  // from the trash
  void emptyTrash();
  void undo();
  // Opens a window with the tags and the note of the selected run, or for tags of several.
  void editNotes();

  void showArchived(bool on);
  void showOfStudies(bool on);
  void showDeltas(bool on);  // scores with their difference to the pinned run

  QString command(const QString& id) const;  // see commandOfRun(); empty if the run cannot be read
  // What was chosen, for the window's settings: "+state" shown, "-setting conv1.channels" hidden, by
  // RunsModel::columnKey. The others are shown as the model thinks best.
  QStringList columnChoices() const;
  void setColumnChoices(const QStringList& choices);
  QString message() const;  // what the bar says of the last act
  QMenu* makeMenu();        // for the selection; the caller owns it
  QMenu* makeColumnMenu();  // likewise

 Q_SIGNALS:
  void openRun(const QString& id);
  void openPipeline(const QString& id);  // as it was
  void compare(const QStringList& ids);
  void refreshed();
  void pinned(const QString& id);  // another run is the baseline; empty: none
  void acted();                    // an act has been done, or could not be
  void columnsChosen();

 private:
  void build();
  void buildView();
  QHBoxLayout* buildStrip();
  QFrame* buildBar();
  void take(std::shared_ptr<RunsList> list);
  void fill(const QStringList& selection);
  void perform(std::function<RunAct()> work);
  void startNext();
  void takeAct();
  void say(const QString& text, bool can_undo);
  void addTrashMenu(QMenu& menu);
  void addActsTo(QMenu& menu);
  RunNotes notesOf(const QString& id) const;
  bool isHidden(int column) const;
  void watchFolders();
  void updateButtons();
  void applyHidden();
  void copyCommands();
  void open(const QString& id);

  std::filesystem::path folder_;
  RunsModel* model_;
  RunsFilter* filter_;
  QTableView* view_;
  QLineEdit* words_;
  QPushButton *open_, *compare_, *copy_, *delete_, *more_;
  QCheckBox *archived_, *studies_, *deltas_;
  QLabel* state_;
  QFrame* bar_;
  QLabel* bar_text_;
  std::shared_ptr<RunsList> list_ = std::make_shared<RunsList>();
  std::map<QString, bool> chosen_;  // columns that somebody has shown or hidden
  QStringList select_next_;         // after the next reading
  struct Acted {
    RunAct act{};
    QString failure{};
  };
  std::deque<std::function<RunAct()>> waiting_;
  QFutureWatcher<std::shared_ptr<Acted>> acting_;
  RunAct last_;
  QFileSystemWatcher watcher_;
  QFutureWatcher<std::shared_ptr<RunsList>> reading_;
  bool read_again_ = false, first_ = true;
  int columns_ = 0;  // when their widths were chosen
  QTimer refresh_timer_;
};

}  // namespace blockyard
