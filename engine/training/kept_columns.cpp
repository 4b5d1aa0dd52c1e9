#include "training/kept_columns.hpp"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "data/gather.hpp"
#include "training/sources_hash.hpp"
#include "training/state_file.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// What is prepared faster is not worth the disk.
constexpr double kWorthSeconds = 2;

// The source and every block that prepares rows, with their settings, wires and what they have learned. The code of the
// engine is part of it, so that a changed block never meets rows of its former self. A block that learns may treat the
// rows that it has learned from in another way (out of fold): then it matters which ones those are.
std::string keyOf(const Pipeline& pipeline, const Plan& plan, const std::string& fingerprint,
                  const std::vector<Part>& parts) {
  Sha256 hash;
  bool learns = false;
  Json nodes = Json::array();
  for (const PipelineNode& node : pipeline.nodes()) {
    if (node.stage != Stage::Source && node.stage != Stage::Prepare) continue;
    Json inputs = Json::array();
    for (const auto& input : node.plan.inputs) inputs.push_back({input.slot, input.from, input.port});
    nodes.push_back({node.plan.id, node.plan.type, toJson(node.plan.values), std::move(inputs)});
    learns |= node.type->schema.fitted;
    if (!node.block) continue;
    const StateViews state(node.block->state());
    hash.update(contentHash(state.tensors(), state.metadata()));
  }
  if (learns) {
    hash.update(parts.data(), parts.size() * sizeof(Part));
    hash.update(std::to_string(plan.training.integer("seed")));
  }
  Json cuts = Json::array();
  for (const WireStart& cut : pipeline.cuts()) cuts.push_back({cut.node, cut.port});
  const Json rest{fingerprint, kEngineSourcesHash, at::get_cpu_capability(), nodes, cuts};
  hash.update(rest.dump(-1, ' ', true, Json::error_handler_t::replace));  // a path need not be UTF-8
  return hash.hex();
}

int64_t bytesOf(const CachedShape& shape) {
  auto bytes = static_cast<int64_t>(c10::elementSize(shape.type));
  for (const int64_t size : shape.sizes) bytes *= size;
  return bytes;
}

}  // namespace

KeptColumns::KeptColumns(const Pipeline& pipeline, const Plan& plan, std::string fingerprint,
                         const std::vector<Part>& parts)
    : pipeline_(pipeline),
      plan_(plan),
      fingerprint_(std::move(fingerprint)),
      parts_(parts),
      rows_(static_cast<int64_t>(parts.size())),
      how_(plan.training.text("row_cache")) {}

bool KeptColumns::find(const std::vector<Packet>& first) {
  if (how_ == "off") return false;
  key_ = keyOf(pipeline_, plan_, fingerprint_, parts_);
  const auto found = cache_.find(key_);
  if (!found || found->size() != first.size()) return false;
  for (size_t i = 0; i < first.size(); ++i) {
    const at::Tensor& tensor = (*found)[i];
    if (tensor.dim() == 0 || tensor.size(0) != rows_ || tensor.scalar_type() != first[i].tensor().scalar_type())
      return false;
  }
  take(first, *found);
  return true;
}

void KeptColumns::begin(const std::vector<Packet>& first, double seconds) {
  const int64_t budget = plan_.training.integer("memory_budget") << 20;
  std::vector<CachedShape> shapes;
  int64_t largest = 0;
  for (const Packet& packet : first) {
    shapes.push_back({packet.tensor().scalar_type(), packet.tensor().sizes().vec()});
    shapes.back().sizes[0] = rows_;
    largest = std::max(largest, bytesOf(shapes.back()));
  }
  if (how_ == "always" || (how_ == "auto" && (seconds > kWorthSeconds || largest > budget))) beginInCache(shapes);
  std::vector<at::Tensor> tensors;
  if (entry_)
    tensors = entry_->tensors();
  else
    for (const CachedShape& shape : shapes) tensors.push_back(rowTensor(shape.sizes, shape.type, budget));
  take(first, tensors);
}

void KeptColumns::beginInCache(const std::vector<CachedShape>& shapes) {
  std::string what = plan_.project + ", " + std::to_string(rows_) + " rows";
  try {
    entry_ = cache_.begin(key_, shapes, what);
  } catch (const Error& error) {  // a cache that is full or not there costs time and no result
    notice_ = std::string("the prepared rows are not kept for later runs: ") + error.what();
  }
}

void KeptColumns::take(const std::vector<Packet>& first, const std::vector<at::Tensor>& tensors) {
  columns_.clear();
  for (size_t i = 0; i < first.size(); ++i) columns_.emplace_back(tensors[i], first[i].sharedMeaning());
}

void KeptColumns::put(size_t index, int64_t first, const at::Tensor& rows) {
  putRows(rows, first, columns_[index].tensor());
}

std::vector<Packet> KeptColumns::finish() {
  if (entry_) entry_->commit();
  return std::move(columns_);
}

}  // namespace blockyard
