// Checks of the wiring alone: ends that are not there, ports with too many wires or none, cycles, blocks without a use.
#include <algorithm>
#include <queue>

#include "graph/checker.hpp"
#include "graph/settle.hpp"

namespace blockyard {
namespace {

std::vector<std::string> portNames(const std::vector<Port>& ports) {
  std::vector<std::string> out;
  for (const auto& port : ports) out.push_back(port.name);
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

// Reports an end that is not there. Ports of unknown blocks are taken on trust.
bool Checker::checkEnds(const Link& link) {
  for (const bool from : {true, false}) {
    const End& end = from ? link.from : link.to;
    const auto number = numbers_.find(end.node.name);
    if (number == numbers_.end()) {
      std::vector<std::string> names;
      for (const auto& entry : entries_) names.push_back(entry.node->id.name);
      // The problem belongs to the end that can be shown.
      const End& other = from ? link.to : link.from;
      report(Severity::Error, {.block = other.node.name, .port = other.port},
             "the wire " + link.text() + " leads to a block \"" + end.node.name + "\" that is not there",
             didYouMean(end.node.name, names))
          .fixes.push_back({"remove the wire", Disconnect{link}});
      return false;
    }
    const BlockType* type = entries_[number->second].type;
    if (type == nullptr) continue;
    const auto& ports = from ? type->schema.outputs : type->schema.inputs;
    const std::vector<std::string> names = portNames(ports);
    if (std::find(names.begin(), names.end(), end.port) != names.end()) continue;
    const std::string what = from ? "output" : "input";
    const std::string near = nearestName(end.port, names);
    const std::string hint = names.empty() ? "it has no " + what + "s" : "its " + what + "s are " + listed(names);
    Problem& problem =
        report(Severity::Error, {.block = end.node.name, .port = end.port},
               "the wire " + link.text() + " needs an " + what + " \"" + end.port + "\" that is not there", hint);
    const std::string right = names.size() == 1 ? names.front() : near;
    if (!right.empty()) {
      Link moved = link;
      (from ? moved.from : moved.to).port = right;
      problem.fixes.push_back({"use " + right, Compound{"Move wire", {Disconnect{link}, Connect{moved}}}});
    }
    problem.fixes.push_back({"remove the wire", Disconnect{link}});
    return false;
  }
  return true;
}

void Checker::checkLinks() {
  for (const auto& link : graph_.links()) {
    if (!checkEnds(link)) continue;
    const size_t number = wires_.size();
    wires_.push_back({&link, numberOf(link.from.node), numberOf(link.to.node)});
    entries_[wires_.back().from].out.push_back(number);
    entries_[wires_.back().to].in.push_back(number);
  }
}

void Checker::checkCounts() {
  for (const auto& entry : entries_) {
    if (entry.type == nullptr) continue;
    for (const auto& port : entry.type->schema.inputs) {
      if (port.wires == Wires::Many) continue;
      std::vector<const Link*> links;
      for (const size_t wire : entry.in)
        if (wires_[wire].link->to.port == port.name) links.push_back(wires_[wire].link);
      if (links.size() < 2) continue;
      Problem& problem = report(Severity::Error, {.block = entry.node->id.name, .port = port.name},
                                "takes one wire, got " + std::to_string(links.size()), "keep the one that is meant");
      for (const Link* link : links) {
        Compound edits{"Keep one wire", {}};
        for (const Link* other : links)
          if (other != link) edits.edits.emplace_back(Disconnect{*other});
        problem.fixes.push_back({"keep " + link->from.text(), edits});
      }
    }
  }
}

// Kahn's algorithm with the earliest block of the file first. What is left stands on a cycle or behind one: a cycle is
// reported, its last wire taken as cut, and sorting goes on, so that every cycle is named.
void Checker::sortBlocks() {
  std::vector<size_t> missing(entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i) missing[i] = entries_[i].in.size();
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < entries_.size(); ++i)
    if (missing[i] == 0) ready.push(i);
  std::vector<bool> cut(wires_.size());
  while (true) {
    while (!ready.empty()) {
      const size_t number = ready.top();
      ready.pop();
      order_.push_back(number);
      for (const size_t wire : entries_[number].out)
        if (!cut[wire] && --missing[wires_[wire].to] == 0) ready.push(wires_[wire].to);
    }
    if (order_.size() == entries_.size()) break;
    for (size_t i = 0; i < entries_.size(); ++i) entries_[i].in_cycle = entries_[i].in_cycle || missing[i] > 0;
    std::vector<bool> before = cut;
    if (!reportCycle(missing, cut)) break;
    for (size_t wire = 0; wire < cut.size(); ++wire)
      if (cut[wire] && !before[wire] && --missing[wires_[wire].to] == 0) ready.push(wires_[wire].to);
  }
  if (std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.in_cycle; })) order_.clear();
}

// Walks against the wires from the first waiting block until it comes back to a block: that is a cycle.
bool Checker::reportCycle(const std::vector<size_t>& waiting, std::vector<bool>& cut) {
  size_t at = 0;
  while (waiting[at] == 0) ++at;
  std::vector<size_t> path;                        // wires walked
  std::vector<int64_t> seen(entries_.size(), -1);  // length of the path at a block
  while (seen[at] < 0) {
    seen[at] = static_cast<int64_t>(path.size());
    const auto next = std::find_if(entries_[at].in.begin(), entries_[at].in.end(),
                                   [&](size_t wire) { return !cut[wire] && waiting[wires_[wire].from] > 0; });
    if (next == entries_[at].in.end()) return false;
    path.push_back(*next);
    at = wires_[*next].from;
  }
  const auto start = path.begin() + seen[at];
  const size_t closing = *std::max_element(start, path.end());  // the wire that was drawn last
  std::string names = entries_[at].node->id.name;
  for (auto it = path.end(); it != start;) names += " -> " + entries_[wires_[*--it].to].node->id.name;
  const Link& link = *wires_[closing].link;
  report(Severity::Error, {.block = link.to.node.name, .port = link.to.port}, "the blocks form a cycle: " + names,
         "remove one of its wires")
      .fixes.push_back({"remove " + link.text(), Disconnect{link}});
  cut[closing] = true;
  return true;
}

// Heads with all that leads to them; what they lead to, with all that leads there.
void Checker::markUsed() {
  std::vector<size_t> forward, backward;
  std::vector<bool> reached(entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i)
    if (isHead(entries_[i])) has_head_ = reached[i] = true, forward.push_back(i);
  while (!forward.empty()) {
    const size_t number = forward.back();
    forward.pop_back();
    backward.push_back(number);
    for (const size_t wire : entries_[number].out)
      if (const size_t to = wires_[wire].to; !reached[to]) reached[to] = true, forward.push_back(to);
  }
  for (const size_t number : backward) entries_[number].used = true;
  while (!backward.empty()) {
    const size_t number = backward.back();
    backward.pop_back();
    for (const size_t wire : entries_[number].in)
      if (const size_t from = wires_[wire].from; !entries_[from].used)
        entries_[from].used = true, backward.push_back(from);
  }
}

// A target may be missing where a trained pipeline predicts; here is where it is trained.
bool Checker::mustBeWired(const Entry& entry, const Port& port) const {
  if (port.wires != Wires::Optional) return true;
  return port.name == "target" && (isHead(entry) || entry.type->schema.fitted);
}

void Checker::checkMissing(const Entry& entry, const Port& port) {
  const bool target = port.name == "target";
  Problem& problem = report(Severity::Error, {.block = entry.node->id.name, .port = port.name},
                            target ? "the target is not wired" : "expected a wire (" + port.pattern + "), got none",
                            target ? "wire the target of a source to it" : "");
  if (!target) return;
  for (const auto& other : entries_)
    if (other.type != nullptr && other.type->schema.kind == Kind::Source)
      for (const auto& output : other.type->schema.outputs)
        if (output.name == port.name)
          problem.fixes.push_back({"wire " + other.node->id.name + "." + output.name,
                                   Connect{{{other.node->id, output.name}, {entry.node->id, port.name}}}});
}

void Checker::checkStructure() {
  const auto kind_used = [&](Kind kind) {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Entry& entry) { return entry.type != nullptr && entry.type->schema.kind == kind; });
  };
  const bool unknown =
      std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.type == nullptr; });
  if (!kind_used(Kind::Source) && !kind_used(Kind::Agent) && !unknown)
    report(Severity::Error, {}, "there is no source", "add a block that reads data, such as source/table");
  if (!has_head_ && !unknown)
    report(Severity::Error, {}, "there is no head",
           "end the pipeline in a classifier or a regressor: it gives the answer and the loss");
  for (const auto& entry : entries_) {
    if (has_head_ && !entry.used)
      report(Severity::Warning, {.block = entry.node->id.name}, "leads to no answer, so it is left out",
             "wire its output, or remove it");
    if (entry.type == nullptr) continue;
    for (const auto& port : entry.type->schema.inputs) {
      const bool wired = std::any_of(entry.in.begin(), entry.in.end(),
                                     [&](size_t wire) { return wires_[wire].link->to.port == port.name; });
      if (!wired && !entry.node->bypassed && mustBeWired(entry, port)) checkMissing(entry, port);
    }
  }
}

}  // namespace blockyard
