// The docks of the window, and what one of them tells the others.
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QSplitter>

#include "base/json.hpp"
#include "main_window.hpp"
#include "message_bar.hpp"

namespace blockyard {

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* widget, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(name);
  dock->setWidget(widget);
  addDockWidget(area, dock);
  view_menu_->addAction(dock->toggleViewAction());
  docks_[name] = dock;
  return dock;
}

void MainWindow::makeDocks() {
  setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
  QDockWidget* blocks = addDock("palette", tr("Blocks"), palette_, Qt::LeftDockWidgetArea);
  QDockWidget* map = addDock("minimap", tr("Overview"), minimap_, Qt::LeftDockWidgetArea);
  QDockWidget* settings = addDock("inspector", tr("Settings"), inspector_, Qt::RightDockWidgetArea);
  QDockWidget* help = addDock("help", tr("Help"), help_, Qt::RightDockWidgetArea);
  tabifyDockWidget(settings, help);
  auto* training = new QSplitter;
  training->addWidget(training_);
  training->addWidget(charts_);
  training->setStretchFactor(1, 1);
  // Less is hard to read, but a small screen must not make the window larger than itself.
  training_->setMinimumWidth(430);
  charts_->setMinimumWidth(360);
  training->setSizes({440, 900});
  QDockWidget* below = addDock("training", tr("Training"), training, Qt::BottomDockWidgetArea);
  for (QDockWidget* each : {addDock("problems", tr("Problems"), problems_, Qt::BottomDockWidgetArea),
                            addDock("confusion", tr("Answers"), confusion_, Qt::BottomDockWidgetArea),
                            addDock("runs", tr("Runs"), runs_, Qt::BottomDockWidgetArea),
                            addDock("compare", tr("Compare"), compare_, Qt::BottomDockWidgetArea)})
    tabifyDockWidget(below, each);
  settings->raise();
  below->raise();
  resizeDocks({blocks, map}, {230, 230}, Qt::Horizontal);
  resizeDocks({settings}, {330}, Qt::Horizontal);
  resizeDocks({blocks, map}, {600, 130}, Qt::Vertical);
  resizeDocks({below}, {310}, Qt::Vertical);
}

void MainWindow::joinDocks() {
  CanvasScene& scene = canvas_->canvas();
  connect(&scene, &CanvasScene::selectionIs, this, &MainWindow::showSelection);
  connect(&scene, &CanvasScene::blockActivated, this, [this](const QString&) { docks_["inspector"]->raise(); });
  connect(palette_, &Palette::highlighted, this, [this](const QString& type) { help_->showBlock(type.toStdString()); });
  connect(inspector_, &Inspector::helpWanted, this, [this](const QString& type, const QString& parameter) {
    if (type.isEmpty())
      help_->showTraining(parameter);
    else
      help_->showBlock(type.toStdString(), parameter);
    docks_["help"]->show();
    docks_["help"]->raise();
  });
  connect(problems_, &ProblemList::goTo, this,
          [this](const QString& block, const QString&, const QString& parameter) { goTo(block, parameter); });
  connect(problems_, &ProblemList::countChanged, this, [this](int errors, int warnings) {
    docks_["problems"]->setWindowTitle(errors + warnings == 0 ? tr("Problems")
                                                              : tr("Problems (%1)").arg(errors + warnings));
  });

  connect(training_, &TrainingPanel::learningRateScaled, charts_, &LiveCharts::markLearningRate);
  connect(training_, &TrainingPanel::errorAt, this, [this](const QString& block, const QString& text) {
    canvas_->canvas().setRunError(block, text);
    messages_->say(text, MessageBar::Tone::Problem);
  });
  connect(training_, &TrainingPanel::runFinished, this, &MainWindow::showResultsOf);
  connect(&engine_, &EngineLink::started, this, [this] { canvas_->canvas().setRunLight(Light::Running); });
  connect(&engine_, &EngineLink::finished, this, [this](const Finished& event) {
    canvas_->canvas().setRunLight(event.state == "done" ? Light::Trained : Light::Unknown);
  });
  runs_->follow(engine_);
  connect(runs_, &RunsTable::openRun, this, [this](const QString& run) {
    try {
      charts_->showRun(QString::fromStdString(document_.project().folder()) + "/runs/" + run);
    } catch (const Error& error) {
      messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
    }
    showResultsOf(run);
    docks_["training"]->raise();
  });
  connect(runs_, &RunsTable::compare, this, [this](const QStringList& runs) {
    compare_->setRuns(runs);
    docks_["compare"]->show();
    docks_["compare"]->raise();
  });
  connect(&document_, &Document::replaced, this, [this] {
    const std::filesystem::path folder = document_.project().file.empty() ? "" : document_.project().folder();
    runs_->setFolder(folder);
    compare_->setFolder(folder);
    confusion_->clear();
    showSelection({});
  });
}

void MainWindow::showSelection(const QStringList& blocks) {
  std::vector<NodeId> ids;
  for (const QString& block : blocks) ids.push_back({block.toStdString()});
  if (ids.empty())
    inspector_->showNothing();
  else if (ids.size() == 1)
    inspector_->showBlock(ids.front());
  else
    inspector_->showBlocks(ids);
  if (ids.size() != 1) return;
  if (const Node* node = document_.graph().find(ids.front())) help_->showBlock(node->type);
}

void MainWindow::goTo(const QString& block, const QString& parameter) {
  if (block == QLatin1String("training"))
    canvas_->selectNothing();
  else
    canvas_->goTo({block.toStdString()});
  docks_["inspector"]->show();
  docks_["inspector"]->raise();
  if (!parameter.isEmpty()) inspector_->focusParameter(parameter);
}

void MainWindow::showHelp() {
  docks_["help"]->show();
  docks_["help"]->raise();
}

// The confusion matrix of the test rows, or of the validation rows if there were none.
void MainWindow::showResultsOf(const QString& run) {
  const std::filesystem::path folder = std::filesystem::path(document_.project().folder()) / "runs" / run.toStdString();
  confusion_->clear();
  for (const char* part : {"test", "validation"}) {
    const std::filesystem::path file = folder / (std::string("metrics-") + part + ".json");
    if (!std::filesystem::exists(file)) continue;
    try {
      confusion_->setMetrics(metricsFromJson(readJson(file)));
    } catch (const std::exception& error) {
      messages_->say(tr("%1 cannot be read: %2").arg(QString::fromStdString(file.string()), error.what()),
                     MessageBar::Tone::Problem);
    }
    return;
  }
}

}  // namespace blockyard
