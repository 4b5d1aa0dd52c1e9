#include "widgets/runs/run_acts.hpp"

#include <QtCore/QCoreApplication>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "report/run_html.hpp"
#include "runs/trash.hpp"

namespace blockyard {
namespace {

std::filesystem::path folderOf(const std::filesystem::path& folder, const QString& id) {
  return folder / "runs" / id.toStdString();
}

}  // namespace

RunAct changingNotes(const std::filesystem::path& folder, const QStringList& ids, const QString& text,
                     const std::function<void(RunNotes&)>& change) {
  auto before = std::make_shared<std::vector<std::pair<QString, RunNotes>>>();
  for (const QString& id : ids) {
    RunNotes then;
    changeNotes(folderOf(folder, id), [&](RunNotes& notes) {
      then = notes;
      change(notes);
    });
    before->emplace_back(id, then);
  }
  return {text,
          [folder, before] {
            for (const auto& [id, then] : *before)
              changeNotes(folderOf(folder, id), [&then = then](RunNotes& notes) { notes = then; });
          },
          ids};
}

RunAct archiving(const std::filesystem::path& folder, const QStringList& ids, bool archived) {
  const QString one = archived ? QCoreApplication::translate("RunActs", "Run %1 was archived")
                               : QCoreApplication::translate("RunActs", "Run %1 was taken out of the archive");
  const QString many = archived ? QCoreApplication::translate("RunActs", "%1 runs were archived")
                                : QCoreApplication::translate("RunActs", "%1 runs were taken out of the archive");
  return changingNotes(folder, ids, ids.size() == 1 ? one.arg(ids.front()) : many.arg(ids.size()),
                       [archived](RunNotes& notes) { notes.archived = archived; });
}

RunAct deleting(const std::filesystem::path& folder, const QStringList& ids) {
  auto done = std::make_shared<QStringList>();
  std::vector<RunId> purged;
  QString failure;
  for (const QString& id : ids) {
    try {
      std::vector<RunId> gone;
      deleteRun(folder, {id.toStdString()}, &gone);
      purged.insert(purged.end(), gone.begin(), gone.end());
      *done << id;
    } catch (const Error& error) {
      if (ids.size() == 1) throw;
      failure = QString::fromUtf8(error.what());
    }
  }
  QString text = done->size() == 1
                     ? QCoreApplication::translate("RunActs", "Run %1 was moved to the trash").arg(done->front())
                     : QCoreApplication::translate("RunActs", "%1 runs were moved to the trash").arg(done->size());
  text += QCoreApplication::translate("RunActs", ", where it stays for %1 days").arg(kTrashDays);
  if (!failure.isEmpty()) text += QStringLiteral(". ") + failure;
  if (!purged.empty())
    text += QCoreApplication::translate("RunActs", ". %1 runs deleted more than %2 days ago are gone for good")
                .arg(purged.size())
                .arg(kTrashDays);
  if (done->isEmpty()) return {text, {}, {}};
  return {text,
          [folder, done] {
            for (const QString& id : *done) restoreRun(folder, id.toStdString());
          },
          *done};
}

RunAct restoringFromTrash(const std::filesystem::path& folder, const QStringList& ids) {
  for (const QString& id : ids) restoreRun(folder, id.toStdString());
  return {ids.size() == 1 ? QCoreApplication::translate("RunActs", "Run %1 is back").arg(ids.front())
                          : QCoreApplication::translate("RunActs", "%1 runs are back").arg(ids.size()),
          [folder, ids] {
            for (const QString& id : ids) deleteRun(folder, {id.toStdString()});
          },
          {}};
}

RunAct emptyingTrash(const std::filesystem::path& folder) {
  return {
      QCoreApplication::translate("RunActs", "%1 runs were deleted for good").arg(emptyTrash(folder).size()), {}, {}};
}

RunAct reporting(const std::filesystem::path& folder, const QString& id) {
  const RunFacts facts = runFacts(folderOf(folder, id));
  const auto file = facts.folder / "report.html";
  writeDurably(file, runHtml(facts));
  const QString name = QString::fromStdString(file.string());
  QString text = QCoreApplication::translate("RunActs", "The report of run %1 is in %2").arg(id, name);
  if (!facts.missing.empty())
    text += QCoreApplication::translate("RunActs", ". Some of it could not be read; its last section says what");
  return {.text = text, .file = name};
}

RunAct pinning(const std::filesystem::path& folder, const QString& id) {
  const std::string before = pinnedBaseline(folder);
  pinBaseline(folder, id.toStdString());
  return {id.isEmpty() ? QCoreApplication::translate("RunActs", "No run is pinned any more")
                       : QCoreApplication::translate("RunActs", "Run %1 is the baseline now").arg(id),
          [folder, before] { pinBaseline(folder, before); },
          {}};
}

}  // namespace blockyard
