// Graph: what the user has wired - blocks, wires, frames and training settings of one pipeline. It changes only through
// apply(Edit), which returns the inverse, so undo costs nothing. It can always be saved, also when it is wrong, and
// keeps what it does not understand. Owned by one thread; copying it is cheap enough for a snapshot.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/value.hpp"
#include "graph/edit.hpp"

namespace blockyard {

class Graph {
 public:
  Graph() = default;
  // Takes anything, also wires that lead nowhere; throws Error if two blocks have one name.
  explicit Graph(GraphParts parts);

  const std::vector<Node>& nodes() const { return parts_.nodes; }
  const std::vector<Link>& links() const { return parts_.links; }
  const std::vector<Frame>& frames() const { return parts_.frames; }
  const OrderedJson& training() const { return parts_.training; }
  const OrderedJson& extra() const { return parts_.extra; }
  const std::vector<OpenPort>& inputs() const { return parts_.inputs; }
  const std::vector<OpenPort>& outputs() const { return parts_.outputs; }
  const GraphParts& parts() const { return parts_; }

  // nullptr if there is none.
  const Node* find(const NodeId& id) const;
  // Throws Error with the nearest name.
  const Node& node(const NodeId& id) const;
  // Wires into a block or a port, in the order of the slots; and out of it. An empty port means all of the block's
  // ports.
  std::vector<Link> into(const NodeId& id, const std::string& port = {}) const;
  std::vector<Link> outOf(const NodeId& id, const std::string& port = {}) const;
  // A name for a new block: `wanted` itself if it is free, else the next of "conv", "conv2", "conv3" for "conv1" or the
  // type "extractor/conv2d". Never a name that a wire leads to in vain.
  NodeId freeName(const std::string& wanted) const;

  // Changes the graph and returns the edit that undoes it. Throws Error and changes nothing if the edit is impossible.
  Edit apply(const Edit& edit);

 private:
  Edit change(const AddNode& edit);
  Edit change(const RemoveNode& edit);
  Edit change(const SetParam& edit);
  Edit change(const ClearParam& edit);
  Edit change(const Connect& edit);
  Edit change(const Disconnect& edit);
  Edit change(const Move& edit);
  Edit change(const Rename& edit);
  Edit change(const ChangeType& edit);
  Edit change(const Bypass& edit);
  Edit change(const SetTitle& edit);
  Edit change(const SetNote& edit);
  Edit change(const AddFrame& edit);
  Edit change(const RemoveFrame& edit);
  Edit change(const SetFrame& edit);
  Edit change(const SetTraining& edit);
  Edit change(const SetVariable& edit);
  Edit change(const RequirePurpose& edit);
  Edit change(const AddComposite& edit);
  Edit change(const RemoveComposite& edit);
  Edit change(const Compound& edit);

  Node& mutableNode(const NodeId& id);
  void requireFree(const NodeId& id) const;
  bool wired(const NodeId& id) const;
  bool shownOutside(const NodeId& id) const;
  void index(size_t from);

  GraphParts parts_;
  std::unordered_map<std::string, size_t> index_;
};

// Applies the edits one after the other through `apply`; if one fails, undoes those before it and throws on. Returns
// the inverse of the whole. Shared by Graph and Project.
template <class Apply>
Compound applyAll(const Compound& compound, Apply apply) {
  std::vector<Edit> done;
  try {
    for (const auto& edit : compound.edits) done.push_back(apply(edit));
  } catch (...) {
    for (auto it = done.rbegin(); it != done.rend(); ++it) apply(*it);
    throw;
  }
  return {compound.label, {done.rbegin(), done.rend()}};
}

}  // namespace blockyard
