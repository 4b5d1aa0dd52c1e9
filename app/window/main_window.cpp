#include "main_window.hpp"

#include <QtCore/QMimeData>
#include <QtGui/QCloseEvent>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QStatusBar>
#include <QtWidgets/QVBoxLayout>

#include "blocks/catalog.hpp"
#include "blocks/source_setup.hpp"
#include "graph/templates.hpp"
#include "language_menu.hpp"
#include "message_bar.hpp"
#include "start_page.hpp"
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

QString projectFileIn(const QString& path) {
  if (!QFileInfo(path).isDir()) return path;
  const QStringList files = QDir(path).entryList({"*.blockyard"}, QDir::Files, QDir::Name);
  return files.isEmpty() ? path : path + QLatin1Char('/') + files.front();
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
      palette_(new Palette),
      inspector_(new Inspector(document_)),
      help_(new HelpPage),
      problems_(new ProblemList(document_)),
      training_(new TrainingPanel(engine_, document_)),
      charts_(new LiveCharts(engine_)),
      answers_(new AnswersPanel),
      runs_(new RunsTable(std::filesystem::path())),
      compare_(new CompareView(std::filesystem::path())),
      peek_(new PeekPanel(document_, engine_)),
      predict_(new PredictPanel),
      sweep_(engine_, document_, *training_),
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
  connect(&document_.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
  connect(&document_, &Document::replaced, this, &MainWindow::updateTitle);
  connect(canvas_, &CanvasView::zoomed, this,
          [this](double factor) { zoom_label_->setText(tr("%1 %").arg(qRound(100 * factor))); });
  connect(&canvas_->canvas(), &CanvasScene::hint, hint_label_, &QLabel::setText);
  connect(canvas_, &CanvasView::filesDropped, this, [this](const QStringList& paths) { open(paths.front()); });
  connect(palette_, &Palette::chosen, this, [this](const QString& type) {
    pages_->setCurrentWidget(canvas_);
    canvas_->addBlock(type.toStdString());
  });
  connect(start_page_, &StartPage::opened, this, &MainWindow::open);
  connect(start_page_, &StartPage::newWanted, this, &MainWindow::newProject);
  connect(start_page_, &StartPage::openWanted, this, &MainWindow::openDialog);
  start_page_->setRecent(QSettings().value(kRecent).toStringList());
  // What the docks need at least is less than what they say before they have their fonts.
  ensurePolished();
  for (QWidget* each : findChildren<QWidget*>()) each->ensurePolished();
  QMainWindow::layout()->activate();
  if (!restoreGeometry(QSettings().value("geometry").toByteArray())) resize(1360, 860);
  restoreState(QSettings().value("state").toByteArray());
  updateTitle();
}

MainWindow::~MainWindow() = default;

// ---- actions, menus, docks

void MainWindow::makeActions() {
  const auto add = [&](const char* name, const QString& text, const QKeySequence& keys, auto work) {
    actions_.add(QString::fromLatin1(name), text, keys, work);
  };
  const auto onCanvas = [this](auto act) { return [this, act] { (canvas_->*act)(); }; };
  add("file.new", tr("&New project"), QKeySequence::New, [this] { newProject(); });
  add("file.open", tr("&Open…"), QKeySequence::Open, [this] { openDialog(); });
  add("file.save", tr("&Save"), QKeySequence::Save, [this] { save(); });
  add("file.saveAs", tr("Save &as…"), QKeySequence::SaveAs, [this] { saveAs(); });
  add("file.keepVersion", tr("&Keep a version…"), {}, [this] { askForVersion(); });
  add("file.export", tr("&Export the trained pipeline…"), QKeySequence(Qt::CTRL | Qt::Key_E),
      [this] { exportTrained(); });
  add("file.start", tr("Start page"), {}, [this] { pages_->setCurrentWidget(start_page_); });
  add("file.quit", tr("&Quit"), QKeySequence::Quit, [this] { close(); });
  add("edit.undo", tr("&Undo"), QKeySequence::Undo, [this] { document_.undoStack().undo(); });
  add("edit.redo", tr("&Redo"), QKeySequence::Redo, [this] { document_.undoStack().redo(); });
  add("edit.cut", tr("Cu&t"), QKeySequence::Cut, onCanvas(&CanvasView::cut));
  add("edit.copy", tr("&Copy"), QKeySequence::Copy, onCanvas(&CanvasView::copy));
  add("edit.paste", tr("&Paste"), QKeySequence::Paste, onCanvas(&CanvasView::paste));
  add("edit.duplicate", tr("&Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D), onCanvas(&CanvasView::duplicate));
  add("edit.delete", tr("De&lete"), QKeySequence::Delete, onCanvas(&CanvasView::removeSelection));
  add("edit.selectAll", tr("Select &all"), QKeySequence::SelectAll, onCanvas(&CanvasView::selectAll));
  add("edit.bypass", tr("&Bypass"), QKeySequence(Qt::CTRL | Qt::Key_B), onCanvas(&CanvasView::bypassSelection));
  add("edit.addBlock", tr("Add &block…"), QKeySequence(Qt::CTRL | Qt::Key_Space), onCanvas(&CanvasView::openSearch));
  add("arrange.tidy", tr("&Tidy up"), QKeySequence(Qt::CTRL | Qt::Key_L), onCanvas(&CanvasView::tidy));
  add("arrange.frame", tr("&Frame the selection"), QKeySequence(Qt::CTRL | Qt::Key_G),
      onCanvas(&CanvasView::frameSelection));
  add("arrange.note", tr("Add a &note"), {}, onCanvas(&CanvasView::addNote));
  const std::pair<const char*, std::pair<QString, Side>> sides[] = {
      {"arrange.left", {tr("Align left"), Side::Left}},        {"arrange.center", {tr("Align centres"), Side::Center}},
      {"arrange.right", {tr("Align right"), Side::Right}},     {"arrange.top", {tr("Align top"), Side::Top}},
      {"arrange.middle", {tr("Align middles"), Side::Middle}}, {"arrange.bottom", {tr("Align bottom"), Side::Bottom}}};
  for (const auto& [name, side] : sides)
    add(name, side.first, {}, [this, where = side.second] { canvas_->align(where); });
  add("view.zoomIn", tr("Zoom &in"), QKeySequence::ZoomIn, onCanvas(&CanvasView::zoomIn));
  add("view.zoomOut", tr("Zoom &out"), QKeySequence::ZoomOut, onCanvas(&CanvasView::zoomOut));
  add("view.fit", tr("Zoom to &fit"), QKeySequence(Qt::CTRL | Qt::Key_0), onCanvas(&CanvasView::zoomToFit));
  add("view.one", tr("Full si&ze"), QKeySequence(Qt::CTRL | Qt::Key_1), onCanvas(&CanvasView::zoomToOne));
  add("view.peek", tr("&Peek at the selection"), QKeySequence(Qt::Key_F8), [this] { peekAtSelection(); });
  add("view.system", tr("Theme of the desktop"), {}, [this] { setTheme(ThemeName::System); });
  add("view.light", tr("Light theme"), {}, [this] { setTheme(ThemeName::Light); });
  add("view.dark", tr("Dark theme"), {}, [this] { setTheme(ThemeName::Dark); });
  add("run.train", tr("&Train"), QKeySequence(Qt::Key_F5), [this] { train(); });
  add("run.dry", tr("&Dry run"), QKeySequence(Qt::SHIFT | Qt::Key_F5), [this] { training_->dryRun(); });
  add("run.pause", tr("&Pause or continue"), QKeySequence(Qt::Key_F6), [this] {
    if (engine_.state() == EngineLink::State::Paused)
      engine_.resume();
    else
      engine_.pause();
  });
  add("run.stop", tr("&Stop"), QKeySequence(Qt::Key_F7), [this] { engine_.stop(); });
  add("help.block", tr("&Help on the block"), QKeySequence::HelpContents, [this] { showHelp(); });
  add("help.shortcuts", tr("&Shortcuts…"), {}, [this] { (new ShortcutTable(actions_, this))->show(); });
  add("help.about", tr("&About Blockyard"), {}, [this] { about(); });
  connect(&document_.undoStack(), &QUndoStack::canUndoChanged, actions_.find("edit.undo"), &QAction::setEnabled);
  connect(&document_.undoStack(), &QUndoStack::canRedoChanged, actions_.find("edit.redo"), &QAction::setEnabled);
  connect(&document_.undoStack(), &QUndoStack::undoTextChanged, this, [this](const QString& text) {
    actions_.find("edit.undo")->setText(text.isEmpty() ? tr("&Undo") : tr("&Undo %1").arg(text));
  });
  connect(&document_.undoStack(), &QUndoStack::redoTextChanged, this, [this](const QString& text) {
    actions_.find("edit.redo")->setText(text.isEmpty() ? tr("&Redo") : tr("&Redo %1").arg(text));
  });
  actions_.find("edit.undo")->setEnabled(false);
  actions_.find("edit.redo")->setEnabled(false);
}

void MainWindow::makeMenus() {
  const auto menu = [&](const QString& title, const QString& prefix) {
    QMenu* out = menuBar()->addMenu(title);
    for (const auto& [name, action] : actions_.all())
      if (name.startsWith(prefix)) out->addAction(action);
    return out;
  };
  QMenu* file = menu(tr("&File"), "file.");
  recent_ = new QMenu(tr("Open &recent"), file);
  file->insertMenu(actions_.find("file.save"), recent_);
  connect(recent_, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
  versions_ = new QMenu(tr("Go back to a &version"), file);
  file->insertMenu(actions_.find("file.start"), versions_);
  connect(versions_, &QMenu::aboutToShow, this, &MainWindow::fillVersions);
  menu(tr("&Edit"), "edit.");
  menu(tr("&Arrange"), "arrange.");
  menu(tr("&Run"), "run.");
  view_menu_ = menu(tr("&View"), "view.");
  fillLanguageMenu(*view_menu_->addMenu(tr("&Language")),
                   [this](const QString& text) { messages_->say(text, MessageBar::Tone::Notice); });
  view_menu_->addSeparator();
  menu(tr("&Help"), "help.");
}

// ---- projects

void MainWindow::showProject(Project project) {
  document_.setProject(std::move(project));
  pages_->setCurrentWidget(canvas_);
  canvas_->setFocus();
  QTimer::singleShot(0, canvas_, &CanvasView::zoomToFit);  // when the docks have found their sizes
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
  training_->train();
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

bool MainWindow::open(const QString& path) {
  const QString file = projectFileIn(path);
  try {
    const QString ending = QFileInfo(file).suffix().toLower();
    if (ending == "csv" || ending == "tsv" || ending == "txt" || ending == "parquet" || ending == "arrow" ||
        ending == "feather") {
      openTable(file);
      return true;
    }
    showProject(loadProject(file.toStdString()));
    remember(QFileInfo(file).absoluteFilePath());
    return true;
  } catch (const Error& error) {
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
    return false;
  }
}

// A table becomes a project that learns its last column; the user chooses another one in the inspector.
void MainWindow::openTable(const QString& path) {
  const QFileInfo file(path);
  if (!file.isReadable())
    throw Error({.file = path.toStdString()}, "cannot read this file", "is it there, and may you read it?");
  const std::string data = file.absoluteFilePath().toStdString();
  const BlockType& table = blockType("source/table");
  const Signatures outputs =
      table.peek({.values = completeValues(table.schema.params, {{"file", data}}), .folder = "."});
  const auto& columns = outputs.at("features").columns;
  if (columns.size() < 2)
    throw Error({.file = data}, "expected a table with at least two columns, got " + std::to_string(columns.size()));
  const ColumnInfo& last = columns.back();
  showProject(projectFromTemplate("table", {.name = file.completeBaseName().toStdString(),
                                            .data = data,
                                            .target = {last.name},
                                            .task = last.type == ColumnType::Number ? Task::Number : Task::Label}));
  messages_->say(
      tr("A new project that predicts “%1” from the other %2 columns. The block “table” names another target.")
          .arg(QString::fromStdString(last.name))
          .arg(columns.size() - 1),
      MessageBar::Tone::Notice);
}

void MainWindow::openDialog() {
  auto* dialog =
      new QFileDialog(this, tr("Open"), {},
                      tr("Projects and tables (*.blockyard *.csv *.tsv *.parquet *.arrow *.feather);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::open);
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
    document_.save(path.toStdString());
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
  QSettings().setValue("state", saveState());
  QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) {
      event->acceptProposedAction();
      open(url.toLocalFile());
      return;
    }
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

void MainWindow::about() {
  messages_->say(tr("Blockyard %1 · Qt %2 · LibTorch 2.11 · GPL-3.0-or-later; the engine alone Apache-2.0.")
                     .arg(BLOCKYARD_VERSION, qVersion()),
                 MessageBar::Tone::Notice, {{tr("Good"), [] {}}});
}

}  // namespace blockyard
