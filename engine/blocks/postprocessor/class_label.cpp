// Class label: the most probable class of each row, by name, with its probability.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

class ClassLabel final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    const at::Tensor scores = in["scores"].detach().to(at::kCPU, at::kDouble).contiguous();  // [N, K]
    const auto [probability, index] = scores.max(-1);
    Table answer(
        {labelColumn("label", index, classNames(in.packet("scores"))), numberColumn("probability", probability)});
    return {{"answer", Packet(std::move(answer))}};
  }
};

Signatures inferClassLabel(const Values&, const Signatures& inputs) {
  const Signature& scores = inputs.at("scores");
  return {{"answer",
           answerOf({{"label", ColumnType::Category, scores.classes}, {"probability", ColumnType::Number}}, scores)}};
}

}  // namespace

BlockType class_label() {
  return {.schema = {.title = "Class label",
                     .doc = "Names the most probable class of each row and tells its probability.",
                     .inputs = {{"scores", "float[N, K]", "probability of each class"}},
                     .outputs = {{"answer", "table", "columns label and probability"}},
                     .examples = {{.in = {{"scores", {{2, 2}, {0.25, 0.75, 0.5, 0.5}}}},
                                   .out_tables = {{"answer", "label:category,probability\n1,0.75\n0,0.5\n"}}}}},
          .make = make<ClassLabel>,
          .infer = inferClassLabel};
}

}  // namespace blockyard::postprocessor
