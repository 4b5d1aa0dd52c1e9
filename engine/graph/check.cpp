#include "graph/check.hpp"

#include <algorithm>

#include "graph/checker.hpp"
#include "graph/composite.hpp"

namespace blockyard {

bool Checked::ok() const {
  return std::none_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::Error; });
}

void Checked::requireOk() const {
  const auto errors =
      std::count_if(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::Error; });
  if (errors == 0) return;
  const Problem& first = problems.front();
  std::string hint = first.hint;
  if (errors > 1)
    hint += (hint.empty() ? "" : "; ") +
            ("and " + std::to_string(errors - 1) + (errors == 2 ? " more problem" : " more problems"));
  throw Error(first.where, first.problem, hint);
}

Checker::Checker(const Graph& graph, const CheckOptions& options)
    : graph_(graph), options_(options), variables_(options.variables, options.folder) {
  for (const auto& node : graph.nodes()) {
    numbers_.emplace(node.id.name, entries_.size());
    entries_.push_back({&node, findBlockType(node.type)});
  }
}

Problem& Checker::report(Severity severity, Where where, std::string problem, std::string hint) {
  out_.problems.push_back({severity, std::move(where), std::move(problem), std::move(hint), {}});
  return out_.problems.back();
}

bool Checker::isHead(const Entry& entry) const {
  if (entry.type == nullptr || entry.node->bypassed) return false;
  const Kind kind = entry.type->schema.kind;
  return kind == Kind::Classifier || kind == Kind::Regressor || kind == Kind::Generator || kind == Kind::Agent;
}

Checked Checker::run() {
  checkBlocks();
  checkLinks();
  checkCounts();
  sortBlocks();
  markUsed();
  checkStructure();
  inferAll();
  checkTraining();
  checkSynthesis();
  finish();
  return std::move(out_);
}

// A block that takes no part in any answer must not keep the others from being trained: what is wrong with it becomes a
// warning. Errors come first, then everything in the order of the graph.
void Checker::finish() {
  const auto place = [&](const Problem& problem) {
    const auto found = numbers_.find(problem.where.block);
    return found == numbers_.end() ? entries_.size() : found->second;
  };
  for (auto& problem : out_.problems) {
    const size_t number = place(problem);
    if (has_head_ && number < entries_.size() && !entries_[number].used) problem.severity = Severity::Warning;
  }
  std::stable_sort(out_.problems.begin(), out_.problems.end(), [&](const Problem& a, const Problem& b) {
    return std::pair(a.severity, place(a)) < std::pair(b.severity, place(b));
  });
  for (const size_t number : order_)
    if (entries_[number].used && !entries_[number].node->bypassed) out_.order.push_back(entries_[number].node->id);
}

Checked check(const Graph& graph, const CheckOptions& options) {
  return Checker(graph, options).run();
}

Checked check(const Project& project, const std::string& pipeline, Peek peek, PeekCache* cache) {
  return checkAt(project, pipeline, {}, peek, cache);
}

}  // namespace blockyard
