// Threshold: the positive class wherever its probability is high enough.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

class Threshold final : public Block {
 public:
  explicit Threshold(const Values& values)
      : threshold_(values.number("threshold")), positive_(values.text("positive")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor scores = in["scores"].detach().to(at::kCPU, at::kDouble);  // [N, K]
    const Classes classes = classNames(in.packet("scores"));
    const int64_t positive = positiveIndex(positive_, *classes);
    const at::Tensor probability = scores.select(1, positive);
    at::Tensor others = scores.clone();
    others.select(1, positive).fill_(-1);
    const at::Tensor label = at::where(probability >= threshold_, positive, others.argmax(-1));
    return {
        {"answer", Packet(Table({labelColumn("label", label, classes), numberColumn("probability", probability)}))}};
  }

 private:
  double threshold_;
  std::string positive_;
};

Signatures infer(const Values& values, const Signatures& inputs) {
  const Signature& scores = inputs.at("scores");
  if (scores.shape[1].known() && scores.shape[1].size < 2)
    throw Error({.port = "scores"}, "expected probabilities of at least 2 classes, got " + scores.text());
  if (!scores.classes.empty() && !scores.open) positiveIndex(values.text("positive"), scores.classes);
  return {{"answer",
           answerOf({{"label", ColumnType::Category, scores.classes}, {"probability", ColumnType::Number}}, scores)}};
}

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
      .infer = infer};
}

}  // namespace blockyard::postprocessor
