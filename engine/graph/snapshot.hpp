// Snapshot: a pipeline as it stood when it was trained, with its places on the canvas and the variables it used, so
// that it can be opened again as it was. A run keeps the text of one; for runs that have none, the plan gives the
// graph. Torch-free, pure.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "graph/graph.hpp"

namespace blockyard {

struct Plan;
struct Project;

struct Snapshot {
  std::string pipeline{};
  Graph graph{};
  OrderedJson variables = OrderedJson::object();
  std::map<std::string, GraphParts> composites{};  // all of the project, by name
};

// A project file with the one pipeline, the composites and the variables; a base that the project refines is merged in.
std::string snapshotText(const Project& project, const std::string& pipeline);
// Throws Error. `file` is only named.
Snapshot snapshotFromText(std::string_view text, const std::string& file);
// Blocks, wires and settings of a plan; what has its default value is left out. All blocks lie at one place.
Graph graphOfPlan(const Plan& plan);
Snapshot snapshotOfPlan(const Plan& plan);

// Turns a pipeline of the project into the snapshot: one act. Variables of the project that the snapshot lacks stay.
// No edits if nothing differs.
Compound restoring(const Project& project, const std::string& pipeline, const Snapshot& snapshot);

}  // namespace blockyard
