// The layered layout of acts.hpp.
#include <algorithm>
#include <map>

#include "graph/acts.hpp"

namespace blockyard {
namespace {

constexpr double kGapAcross = 60, kGapDown = 40;
constexpr int kSweeps = 12;

struct Box {
  const Node* node = nullptr;
  Size size{};
  std::vector<size_t> before{}, after{};
  size_t layer = 0;
  double order = 0;
};

std::vector<Box> boxesOf(const Graph& graph, const NodeIds& ids, const SizeOf& size) {
  std::vector<Box> boxes;
  std::map<NodeId, size_t> numbers;
  for (const Node& node : graph.nodes()) {
    if (!ids.empty() && ids.count(node.id) == 0) continue;
    numbers[node.id] = boxes.size();
    boxes.push_back({.node = &node, .size = size(node)});
  }
  for (const Link& link : graph.links()) {
    const auto from = numbers.find(link.from.node), to = numbers.find(link.to.node);
    if (from == numbers.end() || to == numbers.end() || from->second == to->second) continue;
    boxes[from->second].after.push_back(to->second);
    boxes[to->second].before.push_back(from->second);
  }
  return boxes;
}

// The longest way from a block without inputs; wires that close a cycle do not count.
void assignLayers(std::vector<Box>& boxes) {
  for (size_t round = 0; round < boxes.size(); ++round) {
    bool moved = false;
    for (Box& box : boxes)
      for (const size_t before : box.before)
        if (box.layer < boxes[before].layer + 1 && boxes[before].layer + 1 < boxes.size())
          box.layer = boxes[before].layer + 1, moved = true;
    if (!moved) return;
  }
}

// Each block near the middle of its neighbours in the layer before, then after, back and forth.
std::vector<std::vector<size_t>> orderLayers(std::vector<Box>& boxes) {
  std::vector<std::vector<size_t>> layers;
  for (size_t i = 0; i < boxes.size(); ++i) {
    if (layers.size() <= boxes[i].layer) layers.resize(boxes[i].layer + 1);
    boxes[i].order = static_cast<double>(layers[boxes[i].layer].size());
    layers[boxes[i].layer].push_back(i);
  }
  const auto settle = [&](std::vector<size_t>& layer, bool backward) {
    std::map<size_t, double> middle;
    for (const size_t i : layer) {
      const auto& near = backward ? boxes[i].after : boxes[i].before;
      double sum = 0;
      for (const size_t other : near) sum += boxes[other].order;
      middle[i] = near.empty() ? boxes[i].order : sum / static_cast<double>(near.size());
    }
    std::stable_sort(layer.begin(), layer.end(), [&](size_t a, size_t b) { return middle[a] < middle[b]; });
    for (size_t place = 0; place < layer.size(); ++place) boxes[layer[place]].order = static_cast<double>(place);
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const bool backward = sweep % 2 == 1;
    for (size_t l = 0; l < layers.size(); ++l) settle(layers[backward ? layers.size() - 1 - l : l], backward);
  }
  return layers;
}

}  // namespace

Edit tidying(const Graph& graph, const NodeIds& ids, const SizeOf& size) {
  Compound out{"tidy up", {}};
  std::vector<Box> boxes = boxesOf(graph, ids, size);
  if (boxes.empty()) return out;
  assignLayers(boxes);
  const auto layers = orderLayers(boxes);
  double left = boxes.front().node->x, top = boxes.front().node->y;
  for (const Box& box : boxes) left = std::min(left, box.node->x), top = std::min(top, box.node->y);
  double x = left;
  for (const auto& layer : layers) {
    double width = 0, y = top;
    for (const size_t i : layer) {
      const Box& box = boxes[i];
      if (box.node->x != x || box.node->y != y) out.edits.emplace_back(Move{box.node->id, x, y});
      y += box.size.height + kGapDown;
      width = std::max(width, box.size.width);
    }
    x += width + kGapAcross;
  }
  return out;
}

}  // namespace blockyard
