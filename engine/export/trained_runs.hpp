// Where trained pipelines lie: each run of a project that was trained to an end keeps its bundle in its folder. Also
// how one is taken away as a file. Torch-free, stateless; calls block.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "runs/run.hpp"

namespace blockyard {

// The trained pipeline of a run, whether or not it is there.
std::filesystem::path bundleIn(const std::filesystem::path& run_folder);

struct TrainedRun {
  RunRecord record{};
  std::filesystem::path bundle{};
};
// The runs of a project that have a trained pipeline, the latest first, those of studies last. None without folder.
std::vector<TrainedRun> trainedRuns(const std::filesystem::path& project_folder);

// A kind of file that a trained pipeline can be taken away as.
struct ExportFormat {
  std::string name{};    // "bundle", as on the command line
  std::string title{};   // for people
  std::string ending{};  // ".safetensors"
  std::string doc{};
  std::string missing{};  // why this build cannot write it; empty if it can
};
const std::vector<ExportFormat>& exportFormats();

// Whether a file that is there may be replaced.
enum class Existing { Keep, Replace };
// Writes the bundle at `bundle` to `file` durably: at any moment there is the old file or the whole new one. Returns
// its bytes. Throws Error (Usage) for a format that is unknown or missing, or a file name with the ending of another
// format; Error if the bundle is damaged, or if the file is there and is to be kept.
int64_t exportTrained(const std::filesystem::path& bundle, const std::filesystem::path& file, const std::string& format,
                      Existing existing);

}  // namespace blockyard
