#include "runs/trash.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

fs::path trashFolder(const fs::path& project_folder) {
  return runsFolder(project_folder) / ".trash";
}

// With one rename: whoever looks meanwhile sees the run in one place or the other.
void moveRun(const fs::path& from, const fs::path& to, const std::string& doing) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) throwFileError(from, doing, code.value());
  syncFolder(from.parent_path());
  syncFolder(to.parent_path());
}

void deleteForGood(const fs::path& folder) {
  // Out of the list in one step first, so that a crash leaves no half of a run in it.
  const fs::path doomed = folder.parent_path() / (".doomed-" + folder.filename().string());
  std::error_code code;
  fs::remove_all(doomed, code);
  fs::rename(folder, doomed, code);
  if (code) throwFileError(folder, "delete", code.value());
  fs::remove_all(doomed, code);
  if (code) throwFileError(folder, "delete", code.value());
}

}  // namespace

void deleteRun(const fs::path& project_folder, const RunId& id, std::vector<RunId>* purged) {
  const fs::path folder = runsFolder(project_folder) / id.text;
  std::error_code code;
  const bool plain = !id.text.empty() && id.text.front() != '.' && id.text.find('/') == std::string::npos;
  if (!plain || !fs::is_directory(folder, code))
    throw Error({.file = runsFolder(project_folder).string()}, "there is no run \"" + id.text + "\"");
  const RunEntry entry = readRun(folder);
  if (entry.record && entry.shown == RunState::Running) throw stillRunning(folder, *entry.record);
  makeFolder(trashFolder(project_folder));
  try {
    changeNotes(folder, [](RunNotes& notes) { notes.deleted = utcText(secondsNow()); });
  } catch (const Error&) {  // damaged notes: the run then waits in the trash until that is emptied
  }
  moveRun(folder, trashFolder(project_folder) / id.text, "move to the trash");
  const auto gone = emptyTrash(project_folder, kTrashDays);
  if (purged != nullptr) *purged = gone;
}

RunId restoreRun(const fs::path& project_folder, const std::string& name) {
  const auto trash = listTrash(project_folder);
  const std::string place = trashFolder(project_folder).string();
  if (trash.empty()) throw Error({.file = place}, "there is no run in the trash");
  std::vector<std::string> found;
  for (const auto& entry : trash)
    if (entry.id.text == name || (!name.empty() && entry.id.text.starts_with(name))) found.push_back(entry.id.text);
  if (name == "last" || name == "latest") found = {trash.back().id.text};
  if (found.empty())
    throw Error({.file = place}, "there is no run \"" + name + "\" in the trash",
                "the one deleted last is " + trash.back().id.text);
  if (found.size() > 1)
    throw Error({.file = place}, std::to_string(found.size()) + " runs in the trash begin with \"" + name + "\"",
                "one of them is " + found.back());
  const fs::path back = runsFolder(project_folder) / found.front();
  moveRun(trashFolder(project_folder) / found.front(), back, "bring back");
  try {
    changeNotes(back, [](RunNotes& notes) { notes.deleted.clear(); });
  } catch (const Error&) {  // damaged notes are shown with the run
  }
  return {found.front()};
}

std::vector<RunEntry> listTrash(const fs::path& project_folder) {
  std::vector<RunEntry> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(trashFolder(project_folder), code)) {
    std::error_code ignored;
    if (entry.path().filename().string().front() != '.' && entry.is_directory(ignored))
      out.push_back(readRun(entry.path()));
  }
  std::sort(out.begin(), out.end(), [](const RunEntry& a, const RunEntry& b) {
    return std::tie(a.notes.deleted, a.id) < std::tie(b.notes.deleted, b.id);
  });
  return out;
}

std::vector<RunId> emptyTrash(const fs::path& project_folder, int days) {
  constexpr double kDay = 24 * 60 * 60;
  const std::string limit = utcText(secondsNow() - days * kDay);
  std::vector<RunId> gone;
  for (const auto& entry : listTrash(project_folder)) {
    if (days > 0 && (entry.notes.deleted.empty() || entry.notes.deleted >= limit)) continue;
    deleteForGood(trashFolder(project_folder) / entry.id.text);
    gone.push_back(entry.id);
  }
  return gone;
}

}  // namespace blockyard
