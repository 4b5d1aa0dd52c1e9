#include "export/row_answers.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "data/row_set.hpp"
#include "training/devices.hpp"
#include "training/evaluate.hpp"
#include "training/row_parts.hpp"

namespace blockyard {
namespace {

size_t headNamed(const Pipeline& pipeline, const std::string& name) {
  if (name.empty()) return pipeline.heads().front();
  std::vector<std::string> names;
  for (const size_t head : pipeline.heads()) {
    names.push_back(pipeline.nodes()[head].plan.id);
    if (names.back() == name) return head;
  }
  std::string list;
  for (const auto& each : names) list += (list.empty() ? "" : ", ") + each;
  throw Error({.block = name}, "this pipeline has no head of that name", "its heads are " + list);
}

// Rows that are another part to the second pipeline, although they are not to the first.
int64_t learnedRows(const Bundle& bundle, Source& source, const RowSet& rows) {
  const std::vector<Part> parts = rowParts(source, bundle.plan().training);
  int64_t out = 0;
  for (int64_t i = 0; i < rows.size(); ++i) out += parts[static_cast<size_t>(rows[i])] == Part::Train ? 1 : 0;
  return out;
}

void findDiffering(Disagreement& out) {
  const RowAnswers &a = out.first, &b = out.second;
  const auto width = static_cast<size_t>(a.width);
  std::vector<double> distance(a.size());
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t k = i * width; k < (i + 1) * width; ++k) distance[i] += std::abs(a.said[k] - b.said[k]);
    if (distance[i] > 0) out.differing.push_back(i);
  }
  if (a.task != RowAnswers::Task::Numbers) return;
  std::stable_sort(out.differing.begin(), out.differing.end(),
                   [&](size_t x, size_t y) { return distance[x] > distance[y]; });
}

}  // namespace

RowAnswers Bundle::answer(Source& source, const RowSet& rows) {
  const size_t index = headNamed(*pipeline_, options_.head);
  const PipelineNode& head = pipeline_->nodes()[index];
  RowAnswers out;
  for (int64_t i = 0; i < rows.size(); ++i) out.rows.push_back(rows[i]);
  forEachBatch(source, rows, /*answers=*/false, [&](const Flow& flow) {
    const Batch in = pipeline_->inputsOf(index, flow);
    guarded({.block = head.plan.id}, [&] { addAnswers(head, in, flow[index], out); });
  });
  return out;
}

RowAnswers answersOnPart(const std::string& bundle_file, const std::string& folder, Part part,
                         const PredictOptions& options) {
  Bundle bundle(bundle_file, options);
  const auto source = bundle.openProject(folder);
  return bundle.answer(*source, bundle.rowsOf(*source, part));
}

Disagreement disagreement(const std::string& first_bundle, const std::string& second_bundle, const std::string& folder,
                          Part part, const PredictOptions& options) {
  Bundle first(first_bundle, options), second(second_bundle, options);
  const auto source = first.openProject(folder), other = second.openProject(folder);
  if (source->rows() != other->rows() || source->fingerprint() != other->fingerprint())
    throw Error({.file = folder}, "the two runs read different data, so their rows cannot be told to be the same",
                "compare runs that were trained from the same files");
  const RowSet rows = first.rowsOf(*source, part);
  Disagreement out;
  out.first = first.answer(*source, rows);
  out.second = second.answer(*other, rows);
  if (out.first.task != out.second.task || out.first.width != out.second.width || out.first.names != out.second.names)
    throw Error({}, "the two runs answer different questions: their targets or classes are not the same",
                "compare runs with the same target");
  out.learned_by_second = learnedRows(second, *other, rows);
  findDiffering(out);
  return out;
}

namespace {

const PlanNode* sourceOf(const Plan& plan) {
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    if (type != nullptr && type->schema.kind == Kind::Source) return &node;
  }
  return nullptr;
}

}  // namespace

RowInputs inputsOfRows(const Plan& plan, const std::string& folder, const std::vector<int64_t>& rows,
                       const std::atomic<bool>* stop) {
  RowInputs out{.table = Table(static_cast<int64_t>(rows.size()))};
  const PlanNode* node = sourceOf(plan);
  if (node == nullptr || rows.empty()) return out;
  guarded({.block = node->id}, [&] {
    SourceSetup setup{.values = node->values, .folder = folder};
    setup.stop = stop;
    const std::unique_ptr<Source> source = blockType(node->type).open(setup);
    for (const auto& [port, signature] : source->outputs()) {
      const bool pictures = signature.kind == Wire::Image;
      if (!pictures && signature.kind != Wire::Table) continue;
      std::vector<Packet> parts;
      for (size_t i = 0; i < (pictures ? std::min(rows.size(), kMostPictures) : rows.size()); ++i) {
        if (rows[i] < 0 || rows[i] >= source->rows())
          throw Error({.file = folder}, "the data has changed since this run");
        parts.push_back(source->read(rows[i], 1).batch.packet(port));
      }
      const Packet all = Packet::concat(parts);
      if (pictures)
        out.pictures = sampleOf(all, signature, {.rows = 0, .numbers = 0}).pictures;
      else
        out.table = all.table();
      return;
    }
  });
  return out;
}

}  // namespace blockyard
