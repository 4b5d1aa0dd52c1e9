// Study: many trainings that answer one question, in <project>/studies/<name>/: what is asked (study.json), the
// pipeline as it stood when the study began (pipeline.blockyard), so that all trials meet the same one, and the trials
// of a search that learns from its results (trials.jsonl). What came out stands in the runs themselves, whose records
// say which trial they are: no result can be counted twice or lost. Torch-free; calls block on the disk; any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "graph/plan.hpp"
#include "graph/project.hpp"
#include "runs/run.hpp"
#include "study/trial.hpp"

namespace blockyard {

class Study {
 public:
  // Begins a study of the project, which has a file; the settings of the spec have been made in it already. The name is
  // made from what is varied if the spec has none. Throws Error: what is asked makes no sense (checkSpec), or there is
  // another study of that name.
  static Study create(const Project& project, StudySpec spec);
  // Throws Error with the nearest name.
  static Study open(const std::filesystem::path& project_folder, const std::string& name);
  // The names, sorted.
  static std::vector<std::string> list(const std::filesystem::path& project_folder);

  const StudySpec& spec() const { return spec_; }
  const std::string& name() const { return spec_.name; }
  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& projectFolder() const { return project_folder_; }
  const std::string& started() const { return started_; }  // UTC
  // The metric that trials are judged by, and whether more of it is better.
  const std::string& metric() const { return metric_; }
  bool largerIsBetter() const;
  // Epochs that the pipeline asks for.
  int64_t epochs() const { return epochs_; }

  // Those known so far, by number.
  const std::vector<Trial>& trials() const { return trials_; }
  // Writes down the next trial of a search that learns, before anybody trains it. Throws Error.
  void add(const Trial& trial);

  // The trainings of a trial: one for each seed and fold.
  std::vector<StudyPlace> placesOf(const Trial& trial) const;
  // What to train there. Throws Error if the settings cannot be made.
  Plan plan(const StudyPlace& place) const;
  // Its settings in the words of the command line, for the record of the run.
  Texts settings(const StudyPlace& place) const;
  // The project as it stood, with these settings: for the run's snapshot.
  Project project(const StudyPlace& place) const;
  // "trial 12 (hidden.out_features=64), seed 3"
  std::string text(const StudyPlace& place) const;
  // The file that whoever trains there holds locked.
  std::filesystem::path lockFile(const StudyPlace& place) const;

 private:
  Study() = default;
  void readTrials();
  const Trial& trial(int64_t number) const;

  std::filesystem::path folder_{}, project_folder_{};
  StudySpec spec_{};
  std::string started_{}, metric_{};
  int64_t epochs_ = 1;
  Project project_{};
  std::vector<Trial> trials_{};
};

// A name that can be a folder: letters, digits, '-', '_' and '.'. Throws Error (Usage).
void checkStudyName(const std::string& name);

}  // namespace blockyard
