// Runs in the layout of MLflow's file store, so that `mlflow ui --backend-store-uri FOLDER` shows them; no Python is
// needed to write it. FOLDER/<experiment>/<run>/ holds meta.yaml and one file per parameter, metric and tag. What is
// trained goes over as it stands: settings as parameters, curves as the history of metrics, scores at the end as
// "final/test/accuracy", files of the run as artifacts. Blocks on the disk, any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "runs/run.hpp"

namespace blockyard {

enum class Artifacts { Copy, LeaveOut };

struct MlflowWritten {
  int64_t runs = 0;
  std::string experiment{};    // its name
  std::filesystem::path to{};  // its folder
  Texts left_out{};            // "RUN: why"
};

// Adds the runs of a project as the experiment of that name; one that is there already gets them too, and a run that is
// there is replaced. Throws Error.
MlflowWritten writeMlflow(const std::filesystem::path& project_folder, const std::vector<RunEntry>& runs,
                          const std::filesystem::path& to, Artifacts artifacts);

// A name as MLflow takes it for parameters, metrics and tags - letters of ASCII, digits, "_-. :" and "/" between parts
// - and as a path that stays where it is put.
std::string mlflowKey(const std::string& name);

}  // namespace blockyard
