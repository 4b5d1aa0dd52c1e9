#include "export_trial.hpp"

#include <ATen/ATen.h>

#include <atomic>

#include "../blocks/try_block.hpp"
#include "blocks/eight_bits.hpp"
#include "export/bundle.hpp"
#include "export/onnx/write_onnx.hpp"
#include "export/torchscript/write_torchscript.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

Json numberJson(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Json arrayOf(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kCPU, at::kDouble).contiguous();
  Json data = Json::array();
  for (int64_t i = 0; i < values.numel(); ++i) data.push_back(numberJson(values.const_data_ptr<double>()[i]));
  const std::map<at::ScalarType, const char*> types{{at::kFloat, "float32"},
                                                    {at::kDouble, "float64"},
                                                    {at::kLong, "int64"},
                                                    {at::kByte, "uint8"},
                                                    {at::kBool, "bool"}};
  return {{"type", types.at(tensor.scalar_type())}, {"shape", tensor.sizes().vec()}, {"data", data}};
}

// As a model takes it ([N, 1]), or gives it ([N]).
Json arrayOf(const Column& column, bool as_input) {
  Json data = Json::array();
  for (int64_t row = 0; row < column.rows(); ++row) {
    const bool texts = column.type == ColumnType::Text || column.type == ColumnType::Category;
    data.push_back(texts ? Json(column.cell(row)) : numberJson(column.numbers[static_cast<size_t>(row)]));
  }
  const char* type = column.type == ColumnType::Time     ? "float64"
                     : column.type == ColumnType::Number ? "float32"
                                                         : "text";
  Json shape = Json::array({column.rows()});
  if (as_input) shape.push_back(1);
  return {{"type", type}, {"shape", shape}, {"data", data}};
}

// Numbers come into a model as float32.
Packet asFloats(const Packet& packet) {
  if (!packet.isTable()) return packet;
  std::vector<Table::Shared> columns;
  for (const auto& column : packet.table().columns()) {
    Column copy = *column;
    if (copy.type == ColumnType::Number)
      for (double& value : copy.numbers) value = static_cast<float>(value);
    columns.push_back(std::make_shared<const Column>(std::move(copy)));
  }
  return Table(std::move(columns));
}

Json arraysOf(const Batch& batch, bool as_input) {
  Json out = Json::object();
  for (const auto& [slot, packet] : batch.items()) {
    if (!packet.isTable()) {
      const bool scores = !as_input && slot == "scores" && !packet.meaning().classes.empty();
      const auto& names = packet.meaning().columns;
      const bool named = !as_input && packet.tensor().dim() == 2 && !names.empty() &&
                         packet.tensor().size(1) == static_cast<int64_t>(names.size());
      for (size_t i = 0; named && i < names.size(); ++i)
        out[names[i]] = arrayOf(packet.tensor().select(1, static_cast<int64_t>(i)));
      if (!named) out[scores ? "probabilities" : slot] = arrayOf(packet.tensor());
      continue;
    }
    for (const auto& column : packet.table().columns()) out[column->name] = arrayOf(*column, as_input);
  }
  return out;
}

// The block behind a source that gives what the trial has on its wires.
Pipeline pipelineOf(const Trial& trial) {
  Plan plan;
  plan.nodes.push_back({.id = "source", .type = "source/synthetic"});
  PlanNode node{.id = "block", .type = trial.type->schema.id, .values = trial.values};
  const Batch needed = trial.required(trial.later);
  for (const auto& [slot, packet] : needed.items()) node.inputs.push_back({.slot = slot, .from = 0, .port = slot});
  plan.nodes.push_back(node);
  Pipeline pipeline(plan, Heads::Optional);
  for (const auto& [slot, packet] : needed.items()) pipeline.nodes()[0].outputs[slot] = trial.inputs.at(slot);
  pipeline.nodes()[1].outputs = trial.outputs;
  auto fitted = trial.block();
  Step training(true, KeyedRandom(5), at::arange(trial.rows.rows(), at::kLong));
  fitted->forward(trial.rows, training);  // moves running values, and tells heads their classes
  pipeline.nodes()[1].block = trial.bareBlock(2);
  pipeline.nodes()[1].block->loadState(fitted->state());
  const auto from = fitted->parameters(), to = pipeline.nodes()[1].block->parameters();
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < from.size(); ++i) at::Tensor(to[i].tensor).copy_(from[i].tensor);
  return pipeline;
}

}  // namespace

ExportTrial exportTrial(const Trial& trial, Written as) {
  const at::NoGradGuard no_grad;
  const Pipeline pipeline = pipelineOf(trial);
  std::vector<WireStart> answers;
  for (const auto& port : trial.type->schema.outputs) answers.push_back({1, port.name});
  const Weights weights = as == Written::OnnxInt8 ? Weights::EightBits : Weights::AsTrained;
  ExportTrial out{.model = as == Written::TorchScript ? torchScriptOf(pipeline, answers, "trial").bytes
                                                      : onnxOf(pipeline, answers, "trial", weights).bytes};
  Batch rows;
  const Batch needed = trial.required(trial.later);
  for (const auto& [slot, packet] : needed.items()) rows.set(slot, asFloats(packet));
  const Batch said = trial.type->schema.train_only ? rows : predicted(*pipeline.nodes()[1].block, rows);
  Batch ports;
  for (size_t i = 0; i < trial.type->schema.outputs.size(); ++i) {
    const std::string& port = trial.type->schema.outputs[i].name;
    const std::string from = trial.type->schema.train_only ? trial.type->schema.inputs[i].name : port;
    if (said.has(from)) ports.set(port, said.packet(from));
  }
  out.in = arraysOf(rows, true);
  out.out = arraysOf(ports, false);
  return out;
}

ExportTrial exportRows(const std::string& bundle_file, const std::string& folder, int64_t rows, Written as) {
  std::atomic<bool> stop = false;
  Bundle bundle(bundle_file, {.batch_size = rows, .stop = &stop});  // one batch, as the model is asked
  const Weights weights = as == Written::OnnxInt8 ? Weights::EightBits : Weights::AsTrained;
  ExportTrial out{.model = as == Written::TorchScript ? torchScriptOf(bundle).bytes : onnxOf(bundle, weights).bytes};
  std::optional<EightBits> rounded;
  if (as == Written::OnnxInt8) rounded.emplace();
  const auto source = bundle.openProject(folder);
  Batch in;
  const Chunk chunk = source->read(0, rows);
  for (const auto& [port, packet] : chunk.batch.items())
    if (port != "target") in.set(port, asFloats(packet));
  out.in = arraysOf(in, true);
  bundle.answer(*source, [&](const Answers& said) {
    stop = true;
    const int64_t count = std::min(rows, said.table.rows());
    out.out = arraysOf({{"answer", Packet(said.table.slice(0, count))}}, false);
    if (said.scores.empty()) return;
    const auto classes = static_cast<int64_t>(said.scores.front().classes.size());
    const at::Tensor scores = at::tensor(said.scores.front().values).view({-1, classes}).narrow(0, 0, count);
    out.out["probabilities"] = arrayOf(scores);
  });
  return out;
}

}  // namespace blockyard
