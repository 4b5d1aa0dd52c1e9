// Undo target scaling: predicted numbers back in the units of the data.
#include <ATen/ATen.h>

#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

class UndoTargetScaling final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    const Packet& values = in.packet("values");
    if (!values.meaning().scaling) return {{"values", values}};
    const Scaling scaling = *values.meaning().scaling;
    Meaning meaning = values.meaning();
    meaning.scaling.reset();
    // In double: factor and offset may be large beside what float32 resolves.
    at::Tensor original = values.tensor().to(at::kDouble) * scaling.factor + scaling.offset;
    if (scaling.log1p) original = original.expm1();
    return {{"values",
             Packet(original.to(values.tensor().scalar_type()), std::make_shared<const Meaning>(std::move(meaning)))}};
  }
};

}  // namespace

BlockType undo_target_scaling() {
  return {
      .schema =
          {.title = "Undo target scaling",
           .doc = "Brings predicted numbers back to the units of the data, where a preprocessor had scaled the target.",
           .inputs = {{"values", "float[N, K]"}},
           .outputs = {{"values", "like values"}},
           .examples = {{.in = {{"values", {{2, 1}, {0.5, -1}}}}, .out = {{"values", {{2, 1}, {0.5, -1}}}}}}},
      .make = make<UndoTargetScaling>};
}

}  // namespace blockyard::postprocessor
