// Threshold: the positive class wherever its probability is high enough.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

class Threshold final : public Block {
 public:
  explicit Threshold(const Values& values)
      : threshold_(at::scalar_tensor(values.number("threshold"), at::kDouble)), positive_(values.text("positive")) {}

  Batch forward(const Batch& in, Step&) override {
    const Classes classes = classNames(in.packet("scores"));
    const Thresholded said = thresholded(in["scores"], positiveIndex(positive_, *classes), threshold_);
    return {{"answer", Packet(Table({labelColumn("label", said.label, classes),
                                     numberColumn("probability", said.probability)}))}};
  }

 private:
  at::Tensor threshold_;
  std::string positive_;
};

}  // namespace

BlockType threshold() {
  return {
      .schema =
          {.title = "Threshold",
           .doc =
               "Answers the positive class wherever its probability reaches a threshold, else the most probable of the "
               "others: for cases where missing a positive costs more, or less, than a false alarm.",
           .inputs = {{"scores", "float[N, K]", "probability of each class"}},
           .outputs = {{"answer", "table", "columns label and probability (of the positive class)"}},
           .params = {{"threshold", 0.5, Range{0, 1}, "least probability of the positive class"},
                      {"positive", "", {}, "name of the positive class; empty: the last one"}},
           .examples = {{.params = {{"threshold", 0.25}},
                         .in = {{"scores", {{2, 2}, {0.75, 0.25, 0.875, 0.125}}}},
                         .out_tables = {{"answer", "label:category,probability\n1,0.25\n0,0.125\n"}}}}},
      .make = make<Threshold>,
      .infer = thresholdOutputs};
}

}  // namespace blockyard::postprocessor
