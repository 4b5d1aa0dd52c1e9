// The docks of the window, and what one of them tells the others.
#include <QtCore/QSettings>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QSplitter>

#include "blocks/catalog.hpp"
#include "main_window.hpp"
#include "message_bar.hpp"
#include "training/run_pipeline.hpp"
#include "widgets/peek/inspect_dialog.hpp"
#include "widgets/predict/trained_box.hpp"

namespace blockyard {
namespace {

const char* const kRunColumns = "runs/columns";

}  // namespace

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
  charts_->setMinimumWidth(360);
  training->setSizes({440, 900});
  QDockWidget* below = addDock("training", tr("Training"), training, Qt::BottomDockWidgetArea);
  for (QDockWidget* each : {addDock("problems", tr("Problems"), problems_, Qt::BottomDockWidgetArea),
                            addDock("peek", tr("Peek"), peek_, Qt::BottomDockWidgetArea),
                            addDock("confusion", tr("Answers"), answers_, Qt::BottomDockWidgetArea),
                            addDock("runs", tr("Runs"), runs_, Qt::BottomDockWidgetArea),
                            addDock("compare", tr("Compare"), compare_, Qt::BottomDockWidgetArea),
                            addDock("studies", tr("Studies"), studies_, Qt::BottomDockWidgetArea),
                            addDock("predict", tr("Predict"), predict_, Qt::BottomDockWidgetArea)})
    tabifyDockWidget(below, each);
  settings->raise();
  below->raise();
  resizeDocks({blocks, map}, {230, 230}, Qt::Horizontal);
  resizeDocks({settings}, {330}, Qt::Horizontal);
  resizeDocks({blocks, map}, {600, 130}, Qt::Vertical);
  resizeDocks({below}, {340}, Qt::Vertical);
}

void MainWindow::joinDocks() {
  CanvasScene& scene = canvas_->canvas();
  connect(&scene, &CanvasScene::selectionIs, this, &MainWindow::showSelection);
  connect(&scene, &CanvasScene::blockActivated, this, [this](const QString&) { docks_["inspector"]->raise(); });
  connect(palette_, &Palette::highlighted, this, [this](const QString& type) { help_->showBlock(type.toStdString()); });
  connect(palette_, &Palette::refused, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
  connect(palette_, &Palette::keptChosen, this, [this](const QString& file) {
    pages_->setCurrentWidget(canvas_);
    canvas_->addKept(file, canvas_->mapToScene(canvas_->viewport()->rect().center()));
  });
  connect(palette_, &Palette::keptRemoved, this, [this](const QString& name) {
    messages_->say(tr("Removed “%1” from my blocks.").arg(name), MessageBar::Tone::Notice,
                   {{tr("Undo"), [this] { library_.bringBack(); }}});
  });
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
  connect(charts_, &LiveCharts::runNotRead, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
  connect(training_, &TrainingPanel::errorAt, this, [this](const QString& block, const QString& text) {
    canvas_->canvas().setRunError(block, text);
    messages_->say(text, MessageBar::Tone::Problem);
  });
  connect(&engine_, &EngineLink::failed, this, &MainWindow::offerCpu);
  connect(training_, &TrainingPanel::runFinished, this, &MainWindow::showResultsOf);
  connect(&engine_, &EngineLink::started, &scene, &CanvasScene::setRunFacts);
  connect(&engine_, &EngineLink::timesTaken, &scene, &CanvasScene::setBlockTimes);
  connect(&engine_, &EngineLink::finished, this, [this](const Finished& event) {
    canvas_->canvas().setRunLight(event.state == "done" ? Light::Trained : Light::Unknown);
  });
  joinPeek();
  joinRuns();
  joinStudies();
  joinSweeps();
  predict_->trained().follow(engine_);
  connect(&document_, &Document::replaced, this, [this] {
    followFolder();
    answers_->clear();
    showSelection({});
  });
}

// Runs are kept beside the project, wherever it is saved.
void MainWindow::followFolder() {
  const std::filesystem::path folder = document_.project().file.empty() ? "" : document_.project().folder();
  runs_->setFolder(folder);
  compare_->setFolder(folder);
  studies_->setFolder(folder);
  predict_->setFolder(folder);
}

void MainWindow::joinPeek() {
  CanvasScene& scene = canvas_->canvas();
  const auto raise = [this](const End& output) {
    peek_->show(output);
    docks_["peek"]->show();
    docks_["peek"]->raise();
  };
  connect(&scene, &CanvasScene::wireClicked, this, [this, raise](const QString&) {
    const std::vector<Link> wires = canvas_->canvas().selectedWires();
    if (wires.size() == 1) raise(wires.front().from);
  });
  connect(&scene, &CanvasScene::portClicked, this, [raise](const QString& block, const QString& port) {
    raise({{block.toStdString()}, port.toStdString()});
  });
  // A block that is selected is followed too, but does not take the place of what is looked at.
  connect(&scene, &CanvasScene::selectionIs, this, [this](const QStringList& blocks) {
    if (blocks.size() == 1) peek_->showBlock({blocks.front().toStdString()});
  });
}

void MainWindow::inspectData() {
  const auto source = sourceOf(document_.project(), document_.root(), document_.rootResult());
  if (!source) {
    messages_->say(tr("There is no source whose settings are right, so there is no data to inspect."),
                   MessageBar::Tone::Notice);
    return;
  }
  (new InspectDialog(*source, document_.project().folder(), this))->show();
}

void MainWindow::peekAtSelection() {
  const std::vector<Link> wires = canvas_->canvas().selectedWires();
  if (wires.size() == 1) peek_->show(wires.front().from);
  docks_["peek"]->show();
  docks_["peek"]->raise();
  peek_->setFocus();
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
  charts_->showBlock(blocks.front());
  const Node* node = document_.graph().find(ids.front());
  if (node != nullptr && findBlockType(node->type) != nullptr) help_->showBlock(node->type);
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

void MainWindow::keepBlock() {
  try {
    const auto [name, part] = canvas_->selectedComposite();
    messages_->say(tr("Kept as “%1” under My blocks.").arg(library_.keep(name, part)), MessageBar::Tone::Notice);
  } catch (const Error& error) {
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
  }
}

void MainWindow::showHelp() {
  docks_["help"]->show();
  docks_["help"]->raise();
}

// ---- runs

void MainWindow::joinRuns() {
  runs_->follow(engine_);
  connect(runs_, &RunsTable::openRun, this, [this](const QString& run) {
    charts_->showRun(QString::fromStdString(document_.project().folder()) + "/runs/" + run);
    showResultsOf(run);
    docks_["training"]->raise();
  });
  connect(runs_, &RunsTable::compare, this, &MainWindow::showComparison);
  connect(runs_, &RunsTable::pinned, compare_, &CompareView::setPinned);
  connect(compare_, &CompareView::baselineChanged, runs_, &RunsTable::pinRun);
  connect(runs_, &RunsTable::openPipeline, this, &MainWindow::openPipelineOf);
  runs_->setColumnChoices(QSettings().value(kRunColumns).toStringList());
  connect(runs_, &RunsTable::columnsChosen, this,
          [this] { QSettings().setValue(kRunColumns, runs_->columnChoices()); });
  connect(answers_, &AnswersPanel::failed, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
}

void MainWindow::joinStudies() {
  const auto raise = [this] {
    docks_["studies"]->show();
    docks_["studies"]->raise();
  };
  connect(studies_, &StudyPanel::compare, this, &MainWindow::showComparison);
  connect(studies_, &StudyPanel::failed, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
  connect(&studies_->link(), &StudyLink::began, this, raise);
  connect(studies_, &StudyPanel::ended, this, [this, raise](const QString& name) {
    messages_->say(tr("The study “%1” has ended.").arg(name), MessageBar::Tone::Notice, {{tr("Show it"), raise}});
  });
}

void MainWindow::showComparison(const QStringList& runs) {
  compare_->setRuns(runs);
  QDockWidget* dock = docks_["compare"];
  dock->show();
  dock->raise();
  // Two pipelines side by side need more height than the controls of a training.
  if (!dock->isFloating() && dock->height() < height() * 9 / 20) resizeDocks({dock}, {height() / 2}, Qt::Vertical);
}

void MainWindow::showResultsOf(const QString& run) {
  answers_->showRun(document_.project().folder(), run);
  const std::filesystem::path bundle =
      std::filesystem::path(document_.project().folder()) / "runs" / run.toStdString() / "bundle.safetensors";
  peek_->setTrained(std::filesystem::exists(bundle) ? QString::fromStdString(bundle.string()) : QString());
}

void MainWindow::openPipelineOf(const QString& id) {
  try {
    const Run run = Run::open(document_.project().folder(), id.toStdString());
    restore(pipelineOfRun(run.folder(), run.record()), tr("run %1").arg(id));
  } catch (const Error& error) {
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
  }
}

// One act, so that undo brings back what is on the canvas now. Throws Error.
void MainWindow::restore(const Snapshot& then, const QString& name) {
  if (then.pipeline != document_.root()) document_.showPipeline(then.pipeline);
  document_.goUp(0);
  const Compound edit = restoring(document_.project(), document_.pipeline(), then);
  pages_->setCurrentWidget(canvas_);
  if (edit.edits.empty()) {
    messages_->say(tr("The pipeline is as it was in %1.").arg(name), MessageBar::Tone::Notice);
    return;
  }
  if (!document_.apply(edit, tr("opening the pipeline of %1").arg(name))) return;
  canvas_->zoomToFit();
  messages_->say(tr("The pipeline and its settings are as they were in %1.").arg(name), MessageBar::Tone::Notice,
                 {{tr("Undo"), [this] { document_.undoStack().undo(); }}, {tr("Good"), [] {}}});
}

}  // namespace blockyard
