// Fixes for a wire that almost fits: every block of the catalogue is tried on it, alone and then in pairs, so that a
// new block is offered without anybody writing it down here.
#include <algorithm>

#include "graph/checker.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostFixes = 3;

// A block that can stand on a wire: one input that must be wired, and outputs known for what the wire carries.
struct Step {
  const BlockType* type = nullptr;
  std::string input{};
  std::string output{};
  Signature carries{};
};

// The outputs of `type` for `given` with default settings; empty if it does not take it.
std::vector<Step> tryBlock(const BlockType& type, const Signature& given) {
  const Port* input = nullptr;
  for (const auto& port : type.schema.inputs) {
    if (port.wires == Wires::Optional) continue;
    if (input != nullptr) return {};
    input = &port;
  }
  if (input == nullptr || input->pattern == "any") return {};
  Bindings bindings;
  if (match(input->pattern, given, bindings)) return {};
  std::vector<Step> out;
  try {
    for (const auto& [port, signature] : inferOutputs(type, defaultValues(type), {{input->name, given}}))
      out.push_back({&type, input->name, port, signature});
  } catch (const std::exception&) {
    return {};  // it needs settings that only a person can give
  }
  return out;
}

bool mayStand(const BlockType& type, Kind before, Kind after) {
  const Kind kind = type.schema.kind;
  if (kind != Kind::Preprocessor && kind != Kind::Extractor && kind != Kind::Postprocessor) return false;
  if (kind == Kind::Postprocessor && after != Kind::Postprocessor) return false;
  return complaintOfOrder(before, kind).empty() && complaintOfOrder(kind, after).empty();
}

Fix insertion(const Graph& graph, const Link& link, const std::vector<Step>& steps) {
  const Node &from = graph.node(link.from.node), &to = graph.node(link.to.node);
  Compound edits{"", {}};
  const auto& links = graph.links();
  if (std::find(links.begin(), links.end(), link) != links.end()) edits.edits.emplace_back(Disconnect{link});
  Graph scratch = graph;
  std::string label;
  End end = link.from;
  for (size_t i = 0; i < steps.size(); ++i) {
    const double share = static_cast<double>(i + 1) / static_cast<double>(steps.size() + 1);
    const Node node{.id = scratch.freeName(steps[i].type->schema.id),
                    .type = steps[i].type->schema.id,
                    .x = from.x + share * (to.x - from.x),
                    .y = from.y + share * (to.y - from.y)};
    edits.edits.emplace_back(AddNode{node});
    scratch.apply(edits.edits.back());
    edits.edits.emplace_back(Connect{{end, {node.id, steps[i].input}}});
    end = {node.id, steps[i].output};
    label += (i == 0 ? "insert " : " and ") + steps[i].type->schema.title;
  }
  edits.edits.emplace_back(Connect{{end, link.to}});
  edits.label = label;
  return {label, edits};
}

}  // namespace

Values defaultValues(const BlockType& type) {
  return completeValues(type.schema.params, {});
}

std::vector<Fix> insertionFixes(const Graph& graph, const Link& link, const Signature& given,
                                const std::string& pattern) {
  const BlockType *before = findBlockType(graph.node(link.from.node).type),
                  *after = findBlockType(graph.node(link.to.node).type);
  if (before == nullptr || after == nullptr) return {};
  const auto fits = [&](const Step& step) {
    Bindings bindings;
    return !match(pattern, step.carries, bindings);
  };
  std::vector<Step> firsts;
  std::vector<Fix> out;
  for (const auto& type : catalog()) {
    if (!mayStand(type, before->schema.kind, after->schema.kind)) continue;
    for (auto& step : tryBlock(type, given)) {
      const bool helps = !(step.carries == given) && fits(step);
      if (out.size() < kMostFixes && helps) out.push_back(insertion(graph, link, {step}));
      firsts.push_back(std::move(step));
    }
  }
  if (!out.empty()) return out;
  for (const auto& first : firsts) {
    if (first.carries == given) continue;  // nothing gained
    for (const auto& type : catalog()) {
      if (!mayStand(type, first.type->schema.kind, after->schema.kind)) continue;
      for (const auto& second : tryBlock(type, first.carries))
        if (out.size() < kMostFixes && fits(second)) out.push_back(insertion(graph, link, {first, second}));
    }
  }
  return out;
}

}  // namespace blockyard
