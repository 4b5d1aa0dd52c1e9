// Where trained pipelines lie: each run of a project that was trained to an end keeps its bundle in its folder. Also
// how one is taken away as a file. Torch-free, stateless; calls block.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
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

// A kind of file, or of folder, that a trained pipeline can be taken away as.
struct ExportFormat {
  std::string name{};    // "bundle", as on the command line
  std::string title{};   // for people
  std::string ending{};  // ".safetensors"; of folders none
  std::string doc{};
  std::string missing{};  // why this build cannot write it; empty if it can
  std::string marker{};   // folders: the file by which one is known
  bool proof = false;     // holds test rows with their answers, unless they are left out

  bool folder() const { return !marker.empty(); }
};
constexpr const char* kEightBitFormat = "onnx-int8";
const std::vector<ExportFormat>& exportFormats();
// The first format whose files end so, the bundle for any other ending.
const ExportFormat& formatOfFile(const std::filesystem::path& file);

// Whether the pipeline of a bundle can be written in a format.
struct Readiness {
  ExportFormat format{};
  std::optional<Error> refused{};  // the first block that can't, why, and what to do
};
// One entry for each format. Tries them all, in memory. Throws Error if the bundle cannot be read.
std::vector<Readiness> exportReadiness(const std::filesystem::path& bundle);

// Whether a file that is there may be replaced.
enum class Existing { Keep, Replace };
// Whether the rows with their answers (export/certificate.hpp) go along in a bundle: they are data.
enum class Proof { Keep, LeaveOut };
// Writes the pipeline of the bundle at `bundle` to `file`, a file or folder, durably: at any moment there is the old
// one or the whole new one. Returns its bytes. `format` may be empty: then the file's ending tells it. Throws Error
// (Usage) for a format that is unknown or missing, or a name with the ending of another format; Error if the bundle is
// damaged, if it does not answer its rows as it did when it was trained, if a block can't be written in the format, if
// the file is there and is to be kept, or if there is a folder that holds something else.
int64_t exportTrained(const std::filesystem::path& bundle, const std::filesystem::path& file, const std::string& format,
                      Existing existing, Proof proof = Proof::Keep);

}  // namespace blockyard
