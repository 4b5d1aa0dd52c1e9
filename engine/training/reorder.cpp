#include "training/reorder.hpp"

#include <algorithm>

namespace blockyard {

std::vector<PlanNode> poolBeforeRelu(std::vector<PlanNode> nodes) {
  std::vector<int> readers(nodes.size());
  for (const auto& node : nodes)
    for (const auto& input : node.inputs) ++readers[input.from];
  for (size_t pool = 0; pool < nodes.size(); ++pool) {
    if (nodes[pool].type != "extractor/max_pool") continue;
    const size_t relu = nodes[pool].inputs.front().from;
    if (nodes[relu].type != "extractor/activation" || nodes[relu].values.text("function") != "relu" ||
        readers[relu] != 1)
      continue;
    // Each takes the other's place, so that all numbers of blocks stay valid.
    std::swap(nodes[relu], nodes[pool]);
    std::swap(nodes[relu].inputs, nodes[pool].inputs);
  }
  return nodes;
}

}  // namespace blockyard
