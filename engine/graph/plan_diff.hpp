// What tells two plans apart: blocks that only one of them has, blocks with other settings, wires, training settings.
// Blocks are the same if they have the same name. Torch-free, pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/plan.hpp"

namespace blockyard {

// Seen from the first plan: what the second one has added, has no more, has otherwise.
enum class Change { Added, Removed, Changed };

struct SettingChange {
  std::string name{};             // "hidden"; "block" for a block of another type
  std::string before{}, after{};  // as on the command line; empty: there is no such setting
};

struct PlanDiff {
  std::map<std::string, Change> blocks{};                        // by name
  std::map<std::string, std::vector<SettingChange>> settings{};  // of the blocks that are Changed
  std::map<Link, Change> wires{};                                // Added or Removed
  std::vector<SettingChange> training{};
  bool same() const { return blocks.empty() && wires.empty() && training.empty(); }
};

PlanDiff diffPlans(const Plan& first, const Plan& second);

}  // namespace blockyard
