#include "report/mlflow.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "data/table.hpp"
#include "report/markup.hpp"
#include "report/run_facts.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestPart = 200, kLongestParam = 6000, kLongestTag = 8000;

std::string fileUri(const fs::path& path) {
  constexpr std::string_view kPlain = "-_.~/";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = "file://";
  for (const char c : fs::absolute(path).lexically_normal().string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos))
      out += c;
    else
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

// Cut between letters, not within one.
std::string shortened(std::string text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string milliseconds(double seconds) {
  return std::isfinite(seconds) ? std::to_string(std::llround(seconds * 1000)) : "null";
}

// As mlflow.entities.RunStatus counts.
int statusOf(RunState state) {
  switch (state) {
    case RunState::Running:
      return 1;
    case RunState::Done:
      return 3;
    case RunState::Failed:
    case RunState::Diverged:
      return 4;
    case RunState::Stopped:
    case RunState::Interrupted:
      return 5;
  }
  return 4;
}

// The files of one run, each written once.
class RunFolder {
 public:
  explicit RunFolder(fs::path folder) : folder_(std::move(folder)) {
    for (const char* name : {"params", "metrics", "tags", "artifacts"}) makeFolder(folder_ / name);
  }
  const fs::path& path() const { return folder_; }

  void param(const std::string& name, const std::string& value) {
    write("params", name, shortened(value, kLongestParam));
  }
  void tag(const std::string& name, const std::string& value) {
    if (!value.empty()) write("tags", name, shortened(value, kLongestTag));
  }
  // Lines "milliseconds value step".
  void metric(const std::string& name, const std::string& lines) {
    if (!lines.empty()) write("metrics", name, lines);
  }

 private:
  void write(const char* kind, const std::string& name, const std::string& text) {
    std::string key = mlflowKey(name);
    // Two names may have become one, and a name may be the folder of another.
    for (int n = 2; !isFree(kind, key); ++n) key = mlflowKey(name) + "_" + std::to_string(n);
    const fs::path file = folder_ / kind / key;
    makeFolder(file.parent_path());
    GrowingFile(file).write(text);
  }
  bool isFree(const char* kind, const std::string& key) const {
    std::error_code code;
    if (fs::exists(folder_ / kind / key, code)) return false;
    for (fs::path above = fs::path(key).parent_path(); !above.empty(); above = above.parent_path())
      if (fs::is_regular_file(folder_ / kind / above, code)) return false;
    return true;
  }
  fs::path folder_;
};

std::string metricLine(double seconds, double value, int64_t step) {
  const std::string number = std::isnan(value)   ? "nan"
                             : std::isinf(value) ? (value > 0 ? "inf" : "-inf")
                                                 : nlohmann::json(value).dump();
  return milliseconds(seconds) + " " + number + " " + std::to_string(step) + "\n";
}

void writeMetrics(RunFolder& to, const RunFacts& facts) {
  for (const auto& [tag, points] : facts.curves) {
    std::string lines;
    for (const auto& point : points) lines += metricLine(point.wall_time, static_cast<double>(point.value), point.step);
    to.metric(tag, lines);
  }
  double ended = timeFromText(facts.record.ended);
  if (std::isnan(ended)) ended = timeFromText(facts.record.started);
  if (std::isnan(ended)) ended = 0;
  for (const auto& [part, values] : facts.record.results)
    for (const auto& [name, value] : values)
      to.metric("final/" + part + "/" + name, metricLine(ended, value, facts.record.steps));
}

void writeTags(RunFolder& to, const RunFacts& facts) {
  const RunRecord& record = facts.record;
  to.tag("mlflow.runName", record.purpose.empty() ? record.id.text : record.purpose);
  to.tag("mlflow.note.content", facts.notes.text);
  to.tag("mlflow.source.name", "blockyard");
  to.tag("mlflow.source.type", "LOCAL");
  for (const std::string& tag : facts.notes.tags) to.tag("tag." + tag, "true");
  to.tag("blockyard.run", record.id.text);
  to.tag("blockyard.state", nameOf(facts.shown));
  to.tag("blockyard.error", record.error);
  to.tag("blockyard.command", facts.command);
  to.tag("blockyard.data", record.data_fingerprint);
  to.tag("blockyard.settings", record.plan_hash);
  to.tag("blockyard.pipeline", facts.pipeline);
  if (!record.study.study.empty()) {
    to.tag("blockyard.study", record.study.study);
    to.tag("blockyard.trial", std::to_string(record.study.trial));
    to.tag("blockyard.fold", std::to_string(record.study.fold));
  }
  for (const auto& [name, version] : record.versions) to.tag("version." + name, version);
  to.tag("machine.cpu", record.machine.cpu);
  to.tag("machine.gpu", record.machine.gpu);
  to.tag("machine.os", record.machine.os);
}

void copyArtifacts(const RunFolder& to, const RunFacts& facts) {
  for (const std::string& name : facts.record.artifacts) {
    std::error_code code;
    if (name != fs::path(name).filename() || !fs::is_regular_file(facts.folder / name, code)) continue;
    fs::copy_file(facts.folder / name, to.path() / "artifacts" / name, fs::copy_options::overwrite_existing, code);
    if (code) throwFileError(to.path() / "artifacts" / name, "copy", code.value());
  }
}

std::string runMeta(const RunFacts& facts, const std::string& experiment, const fs::path& place) {
  const RunRecord& record = facts.record;
  const std::string id = yamlText(facts.folder.filename().string());
  return "artifact_uri: " + yamlText(fileUri(place / "artifacts")) +
         "\nend_time: " + milliseconds(timeFromText(record.ended)) +
         "\nentry_point_name: ''\nexperiment_id: " + yamlText(experiment) + "\nlifecycle_stage: active\nrun_id: " + id +
         "\nrun_name: " + yamlText(record.purpose.empty() ? record.id.text : record.purpose) + "\nrun_uuid: " + id +
         "\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: " +
         milliseconds(timeFromText(record.started)) + "\nstatus: " + std::to_string(statusOf(facts.shown)) +
         "\ntags: []\nuser_id: ''\n";
}

// Written beside its place and moved there whole.
void writeRun(const RunFacts& facts, const fs::path& experiment, Artifacts artifacts) {
  const std::string id = facts.folder.filename().string();
  const fs::path place = experiment / id, temporary = experiment / (id + ".part");
  std::error_code code;
  fs::remove_all(temporary, code);
  RunFolder to(temporary);
  for (const ReportSettings& settings : facts.settings)
    for (const ReportSetting& setting : settings.settings) to.param(settings.place + "." + setting.name, setting.value);
  writeMetrics(to, facts);
  writeTags(to, facts);
  if (artifacts == Artifacts::Copy) copyArtifacts(to, facts);
  writeDurably(temporary / "meta.yaml", runMeta(facts, experiment.filename().string(), place));
  fs::remove_all(place, code);
  fs::rename(temporary, place, code);
  if (code) throwFileError(place, "write", code.value());
}

// The folder of the experiment that has this name, if the store has one. meta.yaml is YAML of one level.
std::optional<fs::path> experimentNamed(const fs::path& store, const std::string& name) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(store, code)) {
    const fs::path meta = entry.path() / "meta.yaml";
    if (!fs::is_regular_file(meta, code)) continue;
    const std::string text = "\n" + readFile(meta, size_t{1} << 20) + "\n";
    for (const std::string& written : {name, yamlText(name), "'" + name + "'"})
      if (text.find("\nname: " + written + "\n") != std::string::npos) return entry.path();
  }
  return {};
}

fs::path experimentFolder(const fs::path& store, const std::string& name) {
  if (const auto found = experimentNamed(store, name)) return *found;
  // MLflow's own ids are numbers of 18 digits; the same name gives the same one.
  constexpr size_t kDigits = 15;
  const std::string id = std::to_string(std::stoull(sha256Hex(name).substr(0, kDigits), nullptr, 16));
  const fs::path folder = store / id;
  makeFolder(folder);
  const std::string now = milliseconds(secondsNow());
  writeDurably(folder / "meta.yaml", "artifact_location: " + yamlText(fileUri(folder)) + "\ncreation_time: " + now +
                                         "\nexperiment_id: " + yamlText(id) + "\nlast_update_time: " + now +
                                         "\nlifecycle_stage: active\nname: " + yamlText(name) + "\n");
  return folder;
}

std::string experimentName(const std::vector<RunEntry>& runs, const fs::path& project_folder) {
  for (auto run = runs.rbegin(); run != runs.rend(); ++run)
    if (run->record && run->record->plan.is_object())
      if (const auto name = run->record->plan.find("project"); name != run->record->plan.end() && name->is_string())
        if (!name->get<std::string>().empty()) return name->get<std::string>();
  return fs::absolute(project_folder).lexically_normal().filename().string();
}

}  // namespace

std::string mlflowKey(const std::string& name) {
  constexpr std::string_view kAllowed = "_-. :";
  std::string out, part;
  const auto close = [&] {
    if (part.find_first_not_of(". ") == std::string::npos) part = part.empty() ? "" : "_";
    if (part.empty()) return;
    out += (out.empty() ? "" : "/") + part.substr(0, kLongestPart);
    part.clear();
  };
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/')
      close();
    else if ((byte & 0xc0) != 0x80)  // one sign for a letter of several bytes
      part += byte < 0x80 && (std::isalnum(byte) != 0 || kAllowed.find(c) != std::string_view::npos) ? c : '_';
  }
  close();
  return out.empty() ? "_" : out;
}

MlflowWritten writeMlflow(const fs::path& project_folder, const std::vector<RunEntry>& runs, const fs::path& to,
                          Artifacts artifacts) {
  std::error_code code;
  if (fs::exists(to, code) && !fs::is_directory(to, code))
    throw Error({.file = to.string()}, "expected a folder for MLflow's file store, got a file",
                "name a folder; \"mlflow migrate-filestore\" turns it into a database");
  makeFolder(to);
  MlflowWritten out{.experiment = experimentName(runs, project_folder)};
  out.to = experimentFolder(to, out.experiment);
  for (const RunEntry& run : runs) {
    if (!run.record) {
      out.left_out.push_back(run.id.text + ": " + run.damage);
      continue;
    }
    const RunFacts facts = runFacts(project_folder / "runs" / run.id.text);
    for (const std::string& text : facts.missing) out.left_out.push_back(run.id.text + ": " + text);
    writeRun(facts, out.to, artifacts);
    ++out.runs;
  }
  syncFolder(out.to);
  return out;
}

}  // namespace blockyard
