#include "graph/snapshot.hpp"

#include "base/json.hpp"
#include "blocks/catalog.hpp"
#include "graph/graph_json.hpp"
#include "graph/plan.hpp"
#include "graph/project.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

// Only what is not the default: a person has set few of a block's many values.
OrderedJson chosenValues(const Values& values, const std::vector<Param>* params) {
  OrderedJson out = OrderedJson::object();
  for (const auto& [name, value] : values.items()) {
    const Param* param = nullptr;
    for (size_t i = 0; params != nullptr && i < params->size(); ++i)
      if ((*params)[i].name == name) param = &(*params)[i];
    if (param == nullptr || !(param->fallback == value)) out[name] = OrderedJson(toJson(value));
  }
  return out;
}

}  // namespace

std::string snapshotText(const Project& project, const std::string& pipeline) {
  Project out = project;
  const std::string name = pipeline.empty() ? project.defaultPipeline() : pipeline;
  out.base.clear();
  out.base_document = nullptr;
  std::erase_if(out.pipelines, [&](const PipelineGraph& each) { return each.name != name && !each.composite; });
  return projectText(out);
}

Snapshot snapshotFromText(std::string_view text, const std::string& file) {
  const Project project = projectFromText(text, file);
  const std::string name = project.defaultPipeline();
  Snapshot out{name, project.graph(name), project.variables};
  for (const auto& each : project.pipelines)
    if (each.composite) out.composites.emplace(each.name, each.graph.parts());
  return out;
}

Graph graphOfPlan(const Plan& plan) {
  GraphParts parts;
  for (const auto& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    parts.nodes.push_back({.id = {node.id},
                           .type = node.type,
                           .params = chosenValues(node.values, type == nullptr ? nullptr : &type->schema.params)});
    for (const auto& input : node.inputs)
      parts.links.push_back(
          {{{plan.nodes[input.from].id}, input.port}, {{node.id}, input.slot.substr(0, input.slot.find(':'))}});
  }
  parts.training = chosenValues(plan.training, &trainingParams());
  return Graph(std::move(parts));
}

Snapshot snapshotOfPlan(const Plan& plan) {
  return {.pipeline = plan.pipeline, .graph = graphOfPlan(plan)};
}

Compound restoring(const Project& project, const std::string& pipeline, const Snapshot& snapshot) {
  const Graph& now = project.graph(pipeline);
  const Graph& wanted = snapshot.graph;
  Compound out;
  auto& edits = out.edits;
  for (const auto& [name, value] : snapshot.variables.items())
    if (!project.variables.contains(name) || project.variables[name] != value)
      edits.push_back(SetVariable{name, value});
  for (const auto& [name, parts] : snapshot.composites) {
    const Graph* own = project.composite(name);
    if (own != nullptr && toJson(*own) == toJson(Graph(parts))) continue;
    if (own != nullptr) edits.push_back(RemoveComposite{name});
    edits.push_back(AddComposite{name, parts});
  }
  const bool same_blocks =
      now.nodes() == wanted.nodes() && now.links() == wanted.links() && now.frames() == wanted.frames();
  if (!same_blocks) {
    for (size_t i = now.links().size(); i-- > 0;) edits.push_back(Disconnect{now.links()[i], -1});
    for (size_t i = now.frames().size(); i-- > 0;) edits.push_back(RemoveFrame{static_cast<int64_t>(i)});
    for (const auto& node : now.nodes()) edits.push_back(RemoveNode{node.id});
    for (const auto& node : wanted.nodes()) edits.push_back(AddNode{.node = node});
    for (const auto& link : wanted.links()) edits.push_back(Connect{link, -1, Ends::MayDangle});
    for (const auto& frame : wanted.frames()) edits.push_back(AddFrame{frame});
  }
  for (const auto& [name, value] : now.training().items())
    if (!wanted.training().contains(name)) edits.push_back(SetTraining{.name = name});
  for (const auto& [name, value] : wanted.training().items())
    if (!now.training().contains(name) || now.training()[name] != value) edits.push_back(SetTraining{name, value});
  return out;
}

}  // namespace blockyard
