#include "graph/plan.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "blocks/catalog.hpp"
#include "graph/check.hpp"
#include "graph/composite.hpp"
#include "graph/project.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr int kPlanFormat = 1;

// Training settings that change how fast or how safely a run goes, but not its result.
const std::set<std::string> kNotInHash = {
    "device",         "threads",           "loader_threads",   "memory_budget",
    "row_cache",      "accepted_warnings", "checkpoint_steps", "checkpoint_minutes",
    "checkpoint_keep"};

// Files inside the project or the data folder are named from there, so that the hash is the same on every machine.
void makePortable(Json& json, const std::string& folder, const std::vector<std::string>& data) {
  if (json.is_structured()) {
    for (auto& item : json) makePortable(item, folder, data);
    return;
  }
  if (!json.is_string()) return;
  auto& text = json.get_ref<std::string&>();
  for (const auto& one : data)
    if (text.starts_with(one + "/")) return void(text = "${data}" + text.substr(one.size()));
  if (!folder.empty() && text.starts_with(folder + "/")) text = text.substr(folder.size() + 1);
}

Json nodesJson(const std::vector<PlanNode>& nodes) {
  Json out = Json::array();
  for (const auto& node : nodes) {
    Json inputs = Json::array();
    for (const auto& input : node.inputs)
      inputs.push_back({{"slot", input.slot}, {"from", nodes[input.from].id}, {"port", input.port}});
    out.push_back(
        {{"id", node.id}, {"block", node.type}, {"values", toJson(node.values)}, {"inputs", std::move(inputs)}});
  }
  return out;
}

// The output that a wire really comes from, bypassed blocks passed through.
std::optional<End> realSource(const Graph& graph, Link link) {
  for (const Node* from = graph.find(link.from.node); from != nullptr && from->bypassed;
       from = graph.find(link.from.node)) {
    const auto before = wireThrough(graph, link.from.node, link.from.port);
    if (!before) return std::nullopt;
    link = *before;
  }
  return link.from;
}

Values withTypes(const Values& given, const std::vector<Param>& params) {
  Values out;
  for (const auto& [name, value] : given.items()) {
    const Param* param = nullptr;
    for (const auto& one : params)
      if (one.name == name) param = &one;
    out.set(name, param == nullptr ? value : valueFromJson(toJson(value), param->fallback));
  }
  return out;
}

}  // namespace

const PlanNode* Plan::find(const std::string& id) const {
  for (const auto& node : nodes)
    if (node.id == id) return &node;
  return nullptr;
}

std::string Plan::hash() const {
  Json training_json = toJson(training);
  for (const auto& name : kNotInHash) training_json.erase(name);
  Json nodes_json = nodesJson(nodes);
  for (Json& node : nodes_json)
    if (const BlockType* type = findBlockType(node["block"].get<std::string>());
        type != nullptr && type->schema.kind == Kind::Source)
      for (const char* name : {kOriginParam, kLicenceParam}) node["values"].erase(name);
  Json json = {{"format", kPlanFormat}, {"nodes", std::move(nodes_json)}, {"training", std::move(training_json)}};
  makePortable(json["nodes"], folder, dataFolders());
  return sha256Hex(json.dump(-1, ' ', true, Json::error_handler_t::replace));
}

Json toJson(const Plan& plan) {
  return {{"format", kPlanFormat}, {"project", plan.project},        {"pipeline", plan.pipeline},
          {"folder", plan.folder}, {"nodes", nodesJson(plan.nodes)}, {"training", toJson(plan.training)}};
}

Plan planFromJson(const Json& json) {
  const JsonPlace root(json, "");
  if (const int64_t format = root["format"].integer(); format != kPlanFormat)
    root["format"].expected("the plan format " + std::to_string(kPlanFormat));
  Plan out{.project = root["project"].text(), .pipeline = root["pipeline"].text(), .folder = root["folder"].text()};
  std::map<std::string, size_t> numbers;
  for (const auto& place : root["nodes"].items()) {
    PlanNode node{.id = place["id"].text(), .type = place["block"].text()};
    const BlockType* type = findBlockType(node.type);
    try {
      node.values = valuesFromJson(place["values"].json());
      if (type != nullptr) node.values = withTypes(node.values, type->schema.params);
    } catch (const Error& error) {
      place["values"].refuse(error.problem(), error.hint());
    }
    for (const auto& input : place["inputs"].items()) {
      const auto from = numbers.find(input["from"].text());
      if (from == numbers.end()) input["from"].expected("the id of an earlier block");
      node.inputs.push_back({input["slot"].text(), from->second, input["port"].text()});
    }
    if (!numbers.emplace(node.id, out.nodes.size()).second) place["id"].expected("an id of its own");
    out.nodes.push_back(std::move(node));
  }
  try {
    out.training = withTypes(valuesFromJson(root["training"].json()), trainingParams());
  } catch (const Error& error) {
    root["training"].refuse(error.problem(), error.hint());
  }
  return out;
}

Plan makePlan(const Project& project, const std::string& pipeline, const Checked& checked) {
  checked.requireOk();
  const std::string& name = pipeline.empty() ? project.defaultPipeline() : pipeline;
  const Expanded flat = expanded(project, name);
  const Graph& graph = flat.graph;
  Plan out{.project = project.name, .pipeline = name, .folder = project.folder()};
  out.training = checked.training;
  std::map<NodeId, size_t> numbers;
  for (const auto& id : checked.order) {
    const Node& node = graph.node(id);
    PlanNode planned{.id = id.name, .type = node.type, .values = checked.values.at(id)};
    std::map<std::string, size_t> wires;
    for (const auto& link : graph.into(id)) {
      const size_t index = wires[link.to.port]++;
      const auto from = realSource(graph, link);
      if (!from)
        throw Error({.block = id.name, .port = link.to.port},
                    "nothing arrives here: the blocks before it are bypassed");
      const std::string slot = index == 0 ? link.to.port : link.to.port + ":" + std::to_string(index);
      planned.inputs.push_back({slot, numbers.at(from->node), from->port});
    }
    numbers.emplace(id, out.nodes.size());
    out.nodes.push_back(std::move(planned));
  }
  return out;
}

Plan makePlan(const Project& project, const std::string& pipeline) {
  return makePlan(project, pipeline, check(project, pipeline));
}

}  // namespace blockyard
