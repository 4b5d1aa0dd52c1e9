// Checks of pipelines with composites: of the expanded graph, told in the names of the one that is looked at.
#include <algorithm>
#include <set>

#include "graph/composite.hpp"

namespace blockyard {
namespace {

// Brings the names of an edit of the expanded graph to those at `path`.
class Localizer {
 public:
  explicit Localizer(const std::string& path) : prefix_(path.empty() ? "" : path + "/") {}

  bool edit(Edit& edit) {
    if (auto* compound = std::get_if<Compound>(&edit.what)) {
      for (const Edit& each : compound->edits)
        if (const auto* add = std::get_if<AddNode>(&each.what)) added_.insert(add->node.id.name);
      return std::all_of(compound->edits.begin(), compound->edits.end(), [&](Edit& each) { return this->edit(each); });
    }
    return std::visit([this](auto& what) { return local(what); }, edit.what);
  }

 private:
  bool id(NodeId& node) const {
    if (added_.count(node.name) > 0) return true;
    if (!node.name.starts_with(prefix_)) return false;
    node.name.erase(0, prefix_.size());
    return node.name.find('/') == std::string::npos;
  }

  // Every edit of one block; those of frames and the training belong to the pipeline itself.
  template <class T>
  bool local(T& what) const {
    if constexpr (requires { what.link; }) {
      what.index = -1;
      return id(what.link.from.node) && id(what.link.to.node);
    } else if constexpr (requires { what.id; }) {
      return id(what.id);
    } else {
      return std::is_same_v<T, AddNode> || (prefix_.empty() && !std::is_same_v<T, Compound>);
    }
  }

  std::string prefix_;
  std::set<std::string> added_;
};

// What arrives at a composite and what leaves it, from the blocks inside.
void addEntry(const Project& project, const std::string& path, const std::string& name, Checked& checked) {
  const OuterPorts ports = portsOf(project, *project.composite(name));
  const auto copy = [&](const std::vector<OuterPort>& from, std::map<NodeId, Signatures>& known) {
    Signatures found;
    for (const auto& port : from) {
      const OpenEnd& open = port.ends.front();
      const auto block = known.find({path + "/" + open.end.node.name});
      if (block == known.end()) continue;
      const std::string slot = open.end.port + (open.slot > 0 ? ":" + std::to_string(open.slot) : "");
      const auto signature = block->second.find(slot);
      if (signature != block->second.end()) found.emplace(port.port.name, signature->second);
    }
    if (!found.empty()) known[{path}] = std::move(found);
  };
  copy(ports.inputs, checked.inputs);
  copy(ports.outputs, checked.outputs);
}

// The ports of real blocks that a port stands for: itself, or those behind it.
std::vector<End> realEnds(const Project& project, const Expanded& flat, const End& end, bool output) {
  const auto composite = flat.composites.find(end.node.name);
  if (composite == flat.composites.end()) return {end};
  const OuterPorts ports = portsOf(project, *project.composite(composite->second));
  const OuterPort* port = ports.find(end.port, output);
  std::vector<End> out;
  if (port == nullptr) return out;
  for (const OpenEnd& each : port->ends) {
    const End inner{{end.node.name + "/" + each.end.node.name}, each.end.port};
    for (const End& real : realEnds(project, flat, inner, output)) out.push_back(real);
  }
  return out;
}

template <class T>
void keepInside(std::map<NodeId, T>& known, const std::string& prefix) {
  std::map<NodeId, T> out;
  for (auto& [id, value] : known)
    if (id.name.starts_with(prefix)) out.emplace(NodeId{id.name.substr(prefix.size())}, std::move(value));
  known = std::move(out);
}

}  // namespace

std::optional<Edit> localEdit(const Edit& edit, const std::string& path) {
  Edit out = edit;
  if (!Localizer(path).edit(out)) return std::nullopt;
  return out;
}

std::optional<Problem> complaintOfConnecting(const Project& project, const Expanded& flat, const Checked& checked,
                                             const std::string& path, const Link& link) {
  const auto reals = [&](End end, bool output) {
    if (!path.empty()) end.node.name = path + "/" + end.node.name;
    return realEnds(project, flat, end, output);
  };
  for (const End& from : reals(link.from, true)) {
    for (const End& to : reals(link.to, false)) {
      auto problem = complaintOfConnecting(flat.graph, checked, {from, to});
      if (!problem) continue;
      problem->where.block = link.to.node.name, problem->where.port = link.to.port;
      problem->fixes.clear();  // they would change what is inside
      return problem;
    }
  }
  return std::nullopt;
}

Checked checkAt(const Project& project, const std::string& pipeline, const std::string& path, Peek peek,
                PeekCache* cache) {
  const CheckOptions options{project.folder(), project.variables, peek, cache};
  const Graph& graph = project.graph(pipeline);
  if (!hasComposites(graph)) return check(graph, options);
  const Expanded flat = expanded(project, pipeline);
  Checked out = check(flat.graph, options);
  // The inner ones first: the ports of those around them stand for theirs.
  for (auto it = flat.composites.rbegin(); it != flat.composites.rend(); ++it)
    addEntry(project, it->first, it->second, out);
  const std::string prefix = path.empty() ? "" : path + "/";
  if (!prefix.empty()) {
    std::erase_if(out.problems, [&](const Problem& problem) { return !problem.where.block.starts_with(prefix); });
    std::erase_if(out.order, [&](const NodeId& id) { return !id.name.starts_with(prefix); });
    for (auto& problem : out.problems) problem.where.block.erase(0, prefix.size());
    for (auto& id : out.order) id.name.erase(0, prefix.size());
    keepInside(out.outputs, prefix);
    keepInside(out.inputs, prefix);
    keepInside(out.values, prefix);
  }
  for (auto& problem : out.problems) {
    std::vector<Fix> kept;
    for (const Fix& fix : problem.fixes)
      if (auto edit = localEdit(fix.edit, path)) kept.push_back({fix.label, std::move(*edit)});
    problem.fixes = std::move(kept);
    if (const std::string name = compositeOf(problem.problem.starts_with("there is no block \"")
                                                 ? problem.problem.substr(19, problem.problem.size() - 20)
                                                 : "");
        project.composite(name) != nullptr)
      problem.problem = "the composite \"" + name + "\" would hold itself", problem.hint = "remove this block";
  }
  return out;
}

}  // namespace blockyard
