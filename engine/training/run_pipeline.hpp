// The pipeline of a run as it was: from the snapshot that the run keeps, or from its plan if it keeps none.
// Torch-free; blocks on the disk, any thread.
#pragma once
#include <filesystem>
#include <string>

#include "graph/snapshot.hpp"
#include "runs/run.hpp"

namespace blockyard {

constexpr const char* kSnapshotFile = "project.json";

// The text of the snapshot; empty if the run keeps none.
std::string snapshotOfRun(const std::filesystem::path& run_folder);
// Throws Error if the run can say neither.
Snapshot pipelineOfRun(const std::filesystem::path& run_folder, const RunRecord& record);

}  // namespace blockyard
