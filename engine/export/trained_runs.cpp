#include "export/trained_runs.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"
#include "export/bundle.hpp"
#include "export/certificate.hpp"
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

std::string onnxBytes(const fs::path& bundle) {
  Bundle trained(bundle);
  return onnxOf(trained).bytes;
}

std::string torchScriptBytes(const fs::path& bundle) {
  Bundle trained(bundle);
  return torchScriptOf(trained).bytes;
}

// A format, and what gives the bytes of a file for a bundle; that one throws Error if a block can't be written.
struct Writer {
  ExportFormat format{};
  std::string (*bytes)(const fs::path& bundle) = nullptr;
};

const std::vector<Writer>& writers() {
  static const std::vector<Writer> kWriters = {
      {{"bundle", "Bundle", ".safetensors", "preprocessing, model and postprocessing in one safetensors file", {}},
       bundleBytes},
      {{"onnx", "ONNX", ".onnx", "preprocessing, model and postprocessing for ONNX Runtime and others", {}}, onnxBytes},
      {{"torchscript",
        "TorchScript",
        ".pt",
        "preprocessing, model and postprocessing for PyTorch (torch.jit.load)",
        {}},
       torchScriptBytes}};
  return kWriters;
}

const Writer& writerNamed(const std::string& format) {
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
    if (file.extension() == format.ending) return format;
  return exportFormats().front();
}

std::vector<Readiness> exportReadiness(const fs::path& bundle) {
  const Bundle readable(bundle.string());
  std::vector<Readiness> out;
  for (const auto& writer : writers()) {
    Readiness& one = out.emplace_back(Readiness{writer.format, {}});
    try {
      if (!one.format.missing.empty()) throw Error({}, one.format.missing);
      writer.bytes(bundle);
    } catch (const Error& error) {
      one.refused = error;
    }
  }
  return out;
}

int64_t exportTrained(const fs::path& bundle, const fs::path& file, const std::string& format, Existing existing,
                      Proof proof) {
  const Writer& writer = writerNamed(format.empty() ? formatOfFile(file).name : format);
  requireEnding(file, writer.format);
  if (existing == Existing::Keep && fs::exists(file))
    throw Error({.file = file.string()}, "there is a file of this name", "choose another name, or replace it");
  std::string bytes = writer.bytes(bundle);
  if (proof == Proof::LeaveOut && writer.bytes == bundleBytes)
    bytes = withoutCertificate(SafetensorsFile(bytes, bundle.string()));
  writeDurably(file, bytes);
  return static_cast<int64_t>(bytes.size());
}

}  // namespace blockyard
