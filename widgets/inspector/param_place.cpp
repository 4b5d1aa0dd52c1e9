#include "widgets/inspector/param_place.hpp"

#include <algorithm>

#include "blocks/catalog.hpp"
#include "graph/composite.hpp"

namespace blockyard {
namespace {

void addColumns(const std::map<NodeId, Signatures>& known, const NodeId& id, QStringList& names) {
  const auto found = known.find(id);
  if (found == known.end()) return;
  for (const auto& [port, signature] : found->second) {
    for (const auto& column : signature.columns) {
      const QString name = QString::fromStdString(column.name);
      if (!names.contains(name)) names.push_back(name);
    }
  }
}

}  // namespace

const OrderedJson* ParamPlace::stored(const Graph& graph) const {
  const OrderedJson* object = &graph.training();
  if (block) {
    const Node* node = graph.find(*block);
    if (node == nullptr) return nullptr;
    object = &node->params;
  }
  const auto found = object->find(param.name);
  return found == object->end() ? nullptr : &*found;
}

Edit ParamPlace::set(OrderedJson value) const {
  if (block && !others.empty()) {
    Compound all{"set", {SetParam{*block, param.name, value}}};
    for (const NodeId& other : others) all.edits.emplace_back(SetParam{other, param.name, value});
    return all;
  }
  if (block) return SetParam{*block, param.name, std::move(value)};
  return SetTraining{param.name, std::move(value)};
}

bool ParamPlace::differs(const Graph& graph) const {
  const OrderedJson* own = stored(graph);
  return std::any_of(others.begin(), others.end(), [&](const NodeId& other) {
    const OrderedJson* value = ParamPlace{other, param}.stored(graph);
    return own == nullptr || value == nullptr ? own != value : *own != *value;
  });
}

Edit ParamPlace::clear(const Graph& graph) const {
  if (block && !others.empty()) {
    Compound all{"reset", {}};
    if (stored(graph) != nullptr) all.edits.emplace_back(ClearParam{*block, param.name});
    for (const NodeId& other : others)
      if (ParamPlace{other, param}.stored(graph) != nullptr) all.edits.emplace_back(ClearParam{other, param.name});
    return all;
  }
  if (block) return ClearParam{*block, param.name};
  return SetTraining{param.name, std::nullopt};
}

const std::string& ParamPlace::owner() const {
  static const std::string kTraining = "training";
  return block ? block->name : kTraining;
}

std::vector<std::string> settingNames(const Project& project, const std::string& root, const std::string& shown,
                                      const ParamPlace& place) {
  if (!place.block) return {place.address()};
  std::vector<std::string> paths;
  if (shown == root) paths.emplace_back();
  if (shown != root)
    for (const auto& [path, composite] : expanded(project, root).composites)
      if (composite == shown) paths.push_back(path + "/");
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    out.push_back(path + place.address());
    for (const NodeId& other : place.others) out.push_back(path + other.name + "." + place.param.name);
  }
  return out;
}

QStringList columnsFor(const Graph& graph, const Checked& checked, const std::optional<NodeId>& block) {
  QStringList names;
  if (block) {
    addColumns(checked.inputs, *block, names);
    if (names.isEmpty()) addColumns(checked.outputs, *block, names);
    return names;
  }
  for (const auto& node : graph.nodes()) {
    const BlockType* type = findBlockType(node.type);
    if (type != nullptr && type->schema.kind == Kind::Source) addColumns(checked.outputs, node.id, names);
  }
  return names;
}

}  // namespace blockyard
