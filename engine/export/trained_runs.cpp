#include "export/trained_runs.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"

namespace blockyard {

namespace fs = std::filesystem;

fs::path bundleIn(const fs::path& run_folder) {
  return run_folder / "bundle.safetensors";
}

std::vector<TrainedRun> trainedRuns(const fs::path& project_folder) {
  std::vector<TrainedRun> out;
  std::error_code code;
  if (!fs::is_directory(project_folder, code)) return out;
  for (const auto& entry : listRuns(project_folder)) {
    const fs::path bundle = bundleIn(project_folder / "runs" / entry.id.text);
    if (entry.record && fs::is_regular_file(bundle, code)) out.push_back({*entry.record, bundle});
  }
  std::reverse(out.begin(), out.end());
  // Those of studies come in dozens: behind what a person has trained.
  std::stable_partition(out.begin(), out.end(), [](const TrainedRun& run) { return run.record.study.study.empty(); });
  return out;
}

const std::vector<ExportFormat>& exportFormats() {
  static const std::vector<ExportFormat> kFormats = {
      {"bundle", "Bundle", ".safetensors", "preprocessing, model and postprocessing in one safetensors file", {}}};
  return kFormats;
}

int64_t exportTrained(const fs::path& bundle, const fs::path& file, const std::string& format, Existing existing) {
  const auto& formats = exportFormats();
  const auto found = std::find_if(formats.begin(), formats.end(), [&](const auto& one) { return one.name == format; });
  std::string names;
  for (const auto& one : formats)
    if (one.missing.empty()) names += (names.empty() ? "" : ", ") + one.name;
  if (found == formats.end())
    throw Error({}, "unknown format \"" + format + "\"", "this version writes " + names, Fault::Usage);
  if (!found->missing.empty())
    throw Error({}, "cannot write " + format + ": " + found->missing, "this version writes " + names, Fault::Usage);
  const std::string ending = file.extension().string();
  for (const char* other : {".onnx", ".pt", ".pth", ".pkl", ".h5", ".keras", ".mlmodel"})
    if (ending == other && ending != found->ending)
      throw Error({}, "FILE: this version writes bundles, not " + ending, "name it NAME" + found->ending, Fault::Usage);
  if (existing == Existing::Keep && fs::exists(file))
    throw Error({.file = file.string()}, "there is a file of this name", "choose another name, or replace it");
  SafetensorsFile(bundle).verify();
  const MappedFile content(bundle);
  writeDurably(file, content.bytes());
  return static_cast<int64_t>(content.bytes().size());
}

}  // namespace blockyard
