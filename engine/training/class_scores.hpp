// The scores of a run class by class, as if each class were a metric: whatever puts metrics of runs side by side does
// the same for classes. Torch-free; reading blocks on the disk, any thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "runs/run.hpp"
#include "training/metrics.hpp"

namespace blockyard {

// "f1", "precision", "recall", "roc_auc", "pr_auc".
const Texts& classScoreNames();
// By the name of the class; "head2.Adelie" from the second head on. What a part cannot give is left out.
MetricValues classScores(const Metrics& metrics, const std::string& score);

// What the run has written about a part ("test"); nothing if it has not. Throws Error for a damaged file.
std::optional<Metrics> metricsOfRun(const std::filesystem::path& run_folder, const std::string& part);
// The record with classScores in the place of its results. Throws Error, also (Usage) if there is no such score.
RunRecord withClassScores(RunRecord record, const std::filesystem::path& run_folder, const std::string& score);

}  // namespace blockyard
