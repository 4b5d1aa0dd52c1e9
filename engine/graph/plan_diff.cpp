#include "graph/plan_diff.hpp"

#include <algorithm>

namespace blockyard {
namespace {

std::vector<SettingChange> changesOf(const Values& first, const Values& second) {
  std::vector<SettingChange> out;
  for (const auto& [name, value] : first.items()) {
    const Value* other = second.find(name);
    if (other == nullptr || !(*other == value))
      out.push_back({name, value.text(), other == nullptr ? std::string() : other->text()});
  }
  for (const auto& [name, value] : second.items())
    if (first.find(name) == nullptr) out.push_back({name, {}, value.text()});
  return out;
}

// How often each wire is there: a port that takes many may get one output twice.
std::map<Link, int> wiresOf(const Plan& plan) {
  std::map<Link, int> out;
  for (const auto& node : plan.nodes)
    for (const auto& input : node.inputs) {
      const std::string port = input.slot.substr(0, input.slot.find(':'));
      ++out[{{{plan.nodes[input.from].id}, input.port}, {{node.id}, port}}];
    }
  return out;
}

}  // namespace

PlanDiff diffPlans(const Plan& first, const Plan& second) {
  PlanDiff out;
  for (const auto& node : first.nodes) {
    const PlanNode* other = second.find(node.id);
    if (other == nullptr) {
      out.blocks[node.id] = Change::Removed;
      continue;
    }
    std::vector<SettingChange> changes;
    if (other->type != node.type)
      changes.push_back({"block", node.type, other->type});
    else
      changes = changesOf(node.values, other->values);
    if (changes.empty()) continue;
    out.blocks[node.id] = Change::Changed;
    out.settings[node.id] = std::move(changes);
  }
  for (const auto& node : second.nodes)
    if (first.find(node.id) == nullptr) out.blocks[node.id] = Change::Added;
  const auto before = wiresOf(first), after = wiresOf(second);
  const auto count = [](const std::map<Link, int>& wires, const Link& link) {
    const auto it = wires.find(link);
    return it == wires.end() ? 0 : it->second;
  };
  for (const auto& [link, times] : before)
    if (count(after, link) < times) out.wires[link] = Change::Removed;
  for (const auto& [link, times] : after)
    if (count(before, link) < times) out.wires[link] = Change::Added;
  out.training = changesOf(first.training, second.training);
  return out;
}

}  // namespace blockyard
