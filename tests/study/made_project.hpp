// A project with one small pipeline on made-up rows, and runs that nobody has trained, for tests of studies.
#pragma once
#include <QtCore/QTemporaryDir>

#include <fstream>

#include "graph/project.hpp"
#include "runs/journal.hpp"
#include "runs/run.hpp"

namespace blockyard::testing {

inline Project madeProject(const QTemporaryDir& folder) {
  const std::filesystem::path path = folder.path().toStdString();
  std::ofstream rows(path / "rows.csv");
  rows << "x,y,kind\n";
  for (int i = 0; i < 60; ++i) rows << i % 7 << "," << i % 5 << "," << (i % 2 == 0 ? "a" : "b") << "\n";
  rows.close();
  std::ofstream(path / "made.blockyard")
      << R"({"format": 1, "name": "Made", "variables": {"width": 8}, "pipelines": {"main": {
    "blocks": {
      "table": {"block": "source/table", "params": {"file": "rows.csv", "target": ["kind"]}},
      "scale": {"block": "preprocessor/standardize"},
      "features": {"block": "preprocessor/to_features"},
      "hidden": {"block": "extractor/linear", "params": {"out_features": "${width}"}},
      "drop": {"block": "extractor/dropout", "params": {"rate": 0.3}},
      "softmax": {"block": "classifier/softmax"}},
    "wires": ["table.features -> scale.x", "scale.y -> features.x", "features.y -> hidden.x", "hidden.y -> drop.x",
              "drop.y -> softmax.x", "table.target -> softmax.target"],
    "training": {"epochs": 9}}}})";
  return loadProject(path / "made.blockyard");
}

// The curve of a run that was judged after every epoch of five steps.
inline void writeCurve(const Run& run, const std::string& metric, const std::vector<double>& scores) {
  Journal journal(run.folder());
  for (size_t epoch = 1; epoch <= scores.size(); ++epoch) {
    const auto step = static_cast<int64_t>(5 * epoch);
    journal.scalar("train/epoch", step, static_cast<double>(epoch));
    journal.scalar("validation/" + metric, step, scores[epoch - 1]);
  }
}

// As if it had been trained to its end with this score on the validation rows.
inline Run doneRun(const std::filesystem::path& project_folder, const StudyPlace& place, const std::string& metric,
                   double score, const std::vector<double>& curve = {}) {
  RunRecord record;
  record.study = place;
  Run run = Run::create(project_folder, record);
  writeCurve(run, metric, curve);
  run.update([&](RunRecord& now) {
    now.results["validation"][metric] = score;
    now.results["test"][metric] = score / 2;
    now.epochs = 9;
  });
  run.finish(RunState::Done);
  return run;
}

// As if it had been stopped after so many epochs with these scores.
inline Run stoppedRun(const std::filesystem::path& project_folder, const StudyPlace& place, const std::string& metric,
                      const std::vector<double>& scores) {
  RunRecord record;
  record.study = place;
  Run run = Run::create(project_folder, record);
  writeCurve(run, metric, scores);
  run.update([&](RunRecord& now) { now.epochs = static_cast<int64_t>(scores.size()); });
  run.finish(RunState::Stopped);
  return run;
}

}  // namespace blockyard::testing
