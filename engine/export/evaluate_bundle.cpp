// How good a loaded bundle is on rows whose answers are known.
#include <ATen/ATen.h>

#include <cmath>

#include "base/error.hpp"
#include "data/row_set.hpp"
#include "export/bundle.hpp"
#include "training/evaluate.hpp"
#include "training/row_parts.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

// The packets that the model reads of a batch of source rows, one per cut.
std::vector<Packet> prepared(const Pipeline& pipeline, Batch batch) {
  Flow flow(pipeline.nodes().size());
  flow[pipeline.source()] = std::move(batch);
  pipeline.runStage(Stage::Prepare, flow, false, KeyedRandom(0));
  std::vector<Packet> packets;
  for (const auto& cut : pipeline.cuts()) {
    if (!flow[cut.node].has(cut.port)) {
      throw Error({.block = pipeline.nodes()[cut.node].plan.id, .port = cut.port},
                  "the data has no target to compare with",
                  "give a file with the target, or use \"blockyard predict\"");
    }
    packets.push_back(flow[cut.node].packet(cut.port));
  }
  return packets;
}

std::string listText(const std::vector<std::string>& names) {
  constexpr size_t kMost = 10;
  std::string out;
  for (size_t i = 0; i < std::min(kMost, names.size()); ++i) out += (i > 0 ? ", \"" : "\"") + names[i] + "\"";
  return out + (names.size() > kMost ? ", ..." : "");
}

// A label without a number is that of a class that was not trained on, or is missing: there is no score for it. Throws
// Error at the first one. `rows` are the rows first + picks[i] of the source.
void checkLabels(Source& source, const Signatures& known, const Values& values, const Batch& rows,
                 const std::vector<int64_t>& picks, int64_t first) {
  const auto label = known.find("target");
  if (label == known.end() || label->second.kind != Wire::Label || !rows.has("target")) return;
  const std::vector<std::string>& classes = label->second.classes;
  const at::Tensor labels = rows["target"];
  const at::Tensor bad = (labels < 0).logical_or(labels >= static_cast<int64_t>(classes.size())).nonzero();
  if (bad.size(0) == 0) return;
  const int64_t at = bad[0].item<int64_t>(), row = first + picks[static_cast<size_t>(at)];
  std::string column, got = std::to_string(labels[at].item<int64_t>());
  if (values.has("target") && values.has("target_kind") && rows.has("features")) {  // a table, which knows the name
    column = "column \"" + values.texts("target").at(0) + "\": ";
    got = source.splitColumns(values.texts("target")).columns().at(0)->cell(row);
    got = got.empty() ? "none" : "\"" + got + "\"";
  }
  throw Error({},
              column + "expected a class that was trained on (" + listText(classes) + "), got " + got + " in row " +
                  std::to_string(row + 1),
              "leave such rows out, or train with them");
}

// The rows whose numbers to predict are known: of windows of a series, those at its end are not yet.
RowSet rowsWithTarget(Source& source) {
  const auto target = source.outputs().find("target");
  if (target == source.outputs().end() || target->second.kind != Wire::Target) return RowSet::range(0, source.rows());
  std::vector<Part> parts;
  for (int64_t first = 0; first < source.rows(); first += kChunkRows) {
    const at::Tensor values = source.readPort("target", first, kChunkRows).tensor();
    const at::Tensor known = values.isnan().reshape({values.size(0), -1}).any(1).logical_not().contiguous();
    for (int64_t i = 0; i < known.size(0); ++i)
      parts.push_back(known.const_data_ptr<bool>()[i] ? Part::Test : Part::Unused);
  }
  const RowSet rows = RowSet::of(parts, [](Part part) { return part == Part::Test; });
  if (rows.size() == 0) throw Error({}, "the target is missing in every row, so there is nothing to compare with");
  return rows;
}

}  // namespace

void Bundle::forEachBatch(Source& source, const RowSet& rows, bool answers,
                          const std::function<void(const std::vector<Batch>&)>& each) {
  const at::NoGradGuard no_grad;
  EvaluateOptions options{.batch_size = options_.batch_size, .device = deviceNamed(options_.device)};
  options.answers = answers;
  options.stop = options_.stop;
  const int64_t step = rowsAtOnce(source.outputs(), options_.chunk_rows);
  std::vector<std::vector<Packet>> waiting(pipeline_->cuts().size());  // prepared rows, by cut
  int64_t count = 0;                                                   // of them
  for (int64_t at = 0; at < rows.size();) {
    const int64_t first = rows[at];
    std::vector<int64_t> picks;
    while (at < rows.size() && rows[at] < first + step) picks.push_back(rows[at++] - first);
    Batch picked = source.read(first, picks.back() + 1).batch.take(picks);
    checkLabels(source, inputs(), pipeline_->nodes()[pipeline_->source()].plan.values, picked, picks, first);
    const auto packets = prepared(*pipeline_, std::move(picked));
    for (size_t i = 0; i < packets.size(); ++i) waiting[i].push_back(packets[i]);
    count += static_cast<int64_t>(picks.size());
    // Whole batches only, so that the size of the chunks does not show in any number.
    const int64_t ready = at < rows.size() ? count - count % options.batch_size : count;
    if (ready > 0) {
      PreparedData data;
      for (auto& pieces : waiting) {
        const Packet whole = Packet::concat(pieces);
        data.columns.push_back(whole.slice(0, ready));
        pieces = {whole.slice(ready, count - ready)};
      }
      count -= ready;
      blockyard::forEachBatch(*pipeline_, data, RowSet::range(0, ready), options,
                              [&](const Flow& flow, int64_t) { each(flow); });
    }
    if (options_.stop != nullptr && *options_.stop) throw Error({}, "stopped", {}, Fault::TryAgain);
  }
}

std::map<std::string, double> Bundle::evaluateRows(Source& source, const RowSet& rows) {
  PipelineScores scores(*pipeline_, /*decisions=*/true);
  forEachBatch(source, rows, scores.needAnswers(), [&](const Flow& flow) { scores.add(flow); });
  std::map<std::string, double> out;
  for (const auto& [name, value] : scores.metrics().numbers)
    if (!std::isnan(value)) out.emplace(name, value);
  return out;
}

std::map<std::string, double> Bundle::evaluate(Source& source) {
  if (source.rows() == 0) throw Error({}, "there are no rows to evaluate on");
  return evaluateRows(source, rowsWithTarget(source));
}

std::unique_ptr<Source> Bundle::openProject(const std::string& folder) const {
  const PipelineNode& node = pipeline_->nodes()[pipeline_->source()];
  std::unique_ptr<Source> source;
  guarded({.block = node.plan.id}, [&] {
    SourceSetup setup{
        .values = node.plan.values, .folder = folder, .memory_budget = memoryBudget(), .threads = options_.threads};
    setup.expected = &inputs();
    setup.stop = options_.stop;
    source = node.type->open(setup);
  });
  return source;
}

RowSet Bundle::rowsOf(Source& source, Part part) const {
  std::vector<Part> parts = rowParts(source, plan_.training);
  leaveRowsOut(*pipeline_, source, parts, {.stop = options_.stop});
  const RowSet rows = RowSet::of(parts, [part](Part of) { return of == part; });
  if (rows.size() == 0)
    throw Error({.block = "training", .parameter = "split"}, std::string("there are no ") + nameOf(part) + " rows",
                "give that part a share in the training settings, or judge on a file: blockyard evaluate --data FILE");
  return rows;
}

std::map<std::string, double> Bundle::evaluatePart(const std::string& folder, Part part) {
  const auto source = openProject(folder);
  return evaluateRows(*source, rowsOf(*source, part));
}

}  // namespace blockyard
