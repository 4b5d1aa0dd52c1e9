// Acts: what a hand does on a canvas, as one Edit each - several edits that belong together. Pure functions of the
// graph; nothing here changes it. Torch-free.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "graph/check.hpp"
#include "graph/graph.hpp"

namespace blockyard {

using NodeIds = std::set<NodeId>;

// The wire, in place of the one that a port which takes one wire has already.
Edit connecting(const Graph& graph, const Link& link);
// What is wrong with such a wire; nothing if it may be drawn. The wire that it would replace does not count.
std::optional<Problem> complaintOfConnecting(const Graph& graph, const Checked& checked, const Link& link);

// Takes the blocks out and closes the gaps: what came into a block goes on to where its output went.
Edit removing(const Graph& graph, const NodeIds& ids);

// A block, and the wire into the first port of it that takes `from`, if `from` names a block.
Edit adding(const Graph& graph, const Checked& checked, Node node, const End& from);
// A block in the middle of a wire: what the wire carried goes in, and what comes out goes on. Throws Error if it has no
// input or no output.
Edit inserting(const Graph& graph, const Checked& checked, Node node, const Link& wire);

// The blocks with the wires between them: what copying takes.
Graph copied(const Graph& graph, const NodeIds& ids);
// Puts another graph's blocks in, under names that are free here, moved by so much. `ids` gets the new names.
Edit pasting(const Graph& graph, const Graph& other, double dx, double dy, NodeIds& ids);

enum class Side { Left, Center, Right, Top, Middle, Bottom };
struct Size {
  double width = 0, height = 0;
};
using SizeOf = std::function<Size(const Node&)>;
// Lines up the edges or the middles of the blocks.
Edit aligning(const Graph& graph, const NodeIds& ids, Side side, const SizeOf& size);
// A layered layout, sources on the left, every wire to the right, few crossings (Sugiyama, Tagawa and Toda, "Methods
// for visual understanding of hierarchical system structures", 1981, with the barycentre rule). An empty set is all
// blocks.
Edit tidying(const Graph& graph, const NodeIds& ids, const SizeOf& size);

// Blocks that can take what `from` gives, or, for an input, give what it wants: those whose first choice it is first.
struct Suggestion {
  std::string type{};  // id in the catalogue
  std::string port{};  // the port that fits
};
std::vector<Suggestion> blocksThatFit(const Graph& graph, const Checked& checked, const End& end, bool is_output);

}  // namespace blockyard
