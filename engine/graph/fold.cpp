// Folding blocks into a composite, unfolding one and changing what is inside, as edits; and blocks on their way to
// another project.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "graph/composite.hpp"
#include "graph/graph_json.hpp"

namespace blockyard {
namespace {

std::string freeComposite(const Project& project, const std::string& wanted, const std::set<std::string>& also = {}) {
  const auto free = [&](const std::string& name) {
    return also.count(name) == 0 && std::none_of(project.pipelines.begin(), project.pipelines.end(),
                                                 [&](const PipelineGraph& each) { return each.name == name; });
  };
  std::string stem = wanted;
  for (char& c : stem)
    if (!complaintOfName(std::string(1, c)).empty()) c = '_';
  if (!complaintOfName(stem).empty()) stem = "composite";
  if (free(stem)) return stem;
  for (int64_t number = 2;; ++number)
    if (const std::string name = stem + std::to_string(number); free(name)) return name;
}

// The name of the port that stands for `key`, made on first use from `wanted`.
template <class Key>
OpenPort& portFor(std::map<Key, size_t>& known, std::vector<OpenPort>& ports, const Key& key,
                  const std::string& wanted) {
  const auto found = known.find(key);
  if (found != known.end()) return ports[found->second];
  const auto taken = [&](const std::string& name) {
    return std::any_of(ports.begin(), ports.end(), [&](const OpenPort& port) { return port.name == name; });
  };
  std::string name = wanted;
  for (int64_t number = 2; taken(name); ++number) name = wanted + std::to_string(number);
  known.emplace(key, ports.size());
  ports.push_back({.name = name});
  return ports.back();
}

// Edits that make the wires of a graph, once it holds `left` of them in this order, those of `wanted`: each new one is
// put at its place.
void addLinks(const std::vector<Link>& left, const std::vector<Link>& wanted, std::vector<Edit>& edits) {
  size_t next = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (next < left.size() && left[next] == wanted[i])
      ++next;
    else
      edits.emplace_back(Connect{wanted[i], static_cast<int64_t>(i)});
  }
}

std::vector<Link> without(const std::vector<Link>& links, const NodeIds& ids) {
  std::vector<Link> out;
  for (const Link& link : links)
    if (ids.count(link.from.node) == 0 && ids.count(link.to.node) == 0) out.push_back(link);
  return out;
}

int64_t uses(const Project& project, const std::string& name) {
  int64_t count = 0;
  for (const auto& pipeline : project.pipelines)
    for (const Node& node : pipeline.graph.nodes()) count += node.type == compositeType(name) ? 1 : 0;
  return count;
}

void addNeeded(const Project& project, const Graph& graph, Project& into) {
  for (const Node& node : graph.nodes()) {
    const std::string name = compositeOf(node.type);
    const Graph* inner = project.composite(name);
    if (inner == nullptr || into.composite(name) != nullptr) continue;
    into.pipelines.push_back({name, *inner, true});
    addNeeded(project, *inner, into);
  }
}

}  // namespace

Edit folding(const Project& project, const std::string& pipeline, const NodeIds& ids, const std::string& name,
             NodeId& made) {
  const Graph& graph = project.graph(pipeline);
  if (ids.empty()) throw Error({}, "there are no blocks to fold", "select some first");
  const std::string composite = freeComposite(project, name);
  made = graph.freeName(composite);
  GraphParts parts = copied(graph, ids).parts();
  Node block{.id = made, .type = compositeType(composite)};
  for (const Node& node : parts.nodes) block.x += node.x, block.y += node.y;
  constexpr double kGrid = 10;
  block.x = std::round(block.x / static_cast<double>(ids.size()) / kGrid) * kGrid;
  block.y = std::round(block.y / static_cast<double>(ids.size()) / kGrid) * kGrid;

  std::map<std::pair<End, int64_t>, size_t> sources;
  std::map<End, size_t> answers;
  std::map<End, int64_t> slots;
  std::vector<Link> wanted;
  for (const Link& link : graph.links()) {
    const bool from = ids.count(link.from.node) > 0, to = ids.count(link.to.node) > 0;
    const int64_t slot = slots[link.to]++;
    if (from && to) continue;
    if (to) {
      // Two wires from one block to one port stay two.
      int64_t copy = 0;
      OpenPort* port = nullptr;
      do {
        port = &portFor(sources, parts.inputs, {link.from, copy++}, link.to.port);
      } while (std::any_of(port->ends.begin(), port->ends.end(), [&](const OpenEnd& e) { return e.end == link.to; }));
      port->ends.push_back({link.to, slot});
      if (port->ends.size() == 1) wanted.push_back({link.from, {made, port->name}});
    } else if (from) {
      OpenPort& port = portFor(answers, parts.outputs, link.from, link.from.port);
      if (port.ends.empty()) port.ends.push_back({link.from, 0});
      wanted.push_back({{made, port.name}, link.to});
    } else {
      wanted.push_back(link);
    }
  }
  Compound out{"fold", {AddComposite{composite, std::move(parts)}}};
  for (const NodeId& id : ids) out.edits.emplace_back(RemoveNode{id});
  out.edits.emplace_back(AddNode{std::move(block)});
  addLinks(without(graph.links(), ids), wanted, out.edits);
  return out;
}

Edit unfolding(const Project& project, const std::string& pipeline, const NodeId& id, NodeIds& made) {
  const Graph& graph = project.graph(pipeline);
  const Node& block = graph.node(id);
  const std::string name = compositeOf(block.type);
  const Graph* inner = project.composite(name);
  if (inner == nullptr) throw Error({.block = id.name}, "this block is no composite, so it cannot be unfolded");
  // One step of expansion, then names that are free here.
  std::vector<Link> wanted = linksWith(project, graph, id);
  Graph grown = graph;
  grown.apply(RemoveNode{id});
  Compound out{"unfold", {RemoveNode{id}}};
  std::map<std::string, NodeId> names;
  double left = 0, top = 0;
  for (const Node& node : inner->nodes()) left += node.x, top += node.y;
  const auto count = static_cast<double>(std::max<size_t>(1, inner->nodes().size()));
  constexpr double kGrid = 10;
  const double dx = block.x - std::round(left / count / kGrid) * kGrid,
               dy = block.y - std::round(top / count / kGrid) * kGrid;
  for (Node node : inner->nodes()) {
    const NodeId fresh = grown.freeName(node.id.name);
    names.emplace(id.name + "/" + node.id.name, fresh);
    node.id = fresh;
    node.x += dx, node.y += dy;
    node.bypassed = node.bypassed || block.bypassed;
    grown.apply(AddNode{node});
    out.edits.emplace_back(AddNode{std::move(node)});
    made.insert(fresh);
  }
  for (Link& link : wanted)
    for (End* end : {&link.from, &link.to})
      if (const auto found = names.find(end->node.name); found != names.end()) end->node = found->second;
  std::erase_if(wanted, [&](const Link& link) { return link.from.node == id || link.to.node == id; });
  addLinks(without(graph.links(), {id}), wanted, out.edits);
  if (uses(project, name) == 1) out.edits.emplace_back(RemoveComposite{name});
  return out;
}

Edit editInside(const Project& project, const std::string& pipeline, const std::string& path, const Edit& edit) {
  Compound out{"inside", {}};
  Project now = project;
  const auto add = [&](const Edit& one) {
    now.apply(pipeline, one);
    out.edits.push_back(one);
  };
  std::string composite;  // in which the way has come; empty: in the pipeline itself
  const auto change = [&](const Edit& one) {
    if (composite.empty()) return add(one);
    const auto place = std::find_if(now.pipelines.begin(), now.pipelines.end(),
                                    [&](const PipelineGraph& each) { return each.name == composite; });
    Graph changed = place->graph;
    changed.apply(one);
    const int64_t index = place - now.pipelines.begin();
    add(RemoveComposite{composite});
    add(AddComposite{composite, changed.parts(), index});
  };
  std::string rest = path;
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    const NodeId block{rest.substr(0, slash)};
    rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
    const Graph& graph = composite.empty() ? now.graph(pipeline) : *now.composite(composite);
    std::string name = compositeOf(graph.node(block).type);
    if (now.composite(name) == nullptr) throw Error({.block = block.name}, "this block is no composite");
    if (uses(now, name) > 1) {
      const std::string own = freeComposite(now, name);
      add(AddComposite{own, now.composite(name)->parts()});
      change(ChangeType{block, compositeType(own)});
      name = own;
    }
    composite = name;
  }
  change(edit);
  return out;
}

Project extracted(const Project& project, const std::string& pipeline, const NodeIds& ids) {
  Project out{.name = "copied"};
  out.pipelines.push_back({"main", copied(project.graph(pipeline), ids)});
  addNeeded(project, Graph(out.pipelines.front().graph), out);
  return out;
}

Edit pastingProject(const Project& project, const std::string& pipeline, const Project& part, double dx, double dy,
                    NodeIds& made) {
  Compound out{"paste", {}};
  std::map<std::string, std::string> types;
  std::set<std::string> fresh;
  for (const auto& each : part.pipelines) {
    if (!each.composite) continue;
    const Graph* own = project.composite(each.name);
    const bool same = own != nullptr && toJson(*own) == toJson(each.graph);
    const std::string name = same ? each.name : freeComposite(project, each.name, fresh);
    types.emplace(compositeType(each.name), compositeType(name));
    if (!same) fresh.insert(name);
  }
  const auto renamed = [&](GraphParts parts) {
    for (Node& node : parts.nodes)
      if (const auto found = types.find(node.type); found != types.end()) node.type = found->second;
    return parts;
  };
  for (const auto& each : part.pipelines) {
    if (!each.composite) continue;
    const std::string name = compositeOf(types.at(compositeType(each.name)));
    if (fresh.count(name) > 0) out.edits.emplace_back(AddComposite{name, renamed(each.graph.parts())});
  }
  const Graph graph(renamed(part.graph({}).parts()));
  out.edits.push_back(pasting(project.graph(pipeline), graph, dx, dy, made));
  return out;
}

}  // namespace blockyard
