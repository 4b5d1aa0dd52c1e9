// What a comparison knows of a run: its record, its curves, its scores class by class, its pipeline. Read at once, on
// any thread; plain data afterwards.
#pragma once
#include <QtCore/QString>
#include <filesystem>
#include <map>
#include <optional>

#include "graph/plan.hpp"
#include "graph/snapshot.hpp"
#include "runs/journal_reader.hpp"
#include "runs/run.hpp"
#include "training/metrics.hpp"

namespace blockyard {

struct ComparedRun {
  RunRecord record{};
  RunNotes notes{};
  QString name{};  // short enough for a header; the purpose follows
  JournalSeries<float> curves{};
  std::map<std::string, Metrics> metrics{};  // by part: "test", "validation"
  std::optional<Plan> plan{};
  Graph graph{};  // of the plan, laid out as it was
};

// Throws Error if the run cannot be read; what else is missing is left empty.
ComparedRun readComparedRun(const std::filesystem::path& project_folder, const std::string& id);
// The file of a run's trained pipeline. Throws Error if it has none, or is not there any more.
std::filesystem::path trainedPipelineOf(const std::filesystem::path& project_folder, const QString& run);
// Ids of one day share their beginnings; what follows tells them apart.
void nameRuns(std::vector<ComparedRun>& runs);

}  // namespace blockyard
