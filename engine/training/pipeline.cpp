#include "training/pipeline.hpp"

#include <c10/util/Exception.h>

#include <new>
#include <set>

#include "blocks/catalog.hpp"
#include "training/mix_up.hpp"
#include "training/reorder.hpp"

namespace blockyard {
namespace {

Element elementOf(at::ScalarType type, const Where& where) {
  switch (type) {
    case at::kFloat:
      return Element::Float32;
    case at::kDouble:
      return Element::Float64;
    case at::kLong:
      return Element::Int64;
    case at::kByte:
      return Element::UInt8;
    case at::kBool:
      return Element::Bool;
    default:
      throw Error(where, std::string("expected float32, float64, int64, uint8 or bool, got ") + at::toString(type));
  }
}

// The signature that inference gave, with what a real packet shows put in.
Signature learned(Signature signature, const Packet& packet, const Where& where) {
  signature.open = false;
  if (packet.isTable()) {
    signature.columns.clear();
    for (const auto& column : packet.table().columns())
      signature.columns.push_back(
          {column->name, column->type, column->classes ? *column->classes : std::vector<std::string>{}});
    return signature;
  }
  signature.element = elementOf(packet.tensor().scalar_type(), where);
  signature.shape = {Dim("N")};
  for (int64_t i = 1; i < packet.tensor().dim(); ++i) signature.shape.emplace_back(packet.tensor().size(i));
  if (!packet.meaning().classes.empty()) signature.classes = packet.meaning().classes;
  return signature;
}

std::string qualified(const std::string& block, const std::string& name) {
  return block + "." + name;
}

bool saysOutOfMemory(const std::string& text) {
  return text.find("not enough memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos;
}

bool saysGpuFailed(const std::string& text) {
  for (const char* sign : {"CUDA error", "CUDA driver error", "cuDNN error", "CUBLAS_STATUS"})
    if (text.find(sign) != std::string::npos) return true;
  return false;
}

}  // namespace

void guarded(const Where& where, const std::function<void()>& work) {
  const char* const smaller = "use a smaller batch_size or memory_budget";
  try {
    work();
  } catch (const Error& error) {
    throw error.at(where);
  } catch (const c10::OutOfMemoryError&) {
    throw Error(where, "the device is out of memory", smaller, Fault::OutOfMemory);
  } catch (const std::bad_alloc&) {
    throw Error(where, "out of memory", smaller, Fault::OutOfMemory);
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    if (saysOutOfMemory(text)) throw Error(where, "out of memory", smaller, Fault::OutOfMemory);
    if (saysGpuFailed(text))
      throw Error(where, "the GPU has failed: " + text.substr(0, text.find('\n')),
                  "\"blockyard doctor\" examines it; go on from the last checkpoint, or train on the CPU",
                  Fault::NoDevice);
    throw Error(where, "the computation failed: " + text, {}, Fault::Failed);
  } catch (const std::exception& error) {
    throw Error(where, std::string("failed: ") + error.what(), {}, Fault::Failed);
  }
}

Pipeline::Pipeline(const Plan& plan, Heads heads) : folder_(plan.folder) {
  for (const auto& node : poolBeforeRelu(plan.nodes)) {
    PipelineNode made;
    made.plan = node;
    made.type = &blockType(node.type);
    nodes_.push_back(std::move(made));
  }
  sortIntoStages(heads);
}

Stage Pipeline::stageOf(const PipelineNode& node) const {
  const BlockSchema& schema = node.type->schema;
  if (schema.kind == Kind::Source) return Stage::Source;
  bool after_head = false, after_live = false;
  for (const auto& input : node.plan.inputs) {
    after_head |= nodes_.at(input.from).isHead() || nodes_[input.from].stage == Stage::Answer;
    after_live |= nodes_[input.from].stage == Stage::Live;
  }
  if (node.isHead() && after_head)
    throw Error({.block = node.plan.id}, "a head can't stand behind another head", "wire it to an extractor");
  if (schema.kind == Kind::Postprocessor || after_head) return Stage::Answer;
  return schema.kind == Kind::Preprocessor && schema.phase == Phase::Once && !after_live ? Stage::Prepare : Stage::Live;
}

void Pipeline::sortIntoStages(Heads heads) {
  int sources = 0;
  std::set<std::pair<size_t, std::string>> seen;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    PipelineNode& node = nodes_[i];
    node.stage = stageOf(node);
    if (node.stage == Stage::Source && ++sources > 1)
      throw Error({.block = node.plan.id}, "a pipeline has one source, this is the second one",
                  "bypass or delete one of them");
    if (node.stage == Stage::Source) source_ = i;
    if (node.isHead()) heads_.push_back(i);
    if (node.stage != Stage::Live && node.stage != Stage::Answer) continue;
    for (const auto& input : node.plan.inputs) {
      const Stage from = nodes_[input.from].stage;
      if ((from == Stage::Source || from == Stage::Prepare) && seen.insert({input.from, input.port}).second)
        cuts_.push_back({input.from, input.port});
    }
  }
  if (sources == 0) throw Error({}, "the pipeline has no source", "add one, such as source/table");
  if (heads_.empty() && heads == Heads::Needed)
    throw Error({}, "the pipeline has no classifier or regressor, so there is nothing to train",
                "add one, such as classifier/softmax");
}

std::vector<WireStart> Pipeline::answers() const {
  std::set<std::pair<size_t, std::string>> used;
  for (const auto& node : nodes_)
    for (const auto& input : node.plan.inputs) used.insert({input.from, input.port});
  std::vector<WireStart> out;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].stage != Stage::Answer && !nodes_[i].isHead()) continue;
    for (const auto& port : nodes_[i].type->schema.outputs)
      if (used.count({i, port.name}) == 0) out.push_back({i, port.name});
  }
  return out;
}

void Pipeline::makeBlock(size_t index, const KeyedRandom& random) {
  PipelineNode& node = nodes_[index];
  for (const auto& input : node.plan.inputs) {
    const auto& outputs = nodes_[input.from].outputs;
    if (const auto it = outputs.find(input.port); it != outputs.end()) node.inputs[input.slot] = it->second;
  }
  guarded({.block = node.plan.id}, [&] {
    node.outputs = inferOutputs(*node.type, node.plan.values, node.inputs);
    node.block = node.type->make(Setup{node.plan.values, node.inputs, random.key(node.plan.id), folder_});
    // Convolutions are fastest when weights and pictures both have the channels last.
    for (auto& parameter : node.block->parameters())
      if (parameter.tensor.dim() == 4)
        parameter.tensor.set_data(parameter.tensor.contiguous(at::MemoryFormat::ChannelsLast));
  });
}

void Pipeline::learnOutputs(size_t index, const Batch& result) {
  PipelineNode& node = nodes_[index];
  for (auto& [port, signature] : node.outputs)
    if (result.has(port)) signature = learned(signature, result.packet(port), {.block = node.plan.id, .port = port});
}

Batch Pipeline::inputsOf(size_t index, const Flow& flow) const {
  Batch in;
  for (const auto& input : nodes_[index].plan.inputs)
    if (flow[input.from].has(input.port)) in.set(input.slot, flow[input.from].packet(input.port));
  return in;
}

void Pipeline::run(size_t index, Flow& flow, bool training, const KeyedRandom& random, const at::Tensor& row_ids,
                   int64_t epoch, BatchMix* mix) const {
  const PipelineNode& node = nodes_[index];
  const BlockSchema& schema = node.type->schema;
  Batch in = inputsOf(index, flow);
  for (const auto& port : schema.inputs)
    if (port.wires != Wires::Optional && !in.has(port.name)) return;
  if (schema.train_only && !training) {  // augmentation passes on what it gets
    Batch out;
    for (size_t i = 0; i < schema.outputs.size(); ++i)
      out.set(schema.outputs[i].name, in.packet(schema.inputs[i].name));
    flow[index] = std::move(out);
    return;
  }
  Step step(training, random.key(node.plan.id), row_ids, epoch);
  guarded({.block = node.plan.id}, [&] {
    if (mix != nullptr) mixInputs(node, *mix, in);
    flow[index] = node.block->forward(in, step);
    if (mix == nullptr || !flow[index].has("loss")) return;
    const Packet& target = in.packet("target");
    const at::Tensor loss = flow[index]["loss"];
    in.set("target", Packet(mix->ofPartners(target.tensor()), target.sharedMeaning()));
    const at::Tensor other = node.block->forward(in, step)["loss"];
    flow[index].set("loss", loss * mix->lambda() + other * (1 - mix->lambda()));
  });
}

// What the model reads from a source or preprocessor, but for the targets.
void Pipeline::mixInputs(const PipelineNode& node, BatchMix& mix, Batch& in) const {
  if (node.type->schema.kind == Kind::Preprocessor) return;
  for (const auto& input : node.plan.inputs) {
    const Kind from = nodes_[input.from].type->schema.kind;
    const bool target = node.isHead() && input.slot == "target";
    if (target || (from != Kind::Source && from != Kind::Preprocessor) || !in.has(input.slot)) continue;
    const Packet& packet = in.packet(input.slot);
    in.set(input.slot, Packet(mix.mixed(packet.tensor()), packet.sharedMeaning()));
  }
}

void Pipeline::runStage(Stage stage, Flow& flow, bool training, const KeyedRandom& random, const at::Tensor& row_ids,
                        int64_t epoch, BatchMix* mix) const {
  for (size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].stage == stage && nodes_[i].block) run(i, flow, training, random, row_ids, epoch, mix);
}

std::vector<NamedTensor> Pipeline::parameters() const {
  std::vector<NamedTensor> out;
  for (const auto& node : nodes_) {
    if (!node.block) continue;
    for (auto& parameter : node.block->parameters())
      out.push_back({qualified(node.plan.id, parameter.name), parameter.tensor});
  }
  return out;
}

State Pipeline::state() const {
  State out;
  for (const auto& node : nodes_) {
    if (!node.block) continue;
    addState(out, qualified(node.plan.id, ""), node.block->state());
  }
  for (const auto& parameter : parameters()) out.tensors.emplace(parameter.name, parameter.tensor);
  return out;
}

void Pipeline::loadState(const State& state) {
  for (auto& node : nodes_) {
    if (!node.block) continue;
    State own = stateUnder(state, qualified(node.plan.id, ""));
    guarded({.block = node.plan.id}, [&] {
      for (auto& parameter : node.block->parameters()) {
        restore(own, parameter.name, parameter.tensor);
        own.tensors.erase(parameter.name);
      }
      node.block->loadState(own);
    });
  }
}

void Pipeline::moveTo(at::Device device) {
  for (auto& node : nodes_) {
    if (!node.block || node.stage != Stage::Live) continue;
    for (auto& parameter : node.block->parameters()) parameter.tensor.set_data(parameter.tensor.to(device));
    for (auto& [name, tensor] : node.block->state().tensors) at::Tensor(tensor).set_data(tensor.to(device));
  }
}

}  // namespace blockyard
