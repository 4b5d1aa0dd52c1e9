#include "export/traced_block.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/runtime/interpreter.h>

namespace blockyard {
namespace {

namespace jit = torch::jit;

constexpr double kTolerance = 1e-4;  // one order of adding or another; what a wrong recording gives is far off

[[noreturn]] void refuse(const std::string& why) {
  throw Error({}, "its computation can't be written as a graph: " + why,
              "leave the block out, or export the bundle, which holds any block");
}

std::vector<std::string> slotsOf(const Batch& batch) {
  std::vector<std::string> out;
  for (const auto& [slot, packet] : batch.items()) out.push_back(slot);
  return out;
}

// Each tensor once: a block may keep one under two names.
std::vector<NamedTensor> weightsOf(const Block& block) {
  std::vector<NamedTensor> all = block.parameters(), out;
  for (const auto& [name, tensor] : block.state().tensors) all.push_back({name, tensor});
  for (const NamedTensor& one : all) {
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const NamedTensor& other) { return other.tensor.is_same(one.tensor); });
    if (!known && one.tensor.defined()) out.push_back(one);
  }
  return out;
}

std::vector<std::string> portsOf(const PipelineNode& node, const Batch& out) {
  std::vector<std::string> ports;
  for (const auto& port : node.type->schema.outputs)
    if (out.has(port.name)) ports.push_back(port.name);
  return ports;
}

jit::Stack inputsOf(const Batch& rows, const std::vector<NamedTensor>& weights) {
  jit::Stack out;
  for (const auto& [slot, packet] : rows.items()) out.emplace_back(packet.tensor());
  for (const auto& weight : weights) out.emplace_back(weight.tensor);
  return out;
}

Batch forwardOf(const PipelineNode& node, const Batch& rows) {
  Step step(false, KeyedRandom(0));
  return node.block->forward(rows, step);
}

std::shared_ptr<jit::Graph> recorded(const PipelineNode& node, const Batch& rows,
                                     const std::vector<NamedTensor>& weights, const std::vector<std::string>& ports) {
  const auto work = [&](jit::Stack inputs) {
    Batch in;
    size_t next = 0;
    for (const auto& [slot, packet] : rows.items())
      in.set(slot, Packet(inputs[next++].toTensor(), packet.sharedMeaning()));
    const Batch out = forwardOf(node, in);
    jit::Stack given;
    for (const auto& port : ports) given.emplace_back(out[port]);
    return given;
  };
  const auto no_names = [](const at::Tensor&) { return std::string(); };
  // Where a recording might be wrong, the run on other rows shows it.
  const bool warned = jit::tracer::getTracerStateWarnMode().exchange(false);
  const auto graph =
      jit::tracer::trace(inputsOf(rows, weights), work, no_names, /*strict=*/false, /*force_outplace=*/true)
          .first->graph;
  jit::tracer::getTracerStateWarnMode() = warned;
  return graph;
}

std::vector<int64_t> sizesOf(const jit::Value& value) {
  const auto type = value.type()->cast<c10::TensorType>();
  if (!type) return {};
  const auto sizes = type->sizes().concrete_sizes();
  return sizes ? *sizes : std::vector<int64_t>{};
}

// Brings two recordings together: what differs in the first becomes a function of the rows.
class Unified {
 public:
  Unified(TracedBlock& block, const std::shared_ptr<jit::Graph>& other, int64_t rows, int64_t other_rows)
      : block_(block), rows_(rows), other_rows_(other_rows) {
    const auto ours = block.graph->inputs(), theirs = other->inputs();
    for (size_t i = 0; i < ours.size(); ++i) block_.other_sizes[ours[i]] = sizesOf(*theirs[i]);
    auto a = block.graph->nodes().begin(), b = other->nodes().begin();
    for (; a != block.graph->nodes().end() && b != other->nodes().end(); ++b) {
      jit::Node* const node = *a;
      ++a;  // before the node may be taken out
      join(*node, **b);
    }
    if (a != block.graph->nodes().end() || b != other->nodes().end()) refuse("it differs with the number of rows");
  }

 private:
  void join(jit::Node& ours, jit::Node& theirs) {
    if (ours.kind() != theirs.kind() || ours.inputs().size() != theirs.inputs().size() ||
        ours.outputs().size() != theirs.outputs().size())
      refuse("it differs with the number of rows");
    for (size_t i = 0; i < ours.outputs().size(); ++i) block_.other_sizes[ours.output(i)] = sizesOf(*theirs.output(i));
    if (ours.kind() == jit::prim::Constant) joinConstants(ours, theirs);
  }

  void joinConstants(jit::Node& ours, jit::Node& theirs) {
    const auto a = jit::toIValue(ours.output()), b = jit::toIValue(theirs.output());
    if (!a || !b) refuse("a value in it has no form as a constant");
    if (a->isTensor() && b->isTensor()) {
      const at::Tensor &x = a->toTensor(), &y = b->toTensor();
      const bool same = x.defined() == y.defined() && (!x.defined() || (x.sizes() == y.sizes() && at::equal(x, y)));
      if (!same) refuse("a tensor in it is made from the number of rows outside of LibTorch's operators");
      return;
    }
    if (a->isInt() && b->isInt()) {
      if (a->toInt() != b->toInt()) replace(*ours.output(), a->toInt(), b->toInt());
      return;
    }
    if (a->isIntList() && b->isIntList()) {
      joinLists(ours, a->toIntVector(), b->toIntVector());
      return;
    }
    if (*a != *b) refuse("a number in it follows from the number of rows");
  }

  void joinLists(jit::Node& ours, const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
    if (a == b) return;
    if (a.size() != b.size()) refuse("a shape in it differs with the number of rows");
    const jit::WithInsertPoint at(&ours);
    std::vector<jit::Value*> items;
    for (size_t i = 0; i < a.size(); ++i) {
      items.push_back(block_.graph->insertConstant(a[i]));
      if (a[i] != b[i]) replace(*items.back(), a[i], b[i]);
    }
    jit::Value* const list = block_.graph->insertNode(block_.graph->createList(c10::IntType::get(), items))->output();
    ours.output()->replaceAllUsesWith(list);
  }

  // A number that is `a` with the one number of rows and `b` with the other, as rows * factor + rest.
  void replace(jit::Value& value, int64_t a, int64_t b) {
    const int64_t factor = (b - a) / (other_rows_ - rows_), rest = a - factor * rows_;
    if (factor * other_rows_ + rest != b) refuse("a size in it follows from the number of rows in a way of its own");
    const jit::WithInsertPoint at(value.node());
    jit::Graph& graph = *block_.graph;
    const auto calculated = [&](const char* op, jit::Value* x, int64_t y) {
      return graph.insert(c10::Symbol::fromQualString(op), {x, graph.insertConstant(y)});
    };
    jit::Value* out = calculated("aten::size", graph.inputs().front(), 0);
    if (factor != 1) out = calculated("aten::mul", out, factor);
    if (rest != 0) out = calculated("aten::add", out, rest);
    value.replaceAllUsesWith(out);
  }

  TracedBlock& block_;
  int64_t rows_, other_rows_;
};

// Runs the graph on rows that it was not recorded from, in another number.
void requireSame(const TracedBlock& block, const PipelineNode& node, const Batch& rows) {
  jit::Stack stack = inputsOf(rows, block.weights);
  jit::InterpreterState(jit::Code(block.graph, node.plan.id)).run(stack);
  const Batch wanted = forwardOf(node, rows);
  for (size_t i = 0; i < block.ports.size(); ++i) {
    const at::Tensor &a = wanted[block.ports[i]], b = stack.at(i).toTensor();
    if (a.sizes() != b.sizes() || !at::allclose(a.to(at::kDouble), b.to(at::kDouble), kTolerance, kTolerance, true))
      refuse("it looks at values of tensors, or reads them past LibTorch's operators");
  }
}

}  // namespace

TracedBlock traced(const PipelineNode& node, const ExampleRows& rows) {
  const at::NoGradGuard no_grad;
  TracedBlock out{.slots = slotsOf(rows.first), .weights = weightsOf(*node.block)};
  out.trained = std::min(out.weights.size(), node.block->parameters().size());
  if (out.slots.empty()) refuse("nothing comes in");
  out.ports = portsOf(node, forwardOf(node, rows.first));
  out.graph = recorded(node, rows.first, out.weights, out.ports);
  const auto other = recorded(node, rows.second, out.weights, out.ports);
  Unified(out, other, rows.first.rows(), rows.second.rows());
  jit::ConstantPropagation(out.graph);
  jit::EliminateDeadCode(out.graph);
  requireSame(out, node, rows.third);
  return out;
}

}  // namespace blockyard
