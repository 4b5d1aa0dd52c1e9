// A trained pipeline that will only answer: weights packed for the processor, activations taken in the pass before.
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

}  // namespace

void Bundle::settle() {
  if (settled_ || !deviceNamed(options_.device).is_cpu()) return;
  settled_ = true;
  auto& nodes = pipeline_->nodes();
  for (size_t index = 0; index < nodes.size(); ++index) {
    auto* const block = dynamic_cast<Settles*>(nodes[index].block.get());
    if (block == nullptr) continue;
    const std::optional<size_t> relu = reluBehind(*pipeline_, index);
    guarded({.block = nodes[index].plan.id}, [&] {
      if (block->settle(relu.has_value()) && relu) nodes[*relu].block = std::make_unique<PassOn>();
    });
  }
}

}  // namespace blockyard
