#include "training/preview.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/catalog.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

constexpr int64_t kRowsAtOnce = 64;                        // so that wide layers need little memory
constexpr int64_t kMostElements = int64_t{1} << 21;        // of what is shown
constexpr int64_t kMostSourceElements = int64_t{1} << 24;  // read for it

void stopIfAsked(const PreviewOptions& options) {
  if (options.stop != nullptr && *options.stop) throw Error({}, "stopped", {}, Fault::TryAgain);
}

// Runs made blocks in the order of the plan. That of the pipeline is another one where pooling and ReLU have changed
// places, and then the wire between them carries something else.
class PlanRun {
 public:
  PlanRun(const Plan& plan, const Pipeline& pipeline, size_t wanted)
      : plan_(plan), pipeline_(pipeline), wanted_(wanted), nodes_(plan.nodes.size()), on_way_(plan.nodes.size()) {
    for (const auto& node : pipeline.nodes())
      for (size_t i = 0; i < nodes_.size(); ++i)
        if (plan.nodes[i].id == node.plan.id) nodes_[i] = &node;
    on_way_[wanted] = true;
    for (size_t i = wanted + 1; i-- > 0;)
      if (on_way_[i])
        for (const auto& input : plan.nodes[i].inputs) on_way_[input.from] = true;
  }

  const PipelineNode& node(size_t index) const { return *nodes_[index]; }
  const PipelineNode& wanted() const { return *nodes_[wanted_]; }
  bool onWay(size_t index) const { return on_way_[index]; }

  // What the wanted block makes of some rows of the source; an empty Batch if nothing reaches it.
  Batch forward(const Batch& rows, at::Device device, const PreviewOptions& options) const {
    Flow flow(nodes_.size());
    for (size_t i = 0; i <= wanted_; ++i) {
      if (!on_way_[i]) continue;
      if (nodes_[i]->stage == Stage::Source) {
        flow[i] = rows;
        continue;
      }
      stopIfAsked(options);
      run(i, flow, device);
    }
    return flow[wanted_];
  }

 private:
  void run(size_t index, Flow& flow, at::Device device) const {
    const BlockSchema& schema = nodes_[index]->type->schema;
    const Stage stage = nodes_[index]->stage;
    const bool on_device = stage == Stage::Live || stage == Stage::Answer;
    Batch in;
    for (const auto& input : plan_.nodes[index].inputs) {
      if (!flow[input.from].has(input.port)) continue;
      const Packet& packet = flow[input.from].packet(input.port);
      in.set(input.slot,
             packet.isTable() || !on_device ? packet : Packet(packet.tensor().to(device), packet.sharedMeaning()));
    }
    for (const auto& port : schema.inputs)
      if (port.wires != Wires::Optional && !in.has(port.name)) return;
    if (schema.train_only) {  // augmentation passes on what it gets
      for (size_t i = 0; i < schema.outputs.size(); ++i)
        flow[index].set(schema.outputs[i].name, in.packet(schema.inputs[i].name));
      return;
    }
    Step step(false, KeyedRandom(0).key(plan_.nodes[index].id));
    guarded({.block = plan_.nodes[index].id}, [&] { flow[index] = nodes_[index]->block->forward(in, step); });
  }

  const Plan& plan_;
  const Pipeline& pipeline_;
  size_t wanted_;
  std::vector<const PipelineNode*> nodes_;  // by number in the plan
  std::vector<bool> on_way_;
};

size_t numberOf(const Plan& plan, const std::string& block, const std::string& port) {
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (plan.nodes[i].id != block) continue;
    if (blockType(plan.nodes[i].type).schema.findOutput(port) == nullptr)
      throw Error({.block = block, .port = port}, "the block has no such output");
    return i;
  }
  throw Error({.block = block}, "the block is not in the pipeline that runs",
              "it has come later, or does not lead to an answer: stop the training to look at it");
}

// The name of the port on which the source gives the class of each row; empty if it gives none.
std::string labelPort(const Pipeline& pipeline) {
  for (const auto& [port, signature] : pipeline.nodes()[pipeline.source()].outputs)
    if (signature.kind == Wire::Label) return port;
  return {};
}

int64_t elementsOf(const Batch& batch) {
  int64_t out = 0;
  for (const auto& [port, packet] : batch.items())
    out += packet.isTable() ? packet.rows() * static_cast<int64_t>(packet.table().columns().size())
                            : packet.tensor().numel();
  return out;
}

// Some blocks learn only with some of their settings.
bool hasLearned(const Block& block) {
  const State state = block.state();
  return !state.tensors.empty() || !state.values.items().empty();
}

Packet onCpu(const Packet& packet) {
  return packet.isTable() ? packet : Packet(packet.tensor().cpu(), packet.sharedMeaning());
}

Signature signatureOf(const PipelineNode& node, const std::string& port) {
  const auto it = node.outputs.find(port);
  return it == node.outputs.end() ? Signature{.shape = {"N"}} : it->second;
}

}  // namespace

Preview preview(const Plan& plan, const Pipeline& pipeline, Source& source, const std::string& block,
                const std::string& port, const PreviewOptions& options) {
  const PlanRun run(plan, pipeline, numberOf(plan, block, port));
  const at::NoGradGuard no_grad;
  const std::string label = labelPort(pipeline);
  const int64_t wanted = std::min(options.rows, source.rows());
  at::Device device = at::kCPU;
  for (const auto& parameter : pipeline.parameters()) device = parameter.tensor.device();
  std::vector<Packet> parts;
  Preview out{.block = block, .port = port};
  int64_t rows = 0, shown = 0, read = 0;
  while (rows < wanted && shown < kMostElements && read < kMostSourceElements) {
    stopIfAsked(options);
    const Batch batch = source.read(rows, std::min(kRowsAtOnce, wanted - rows)).batch;
    const Batch made = run.forward(batch, device, options);
    if (!made.has(port)) throw Error({.block = block, .port = port}, "nothing comes out here");
    parts.push_back(onCpu(made.packet(port)));
    if (!label.empty())
      for (auto& text : labelTexts(batch.packet(label))) out.sample.labels.push_back(std::move(text));
    rows += batch.rows(), read += elementsOf(batch);
    shown += elementsOf(Batch{{port, parts.back()}});
    if (options.progress) options.progress("compute", static_cast<double>(rows) / static_cast<double>(wanted));
  }
  if (parts.empty()) throw Error({.block = plan.nodes[pipeline.source()].id}, "the source has no rows");
  std::vector<std::string> labels = std::move(out.sample.labels);
  guarded({.block = block, .port = port},
          [&] { out.sample = sampleOf(Packet::concat(parts), signatureOf(run.wanted(), port)); });
  out.sample.labels = std::move(labels);
  for (int64_t row = 0; row < rows; ++row) out.sample.row_ids.push_back(row);
  out.all_rows = rows == source.rows() && !source.partial();
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (!run.onWay(i) || run.node(i).stage == Stage::Source) continue;
    out.fitted |= run.node(i).type->schema.fitted && !run.node(i).isHead() && hasLearned(*run.node(i).block);
    out.untrained |= !run.node(i).block->parameters().empty();
  }
  return out;
}

Preview preview(const Plan& plan, const std::string& block, const std::string& port, const PreviewOptions& options) {
  const Plan way = planUpTo(plan, block);
  Pipeline pipeline(way, Heads::Optional);
  const PrepareOptions head{.chunk_rows = 4 * kRowsAtOnce,
                            .most_rows = std::max<int64_t>(1, options.rows),
                            .stop = options.stop,
                            .progress = options.progress};
  const KeyedRandom random(static_cast<uint64_t>(way.training.integer("seed")));
  const PreparedData data = prepareHead(pipeline, way, random, head);
  return preview(way, pipeline, *data.source, block, port, options);
}

Preview preview(const Trainer& trainer, const std::string& block, const std::string& port,
                const PreviewOptions& options) {
  Preview out = preview(trainer.plan(), trainer.pipeline(), *trainer.data().source, block, port, options);
  out.fitted = out.untrained = false;
  out.step = trainer.step();
  return out;
}

}  // namespace blockyard
