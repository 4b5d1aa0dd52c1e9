// The plan of what leads to one output port.
#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "graph/check.hpp"
#include "graph/plan.hpp"
#include "graph/project.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

// Gathers blocks backwards along the wires, inputs first.
class Way {
 public:
  Way(const Graph& graph, const Checked& checked, Plan& plan) : graph_(graph), checked_(checked), plan_(plan) {}

  // The number of the block in the plan.
  size_t add(const NodeId& id) {
    if (const auto it = numbers_.find(id); it != numbers_.end()) return it->second;
    if (!open_.insert(id).second) throw Error({.block = id.name}, "the wires form a cycle", "delete one of them");
    const Node& node = graph_.node(id);
    const auto values = checked_.values.find(id);
    refuseIfWrong(id, values == checked_.values.end());
    const BlockType& type = blockType(node.type);
    PlanNode planned{.id = id.name, .type = node.type, .values = values->second};
    for (const Port& port : type.schema.inputs) addPort(id, port, planned);
    open_.erase(id);
    plan_.nodes.push_back(std::move(planned));
    return numbers_[id] = plan_.nodes.size() - 1;
  }

  // The output that stands at `end`: of a bypassed block, what it passes on.
  End passed(End end) const {
    std::set<NodeId> seen;
    for (const Node* node = graph_.find(end.node); node != nullptr && node->bypassed; node = graph_.find(end.node)) {
      const auto before = wireThrough(graph_, end.node, end.port);
      if (!before || !seen.insert(end.node).second)
        throw Error({.block = end.node.name, .port = end.port}, "the block is bypassed and nothing arrives at it");
      end = before->from;
    }
    return end;
  }

 private:
  void addPort(const NodeId& id, const Port& port, PlanNode& planned) {
    int64_t index = 0;
    for (const Link& link : graph_.into(id, port.name)) {
      const End from = passed(link.from);
      const size_t number = add(from.node);
      requireOutput(from);
      const std::string slot = index == 0 ? port.name : port.name + ":" + std::to_string(index);
      planned.inputs.push_back({slot, number, from.port});
      ++index;
    }
    if (index == 0 && port.wires != Wires::Optional)
      throw Error({.block = id.name, .port = port.name}, "nothing is wired to this input", "draw a wire to it");
  }

  void requireOutput(const End& end) const {
    const BlockSchema& schema = blockType(graph_.node(end.node).type).schema;
    if (schema.findOutput(end.port) == nullptr)
      throw Error({.block = end.node.name, .port = end.port}, "the block has no such output");
  }

  // Warnings count where the block cannot be planned: what is wrong with a block without use is only warned of.
  void refuseIfWrong(const NodeId& id, bool unusable) const {
    for (const Problem& problem : checked_.problems)
      if (problem.where.block == id.name && (unusable || problem.severity == Severity::Error)) throw problem.error();
    if (unusable) throw Error({.block = id.name}, "its settings are not right");
  }

  const Graph& graph_;
  const Checked& checked_;
  Plan& plan_;
  std::map<NodeId, size_t> numbers_;
  std::set<NodeId> open_;
};

}  // namespace

PortPlan planUpTo(const Project& project, const std::string& pipeline, const Checked& checked, const End& output) {
  const std::string& name = pipeline.empty() ? project.defaultPipeline() : pipeline;
  const Graph& graph = project.graph(name);
  const BlockType& type = blockType(graph.node(output.node).type);
  if (type.schema.findOutput(output.port) == nullptr) {
    std::string ports;
    for (const Port& port : type.schema.outputs) ports += (ports.empty() ? "" : ", ") + port.name;
    throw Error({.block = output.node.name, .port = output.port}, "the block has no such output",
                ports.empty() ? "it has none" : "its outputs: " + ports);
  }
  PortPlan out{.plan = {.project = project.name, .pipeline = name, .folder = project.folder()}};
  out.plan.training = checked.training.items().empty() ? completeValues(trainingParams(), {}) : checked.training;
  Way way(graph, checked, out.plan);
  const End end = way.passed(output);
  way.add(end.node);
  out.block = end.node.name, out.port = end.port;
  return out;
}

Plan planUpTo(const Plan& plan, const std::string& block) {
  if (plan.find(block) == nullptr) {
    std::vector<std::string> names;
    for (const auto& node : plan.nodes) names.push_back(node.id);
    const std::string near = nearestName(block, names);
    throw Error({.block = block}, "there is no such block in the pipeline",
                near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  std::vector<bool> wanted(plan.nodes.size());
  for (size_t i = plan.nodes.size(); i-- > 0;) {
    wanted[i] = wanted[i] || plan.nodes[i].id == block;
    if (!wanted[i]) continue;
    for (const auto& input : plan.nodes[i].inputs) wanted[input.from] = true;
  }
  Plan out = plan;
  out.nodes.clear();
  std::vector<size_t> numbers(plan.nodes.size());
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (!wanted[i]) continue;
    numbers[i] = out.nodes.size();
    out.nodes.push_back(plan.nodes[i]);
    for (auto& input : out.nodes.back().inputs) input.from = numbers[input.from];
  }
  return out;
}

}  // namespace blockyard
