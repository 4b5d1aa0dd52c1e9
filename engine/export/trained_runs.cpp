#include "export/trained_runs.hpp"

#include <algorithm>

#include "base/durable_folder.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"
#include "export/bundle.hpp"
#include "export/certificate.hpp"
#include "export/hub_folder.hpp"
#include "export/mlflow_folder.hpp"
#include "export/onnx/write_onnx.hpp"
#include "export/torchscript/write_torchscript.hpp"

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

namespace {

std::string bundleBytes(const fs::path& bundle) {
  Bundle trained(bundle);
  trained.settle();
  if (trained.certificate().rows.rows() > 0) requireSame(replay(trained, trained.certificate()), bundle.string());
  const MappedFile content(bundle);
  return std::string(content.bytes());
}

// What is written: the files of a folder, or under no name the one file.
FolderFiles bundleFile(const fs::path& bundle) {
  return {{"", bundleBytes(bundle)}};
}

FolderFiles onnxFile(const fs::path& bundle) {
  Bundle trained(bundle.string());
  return {{"", onnxOf(trained).bytes}};
}

FolderFiles eightBitFile(const fs::path& bundle) {
  Bundle trained(bundle.string());
  return {{"", onnxOf(trained, Weights::EightBits).bytes}};
}

FolderFiles torchScriptFile(const fs::path& bundle) {
  Bundle trained(bundle.string());
  return {{"", torchScriptOf(trained).bytes}};
}

// What is made to be published holds no row of the data.
FolderFiles hubFiles(const fs::path& bundle) {
  const std::string bytes = bundleBytes(bundle);
  return hubFolder(bundle, withoutCertificate(SafetensorsFile(bytes, bundle.string())));
}

// A format, and what makes its files of a bundle; that one throws Error if a block can't be written.
struct FormatWriter {
  ExportFormat format{};
  FolderFiles (*files)(const fs::path& bundle) = nullptr;
};

const std::vector<FormatWriter>& writers() {
  static const std::vector<FormatWriter> kWriters = {
      {{.name = "bundle",
        .title = "Bundle",
        .ending = ".safetensors",
        .doc = "preprocessing, model and postprocessing in one safetensors file",
        .proof = true},
       bundleFile},
      {{.name = "onnx",
        .title = "ONNX",
        .ending = ".onnx",
        .doc = "preprocessing, model and postprocessing for ONNX Runtime and others"},
       onnxFile},
      {{.name = kEightBitFormat,
        .title = "ONNX with weights in 8 bits",
        .ending = ".onnx",
        .doc = "a quarter of the size, answers rounded; blockyard export --int8 measures what that costs"},
       eightBitFile},
      {{.name = "torchscript",
        .title = "TorchScript",
        .ending = ".pt",
        .doc = "preprocessing, model and postprocessing for PyTorch (torch.jit.load)"},
       torchScriptFile},
      {{.name = "hub",
        .title = "Folder for a model hub",
        .doc = "a folder: the bundle with its model card, its inputs and outputs, and what each block does",
        .marker = "config.json"},
       hubFiles},
      {{.name = "mlflow",
        .title = "MLflow model",
        .doc = "a folder: the ONNX model as mlflow.pyfunc and \"mlflow models serve\" take it",
        .marker = "MLmodel"},
       mlflowFolder}};
  return kWriters;
}

const FormatWriter& writerNamed(const std::string& format) {
  const auto& all = writers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.format.name == format; });
  std::string names;
  for (const auto& one : all)
    if (one.format.missing.empty()) names += (names.empty() ? "" : ", ") + one.format.name;
  if (found == all.end())
    throw Error({}, "unknown format \"" + format + "\"", "this version writes " + names, Fault::Usage);
  if (!found->format.missing.empty())
    throw Error({}, "cannot write " + format + ": " + found->format.missing, "this version writes " + names,
                Fault::Usage);
  return *found;
}

// A name that says another format than what is in the file would only confuse.
void requireEnding(const fs::path& file, const ExportFormat& format) {
  const std::string ending = file.extension().string();
  if (ending == format.ending) return;
  std::vector<std::string> others{".pth", ".pkl", ".h5", ".keras", ".mlmodel"};
  for (const auto& one : exportFormats()) others.push_back(one.ending);
  if (std::find(others.begin(), others.end(), ending) != others.end())
    throw Error({}, "FILE: a file of format " + format.name + " can't end in " + ending, "name it NAME" + format.ending,
                Fault::Usage);
}

// Nothing is replaced that such an export has not written.
void requireReplaceable(const fs::path& folder, const ExportFormat& format) {
  std::error_code none;
  const bool own = fs::is_directory(folder, none) && (fs::is_empty(folder, none) || fs::exists(folder / format.marker));
  if (fs::exists(folder, none) && !own)
    throw Error({.file = folder.string()}, "expected a new name or a folder of this format, got something else",
                "choose another name");
}

}  // namespace

const std::vector<ExportFormat>& exportFormats() {
  static const std::vector<ExportFormat> kFormats = [] {
    std::vector<ExportFormat> out;
    for (const auto& writer : writers()) out.push_back(writer.format);
    return out;
  }();
  return kFormats;
}

const ExportFormat& formatOfFile(const fs::path& file) {
  for (const auto& format : exportFormats())
    if (!format.folder() && file.extension() == format.ending) return format;
  return exportFormats().front();
}

std::vector<Readiness> exportReadiness(const fs::path& bundle) {
  const Bundle readable(bundle.string());
  std::vector<Readiness> out;
  for (const auto& writer : writers()) {
    Readiness& one = out.emplace_back(Readiness{writer.format, {}});
    try {
      if (!one.format.missing.empty()) throw Error({}, one.format.missing);
      writer.files(bundle);
    } catch (const Error& error) {
      one.refused = error;
    }
  }
  return out;
}

int64_t exportTrained(const fs::path& bundle, const fs::path& file, const std::string& format, Existing existing,
                      Proof proof) {
  const FormatWriter& writer = writerNamed(format.empty() ? formatOfFile(file).name : format);
  requireEnding(file, writer.format);
  if (existing == Existing::Keep && fs::exists(file))
    throw Error({.file = file.string()}, "there is a file of this name", "choose another name, or replace it");
  if (writer.format.folder()) requireReplaceable(file, writer.format);
  FolderFiles files = writer.files(bundle);
  if (proof == Proof::LeaveOut && writer.format.proof) {
    std::string& bytes = files.at("");
    bytes = withoutCertificate(SafetensorsFile(bytes, bundle.string()));
  }
  if (writer.format.folder())
    writeFolderDurably(file, files);
  else
    writeDurably(file, files.at(""));
  size_t bytes = 0;
  for (const auto& [name, content] : files) bytes += content.size();
  return static_cast<int64_t>(bytes);
}

}  // namespace blockyard
