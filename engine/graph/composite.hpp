// Composites: a pipeline of the project that stands as one block, of type "composite/NAME", in others. Before anything
// is checked or planned the blocks in it take its place, under names such as "encoder/conv1", so that no block and no
// trainer knows of composites. Pure functions; torch-free.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blocks/block_type.hpp"
#include "graph/acts.hpp"
#include "graph/check.hpp"
#include "graph/project.hpp"

namespace blockyard {

// The name of the composite that a block of this type stands for; empty if it stands for none.
std::string compositeOf(const std::string& type);
std::string compositeType(const std::string& name);  // "composite/NAME"

// A port of a composite and the ports inside that it stands for: one output, any number of inputs.
struct OuterPort {
  Port port{};
  std::vector<OpenEnd> ends{};
};
// The ports that a composite shows: those kept in its graph, as far as their blocks are there, and behind them every
// input that needs a wire and every output that nothing takes, as "block.port".
struct OuterPorts {
  std::vector<OuterPort> inputs{}, outputs{};
  const OuterPort* find(const std::string& name, bool output) const;
};
OuterPorts portsOf(const Project& project, const Graph& composite);
// What a block of the composite is to a canvas: its ports, and the kind of the block that gives its first output.
// Throws Error if there is no such composite.
BlockSchema compositeSchema(const Project& project, const std::string& name);

// A pipeline with the blocks of its composites in their places. A composite that is not there, or that would hold
// itself, stays as it is.
struct Expanded {
  Graph graph{};
  // By the name of the block that stands for it, "encoder" or "encoder/inner": its composite.
  std::map<std::string, std::string> composites{};
};
Expanded expanded(const Project& project, const std::string& pipeline);
bool hasComposites(const Graph& graph);
// The wires of `graph` with the blocks of composite `id` in its place, named "id/block".
std::vector<Link> linksWith(const Project& project, const Graph& graph, const NodeId& id);

// check() of a pipeline, as seen from the composite that stands at `path` in it ("encoder", "encoder/inner"; empty:
// from the pipeline itself): what lies inside, under the names that it has there. A composite has an entry, too, with
// what arrives at its ports and leaves them. Problems deeper inside keep their names: "inner/conv1".
Checked checkAt(const Project& project, const std::string& pipeline, const std::string& path, Peek peek = Peek::Yes,
                PeekCache* cache = nullptr);

// An edit of an expanded graph as one of the pipeline that stands at `path` in it; nullopt if it reaches further out or
// changes what lies deeper inside.
std::optional<Edit> localEdit(const Edit& edit, const std::string& path);

// What is wrong with a wire to or from a composite, drawn between blocks of what stands at `path`: it is looked at
// where it would really lead. `flat` is the whole expanded pipeline and `checked` the check() of it. The wire that it
// would replace does not count.
std::optional<Problem> complaintOfConnecting(const Project& project, const Expanded& flat, const Checked& checked,
                                             const std::string& path, const Link& link);

// An edit of what stands at `path` in the pipeline, such as "encoder/inner", as one of the pipeline. A composite that
// stands elsewhere, too, stays as it is there: the block at `path` gets one of its own. Throws Error if no composite
// stands there.
Edit editInside(const Project& project, const std::string& pipeline, const std::string& path, const Edit& edit);

// Puts the blocks into a new composite called `name` (a free name like it), with a block of it in their place. Throws
// Error if there are no blocks. `made` gets the name of that block.
Edit folding(const Project& project, const std::string& pipeline, const NodeIds& ids, const std::string& name,
             NodeId& made);
// Puts the blocks of a composite in the place of a block of it; the composite goes if nothing else uses it. Throws
// Error if the block is no composite. `made` gets their names.
Edit unfolding(const Project& project, const std::string& pipeline, const NodeId& id, NodeIds& made);

// A project with just this block of a composite and all that it needs: what a library keeps and the clipboard carries.
Project extracted(const Project& project, const std::string& pipeline, const NodeIds& ids);
// Puts the blocks of such a project in, moved by so much, with the composites that they need; those that the project
// has already, equal ones, are shared. `made` gets the names of the blocks.
Edit pastingProject(const Project& project, const std::string& pipeline, const Project& part, double dx, double dy,
                    NodeIds& made);

}  // namespace blockyard
