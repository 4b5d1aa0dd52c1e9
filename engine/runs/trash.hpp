// The trash of a project: <project>/runs/.trash, where deleted runs wait for thirty days in case they are wanted back.
// A run goes in and out with one rename, so that a crash leaves no half of it anywhere. Calls block; any thread.
#pragma once
#include <filesystem>
#include <vector>

#include "runs/run.hpp"

namespace blockyard {

constexpr int kTrashDays = 30;

// Throws Error if there is no such run, or if it is running. What has been in the trash for more than kTrashDays is
// deleted for good by the way; `purged` (may be null) gets those ids.
void deleteRun(const std::filesystem::path& project_folder, const RunId& id, std::vector<RunId>* purged = nullptr);
// Throws Error if the trash has no such run; `name` is an id or its beginning if only one begins so, or "last": the one
// that was deleted last. Returns its id.
RunId restoreRun(const std::filesystem::path& project_folder, const std::string& name);
// By the time of their deletion, the latest last. RunNotes::deleted tells it.
std::vector<RunEntry> listTrash(const std::filesystem::path& project_folder);
// Deletes for good what was deleted more than `days` ago; 0: all. Returns what is gone. Throws Error.
std::vector<RunId> emptyTrash(const std::filesystem::path& project_folder, int days = 0);

}  // namespace blockyard
