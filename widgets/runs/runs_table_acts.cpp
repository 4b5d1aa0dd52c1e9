// What RunsTable does to runs on the disk, and the menus that offer it.
#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QUrl>
#include <QtGui/QClipboard>
#include <QtGui/QDesktopServices>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFrame>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "widgets/runs/notes_dialog.hpp"
#include "widgets/runs/runs_table.hpp"

namespace blockyard {

// ---- one act after the other, on another thread

void RunsTable::perform(std::function<RunAct()> work) {
  waiting_.push_back(std::move(work));
  if (!acting_.isRunning()) startNext();
}

void RunsTable::startNext() {
  if (waiting_.empty()) return;
  auto work = std::move(waiting_.front());
  waiting_.pop_front();
  acting_.setFuture(QtConcurrent::run([work = std::move(work)] {
    auto out = std::make_shared<Acted>();
    try {
      out->act = work();
    } catch (const Error& error) {
      out->failure = QString::fromUtf8(error.what());
    }
    return out;
  }));
}

void RunsTable::takeAct() {
  const std::shared_ptr<Acted> done = acting_.result();
  if (done->failure.isEmpty()) {
    last_ = done->act;
    if (last_.text.isEmpty()) select_next_ = last_.runs;  // it was an undo
    say(last_.text, last_.undo != nullptr);
    if (!last_.file.isEmpty() && !QDesktopServices::openUrl(QUrl::fromLocalFile(last_.file)))
      say(tr("%1. No program is known here that opens it").arg(last_.text), false);
  } else {
    say(done->failure, false);
  }
  refresh();
  Q_EMIT acted();
  startNext();
}

void RunsTable::say(const QString& text, bool can_undo) {
  bar_text_->setText(text);
  bar_text_->setAccessibleName(text);
  bar_->findChild<QPushButton*>(QStringLiteral("undo"))->setVisible(can_undo);
  bar_->setVisible(!text.isEmpty());
}

QString RunsTable::message() const {
  return bar_->isHidden() ? QString() : bar_text_->text();
}

void RunsTable::undo() {
  if (!last_.undo || acting_.isRunning()) return;
  perform([last = std::exchange(last_, {})] {
    last.undo();
    return RunAct{.runs = last.runs};
  });
}

// ---- the acts

void RunsTable::deleteRuns(const QStringList& ids) {
  QStringList taken;
  for (const auto& entry : list_->entries)
    if (const QString id = QString::fromStdString(entry.id.text); ids.contains(id))
      if (!entry.record || entry.shown != RunState::Running || ids.size() == 1) taken << id;
  if (taken.isEmpty()) return;
  perform([folder = folder_, taken] { return deleting(folder, taken); });
}

void RunsTable::archiveRuns(const QStringList& ids, bool archived) {
  if (ids.isEmpty()) return;
  perform([folder = folder_, ids, archived] { return archiving(folder, ids, archived); });
}

void RunsTable::pinRun(const QString& id) {
  perform([folder = folder_, id] { return pinning(folder, id); });
}

void RunsTable::setNotes(const QString& id, const Texts& tags, const QString& note) {
  perform([folder = folder_, id, tags, note, text = tr("Run %1 has other tags or another note").arg(id)] {
    return changingNotes(folder, {id}, text, [&](RunNotes& notes) {
      notes.tags.clear();
      for (const auto& tag : tags) addTag(notes, tag);
      notes.text = note.toStdString();
    });
  });
}

void RunsTable::addTags(const QStringList& ids, const Texts& tags) {
  if (ids.isEmpty() || tags.empty()) return;
  perform([folder = folder_, ids, tags, text = tr("%n runs have new tags", "", static_cast<int>(ids.size()))] {
    return changingNotes(folder, ids, text, [&](RunNotes& notes) {
      for (const auto& tag : tags) addTag(notes, tag);
    });
  });
}

void RunsTable::reportRun(const QString& id) {
  perform([folder = folder_, id] { return reporting(folder, id); });
}

void RunsTable::reportSelected() {
  const QStringList ids = selectedRuns();
  if (!ids.isEmpty())
    reportRun(ids.front());
  else if (!list_->entries.empty())
    reportRun(QString::fromStdString(list_->entries.back().id.text));
  else
    say(tr("There is no run yet to report on"), false);
}

void RunsTable::restoreRuns(const QStringList& ids) {
  perform([folder = folder_, ids] { return restoringFromTrash(folder, ids); });
}

void RunsTable::emptyTrash() {
  perform([folder = folder_] { return emptyingTrash(folder); });
}

void RunsTable::showArchived(bool on) {
  static_cast<void>(on);  // the box knows
  fill(selectedRuns());
}

void RunsTable::showOfStudies(bool on) {
  static_cast<void>(on);  // the box knows
  fill(selectedRuns());
}

void RunsTable::showDeltas(bool on) {
  model_->showDeltas(on);
  if (on && list_->baseline.isEmpty()) say(tr("No run is pinned: select one and choose More, Pin as baseline"), false);
  view_->resizeColumnsToContents();
}

RunNotes RunsTable::notesOf(const QString& id) const {
  for (const auto& entry : list_->entries)
    if (QString::fromStdString(entry.id.text) == id) return entry.notes;
  return {};
}

void RunsTable::editNotes() {
  const QStringList ids = selectedRuns();
  if (ids.isEmpty()) return;
  auto* dialog = ids.size() == 1 ? new NotesDialog(ids.front(), notesOf(ids.front()), this)
                                 : new NotesDialog(static_cast<int>(ids.size()), this);
  connect(dialog, &QDialog::accepted, this, [this, dialog, ids] {
    if (ids.size() == 1)
      setNotes(ids.front(), dialog->tags(), dialog->note());
    else
      addTags(ids, dialog->tags());
  });
  dialog->open();
}

// ---- menus

void RunsTable::addActsTo(QMenu& menu) {
  const QStringList ids = selectedRuns();
  const bool one = ids.size() == 1;
  menu.addAction(tr("Open the &pipeline as it was"), this, [this, ids] { Q_EMIT openPipeline(ids.front()); })
      ->setEnabled(one);
  if (one && ids.front() == list_->baseline)
    menu.addAction(tr("&Unpin the baseline"), this, [this] { pinRun({}); });
  else
    menu.addAction(tr("Pin as &baseline"), this, [this, ids] { pinRun(ids.front()); })->setEnabled(one);
  QAction* edit = menu.addAction(tr("&Tags and note…"), this, &RunsTable::editNotes);
  edit->setEnabled(!ids.isEmpty());
  edit->setShortcut(QKeySequence(Qt::Key_F2));
  edit->setShortcutContext(Qt::WidgetShortcut);  // only shown here; the table has the real one
  menu.addAction(tr("R&eport…"), this, &RunsTable::reportSelected)->setEnabled(one);
  const bool archived =
      !ids.isEmpty() && std::all_of(ids.begin(), ids.end(), [this](const QString& id) { return notesOf(id).archived; });
  menu.addAction(archived ? tr("Take out of the &archive") : tr("&Archive"), this,
                 [this, ids, archived] { archiveRuns(ids, !archived); })
      ->setEnabled(!ids.isEmpty());
  menu.addAction(tr("Copy &id"), this, [ids] { QApplication::clipboard()->setText(ids.join(QLatin1Char('\n'))); })
      ->setEnabled(!ids.isEmpty());
  menu.addSeparator();
  QMenu* columns = makeColumnMenu();
  columns->setParent(&menu, columns->windowFlags());
  menu.addMenu(columns);
  addTrashMenu(menu);
}

void RunsTable::addTrashMenu(QMenu& menu) {
  constexpr size_t kMost = 20;
  const auto& trash = list_->trash;
  QMenu* below = menu.addMenu(trash.empty() ? tr("T&rash (empty)") : tr("T&rash (%1)").arg(trash.size()));
  below->setEnabled(!trash.empty());
  for (size_t n = 0; n < std::min(kMost, trash.size()); ++n) {
    const RunEntry& entry = trash[trash.size() - 1 - n];
    const QString id = QString::fromStdString(entry.id.text);
    const QString purpose = entry.record ? QString::fromStdString(entry.record->purpose) : QString();
    below->addAction(tr("Bring back %1 %2").arg(id, purpose).trimmed(), this, [this, id] { restoreRuns({id}); });
  }
  below->addSeparator();
  below->addAction(tr("&Delete all of them for good…"), this, [this] {
    auto* box = new QMessageBox(
        QMessageBox::Question, tr("Empty the trash"),
        tr("Delete %n runs for good? This cannot be undone.", "", static_cast<int>(list_->trash.size())),
        QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const auto* yes = box->addButton(tr("Delete for good"), QMessageBox::DestructiveRole);
    connect(yes, &QAbstractButton::clicked, this, &RunsTable::emptyTrash);
    box->open();
  });
}

}  // namespace blockyard
