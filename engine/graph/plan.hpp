// Plan: what will run - ordered blocks with complete settings, training settings, seed and device. Made from a graph
// once all checks have passed, then immutable: editing the canvas during training cannot touch it. Torch-free.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "blocks/block_type.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

struct Project;
struct Checked;
struct End;

// An input of a planned block: what arrives at `slot` comes from output `port` of block number `from`.
struct PlanInput {
  std::string slot{};  // input port, or "x:1" for the second wire of a port that takes many
  size_t from = 0;
  std::string port{};
};

struct PlanNode {
  std::string id{};    // in the graph: "conv1"
  std::string type{};  // in the catalogue: "extractor/conv2d"
  Values values{};     // complete, variables replaced
  std::vector<PlanInput> inputs{};
};

struct Plan {
  std::string project{};          // name of the project
  std::string pipeline{};         // name of the pipeline
  std::string folder{};           // the project's folder: relative paths start here. Not part of the hash
  std::vector<PlanNode> nodes{};  // inputs come before the blocks that use them; bypassed blocks are gone
  Values training{};              // complete, see trainingParams()

  const PlanNode* find(const std::string& id) const;
  // SHA-256 over everything that decides the result (not the folder, not threads, device, budget or checkpoint
  // interval).
  std::string hash() const;
};

// The plan of a pipeline. Throws the first error of the checks, saying how many others there are. An empty name is the
// default pipeline.
Plan makePlan(const Project& project, const std::string& pipeline);
// The same with checks already made.
Plan makePlan(const Project& project, const std::string& pipeline, const Checked& checked);

// The plan of what leads to an output port, to look at what it gives; what is wrong elsewhere in the graph does not
// matter.
struct PortPlan {
  Plan plan{};
  std::string block{}, port{};  // the output itself, or the one that a bypassed block passes on
};
// Throws Error for a block or port that is not there, and for the first thing that is wrong on the way to it.
PortPlan planUpTo(const Project& project, const std::string& pipeline, const Checked& checked, const End& output);
// The same of a plan.
Plan planUpTo(const Plan& plan, const std::string& block);

nlohmann::json toJson(const Plan& plan);
// Throws Error with a JSON pointer to the place.
Plan planFromJson(const nlohmann::json& json);

}  // namespace blockyard
