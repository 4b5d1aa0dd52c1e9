// What the words on a command line stand for: a project, a run, a trained
// pipeline.
#pragma once
#include <filesystem>
#include <string>

#include "command.hpp"
#include "graph/project.hpp"
#include "runs/run.hpp"

namespace blockyard::cli {

// The .blockyard files in a folder, sorted. Throws Error.
std::vector<std::filesystem::path> projectsIn(const std::filesystem::path& folder);
// The .blockyard file that is meant: the file itself, or the only one in a
// folder. Throws Error.
std::filesystem::path projectFile(const std::string& given);
// The folder that holds the project and its runs; it need not hold a project
// file any more.
std::filesystem::path projectFolder(const std::string& given);
// A run of the project by its id, the beginning of one, "latest" or "last".
// Throws Error.
Run openRun(const std::string& name, const std::string& project);

// Throws Error (Usage) if writing `out` would replace one of the files that are read. Empty and "-" replace nothing.
void checkReplacesNone(const std::string& out, const std::vector<std::string>& inputs);

// Options that many verbs take.
void addProject(CLI::App& app,
                std::string& project);                       // PROJECT, the current folder if not given
void addProjectOption(CLI::App& app, std::string& project);  // --project

// Changes to a project for this call: --set and --config, and short forms of
// training settings.
struct Changes {
  std::string pipeline{};
  std::vector<std::string> settings{};  // "conv1.channels=64"
  std::vector<std::string> configs{};
  std::string seed{}, device{}, threads{}, epochs{};
};
void addChanges(CLI::App& app, Changes& changes);
// The same without --seed and --threads.
void addSettings(CLI::App& app, Changes& changes);
// Applies them in the order: config files, short forms, --set. Returns all as
// settings, for the record.
std::vector<std::string> apply(const Changes& changes, Project& project);
// The name of the pipeline meant. Throws Error with the nearest name if there
// is none so called.
std::string pipelineName(const Project& project, const std::string& given);

// The trained pipeline that is meant: a bundle file, a run, or the latest run
// of a project that has one.
struct Trained {
  std::filesystem::path bundle{};
  std::string name{};   // what to call it in messages: "run 20261121-...", or the file
  bool in_run = false;  // it lies in a run of a project
};
Trained findTrained(const std::string& given, const std::string& project);
// The folder of the project that a run's bundle lies in: <project>/runs/<id>/bundle.safetensors.
std::string folderOf(const Trained& trained);

}  // namespace blockyard::cli
