// What "blockyard study" shows: a line while a study goes on, its results, the list of studies.
#pragma once
#include <filesystem>
#include <string>

#include "command.hpp"
#include "study/results.hpp"
#include "study/runner.hpp"

namespace blockyard::cli {

// One line that is drawn over while trainings come and go; with --json one object per event.
class StudyProgressLine {
 public:
  StudyProgressLine(const Study& study, const Context& context) : study_(study), context_(context) {}
  void begin(const StudyRunner& runner);
  void show(const StudyEvent& event, const StudyProgress& progress);
  void tick();
  void clear();

 private:
  const Study& study_;
  const Context& context_;
  std::string best_{};
  double started_ = 0, drawn_ = 0;
  int64_t before_ = 0, done_ = 0, failed_ = 0, running_ = 0, all_ = 0;
  bool shown_ = false;
};

// The leader board with at most `limit` trials (0: all), effects, importance, failures, warnings.
void printStudy(const Study& study, const StudyResults& results, int64_t limit, const Context& context);
void printStudies(const std::filesystem::path& project_folder, const Context& context);
// Every training as a row: trial, its settings, seed, fold, run, state, score. Throws Error.
void writeStudyTable(const Study& study, const StudyResults& results, const std::string& file);

}  // namespace blockyard::cli
