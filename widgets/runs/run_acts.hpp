// What can be done with runs on the disk, each with the way back. Torch-free; blocks on the disk, any thread.
#pragma once
#include <QtCore/QStringList>
#include <filesystem>
#include <functional>

#include "runs/notes.hpp"

namespace blockyard {

struct RunAct {
  QString text{};                // what has been done, as a sentence
  std::function<void()> undo{};  // throws Error; empty if there is no way back
  QStringList runs{};            // that undo brings back into sight
  QString file{};                // to be opened when it is done
};

// All throw Error; then those before the one that failed have been done.
RunAct changingNotes(const std::filesystem::path& folder, const QStringList& ids, const QString& text,
                     const std::function<void(RunNotes&)>& change);
RunAct archiving(const std::filesystem::path& folder, const QStringList& ids, bool archived);
RunAct deleting(const std::filesystem::path& folder, const QStringList& ids);
RunAct restoringFromTrash(const std::filesystem::path& folder, const QStringList& ids);
RunAct emptyingTrash(const std::filesystem::path& folder);
// Writes the page about a run into its folder, as report.html.
RunAct reporting(const std::filesystem::path& folder, const QString& id);
// An empty id unpins.
RunAct pinning(const std::filesystem::path& folder, const QString& id);

}  // namespace blockyard
