#include "main_window.hpp"

#include <QtGui/QCloseEvent>
#include <QtGui/QScreen>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QStatusBar>
#include <QtWidgets/QVBoxLayout>

#include "graph/templates.hpp"
#include "message_bar.hpp"
#include "path_question.hpp"
#include "start_page.hpp"
#include "widgets/canvas/breadcrumb.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/predict/export_dialog.hpp"

namespace blockyard {
namespace {

constexpr int kMostRecent = 12;
const char* const kRecent = "recent";

Project emptyProject() {
  Project out;
  out.pipelines.push_back({"main", {}});
  return out;
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      document_(emptyProject()),
      actions_(this),
      autosave_(document_),
      messages_(new MessageBar),
      pages_(new QStackedWidget),
      start_page_(new StartPage),
      canvas_(new CanvasView(document_)),
      minimap_(new Minimap(document_, *canvas_)),
      palette_(new Palette(&library_)),
      inspector_(new Inspector(document_)),
      help_(new HelpPage),
      problems_(new ProblemList(document_)),
      training_(new TrainingPanel(engine_, document_)),
      charts_(new LiveCharts(engine_)),
      answers_(new AnswersPanel),
      runs_(new RunsTable(std::filesystem::path())),
      compare_(new CompareView(std::filesystem::path())),
      studies_(new StudyPanel(document_)),
      peek_(new PeekPanel(document_, engine_)),
      predict_(new PredictPanel),
      sweep_(engine_, document_, *training_),
      data_watch_(document_, engine_),
      zoom_label_(new QLabel),
      hint_label_(new QLabel) {
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  pages_->addWidget(start_page_);
  pages_->addWidget(canvas_);
  auto* middle = new QWidget;
  auto* layout = new QVBoxLayout(middle);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(messages_);
  layout->addWidget(new Breadcrumb(document_));
  layout->addWidget(pages_);
  setCentralWidget(middle);
  statusBar()->addWidget(hint_label_, 1);
  statusBar()->addPermanentWidget(zoom_label_);

  makeActions();
  makeMenus();
  makeDocks();
  joinDocks();
  connect(&document_, &Document::refused, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
  connect(&autosave_, &Autosave::failed, this, [this](const QString& why) {
    messages_->say(tr("Unsaved work cannot be kept safe: %1").arg(why), MessageBar::Tone::Problem);
  });
  new PathQuestion(document_, *messages_, this);
  connect(&document_.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
  connect(&document_, &Document::replaced, this, &MainWindow::updateTitle);
  connect(canvas_, &CanvasView::zoomed, this,
          [this](double factor) { zoom_label_->setText(tr("%1 %").arg(qRound(100 * factor))); });
  connect(&canvas_->canvas(), &CanvasScene::hint, hint_label_, &QLabel::setText);
  connect(canvas_, &CanvasView::settingsWanted, this, &MainWindow::goToSettings);
  connect(canvas_, &CanvasView::filesDropped, this, &MainWindow::openDropped);
  connect(pages_, &QStackedWidget::currentChanged, this, &MainWindow::showDocks);
  connect(palette_, &Palette::chosen, this, [this](const QString& type) {
    pages_->setCurrentWidget(canvas_);
    canvas_->addBlock(type.toStdString());
  });
  connect(start_page_, &StartPage::opened, this, &MainWindow::open);
  connect(start_page_, &StartPage::newWanted, this, &MainWindow::newProject);
  connect(start_page_, &StartPage::openWanted, this, &MainWindow::openDialog);
  start_page_->setRecent(QSettings().value(kRecent).toStringList());
  start_page_->setFocus();
  // What the docks need at least is less than what they say before they have their fonts.
  ensurePolished();
  for (QWidget* each : findChildren<QWidget*>()) each->ensurePolished();
  QMainWindow::layout()->activate();
  if (!restoreGeometry(QSettings().value("geometry").toByteArray()))
    resize(QSize(1360, 860).boundedTo(screen()->availableSize()));
  restoreState(QSettings().value("state").toByteArray());
  showDocks();
  updateTitle();
}

// The widgets show the document and steer the engine, which are members: they go first, and say nothing on their way.
// Nor does the document, whose actions are gone by then.
MainWindow::~MainWindow() {
  document_.undoStack().blockSignals(true);
  canvas_->canvas().blockSignals(true);
  delete centralWidget();
  for (const auto& [_, dock] : docks_) delete dock;
}

// ---- projects

void MainWindow::showProject(Project project) {
  document_.setProject(std::move(project));
  pages_->setCurrentWidget(canvas_);
  canvas_->setFocus();
  canvas_->zoomToFit();
}

void MainWindow::newProject() {
  showProject(emptyProject());
}

// A run is kept in the project's folder, so there has to be one.
void MainWindow::train() {
  if (document_.project().file.empty()) {
    messages_->say(tr("Save the project first: its runs are kept beside it."), MessageBar::Tone::Notice,
                   {{tr("Save as…"), [this] { saveAs(); }}});
    return;
  }
  if (!QFileInfo(QString::fromStdString(document_.project().folder())).isWritable()) {
    messages_->say(
        tr("This folder cannot be written to, and runs are kept beside the project: save it elsewhere first."),
        MessageBar::Tone::Notice, {{tr("Save as…"), [this] { saveAs(); }}});
    return;
  }
  training_->train();
}

// The GPU that was wanted is not there, or has failed: nothing else is taken in its place unasked.
void MainWindow::offerCpu(const Error& error) {
  if (error.fault() != Fault::NoDevice) return;
  messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem,
                 {{tr("Train on the CPU"),
                   [this] {
                     if (document_.apply(SetTraining{"device", OrderedJson("cpu")}, tr("training on the CPU"))) train();
                   }},
                  {tr("Show the setting"), [this] { goTo(QStringLiteral("training"), QStringLiteral("device")); }}});
}

void MainWindow::exportTrained() {
  const std::filesystem::path file = document_.project().file;
  if (file.empty()) {
    messages_->say(tr("Save the project and train it first: then there is a trained pipeline to export."),
                   MessageBar::Tone::Notice, {{tr("Save as…"), [this] { saveAs(); }}});
    return;
  }
  auto* dialog = new ExportDialog(file, QString::fromStdString(file.stem().string()), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

bool MainWindow::save() {
  const std::string file = document_.project().file.string();
  return file.empty() ? saveAs() : saveTo(QString::fromStdString(file));
}

bool MainWindow::saveAs() {
  auto* dialog = new QFileDialog(this, tr("Save the project"), {}, tr("Projects (*.blockyard)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("blockyard");
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    if (saveTo(path) && closing_) close();
  });
  dialog->open();
  return false;
}

bool MainWindow::saveTo(const QString& path) {
  try {
    const std::string before = document_.project().file.empty() ? "" : document_.project().folder();
    document_.save(path.toStdString());
    if (before != document_.project().folder()) followFolder();
    remember(path);
    updateTitle();
    return true;
  } catch (const Error& error) {
    closing_ = false;
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
    return false;
  }
}

void MainWindow::remember(const QString& path) {
  QStringList recent = QSettings().value(kRecent).toStringList();
  recent.removeAll(path);
  recent.prepend(path);
  while (recent.size() > kMostRecent) recent.removeLast();
  QSettings().setValue(kRecent, recent);
  start_page_->setRecent(recent);
}

void MainWindow::fillRecent() {
  recent_->clear();
  for (const QString& path : QSettings().value(kRecent).toStringList())
    recent_->addAction(QDir::toNativeSeparators(path), this, [this, path] { open(path); });
  recent_->setEnabled(!recent_->isEmpty());
}

void MainWindow::offerRecovery() {
  const std::vector<Recovered> left = Autosave::leftBehind();
  if (left.empty()) return;
  const Recovered& latest = left.front();
  const QString name =
      latest.project.isEmpty() ? tr("an unsaved project") : QFileInfo(latest.project).completeBaseName();
  messages_->say(tr("Unsaved work of %1 from %2 was left behind.")
                     .arg(name, QLocale().toString(latest.when, QLocale::ShortFormat)),
                 MessageBar::Tone::Notice,
                 {{tr("Recover"),
                   [this, latest] {
                     try {
                       showProject(Autosave::load(latest));
                       document_.undoStack().resetClean();
                       updateTitle();
                       autosave_.write();  // from now on it is this window's to keep
                       Autosave::discard(latest);
                     } catch (const Error& error) {
                       messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
                     }
                   }},
                  {tr("Throw away"), [latest] { Autosave::discard(latest); }}});
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!document_.undoStack().isClean() && !closing_) {
    event->ignore();
    messages_->say(tr("The project has changes that are not saved."), MessageBar::Tone::Notice,
                   {{tr("Save and close"),
                     [this] {
                       closing_ = true;
                       if (save()) close();
                     }},
                    {tr("Close without saving"),
                     [this] {
                       closing_ = true;
                       document_.undoStack().setClean();
                       close();
                     }},
                    {tr("Stay"), [] {}}});
    return;
  }
  QSettings().setValue("geometry", saveGeometry());
  QSettings().setValue("state", dock_state_.isEmpty() ? saveState() : dock_state_);
  QMainWindow::closeEvent(event);
}

// On the start page there is nothing that the docks could be about.
void MainWindow::showDocks() {
  if (pages_->currentWidget() != start_page_) {
    if (!dock_state_.isEmpty()) restoreState(std::exchange(dock_state_, {}));
    return;
  }
  if (!dock_state_.isEmpty()) return;
  dock_state_ = saveState();
  for (const auto& [_, dock] : docks_) dock->hide();
}

void MainWindow::updateTitle() {
  const std::string file = document_.project().file.string();
  const QString name = !document_.project().name.empty() ? QString::fromStdString(document_.project().name)
                       : file.empty()                    ? tr("Unnamed project")
                                                         : QFileInfo(QString::fromStdString(file)).completeBaseName();
  setWindowTitle(name + QStringLiteral("[*]"));
  setWindowModified(!document_.undoStack().isClean());
}

void MainWindow::setTheme(ThemeName name) {
  QSettings().setValue("theme", static_cast<int>(name));
  applyTheme(name);
  for (QGraphicsItem* item : canvas_->scene()->items()) item->update();
  canvas_->scene()->update();
}

void MainWindow::resizeText(int steps) {
  changeTextSize(steps);
  canvas_->zoomToFit();
  messages_->say(tr("Texts have %1 % of their usual size.").arg(qRound(100 * textSize())), MessageBar::Tone::Notice);
}

}  // namespace blockyard
