// MainWindow: the workbench - canvas in the middle, palette, inspector, problems, training and runs as docks around it.
// It joins the widgets; what they do is theirs.
#pragma once
#include <QtWidgets/QMainWindow>
#include <memory>

#include "actions.hpp"
#include "autosave.hpp"
#include "widgets/canvas/block_library.hpp"
#include "widgets/canvas/canvas_view.hpp"
#include "widgets/canvas/minimap.hpp"
#include "widgets/canvas/palette.hpp"
#include "widgets/common/engine_link.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/inspector/help_page.hpp"
#include "widgets/inspector/inspector.hpp"
#include "widgets/inspector/problem_list.hpp"
#include "widgets/peek/peek_panel.hpp"
#include "widgets/predict/predict_panel.hpp"
#include "widgets/runs/answers_panel.hpp"
#include "widgets/runs/compare_view.hpp"
#include "widgets/runs/data_watch.hpp"
#include "widgets/runs/runs_table.hpp"
#include "widgets/study/study_panel.hpp"
#include "widgets/training/live_charts.hpp"
#include "widgets/training/sweep.hpp"
#include "widgets/training/training_panel.hpp"

class QLabel;
class QMenu;
class QStackedWidget;

namespace blockyard {

class MessageBar;
class StartPage;

class MainWindow final : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  Document& document() { return document_; }
  EngineLink& engine() { return engine_; }
  CanvasView& canvas() { return *canvas_; }
  Actions& actions() { return actions_; }
  MessageBar& messages() { return *messages_; }

  // Opens what a user may drop or name: a project or its folder, a table (a new project from it). What is wrong is said
  // in the message bar; false then.
  bool open(const QString& path);
  // Offers what a crash has left behind.
  void offerRecovery();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void makeActions();
  void makeMenus();
  void makeDocks();
  void joinDocks();
  void showHelp();
  // main_window_focus.cpp
  void goToCanvas();
  void goToPanel(int step);
  void goToSettings();
  void enterPanel(QDockWidget& dock);
  void joinPeek();
  void inspectData();
  void peekAtSelection();
  void goTo(const QString& block, const QString& parameter);
  void showSelection(const QStringList& blocks);
  void joinRuns();
  void joinStudies();
  void followFolder();
  void showResultsOf(const QString& run);
  void showComparison(const QStringList& runs);
  void openPipelineOf(const QString& run);
  void restore(const Snapshot& then, const QString& name);
  // main_window_versions.cpp
  void joinSweeps();
  void askForVersion();
  void keepVersionNamed(const QString& name);
  void fillVersions();
  void train();
  void offerCpu(const Error& error);
  void exportTrained();
  void openDropped(const QStringList& paths);
  void showDocks();
  void keepBlock();
  QDockWidget* addDock(const QString& name, const QString& title, QWidget* widget, Qt::DockWidgetArea area);
  void newProject();
  void openDialog();
  bool save();
  bool saveAs();
  bool saveTo(const QString& path);
  void showProject(Project project);
  void openTable(const QString& path);
  void openPictureFolder(const QString& path);
  void openSoundFolder(const QString& path, const std::string& sound);
  void updateTitle();
  void remember(const QString& path);
  void fillRecent();
  void setTheme(ThemeName name);
  void resizeText(int steps);

  Document document_;
  EngineLink engine_;
  Actions actions_;
  Autosave autosave_;
  MessageBar* messages_;
  QStackedWidget* pages_;
  StartPage* start_page_;
  CanvasView* canvas_;
  Minimap* minimap_;
  BlockLibrary library_;
  Palette* palette_;
  Inspector* inspector_;
  HelpPage* help_;
  ProblemList* problems_;
  TrainingPanel* training_;
  LiveCharts* charts_;
  AnswersPanel* answers_;
  RunsTable* runs_;
  CompareView* compare_;
  StudyPanel* studies_;
  PeekPanel* peek_;
  PredictPanel* predict_;
  std::map<QString, QDockWidget*> docks_;
  Sweep sweep_;
  DataWatch data_watch_;
  QMenu* recent_ = nullptr;
  QMenu* versions_ = nullptr;
  QMenu* view_menu_ = nullptr;
  QLabel* zoom_label_;
  QLabel* hint_label_;
  bool closing_ = false;
  QByteArray dock_state_;  // while the start page hides the docks
};

}  // namespace blockyard
