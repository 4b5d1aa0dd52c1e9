#include "locate.hpp"

#include <algorithm>

#include "export/trained_runs.hpp"

namespace blockyard::cli {
namespace {

namespace fs = std::filesystem;

bool isFile(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code) && !fs::is_directory(path, code);
}

bool isFolder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

std::string shown(const fs::path& folder) {
  return folder == "." ? "the current folder" : folder.string();
}

std::string runName(const std::string& given) {
  return given == "latest" ? "last" : given;
}

}  // namespace

std::vector<fs::path> projectsIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".blockyard" && entry.is_regular_file(code)) found.push_back(entry.path());
  }
  if (code) throw Error({.file = folder.string()}, "cannot read the folder: " + code.message());
  std::sort(found.begin(), found.end());
  return found;
}

fs::path projectFile(const std::string& given) {
  const fs::path path = given.empty() ? fs::path(".") : fs::path(given);
  if (isFile(path)) return path;
  if (!isFolder(path)) {
    // The ending may be left out.
    fs::path file = path;
    file += ".blockyard";
    if (isFile(file)) return file;
    throw Error({.file = path.string()}, "there is no such project", "\"blockyard new NAME\" makes one");
  }
  const auto found = projectsIn(path);
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    throw Error({.file = path.string()}, "there is no project (a file NAME.blockyard) in " + shown(path),
                "name one, or make one with \"blockyard new NAME\"");
  }
  std::string names;
  for (const auto& file : found) names += (names.empty() ? "" : ", ") + file.filename().string();
  throw Error({.file = path.string()}, "there are several projects in " + shown(path), "name one of " + names);
}

void checkReplacesNone(const std::string& out, const std::vector<std::string>& inputs) {
  std::error_code code;
  if (out.empty() || out == "-" || !fs::is_regular_file(out, code)) return;
  for (const std::string& input : inputs)
    if (input != "-" && fs::equivalent(out, input, code))
      throwUsage("writing " + out + " would replace what is read from " + input, "write to another file");
}

fs::path projectFolder(const std::string& given) {
  const fs::path path = given.empty() ? fs::path(".") : fs::path(given);
  if (isFolder(path)) return path;
  const fs::path folder = projectFile(given).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

Run openRun(const std::string& name, const std::string& project) {
  const fs::path folder = projectFolder(project);
  if (listRuns(folder).empty()) {
    throw Error({.file = folder.string()}, "there are no runs in " + shown(folder),
                "\"blockyard train\" makes one; --project names another project");
  }
  return Run::open(folder, runName(name));
}

void addProject(CLI::App& app, std::string& project) {
  app.add_option("PROJECT", project,
                 "a file NAME.blockyard, or a folder with one; the current "
                 "folder if not given");
}

void addProjectOption(CLI::App& app, std::string& project) {
  app.add_option("--project", project,
                 "the project that runs are looked for in; the current folder "
                 "if not given")
      ->type_name("PROJECT");
}

void addSettings(CLI::App& app, Changes& changes) {
  app.add_option("--pipeline", changes.pipeline, "which pipeline, if there are several: \"main\" if not given")
      ->type_name("NAME");
  app.add_option("--set", changes.settings,
                 "for this call: block.parameter=value, training.epochs=3, "
                 "variables.width=64; may be repeated")
      ->type_name("A.B=VALUE")
      ->allow_extra_args(false);
  app.add_option("--config", changes.configs,
                 "a JSON file of the same: {\"training\": {\"epochs\": 3}}; "
                 "may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--epochs", changes.epochs, "short for --set training.epochs=N")->type_name("N");
  app.add_option("--device", changes.device, "auto, cpu, cuda or cuda:N")->type_name("NAME");
}

void addChanges(CLI::App& app, Changes& changes) {
  addSettings(app, changes);
  app.add_option("--seed", changes.seed, "short for --set training.seed=N")->type_name("N");
  app.add_option("--threads", changes.threads, "threads of the computation; 0 is one per core")->type_name("N");
}

std::vector<std::string> apply(const Changes& changes, Project& project) {
  const std::string pipeline = pipelineName(project, changes.pipeline);
  std::vector<std::string> record;
  for (const auto& file : changes.configs) {
    applyConfig(project, pipeline, file);
    record.push_back("--config " + file);
  }
  std::vector<std::string> settings;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) settings.push_back(std::string("training.") + name + "=" + value);
  };
  add("epochs", changes.epochs);
  add("seed", changes.seed);
  add("device", changes.device);
  add("threads", changes.threads);
  settings.insert(settings.end(), changes.settings.begin(), changes.settings.end());
  for (const auto& setting : settings) applySet(project, pipeline, setting);
  record.insert(record.end(), settings.begin(), settings.end());
  return record;
}

std::string pipelineName(const Project& project, const std::string& given) {
  const std::string name = given.empty() ? project.defaultPipeline() : given;
  static_cast<void>(project.graph(name));  // throws if there is none
  return name;
}

Trained findTrained(const std::string& given, const std::string& project) {
  const fs::path path(given);
  if (isFile(path) && path.extension() != ".blockyard") return {path, given};
  const bool is_project = !given.empty() && (isFolder(path) || isFile(path));
  const std::string where = is_project ? given : project;
  if (!is_project && path.has_extension() && given.find('/') != std::string::npos) {
    throw Error({.file = given}, "there is no such file");
  }
  const fs::path folder = projectFolder(where);
  if (is_project) {
    if (const auto runs = trainedRuns(folder); !runs.empty())
      return {runs.front().bundle, "run " + runs.front().record.id.text, true};
    throw Error({.file = given}, "this project has not been trained yet", "\"blockyard train " + given + "\" does");
  }
  const Run run = openRun(given, where);
  const fs::path bundle = bundleIn(run.folder());
  if (isFile(bundle)) return {bundle, "run " + run.id().text, true};
  throw Error({}, "run " + run.id().text + " (" + nameOf(run.shownState()) + ") has no trained pipeline",
              "\"blockyard runs resume " + run.id().text + "\" trains it to its end");
}

std::string folderOf(const Trained& trained) {
  return fs::absolute(trained.bundle).parent_path().parent_path().parent_path().string();
}

}  // namespace blockyard::cli
