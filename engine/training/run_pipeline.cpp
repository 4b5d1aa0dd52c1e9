#include "training/run_pipeline.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "graph/plan.hpp"

namespace blockyard {

std::string snapshotOfRun(const std::filesystem::path& run_folder) {
  std::error_code code;
  const auto file = run_folder / kSnapshotFile;
  return std::filesystem::exists(file, code) ? readFile(file) : std::string();
}

Snapshot pipelineOfRun(const std::filesystem::path& run_folder, const RunRecord& record) {
  if (const std::string text = snapshotOfRun(run_folder); !text.empty())
    return snapshotFromText(text, (run_folder / kSnapshotFile).string());
  if (record.plan.is_null())
    throw Error({.file = run_folder.string()}, "this run does not say which pipeline it trained");
  return snapshotOfPlan(planFromJson(record.plan));
}

}  // namespace blockyard
