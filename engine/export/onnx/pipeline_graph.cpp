#include "export/onnx/pipeline_graph.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "export/onnx/block_rules.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

class GraphWriter {
 public:
  GraphWriter(const Pipeline& pipeline, const ExampleFlows& examples, std::vector<WireStart> answers,
              const TraceWriter& trace)
      : pipeline_(pipeline),
        examples_(examples),
        answers_(std::move(answers)),
        trace_(trace),
        made_(pipeline_.nodes().size()) {}

  PipelineGraph write(const std::string& run) {
    writeInputs();
    for (size_t index = 0; index < made_.size(); ++index)
      if (index != pipeline_.source()) guarded({.block = idOf(index)}, [&] { writeBlock(index); });
    writeAnswers();
    describe(run);
    return {std::move(graph_), std::move(given_)};
  }

 private:
  const std::vector<PipelineNode>& nodes() const { return pipeline_.nodes(); }
  const std::string& idOf(size_t index) const { return nodes()[index].plan.id; }

  // --- what comes in

  void writeInputs() {
    const PipelineNode& source = nodes()[pipeline_.source()];
    graph_.enter(source.plan.id);
    std::set<std::string> used;
    for (const auto& node : nodes())
      for (const auto& input : node.plan.inputs)
        if (input.from == pipeline_.source()) used.insert(input.port);
    for (const auto& [port, signature] : source.outputs) {
      if (used.count(port) == 0 || port == "target") continue;
      OnnxPacket& packet = made_[pipeline_.source()][port];
      packet.table = signature.kind == Wire::Table;
      if (!packet.table) packet.tensor = tensorInput(port, signature);
      for (const ColumnInfo& column : signature.columns) packet.columns.push_back(columnInput(column));
    }
  }

  OnnxValue tensorInput(const std::string& port, const Signature& signature) {
    static const std::map<Element, OnnxType> kTypes{{Element::Float32, OnnxType::Float},
                                                    {Element::Float64, OnnxType::Double},
                                                    {Element::Int64, OnnxType::Int64},
                                                    {Element::UInt8, OnnxType::UInt8},
                                                    {Element::Bool, OnnxType::Bool}};
    std::vector<int64_t> sizes;
    for (size_t i = 1; i < signature.shape.size(); ++i) sizes.push_back(signature.shape[i].size);
    return graph_.input(port, kTypes.at(signature.element), sizes, signature.text());
  }

  OnnxColumn columnInput(const ColumnInfo& info) {
    OnnxColumn out{.name = info.name, .type = info.type, .classes = info.classes};
    const auto input = [&](OnnxType type, const char* doc) { return graph_.input(info.name, type, {1}, doc); };
    switch (info.type) {
      case ColumnType::Number:
        out.value = graph_.cast(input(OnnxType::Float, "a number; NaN if it is missing"), OnnxType::Double);
        break;
      case ColumnType::Time:
        out.value = input(OnnxType::Double, "seconds since 1970-01-01 UTC; NaN if it is missing");
        break;
      case ColumnType::Text:
        out.value = input(OnnxType::Text, "a text");
        break;
      case ColumnType::Category:
        out.value =
            codesOf(input(OnnxType::Text, "one of the classes trained on; empty if it is missing"), info.classes);
        break;
    }
    return out;
  }

  OnnxValue codesOf(const OnnxValue& names, const std::vector<std::string>& classes) {
    std::vector<std::string> keys{""};
    std::vector<int64_t> codes{kMissingCode};
    for (const auto& name : classes) {
      codes.push_back(static_cast<int64_t>(keys.size()) - 1);
      keys.push_back(name);
    }
    return graph_.node("LabelEncoder", {names}, OnnxType::Int64,
                       {{"keys_strings", keys}, {"values_int64s", codes}, {"default_int64", int64_t{kUnknownCode}}},
                       "ai.onnx.ml");
  }

  // --- block by block

  OnnxBatch inputsOf(size_t index) const {
    OnnxBatch in;
    for (const auto& input : nodes()[index].plan.inputs) {
      const auto it = made_[input.from].find(input.port);
      if (it != made_[input.from].end()) in[input.slot] = it->second;
    }
    return in;
  }

  void writeBlock(size_t index) {
    const PipelineNode& node = nodes()[index];
    const BlockSchema& schema = node.type->schema;
    OnnxBatch in = inputsOf(index);
    for (const auto& port : schema.inputs)
      if (port.wires != Wires::Optional && in.count(port.name) == 0) return;
    if (schema.train_only) {
      for (size_t i = 0; i < schema.outputs.size(); ++i)
        made_[index][schema.outputs[i].name] = in.at(schema.inputs[i].name);
      return;
    }
    graph_.enter(node.plan.id);
    const BlockEntry* entry = findBlockRule(schema.id);
    if (entry != nullptr && entry->refusal != nullptr) throw Error({}, entry->refusal, entry->hint);
    made_[index] = entry != nullptr ? byRule(index, *entry, std::move(in)) : byTrace(index, in);
  }

  OnnxBatch byRule(size_t index, const BlockEntry& entry, OnnxBatch in) {
    const Batch example_in = pipeline_.inputsOf(index, examples_.first());
    BlockToWrite block{.graph = graph_,
                       .node = nodes()[index],
                       .state = nodes()[index].block->state(),
                       .in = std::move(in),
                       .example_in = example_in,
                       .example_out = examples_.first()[index]};
    return entry.rule(block);
  }

  OnnxBatch byTrace(size_t index, const OnnxBatch& in) {
    std::map<std::string, OnnxValue> inputs;
    for (const auto& [slot, packet] : in) {
      if (packet.table)
        throw Error({.port = slot}, "there is no rule to write this block, which works on tables",
                    "export the bundle, which holds any block");
      inputs[slot] = packet.tensor;
    }
    const ExampleRows rows{pipeline_.inputsOf(index, examples_.first()), pipeline_.inputsOf(index, examples_.second()),
                           pipeline_.inputsOf(index, examples_.third())};
    OnnxBatch out;
    for (auto& [port, value] : trace_(graph_, idOf(index), traced(nodes()[index], rows), inputs))
      out[port] = {.tensor = value};
    return out;
  }

  // --- what comes out

  OnnxValue answerOf(const OnnxColumn& column) {
    OnnxValue value = column.value;
    if (column.width > 1)
      value = graph_.node("Gather", {value, graph_.integers({column.at})}, value.type, {{"axis", int64_t{1}}});
    if (column.type == ColumnType::Category) value = namesOf(value, column.classes);
    if (column.type == ColumnType::Number) value = graph_.cast(value, OnnxType::Float);
    return graph_.node("Reshape", {value, graph_.integers({-1})}, value.type);
  }

  OnnxValue namesOf(const OnnxValue& codes, const std::vector<std::string>& classes) {
    std::vector<int64_t> keys;
    for (size_t i = 0; i < classes.size(); ++i) keys.push_back(static_cast<int64_t>(i));
    return graph_.node("LabelEncoder", {codes}, OnnxType::Text,
                       {{"keys_int64s", keys}, {"values_strings", classes}, {"default_string", std::string()}},
                       "ai.onnx.ml");
  }

  void give(const std::string& name, const OnnxValue& value, const std::vector<int64_t>& sizes, GraphAnswer said) {
    said.name = graph_.output(name, value, sizes);
    given_.push_back(std::move(said));
  }

  // Two blocks may answer under the same name: then the block tells them apart.
  void writeAnswers() {
    graph_.enter("answer");
    std::map<std::string, int> wanted;
    for (const auto& answer : answers_) {
      ++wanted[answer.port];
      for (const OnnxColumn& column : columnsOf(answer)) ++wanted[column.name];
    }
    for (const auto& answer : answers_) {
      const auto it = made_[answer.node].find(answer.port);
      if (it == made_[answer.node].end() || isScores(answer.node, answer.port)) continue;
      const auto own = [&](const std::string& name) {
        return wanted[name] > 1 ? idOf(answer.node) + "." + name : name;
      };
      const std::vector<OnnxColumn> columns = columnsOf(answer);
      for (size_t i = 0; i < columns.size(); ++i)
        give(own(columns[i].name), answerOf(columns[i]), {},
             {.wire = answer, .column = columns[i].name, .at = static_cast<int64_t>(i)});
      if (it->second.table || !columns.empty()) continue;
      const at::Tensor example = examples_.first()[answer.node][answer.port];
      give(own(answer.port), it->second.tensor, example.sizes().slice(1).vec(), {.wire = answer});
    }
    writeScores();
  }

  // Predicted numbers with names are columns, too.
  std::vector<OnnxColumn> columnsOf(const WireStart& answer) const {
    const auto it = made_[answer.node].find(answer.port);
    if (it == made_[answer.node].end()) return {};
    if (it->second.table) return it->second.columns;
    const Packet& example = examples_.first()[answer.node].packet(answer.port);
    const auto& names = example.meaning().columns;
    const auto width = static_cast<int64_t>(names.size());
    if (example.tensor().dim() != 2 || example.tensor().size(1) != width) return {};
    std::vector<OnnxColumn> out;
    for (const auto& name : names)
      out.push_back({.name = name, .value = it->second.tensor, .at = static_cast<int64_t>(out.size()), .width = width});
    return out;
  }

  bool isScores(size_t index, const std::string& port) const {
    return port == "scores" && made_[index].count(port) > 0 && !classesOf(index).empty();
  }

  const std::vector<std::string>& classesOf(size_t index) const {
    return examples_.first()[index].packet("scores").meaning().classes;
  }

  // The last scores of every classifier: those of a calibration in place of those that it took.
  void writeScores() {
    std::vector<size_t> last;
    for (size_t index = 0; index < nodes().size(); ++index) {
      if (index == pipeline_.source() || !isScores(index, "scores")) continue;
      bool taken = false;
      for (size_t later = index + 1; later < nodes().size(); ++later)
        for (const auto& input : nodes()[later].plan.inputs)
          taken = taken || (input.from == index && input.port == "scores" && isScores(later, "scores"));
      if (!taken) last.push_back(index);
    }
    Json classes = Json::object();
    for (const size_t index : last) {
      const std::string name = last.size() > 1 ? idOf(index) + ".probabilities" : "probabilities";
      give(name, made_[index].at("scores").tensor, {static_cast<int64_t>(classesOf(index).size())},
           {.wire = {index, "scores"}, .classes = classesOf(index)});
      classes[given_.back().name] = classesOf(index);
    }
    if (!last.empty())
      graph_.file().notes.emplace_back("classes", classes.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  void describe(const std::string& run) {
    const PipelineNode& source = nodes()[pipeline_.source()];
    Json signature = Json::object();
    for (const auto& [port, given] : source.outputs) {
      Json columns = Json::object();
      for (const auto& column : given.columns) columns[column.name] = nameOf(column.type);
      signature[port] = given.columns.empty() ? Json(given.text()) : columns;
    }
    graph_.file().notes.emplace_back("signature", signature.dump(-1, ' ', false, Json::error_handler_t::replace));
    graph_.file().notes.emplace_back("run", run);
    graph_.file().doc = "A pipeline trained with Blockyard, run " + run;
  }

  const Pipeline& pipeline_;
  const ExampleFlows& examples_;
  std::vector<WireStart> answers_;
  const TraceWriter& trace_;
  OnnxGraph graph_;
  std::vector<OnnxBatch> made_;  // by block
  std::vector<GraphAnswer> given_;
};

}  // namespace

PipelineGraph pipelineGraph(const Pipeline& pipeline, const ExampleFlows& examples,
                            const std::vector<WireStart>& answers, const std::string& run, const TraceWriter& trace) {
  return GraphWriter(pipeline, examples, answers, trace).write(run);
}

}  // namespace blockyard
