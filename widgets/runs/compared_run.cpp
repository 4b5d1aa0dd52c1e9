#include "widgets/runs/compared_run.hpp"

#include <QtCore/QCoreApplication>
#include <algorithm>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "export/trained_runs.hpp"
#include "graph/acts.hpp"
#include "training/class_scores.hpp"
#include "training/run_pipeline.hpp"
#include "widgets/canvas/block_item.hpp"

namespace blockyard {
namespace {

Size sizeOf(const Node& node) {
  const QSizeF size = BlockItem::sizeOf(node, findBlockType(node.type));
  return {size.width(), size.height()};
}

// Places of the canvas of then; a layout of its own if the run does not know them.
Graph laidOut(Graph graph, const std::filesystem::path& run_folder, const RunRecord& record) {
  std::vector<Edit> moves;
  try {
    const Snapshot then = pipelineOfRun(run_folder, record);
    for (const Node& node : graph.nodes())
      if (const Node* placed = then.graph.find(node.id)) moves.push_back(Move{node.id, placed->x, placed->y});
  } catch (const Error&) {  // a damaged snapshot: the plan is enough to show
  }
  std::set<std::pair<double, double>> places;
  for (const Edit& edit : moves) places.emplace(std::get<Move>(edit.what).x, std::get<Move>(edit.what).y);
  if (places.size() < graph.nodes().size()) {
    graph.apply(tidying(graph, {}, sizeOf));
    return graph;
  }
  graph.apply(Compound{.edits = std::move(moves)});
  return graph;
}

}  // namespace

ComparedRun readComparedRun(const std::filesystem::path& project_folder, const std::string& id) {
  const Run run = Run::open(project_folder, id);
  ComparedRun out{.record = run.record(), .curves = JournalReader(run.folder()).scalars()};
  for (const char* part : {"test", "validation"}) {
    try {
      if (auto metrics = metricsOfRun(run.folder(), part)) out.metrics[part] = std::move(*metrics);
    } catch (const Error&) {  // a damaged file of scores: the record has the main ones
    }
  }
  try {
    out.notes = readNotes(run.folder());
  } catch (const Error&) {  // damaged notes: it has no tags then
  }
  if (out.record.plan.is_null()) return out;
  try {
    out.plan = planFromJson(out.record.plan);
    out.graph = laidOut(graphOfPlan(*out.plan), run.folder(), out.record);
  } catch (const Error&) {  // a plan of a later version
    out.plan.reset();
  }
  return out;
}

std::filesystem::path trainedPipelineOf(const std::filesystem::path& project_folder, const QString& run) {
  const auto folder = project_folder / "runs" / run.toStdString();
  const auto there = [](const std::filesystem::path& path) {
    std::error_code code;
    return std::filesystem::exists(path, code);
  };
  if (!there(folder))
    throw Error({},
                QCoreApplication::translate("ComparedRun", "run %1 is not there any more: its folder has been removed")
                    .arg(run)
                    .toStdString());
  if (!there(bundleIn(folder)))
    throw Error({}, QCoreApplication::translate("ComparedRun", "run %1 has no trained pipeline that could be asked")
                        .arg(run)
                        .toStdString());
  return bundleIn(folder);
}

void nameRuns(std::vector<ComparedRun>& runs) {
  constexpr size_t kDay = 9;  // "20261121-"
  const bool one_day = runs.size() > 1 && std::all_of(runs.begin(), runs.end(), [&](const ComparedRun& other) {
                         return other.record.id.text.substr(0, kDay) == runs.front().record.id.text.substr(0, kDay);
                       });
  for (ComparedRun& run : runs) {
    run.name = QString::fromStdString(one_day ? run.record.id.text.substr(kDay) : run.record.id.text);
    if (!run.record.purpose.empty()) run.name += QLatin1Char(' ') + QString::fromStdString(run.record.purpose);
  }
}

}  // namespace blockyard
