// The actions of the window, and the menus made of them.
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QStackedWidget>

#include "about_dialog.hpp"
#include "language_menu.hpp"
#include "main_window.hpp"
#include "message_bar.hpp"
#include "start_page.hpp"

namespace blockyard {

void MainWindow::makeActions() {
  const auto add = [&](const char* name, const QString& text, const QKeySequence& keys, auto work) {
    actions_.add(QString::fromLatin1(name), text, keys, work);
  };
  const auto on_canvas = [this](auto act) { return [this, act] { (canvas_->*act)(); }; };
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
  add("edit.cut", tr("Cu&t"), QKeySequence::Cut, on_canvas(&CanvasView::cut));
  add("edit.copy", tr("&Copy"), QKeySequence::Copy, on_canvas(&CanvasView::copy));
  add("edit.paste", tr("&Paste"), QKeySequence::Paste, on_canvas(&CanvasView::paste));
  add("edit.duplicate", tr("&Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D), on_canvas(&CanvasView::duplicate));
  add("edit.delete", tr("De&lete"), QKeySequence::Delete, on_canvas(&CanvasView::removeSelection));
  add("edit.selectAll", tr("Select &all"), QKeySequence::SelectAll, on_canvas(&CanvasView::selectAll));
  add("edit.bypass", tr("&Bypass"), QKeySequence(Qt::CTRL | Qt::Key_B), on_canvas(&CanvasView::bypassSelection));
  add("edit.addBlock", tr("Add &block…"), QKeySequence(Qt::CTRL | Qt::Key_Space), on_canvas(&CanvasView::openSearch));
  add("edit.wire", tr("Draw a &wire from the block"), QKeySequence(Qt::CTRL | Qt::Key_K),
      on_canvas(&CanvasView::drawWire));
  add("arrange.tidy", tr("&Tidy up"), QKeySequence(Qt::CTRL | Qt::Key_L), on_canvas(&CanvasView::tidy));
  add("arrange.frame", tr("&Frame the selection"), QKeySequence(Qt::CTRL | Qt::Key_G),
      on_canvas(&CanvasView::frameSelection));
  add("arrange.fold", tr("F&old into a composite"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G),
      on_canvas(&CanvasView::foldSelection));
  add("arrange.unfold", tr("&Unfold the composite"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U),
      on_canvas(&CanvasView::unfoldSelection));
  add("arrange.keep", tr("&Keep the composite in my blocks"), {}, [this] { keepBlock(); });
  add("arrange.note", tr("Add a &note"), {}, on_canvas(&CanvasView::addNote));
  const std::pair<const char*, std::pair<QString, Side>> sides[] = {
      {"arrange.left", {tr("Align left"), Side::Left}},        {"arrange.center", {tr("Align centres"), Side::Center}},
      {"arrange.right", {tr("Align right"), Side::Right}},     {"arrange.top", {tr("Align top"), Side::Top}},
      {"arrange.middle", {tr("Align middles"), Side::Middle}}, {"arrange.bottom", {tr("Align bottom"), Side::Bottom}}};
  for (const auto& [name, side] : sides)
    add(name, side.first, {}, [this, where = side.second] { canvas_->align(where); });
  add("view.up", tr("&Leave the composite"), QKeySequence(Qt::CTRL | Qt::Key_Up),
      on_canvas(&CanvasView::leaveComposite));
  add("view.zoomIn", tr("Zoom &in"), QKeySequence::ZoomIn, on_canvas(&CanvasView::zoomIn));
  add("view.zoomOut", tr("Zoom &out"), QKeySequence::ZoomOut, on_canvas(&CanvasView::zoomOut));
  add("view.fit", tr("Zoom to &fit"), QKeySequence(Qt::CTRL | Qt::Key_0), on_canvas(&CanvasView::zoomToFit));
  add("view.one", tr("Full si&ze"), QKeySequence(Qt::CTRL | Qt::Key_1), on_canvas(&CanvasView::zoomToOne));
  add("view.peek", tr("&Peek at the selection"), QKeySequence(Qt::Key_F8), [this] { peekAtSelection(); });
  add("view.inspect", tr("&Inspect all data…"), QKeySequence(Qt::SHIFT | Qt::Key_F8), [this] { inspectData(); });
  add("view.settings", tr("&Settings of the block"), QKeySequence(Qt::ALT | Qt::Key_Return),
      [this] { goToSettings(); });
  add("view.nextPanel", tr("Next pa&nel"), QKeySequence(Qt::CTRL | Qt::Key_F6), [this] { goToPanel(1); });
  add("view.previousPanel", tr("Pre&vious panel"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F6),
      [this] { goToPanel(-1); });
  add("view.larger", tr("&Larger text"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Plus), [this] { resizeText(1); });
  add("view.smaller", tr("Sm&aller text"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Minus),
      [this] { resizeText(-1); });
  add("view.usualText", tr("&Usual size of text"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_0),
      [this] { resizeText(0); });
  add("view.system", tr("Theme of the desktop"), {}, [this] { setTheme(ThemeName::System); });
  add("view.light", tr("Light theme"), {}, [this] { setTheme(ThemeName::Light); });
  add("view.dark", tr("Dark theme"), {}, [this] { setTheme(ThemeName::Dark); });
  add("run.train", tr("&Train"), QKeySequence(Qt::Key_F5), [this] { train(); });
  add("run.dry", tr("&Dry run"), QKeySequence(Qt::SHIFT | Qt::Key_F5), [this] { training_->dryRun(); });
  add("run.study", tr("New st&udy…"), QKeySequence(Qt::CTRL | Qt::Key_F5), [this] { studies_->ask(); });
  add("run.pause", tr("&Pause or continue"), QKeySequence(Qt::Key_F6), [this] {
    if (engine_.state() == EngineLink::State::Paused)
      engine_.resume();
    else
      engine_.pause();
  });
  add("run.stop", tr("&Stop"), QKeySequence(Qt::Key_F7), [this] { engine_.stop(); });
  add("run.report", tr("&Report of a run…"), {}, [this] { runs_->reportSelected(); });
  add("help.block", tr("&Help on the block"), QKeySequence::HelpContents, [this] { showHelp(); });
  add("help.shortcuts", tr("&Shortcuts…"), {}, [this] { (new ShortcutTable(actions_, this))->show(); });
  add("help.about", tr("&About Blockyard"), {}, [this] { (new AboutDialog(this))->open(); });
  // In a list or a table these are about its own rows.
  for (const char* name : {"edit.cut", "edit.copy", "edit.delete", "edit.selectAll"})
    actions_.keepTo(canvas_, QString::fromLatin1(name));
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

}  // namespace blockyard
