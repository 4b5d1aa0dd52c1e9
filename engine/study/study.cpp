#include "study/study.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.hpp"
#include "base/json.hpp"
#include "graph/check.hpp"
#include "graph/metric_names.hpp"
#include "graph/snapshot.hpp"
#include "runs/lock.hpp"
#include "runs/machine.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const char* const kSpecFile = "study.json";
const char* const kPipelineFile = "pipeline.blockyard";
const char* const kTrialsFile = "trials.jsonl";

fs::path studiesFolder(const fs::path& project_folder) {
  return project_folder / "studies";
}

// "grid-out_features-learning_rate", with a number if that is taken.
std::string freeName(const fs::path& project_folder, const StudySpec& spec) {
  std::string base = nameOf(spec.search);
  for (const Axis& axis : spec.axes) {
    if (spec.search == Search::Ablation || base.size() > 40) break;
    base += "-" + axis.name.substr(axis.name.rfind('.') + 1);
  }
  for (char& c : base)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
  const auto taken = Study::list(project_folder);
  std::string name = base;
  for (int i = 2; std::binary_search(taken.begin(), taken.end(), name); ++i) name = base + "-" + std::to_string(i);
  return name;
}

Trial trialFrom(const JsonPlace& place) {
  Trial out{.number = place["trial"].integer()};
  for (const auto& value : place["values"].items()) out.values.push_back(value.number());
  return out;
}

}  // namespace

void checkStudyName(const std::string& name) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  };
  if (name.empty() || name.front() == '.' || name.size() > 100 || !std::all_of(name.begin(), name.end(), fits))
    throw Error({}, "\"" + name + "\" cannot be the name of a study", "use letters, digits, '-', '_' and '.'",
                Fault::Usage);
}

Study Study::create(const Project& project, StudySpec spec) {
  if (project.file.empty()) throw Error({}, "the project is not saved yet", "save it: studies are kept in its folder");
  const fs::path project_folder = project.folder();
  requirePurpose(project, spec.purpose);
  if (spec.pipeline.empty()) spec.pipeline = project.defaultPipeline();
  checkSpec(spec, project);
  if (spec.name.empty()) spec.name = freeName(project_folder, spec);
  checkStudyName(spec.name);
  const fs::path folder = studiesFolder(project_folder) / spec.name;
  makeFolder(folder / "locks");
  const FolderLock lock(folder);
  const Json json{{"started", utcText(secondsNow())}, {"asked", toJson(spec)}};
  if (fs::exists(folder / kSpecFile))
    throw Error({.file = folder.string()}, "there is a study of this name already",
                "go on with it by \"blockyard study resume " + spec.name + "\", or choose another --name");
  writeDurably(folder / kPipelineFile, snapshotText(project, spec.pipeline));
  writeDurably(folder / kSpecFile, dumpJson(json));  // last: a study is one that has this file
  syncFolder(studiesFolder(project_folder));
  return open(project_folder, spec.name);
}

Study Study::open(const fs::path& project_folder, const std::string& name) {
  Study out;
  out.project_folder_ = project_folder;
  out.folder_ = studiesFolder(project_folder) / name;
  const fs::path file = out.folder_ / kSpecFile;
  if (name.empty() || !fs::exists(file)) {
    const auto names = list(project_folder);
    const std::string near = nearestName(name, names);
    throw Error({.file = project_folder.string()}, "there is no study \"" + name + "\"",
                names.empty() ? "begin one by \"blockyard study run\""
                              : (near.empty() ? "the last one is " + names.back() : "did you mean " + near + "?"));
  }
  const Json json = readJson(file);
  const JsonPlace place(json, file.string());
  out.started_ = place.text("started", "");
  out.spec_ = specFromJson(place["asked"].json(), file.string());
  // The project's own folder: relative paths and ${project} stay what they were.
  out.project_ = projectFromText(readFile(out.folder_ / kPipelineFile), project_folder / kPipelineFile);
  out.metric_ = metricOf(out.spec_, out.project_);
  const Values training = check(out.project_, out.spec_.pipeline, Peek::No).training;
  if (training.has("epochs")) out.epochs_ = training.integer("epochs");
  out.readTrials();
  return out;
}

std::vector<std::string> Study::list(const fs::path& project_folder) {
  std::vector<std::string> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(studiesFolder(project_folder), code))
    if (fs::exists(entry.path() / kSpecFile)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

bool Study::largerIsBetter() const {
  return blockyard::largerIsBetter(metric_);
}

void Study::readTrials() {
  trials_ = fixedTrials(spec_);
  if (spec_.search != Search::Tpe) return;
  const fs::path file = folder_ / kTrialsFile;
  if (!fs::exists(file)) return;
  const std::string text = readFile(file);
  for (size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    // A last line without its end was never trained: a trial is written down before that.
    const Json json = parseJson(text.substr(at, end - at), file.string());
    Trial trial = trialFrom(JsonPlace(json, file.string()));
    if (trial.number == static_cast<int64_t>(trials_.size()) && trial.values.size() == spec_.axes.size())
      trials_.push_back(std::move(trial));
  }
}

void Study::add(const Trial& trial) {
  const FolderLock lock(folder_);
  const fs::path file = folder_ / kTrialsFile;
  std::string text;
  for (const Trial& known : trials_) text += Json{{"trial", known.number}, {"values", known.values}}.dump() + "\n";
  text += Json{{"trial", trial.number}, {"values", trial.values}}.dump() + "\n";
  writeDurably(file, text);
  trials_.push_back(trial);
}

std::vector<StudyPlace> Study::placesOf(const Trial& trial) const {
  std::vector<StudyPlace> out;
  for (const int64_t seed : spec_.seeds)
    for (int64_t fold = 0; fold < std::max<int64_t>(1, spec_.folds); ++fold)
      out.push_back({name(), trial.number, seed, fold});
  return out;
}

const Trial& Study::trial(int64_t number) const {
  if (number < 0 || number >= static_cast<int64_t>(trials_.size()))
    throw Error({.file = folder_.string()}, "the study has no trial " + std::to_string(number));
  return trials_[static_cast<size_t>(number)];
}

Texts Study::settings(const StudyPlace& place) const {
  Texts out = spec_.settings;
  const Texts own = settingsOf(spec_, trial(place.trial));
  out.insert(out.end(), own.begin(), own.end());
  out.push_back("training.seed=" + std::to_string(place.seed));
  if (spec_.folds > 0) {
    out.push_back("training.folds=" + std::to_string(spec_.folds));
    out.push_back("training.fold=" + std::to_string(place.fold));
  }
  return out;
}

Project Study::project(const StudyPlace& place) const {
  Project out = project_;
  const Texts settings = this->settings(place);
  // Those of the spec are in the pipeline already.
  for (size_t i = spec_.settings.size(); i < settings.size(); ++i) applySet(out, spec_.pipeline, settings[i]);
  return out;
}

Plan Study::plan(const StudyPlace& place) const {
  Plan out = makePlan(project(place), spec_.pipeline);
  out.folder = fs::absolute(project_folder_).lexically_normal().string();
  return out;
}

std::string Study::text(const StudyPlace& place) const {
  std::string out = "trial " + std::to_string(place.trial) + " (" + textOf(spec_, trial(place.trial)) + ")";
  if (spec_.seeds.size() > 1) out += ", seed " + std::to_string(place.seed);
  if (spec_.folds > 0) out += ", fold " + std::to_string(place.fold);
  return out;
}

fs::path Study::lockFile(const StudyPlace& place) const {
  return folder_ / "locks" /
         (std::to_string(place.trial) + "-" + std::to_string(place.seed) + "-" + std::to_string(place.fold));
}

}  // namespace blockyard
