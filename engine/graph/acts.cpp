#include "graph/acts.hpp"

#include <algorithm>
#include <map>

#include "blocks/catalog.hpp"
#include "graph/checker.hpp"

namespace blockyard {
namespace {

const Port* inputOf(const Node& node, const std::string& port) {
  const BlockType* type = findBlockType(node.type);
  return type == nullptr ? nullptr : type->schema.findInput(port);
}

// The wires that the new one would push out.
std::vector<Link> replaced(const Graph& graph, const Link& link) {
  const Node* to = graph.find(link.to.node);
  const Port* port = to == nullptr ? nullptr : inputOf(*to, link.to.port);
  if (port == nullptr || port->wires == Wires::Many) return {};
  return graph.into(link.to.node, link.to.port);
}

// How well a port takes a signature: 2 if it was made for it, 1 if it takes it among others, 0 if not.
int fit(const std::string& pattern, const Signature& given) {
  Bindings bindings;
  if (match(pattern, given, bindings)) return 0;
  return pattern == "any" || pattern.starts_with("tensor") ? 1 : 2;
}

const Signature* signatureAt(const Checked& checked, const End& end) {
  const auto block = checked.outputs.find(end.node);
  if (block == checked.outputs.end()) return nullptr;
  const auto port = block->second.find(end.port);
  return port == block->second.end() ? nullptr : &port->second;
}

// The input of a block that takes `from` best; the first if nothing is known.
std::string bestInput(const BlockSchema& schema, const Checked& checked, const End& from) {
  const Signature* given = signatureAt(checked, from);
  std::string best = schema.inputs.empty() ? "" : schema.inputs.front().name;
  int best_fit = 0;
  for (const Port& port : schema.inputs)
    if (const int now = given == nullptr ? 0 : fit(port.pattern, *given); now > best_fit)
      best = port.name, best_fit = now;
  return best;
}

}  // namespace

Edit connecting(const Graph& graph, const Link& link) {
  Compound out{"connect", {}};
  for (const Link& old : replaced(graph, link)) out.edits.emplace_back(Disconnect{old});
  out.edits.emplace_back(Connect{link});
  return out;
}

std::optional<Problem> complaintOfConnecting(const Graph& graph, const Checked& checked, const Link& link) {
  const std::vector<Link> old = replaced(graph, link);
  if (old.empty()) return complaintOfWire(graph, checked, link);
  Graph without = graph;
  for (const Link& each : old) without.apply(Disconnect{each});
  return complaintOfWire(without, checked, link);
}

Edit removing(const Graph& graph, const NodeIds& ids) {
  Compound out{"delete", {}};
  // Where the wires that led out of the blocks come from once the blocks are gone.
  const auto source = [&](End end) -> std::optional<End> {
    for (size_t steps = 0; ids.count(end.node) > 0; ++steps) {
      const auto before = wireThrough(graph, end.node, end.port);
      if (!before || steps > ids.size()) return std::nullopt;
      end = before->from;
    }
    return end;
  };
  std::vector<Link> healed;
  for (const Link& link : graph.links()) {
    if (ids.count(link.from.node) == 0 || ids.count(link.to.node) > 0) continue;
    const Node* from = graph.find(link.from.node);
    const BlockType* type = from == nullptr ? nullptr : findBlockType(from->type);
    // A head's answer is no longer what came into it.
    const bool passes =
        type != nullptr && type->schema.kind != Kind::Classifier && type->schema.kind != Kind::Regressor;
    if (const auto end = passes ? source(link.from) : std::nullopt) healed.push_back({*end, link.to});
  }
  for (const NodeId& id : ids) out.edits.emplace_back(RemoveNode{id});
  for (const Link& link : healed) out.edits.emplace_back(Connect{link});
  return out;
}

Edit adding(const Graph& graph, const Checked& checked, Node node, const End& from) {
  Compound out{"add", {}};
  const NodeId id = node.id;
  const BlockType* type = findBlockType(node.type);
  out.edits.emplace_back(AddNode{std::move(node)});
  if (type == nullptr || graph.find(from.node) == nullptr) return out;
  if (const std::string port = bestInput(type->schema, checked, from); !port.empty())
    out.edits.emplace_back(Connect{{from, {id, port}}});
  return out;
}

Edit inserting(const Graph& graph, const Checked& checked, Node node, const Link& wire) {
  const BlockSchema& schema = blockType(node.type).schema;
  if (schema.inputs.empty() || schema.outputs.empty())
    throw Error({.block = node.id.name}, "it has no " + std::string(schema.inputs.empty() ? "input" : "output") +
                                             ", so it cannot stand on a wire");
  const End in{node.id, bestInput(schema, checked, wire.from)}, out{node.id, schema.outputs.front().name};
  // The new wire takes the place of the old one among the wires of its port.
  int64_t index = 0;
  while (static_cast<size_t>(index) < graph.links().size() && graph.links()[static_cast<size_t>(index)] != wire)
    ++index;
  Compound edit{"insert",
                {AddNode{std::move(node)}, Disconnect{wire}, Connect{{out, wire.to}, index}, Connect{{wire.from, in}}}};
  return edit;
}

Graph copied(const Graph& graph, const NodeIds& ids) {
  GraphParts parts;
  for (const Node& node : graph.nodes())
    if (ids.count(node.id) > 0) parts.nodes.push_back(node);
  for (const Link& link : graph.links())
    if (ids.count(link.from.node) > 0 && ids.count(link.to.node) > 0) parts.links.push_back(link);
  return Graph(std::move(parts));
}

Edit pasting(const Graph& graph, const Graph& other, double dx, double dy, NodeIds& ids) {
  Compound out{"paste", {}};
  Graph grown = graph;  // so that each new name is free beside those before it
  std::map<NodeId, NodeId> names;
  for (Node node : other.nodes()) {
    const NodeId name = grown.freeName(node.id.name);
    names[node.id] = name;
    node.id = name;
    node.x += dx;
    node.y += dy;
    grown.apply(AddNode{node});
    out.edits.emplace_back(AddNode{std::move(node)});
    ids.insert(name);
  }
  for (const Link& link : other.links()) {
    const auto from = names.find(link.from.node), to = names.find(link.to.node);
    if (from != names.end() && to != names.end())
      out.edits.emplace_back(Connect{{{from->second, link.from.port}, {to->second, link.to.port}}});
  }
  for (Frame frame : other.frames()) {
    frame.x += dx;
    frame.y += dy;
    out.edits.emplace_back(AddFrame{std::move(frame)});
  }
  return out;
}

Edit aligning(const Graph& graph, const NodeIds& ids, Side side, const SizeOf& size) {
  const bool across = side == Side::Left || side == Side::Center || side == Side::Right;
  const double share = side == Side::Left || side == Side::Top       ? 0
                       : side == Side::Right || side == Side::Bottom ? 1
                                                                     : 0.5;
  const auto line = [&](const Node& node) {
    const Size s = size(node);
    return across ? node.x + share * s.width : node.y + share * s.height;
  };
  std::vector<double> lines;
  for (const NodeId& id : ids) lines.push_back(line(graph.node(id)));
  Compound out{"align", {}};
  if (lines.empty()) return out;
  std::sort(lines.begin(), lines.end());
  const double goal = share == 0 ? lines.front() : share == 1 ? lines.back() : lines[lines.size() / 2];
  for (const NodeId& id : ids) {
    const Node& node = graph.node(id);
    const double shift = goal - line(node);
    if (shift != 0) out.edits.emplace_back(Move{id, node.x + (across ? shift : 0), node.y + (across ? 0 : shift)});
  }
  return out;
}

std::vector<Suggestion> blocksThatFit(const Graph& graph, const Checked& checked, const End& end, bool is_output) {
  std::vector<std::pair<int, Suggestion>> found;
  const Node* node = graph.find(end.node);
  const BlockType* own = node == nullptr ? nullptr : findBlockType(node->type);
  if (own == nullptr) return {};
  const Signature* given = is_output ? signatureAt(checked, end) : nullptr;
  const Port* wanted = is_output ? own->schema.findOutput(end.port) : own->schema.findInput(end.port);
  for (const BlockType& type : catalog()) {
    int best = 0;
    std::string port;
    for (const Port& each : is_output ? type.schema.inputs : type.schema.outputs) {
      int now = 0;
      if (given != nullptr) {
        now = fit(each.pattern, *given);
      } else if (wanted != nullptr) {  // by the first word of the patterns
        const auto word = [](const std::string& pattern) { return pattern.substr(0, pattern.find_first_of("[| ")); };
        now = word(each.pattern) == word(wanted->pattern) ? 2 : each.pattern.starts_with("like") ? 1 : 0;
      }
      if (now > best) best = now, port = each.name;
    }
    const Kind from = is_output ? own->schema.kind : type.schema.kind,
               to = is_output ? type.schema.kind : own->schema.kind;
    if (best > 0 && complaintOfOrder(from, to).empty()) found.push_back({best, {type.schema.id, port}});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Suggestion> out;
  for (auto& [_, suggestion] : found) out.push_back(std::move(suggestion));
  return out;
}

}  // namespace blockyard
