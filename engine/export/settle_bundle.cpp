// A trained pipeline that will only answer: weights packed for the processor, activations taken in the pass before.
#include <ATen/ATen.h>

#include "blocks/settles.hpp"
#include "export/bundle.hpp"
#include "training/devices.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

// In the place of an activation that another block has taken over.
class PassOn final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override { return {{"y", in.packet("x")}}; }
};

// Pictures, that convolutions and poolings give with the channels last in memory, as lists of features in that order:
// nothing has to be moved.
class FlattenAsTheyLie final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    return {{"y", in["x"].permute({0, 2, 3, 1}).flatten(1)}};  // [N, C, H, W] -> [N, H * W * C]
  }
};

// The only block that reads what block `index` gives; nothing if there are none or several.
std::optional<size_t> onlyReader(const Pipeline& pipeline, size_t index) {
  std::optional<size_t> out;
  for (size_t reader = 0; reader < pipeline.nodes().size(); ++reader)
    for (const auto& input : pipeline.nodes()[reader].plan.inputs) {
      if (input.from != index) continue;
      if (out) return std::nullopt;
      out = reader;
    }
  return out;
}

// The ReLU that follows a block, perhaps behind a max-pooling, which changes places with it without a difference.
std::optional<size_t> reluBehind(const Pipeline& pipeline, size_t index) {
  std::optional<size_t> reader = onlyReader(pipeline, index);
  while (reader && pipeline.nodes()[*reader].plan.type == "extractor/max_pool") reader = onlyReader(pipeline, *reader);
  if (!reader) return reader;
  const PlanNode& plan = pipeline.nodes()[*reader].plan;
  const bool relu = plan.type == "extractor/activation" && plan.values.text("function") == "relu";
  return relu ? reader : std::nullopt;
}

// Whether what block `index` reads comes from a convolution, with nothing between that would change the order in
// memory.
bool readsChannelsLast(const Pipeline& pipeline, size_t index) {
  const PlanNode& from = pipeline.nodes()[pipeline.nodes()[index].plan.inputs.at(0).from].plan;
  if (from.type == "extractor/conv2d") return true;
  return (from.type == "extractor/activation" || from.type == "extractor/max_pool") &&
         readsChannelsLast(pipeline, pipeline.nodes()[index].plan.inputs[0].from);
}

// Lets a dense layer behind a flattening of pictures read them as they lie, its weights in that order.
void flattenAsTheyLie(Pipeline& pipeline, size_t index) {
  PipelineNode& node = pipeline.nodes()[index];
  if (node.plan.type != "extractor/flatten" || node.plan.values.integer("first_axis") != 1) return;
  const Shape& shape = node.inputs.at("x").shape;  // [N, C, H, W]
  const std::optional<size_t> reader = onlyReader(pipeline, index);
  if (shape.size() != 4 || !reader || !readsChannelsLast(pipeline, index)) return;
  const PipelineNode& dense = pipeline.nodes()[*reader];
  if (dense.plan.type != "extractor/linear" && dense.plan.type != "extractor/mlp") return;
  at::Tensor weight = dense.block->parameters().front().tensor;  // [out, C * H * W]
  const at::Tensor planes = weight.detach().view({-1, shape[1].size, shape[2].size, shape[3].size});
  weight.set_data(planes.permute({0, 2, 3, 1}).flatten(1));
  node.block = std::make_unique<FlattenAsTheyLie>();
}

}  // namespace

void Bundle::settle() {
  if (settled_ || !deviceNamed(options_.device).is_cpu()) return;
  settled_ = true;
  auto& nodes = pipeline_->nodes();
  for (size_t index = 0; index < nodes.size(); ++index) {
    guarded({.block = nodes[index].plan.id}, [&] { flattenAsTheyLie(*pipeline_, index); });
    auto* const block = dynamic_cast<Settles*>(nodes[index].block.get());
    if (block == nullptr) continue;
    const std::optional<size_t> relu = reluBehind(*pipeline_, index);
    guarded({.block = nodes[index].plan.id}, [&] {
      if (block->settle(relu.has_value()) && relu) nodes[*relu].block = std::make_unique<PassOn>();
    });
  }
}

}  // namespace blockyard
