#include "graph/composite.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "blocks/catalog.hpp"

namespace blockyard {
namespace {

const std::string kPrefix = "composite/";
constexpr size_t kDeepest = 16;
constexpr size_t kMostBlocks = 100000;  // composites of composites grow fast

// The ports of a block, whatever it is; nullopt if it is unknown.
struct Schema {
  std::vector<Port> inputs{}, outputs{};
  Kind kind = Kind::Extractor;
};

std::optional<Schema> schemaOf(const Project& project, const Node& node, size_t depth);

const Port* portNamed(const std::vector<Port>& ports, const std::string& name) {
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const Port& port) { return port.name == name; });
  return found == ports.end() ? nullptr : &*found;
}

// The ports that the graph names, as far as their blocks are there.
std::vector<OuterPort> keptPorts(const std::vector<OpenPort>& kept,
                                 const std::map<NodeId, std::optional<Schema>>& schemas, bool outputs) {
  std::vector<OuterPort> out;
  for (const auto& open : kept) {
    OuterPort port{.port = {.name = open.name, .pattern = "any"}};
    for (const auto& end : open.ends) {
      const auto schema = schemas.find(end.end.node);
      if (schema == schemas.end()) continue;
      if (schema->second) {
        const auto& list = outputs ? schema->second->outputs : schema->second->inputs;
        const Port* inner = portNamed(list, end.end.port);
        if (inner == nullptr) continue;
        if (port.ends.empty()) port.port.pattern = inner->pattern, port.port.doc = inner->doc;
        // Many wires can arrive only where all that is behind takes many.
        port.port.wires = port.ends.empty() || inner->wires != Wires::Many ? inner->wires : port.port.wires;
      }
      port.ends.push_back(end);
      if (outputs) break;
    }
    if (!port.ends.empty()) out.push_back(std::move(port));
  }
  return out;
}

OuterPorts portsOf(const Project& project, const Graph& graph, size_t depth) {
  std::map<NodeId, std::optional<Schema>> schemas;
  for (const Node& node : graph.nodes()) schemas.emplace(node.id, schemaOf(project, node, depth));
  OuterPorts out{keptPorts(graph.inputs(), schemas, false), keptPorts(graph.outputs(), schemas, true)};
  std::set<End> taken;
  for (const Link& link : graph.links()) taken.insert(link.from), taken.insert(link.to);
  for (const auto* ports : {&out.inputs, &out.outputs})
    for (const auto& port : *ports)
      for (const auto& end : port.ends) taken.insert(end.end);
  for (const Node& node : graph.nodes()) {
    const auto& schema = schemas.at(node.id);
    if (!schema) continue;
    const auto add = [&](const std::vector<Port>& from, std::vector<OuterPort>& to, bool output) {
      for (Port port : from) {
        const End end{node.id, port.name};
        const bool wanted = output || port.wires != Wires::Optional || port.name == "target";
        if (!wanted || taken.count(end) > 0) continue;
        port.name = end.text();
        to.push_back({std::move(port), {{end, 0}}});
      }
    };
    add(schema->inputs, out.inputs, false);
    add(schema->outputs, out.outputs, true);
  }
  return out;
}

std::optional<Schema> schemaOf(const Project& project, const Node& node, size_t depth) {
  if (const BlockType* type = findBlockType(node.type))
    return Schema{type->schema.inputs, type->schema.outputs, type->schema.kind};
  const Graph* graph = project.composite(compositeOf(node.type));
  if (graph == nullptr || depth >= kDeepest) return std::nullopt;
  Schema out;
  const OuterPorts ports = portsOf(project, *graph, depth + 1);
  for (const auto& port : ports.inputs) out.inputs.push_back(port.port);
  for (const auto& port : ports.outputs) out.outputs.push_back(port.port);
  const Node* first = graph->nodes().empty()  ? nullptr
                      : ports.outputs.empty() ? &graph->nodes().back()
                                              : graph->find(ports.outputs.front().ends.front().end.node);
  if (first != nullptr)
    if (const auto inner = schemaOf(project, *first, depth + 1)) out.kind = inner->kind;
  return out;
}

End moved(const End& end, const std::string& path) {
  return {{path + "/" + end.node.name}, end.port};
}

// The wires of a graph with those of the composite `inner` at `path` put in. A wire into a port that takes many keeps
// its place among the others.
std::vector<Link> joined(const std::vector<Link>& links, const Graph& inner, const OuterPorts& ports,
                         const std::string& path) {
  struct Arrival {
    int64_t slot;
    Link link;
  };
  std::vector<Link> out;
  std::vector<Arrival> arrivals;
  for (Link link : links) {
    if (link.from.node.name == path)
      if (const OuterPort* port = ports.find(link.from.port, true)) link.from = moved(port->ends.front().end, path);
    const OuterPort* port = link.to.node.name == path ? ports.find(link.to.port, false) : nullptr;
    if (port == nullptr) {
      out.push_back(link);
      continue;
    }
    for (const auto& end : port->ends) arrivals.push_back({end.slot, {link.from, moved(end.end, path)}});
  }
  for (const Link& link : inner.links()) out.push_back({moved(link.from, path), moved(link.to, path)});
  std::stable_sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.slot < b.slot; });
  for (const auto& [slot, link] : arrivals) {
    auto place = out.begin();
    for (int64_t before = 0; place != out.end(); ++place)
      if (place->to == link.to && before++ == slot) break;
    out.insert(place, link);
  }
  return out;
}

}  // namespace

std::string compositeOf(const std::string& type) {
  return type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : std::string();
}

std::string compositeType(const std::string& name) {
  return kPrefix + name;
}

const OuterPort* OuterPorts::find(const std::string& name, bool output) const {
  for (const auto& port : output ? outputs : inputs)
    if (port.port.name == name) return &port;
  return nullptr;
}

OuterPorts portsOf(const Project& project, const Graph& composite) {
  return portsOf(project, composite, 0);
}

BlockSchema compositeSchema(const Project& project, const std::string& name) {
  const Node stand_in{.type = compositeType(name)};
  const auto schema = schemaOf(project, stand_in, 0);
  if (!schema) throw Error({}, "there is no composite \"" + name + "\"");
  BlockSchema out;
  out.title = name;
  out.doc =
      "A composite of " + std::to_string(project.composite(name)->nodes().size()) + " blocks. A double click opens it.";
  out.inputs = schema->inputs;
  out.outputs = schema->outputs;
  out.kind = schema->kind;
  out.id = stand_in.type;
  return out;
}

bool hasComposites(const Graph& graph) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(),
                     [](const Node& node) { return !compositeOf(node.type).empty(); });
}

std::vector<Link> linksWith(const Project& project, const Graph& graph, const NodeId& id) {
  const Graph& inner = *project.composite(compositeOf(graph.node(id).type));
  return joined(graph.links(), inner, portsOf(project, inner), id.name);
}

Expanded expanded(const Project& project, const std::string& pipeline) {
  const std::string& root = pipeline.empty() ? project.defaultPipeline() : pipeline;
  Expanded out;
  out.graph = project.graph(root);
  // Layer by layer: a block that came out of a composite may be one itself. Its way in names the composites around it.
  for (size_t depth = 0; depth < kDeepest && out.graph.nodes().size() <= kMostBlocks; ++depth) {
    GraphParts parts = out.graph.parts();
    const size_t before = out.composites.size();
    std::vector<Node> nodes;
    for (Node& node : parts.nodes) {
      const std::string name = compositeOf(node.type);
      const Graph* inner = project.composite(name);
      bool circle = name == root;
      for (size_t slash = node.id.name.find('/'); slash != std::string::npos;
           slash = node.id.name.find('/', slash + 1)) {
        const auto around = out.composites.find(node.id.name.substr(0, slash));
        circle = circle || (around != out.composites.end() && around->second == name);
      }
      if (inner == nullptr || circle) {
        nodes.push_back(std::move(node));
        continue;
      }
      out.composites.emplace(node.id.name, name);
      parts.links = joined(parts.links, *inner, portsOf(project, *inner), node.id.name);
      for (Node each : inner->nodes()) {
        each.id.name = node.id.name + "/" + each.id.name;
        each.bypassed = each.bypassed || node.bypassed;
        nodes.push_back(std::move(each));
      }
    }
    parts.nodes = std::move(nodes);
    if (out.composites.size() == before) break;
    out.graph = Graph(std::move(parts));
  }
  return out;
}

}  // namespace blockyard
