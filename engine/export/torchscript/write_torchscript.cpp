#include "export/torchscript/write_torchscript.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/shape_analysis.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "export/bundle.hpp"
#include "export/onnx/pipeline_graph.hpp"
#include "export/torchscript/script_text.hpp"

namespace blockyard {
namespace {

namespace jit = torch::jit;

constexpr double kAnswerTolerance = 1e-5;

using Names = std::vector<std::string>;
using TextColumns = c10::Dict<std::string, c10::List<std::string>>;
using NumberColumns = c10::Dict<std::string, at::Tensor>;

c10::List<std::string> listOf(const Names& names) {
  c10::List<std::string> out;
  for (const auto& name : names) out.push_back(name);
  return out;
}

// The recording as a method: weights become attributes of the module, several results a tuple.
jit::Module moduleOf(const std::string& name, const TracedBlock& block,
                     const std::shared_ptr<jit::CompilationUnit>& unit) {
  jit::Module out(c10::QualifiedName("__torch__.blocks." + name), unit, /*shouldMangle=*/true);
  const std::shared_ptr<jit::Graph> graph = block.graph->copy();
  jit::EraseShapeInformation(graph);
  jit::Value* const self = graph->insertInput(0, "self");
  self->setType(out.type());
  std::set<std::string> taken{"training"};
  const size_t first_weight = 1 + block.slots.size();
  {
    const jit::WithInsertPoint front(*graph->nodes().begin());
    for (size_t i = 0; i < block.weights.size(); ++i) {
      jit::Value* const input = graph->inputs()[first_weight + i];
      if (!input->hasUses()) continue;
      const std::string own = scriptName(block.weights[i].name, taken);
      out.register_parameter(own, block.weights[i].tensor.detach().cpu(), /*is_buffer=*/i >= block.trained);
      input->replaceAllUsesWith(graph->insertGetAttr(self, own));
    }
  }
  while (graph->inputs().size() > first_weight) graph->eraseInput(graph->inputs().size() - 1);
  if (graph->outputs().size() > 1) {
    const auto results = graph->outputs().vec();
    jit::Value* const tuple = graph->insertNode(graph->createTuple(results))->output();
    while (!graph->outputs().empty()) graph->eraseOutput(0);
    graph->registerOutput(tuple);
  }
  const c10::QualifiedName place(*out.type()->name(), "forward");
  out.type()->addMethod(unit->create_function(place, graph));
  return out;
}

class ScriptWriter {
 public:
  ScriptWriter(const Pipeline& pipeline, const std::vector<WireStart>& answers, const std::string& run)
      : pipeline_(pipeline), examples_(pipeline) {
    const auto trace = [this](OnnxGraph& graph, const std::string& block, const TracedBlock& recorded,
                              const std::map<std::string, OnnxValue>& inputs) {
      return writeCall(graph, block, recorded, inputs);
    };
    made_ = pipelineGraph(pipeline, examples_, answers, run, trace);
    leaveOutUnused(made_.graph.file());
  }

  TorchScriptModel write() {
    TorchScriptModel out{.bytes = bytesOf(assembled())};
    for (const GraphAnswer& answer : made_.answers) out.outputs.push_back(answer.name);
    // Our own bytes, from memory: no file is ever loaded as TorchScript, which could hold anybody's code.
    std::istringstream file(out.bytes);
    jit::Module loaded = jit::load(file);
    loaded.eval();
    requireSame(loaded, examples_.second());
    requireSame(loaded, examples_.third());
    return out;
  }

 private:
  // A node that stands for the recorded block.
  std::map<std::string, OnnxValue> writeCall(OnnxGraph& graph, const std::string& block, const TracedBlock& recorded,
                                             const std::map<std::string, OnnxValue>& inputs) {
    OnnxValues in;
    for (const auto& slot : recorded.slots) in.push_back(inputs.at(slot));
    std::vector<OnnxType> types;
    for (const jit::Value* output : recorded.graph->outputs()) {
      const auto type = output->type()->expect<c10::TensorType>()->scalarType();
      if (!type) throw Error({}, "the type of what comes out is not known", "export the bundle, which holds any block");
      types.push_back(onnxTypeOf(*type));
    }
    const auto number = static_cast<int64_t>(recorded_.size());
    const OnnxValues values = graph.nodes("Block", in, types, {{kBlockAttribute, number}}, kOwnDomain);
    recorded_.push_back(recorded);
    blocks_.push_back(scriptName(block, taken_));
    std::map<std::string, OnnxValue> out;
    for (size_t i = 0; i < recorded.ports.size(); ++i) out[recorded.ports[i]] = values[i];
    return out;
  }

  jit::Module assembled() {
    jit::Module out("__torch__.Pipeline");
    const auto unit = out._ivalue()->compilation_unit();
    for (size_t i = 0; i < recorded_.size(); ++i)
      out.register_module(blocks_[i], moduleOf(blocks_[i], recorded_[i], unit));
    const ScriptText text = scriptText(made_.graph, columns(), blocks_, taken_);
    for (const auto& [name, tensor] : text.constants) out.register_buffer(name, tensor);
    for (const auto& [name, names] : text.names)
      out.register_attribute(name, c10::ListType::ofStrings(), c10::IValue(listOf(names)));
    for (const auto& [name, places] : text.places) {
      c10::Dict<std::string, int64_t> dict;
      for (const auto& [text_of, place] : places) dict.insert(text_of, place);
      out.register_attribute(name, c10::DictType::create(c10::StringType::get(), c10::IntType::get()), dict);
    }
    TextColumns classes;
    for (const GraphAnswer& answer : made_.answers)
      if (!answer.classes.empty()) classes.insert(answer.name, listOf(answer.classes));
    out.register_attribute("classes", c10::DictType::create(c10::StringType::get(), c10::ListType::ofStrings()),
                           classes);
    for (const auto& [name, value] : made_.graph.file().notes)
      if (name != "classes") out.register_attribute(name, c10::StringType::get(), value);
    out.define(text.code);
    out.eval();
    return out;
  }

  static std::string bytesOf(const jit::Module& module) {
    std::ostringstream out;
    module.save(out);
    return out.str();
  }

  const Batch& given(const Flow& flow) const { return flow[pipeline_.source()]; }

  std::set<std::string> columns() const {
    std::set<std::string> out;
    for (const auto& [port, packet] : given(examples_.first()).items())
      if (packet.isTable())
        for (const auto& column : packet.table().columns()) out.insert(column->name);
    return out;
  }

  // The arguments of forward for rows of the source.
  jit::Stack argumentsOf(const Flow& flow) const {
    jit::Stack out;
    NumberColumns numbers;
    TextColumns texts;
    const auto names = columns();
    bool table = false;
    for (const OnnxPort& input : made_.graph.file().inputs) {
      if (names.count(input.name) == 0) {
        out.emplace_back(given(flow)[input.name]);
        continue;
      }
      table = true;
      for (const auto& [port, packet] : given(flow).items()) {
        const Table::Shared column = packet.isTable() ? packet.table().find(input.name) : nullptr;
        if (column == nullptr) continue;
        if (input.type == OnnxType::Text)
          texts.insert(input.name, listOf(textsOf(*column)));
        else
          numbers.insert(input.name, at::tensor(column->numbers, at::kDouble));
      }
    }
    if (!table) return out;
    out.emplace_back(numbers);
    out.emplace_back(texts);
    return out;
  }

  static Names textsOf(const Column& column) {
    Names out;
    for (int64_t row = 0; row < column.rows(); ++row) out.push_back(column.cell(row));
    return out;
  }

  void requireSame(jit::Module& module, const Flow& flow) const {
    jit::Stack stack = argumentsOf(flow);
    stack.insert(stack.begin(), module._ivalue());
    // Module::forward also logs the call, behind a lock of libc10's that SentencePiece's library writes over wherever
    // it is loaded later: both have a variable FLAGS_minloglevel (cmake/text.cmake).
    jit::toGraphFunction(module.get_method("forward").function()).get_executor().run(stack);
    const c10::IValue& said = stack.back();
    const auto numbers =
        c10::impl::toTypedDict<std::string, at::Tensor>(said.toTupleRef().elements()[0].toGenericDict());
    const auto texts =
        c10::impl::toTypedDict<std::string, c10::List<std::string>>(said.toTupleRef().elements()[1].toGenericDict());
    for (const GraphAnswer& answer : made_.answers) {
      const Packet& packet = flow[answer.wire.node].packet(answer.wire.port);
      if (!same(packet, answer, numbers, texts))
        throw Error({.block = pipeline_.nodes()[answer.wire.node].plan.id},
                    "the module that was written answers otherwise than the pipeline: " + answer.name,
                    "export the bundle, which holds any block", Fault::Failed);
    }
  }

  static bool same(const Packet& wanted, const GraphAnswer& answer, const NumberColumns& numbers,
                   const TextColumns& texts) {
    if (!wanted.isTable())
      return near(answer.at < 0 ? wanted.tensor() : wanted.tensor().select(1, answer.at), numbers.at(answer.name));
    const Column& column = wanted.table().column(answer.column);
    if (column.type == ColumnType::Category || column.type == ColumnType::Text)
      return textsOf(column) == texts.at(answer.name).vec();
    return near(at::tensor(column.numbers, at::kDouble), numbers.at(answer.name));
  }

  static bool near(const at::Tensor& wanted, const at::Tensor& said) {
    return wanted.sizes() == said.sizes() && at::allclose(wanted.to(at::kDouble), said.to(at::kDouble),
                                                          kAnswerTolerance, kAnswerTolerance, /*equal_nan=*/true);
  }

  const Pipeline& pipeline_;
  ExampleFlows examples_;
  std::vector<TracedBlock> recorded_;
  Names blocks_;  // attributes of the module, by number
  std::set<std::string> taken_{"classes", "signature", "run", "training"};
  PipelineGraph made_;
};

}  // namespace

TorchScriptModel torchScriptOf(const Pipeline& pipeline, const std::vector<WireStart>& answers,
                               const std::string& run) {
  const at::NoGradGuard no_grad;
  TorchScriptModel out;
  guarded({}, [&] { out = ScriptWriter(pipeline, answers, run).write(); });
  return out;
}

TorchScriptModel torchScriptOf(Bundle& bundle) {
  return torchScriptOf(bundle.pipeline(), bundle.pipeline().answers(), bundle.run());
}

}  // namespace blockyard
