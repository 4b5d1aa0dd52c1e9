// The table of operators, put together from its groups, and the walk over a traced block that asks it.
#include <unordered_map>

#include "base/error.hpp"
#include "export/onnx/aten_node.hpp"

namespace blockyard {
namespace {

namespace jit = torch::jit;

const std::unordered_map<std::string, AtenRule>& atenRules() {
  static const auto kRules = [] {
    std::unordered_map<std::string, AtenRule> out;
    for (const auto group : {atenArithmetic, atenActivations, atenReductions, atenShapes, atenMaking, atenLayers})
      for (const AtenEntry& entry : group()) out.emplace(entry.op, entry.rule);
    return out;
  }();
  return kRules;
}

// Numbers and lists of the graph are read where they are used.
bool isTensorWork(const jit::Node& node) {
  if (node.kind() == jit::prim::Constant || node.kind() == jit::prim::ListConstruct) return false;
  for (const jit::Value* output : node.outputs())
    if (output->type()->cast<c10::TensorType>() || output->type()->cast<c10::ListType>()) return true;
  return false;
}

}  // namespace

std::map<std::string, OnnxValue> writeTraced(OnnxGraph& graph, const std::string& block, const TracedBlock& trace,
                                             const std::map<std::string, OnnxValue>& inputs) {
  AtenScope scope{.graph = graph, .block = trace};
  const auto given = trace.graph->inputs();
  for (size_t i = 0; i < trace.slots.size(); ++i) scope.values[given[i]] = inputs.at(trace.slots[i]);
  for (size_t i = 0; i < trace.weights.size(); ++i) {
    const jit::Value* const value = given[trace.slots.size() + i];
    const NamedTensor& weight = trace.weights[i];
    if (value->hasUses()) scope.values[value] = graph.constant(weight.tensor, block + "." + weight.name);
  }
  for (const jit::Node* node : trace.graph->nodes()) {
    if (!isTensorWork(*node)) continue;
    const auto rule = atenRules().find(node->kind().toQualString());
    if (rule == atenRules().end())
      throw Error({}, std::string("there is no rule to write the operator ") + node->kind().toQualString() + " in ONNX",
                  "leave the block out, or export the bundle, which holds any block");
    rule->second(AtenNode(scope, *node));
  }
  std::map<std::string, OnnxValue> out;
  for (size_t i = 0; i < trace.ports.size(); ++i) {
    const jit::Value* const value = trace.graph->outputs()[i];
    const auto found = scope.values.find(value);
    if (found == scope.values.end())
      throw Error({}, "what comes out of " + trace.ports[i] + " does not depend on what comes in");
    out[trace.ports[i]] = found->second;
  }
  return out;
}

}  // namespace blockyard
