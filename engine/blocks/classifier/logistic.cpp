// Logistic: a probability of its own for each answer - yes or no, or any number of tags at once.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/head.hpp"
#include "blocks/head_scripts.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::classifier {
namespace {

// One output for a label with two classes, one per column for a target of zeros and ones.
int64_t outputCount(const Signatures& inputs) {
  const Signature* target = targetOf(inputs);
  if (target == nullptr) return 0;
  return target->kind == Wire::Label ? 1 : columnsOf(*target);
}

class Logistic final : public Block {
 public:
  explicit Logistic(const Setup& setup)
      : layer_(setup, outputCount(setup.inputs)),
        balanced_(setup.values.flag("balanced")),
        script_(headScript(setup.values, "loss_code")),
        pos_weight_(at::full({layer_.outputs()}, setup.values.number("pos_weight"), at::kFloat)) {
    noteWeights();
    const Signature* target = targetOf(setup.inputs);
    if (target == nullptr) return;
    binary_ = target->kind == Wire::Label;
    name(binary_ ? target->classes : numbered(layer_.outputs()));
  }

  // Positive rows weigh negatives / positives.
  void fit(FitRows& rows) override {
    if (!balanced_) return;
    at::Tensor positives = at::zeros({layer_.outputs()}, at::kDouble);
    double all = 0;
    for (Batch batch = rows.next(); batch.rows() > 0; batch = rows.next()) {
      const at::Tensor target = asColumns(batch["target"]).to(at::kDouble);
      positives += target.sum(0);
      all += static_cast<double>(target.size(0));
    }
    pos_weight_.copy_(at::where(positives > 0, (all - positives) / positives.clamp_min(1), at::ones({}, at::kDouble)));
    noteWeights();
  }

  Batch forward(const Batch& in, Step& step) override {
    const at::Tensor logits = layer_.apply(in["x"]);  // [N, 1] or [N, K]
    if (in.has("target") && !adopted_) adopt(in.packet("target"));
    Batch out{{"logits", Packet(logits, meaning_)}};
    if (in.has("target")) {
      const at::Tensor target = asColumns(in["target"]).to(logits.scalar_type());
      out.set("loss", script_ ? script_->call({logits, target})
                              : at::binary_cross_entropy_with_logits(logits, target, {}, posWeight(logits),
                                                                     at::Reduction::Mean));
    }
    if (!step.training()) {
      // Both signs through the sigmoid: 1 - p would lose small probabilities.
      out.set("scores", Packet(at::sigmoid(binary_ ? at::cat({-logits, logits}, 1) : logits), meaning_));
    }
    return out;
  }

  std::vector<NamedTensor> parameters() const override { return layer_.parameters(); }

  State state() const override {
    return {{{"pos_weight", pos_weight_}}, {{"classes", meaning_->classes}, {"binary", binary_}}};
  }

  void loadState(const State& state) override {
    const Texts classes = stateTexts(state, "classes");
    binary_ = stateValue(state, "binary").as<bool>();
    layer_.resize(binary_ ? 1 : static_cast<int64_t>(classes.size()));
    name(classes);
    adopted_ = true;
    if (pos_weight_.numel() == 0) pos_weight_ = at::ones({layer_.outputs()});
    restore(state, "pos_weight", pos_weight_);
    noteWeights();
  }

 private:
  void noteWeights() { weighted_ = !at::equal(pos_weight_, at::ones_like(pos_weight_)); }

  // Undefined where it changes nothing: the loss then takes half as many operators.
  at::Tensor posWeight(const at::Tensor& logits) { return weighted_ ? matched(pos_weight_, logits) : at::Tensor(); }

  static Texts numbered(int64_t count) {
    Texts out;
    for (int64_t i = 0; i < count; ++i) out.push_back(std::to_string(i));
    return out;
  }

  // [N] or [N, K] -> [N, K]
  static at::Tensor asColumns(const at::Tensor& target) { return target.dim() == 1 ? target.unsqueeze(1) : target; }

  void name(const Texts& classes) { meaning_ = std::make_shared<const Meaning>(Meaning{.classes = classes}); }

  // The columns of the first target name the tags.
  void adopt(const Packet& target) {
    adopted_ = true;
    if (!binary_ && target.meaning().columns.size() == static_cast<size_t>(layer_.outputs()))
      name(target.meaning().columns);
  }

  LastLayer layer_;
  bool balanced_;
  std::optional<ScriptFunction> script_;  // in place of the cross-entropy
  at::Tensor pos_weight_;                 // [1] or [K]
  bool weighted_ = false;                 // whether any of them is not 1
  bool binary_ = false;
  bool adopted_ = false;
  std::shared_ptr<const Meaning> meaning_ = std::make_shared<const Meaning>();
};

Signatures inferLogistic(const Values& values, const Signatures& inputs) {
  Signature scores = tensorOf({inputs.at("x").shape[0], Dim("K")});
  scores.open = true;
  const Signature* target = targetOf(inputs);
  if (target == nullptr) return {{"scores", scores}};
  if (target->kind != Wire::Label) {
    if (target->shape.size() > 2)
      throw Error({.port = "target"}, "expected target [N] or [N, K], got " + textOf(target->shape));
    const int64_t columns = columnsOf(*target);
    if (columns > 0) scores.shape[1] = columns;
    if (columns > 0 && !target->open) {
      const Signature tags = tensorOf(scores.shape);
      checkHeadScripts(values, {tags, tags}, {tags, tags});
    }
    return {{"scores", scores}};
  }
  const size_t count = target->classes.size();
  if (count != 2 && !target->open)
    throw Error(
        {.port = "target"}, "expected a label with 2 classes, got " + std::to_string(count),
        count > 2 ? "for more classes use classifier/softmax" : "a target with one class leaves nothing to learn");
  scores.shape[1] = 2;
  scores.open = target->open;
  scores.classes = target->classes;
  const Dim rows = scores.shape[0];
  const Signature labels{.element = Element::Int64, .shape = {rows}, .open = scores.open};
  checkHeadScripts(values, {tensorOf({rows, 1}), tensorOf({rows, 1})}, {scores, labels});
  return {{"scores", scores}};
}

}  // namespace

BlockType logistic() {
  return {
      .schema =
          {.title = "Logistic classifier",
           .doc =
               "Answers yes or no with a probability: for a label with two classes, or for each column of a target of "
               "zeros and ones, of which any number may be true at once.",
           .inputs = {{"x", "float[N, F]", "features"},
                      {"target", "label|target", "two classes, or columns of 0 and 1; needed to train",
                       Wires::Optional}},
           .outputs = {{"scores", "float[N, K]", "probability of each class, or of each column"}},
           .params = withHeadScripts(
               {{"pos_weight", 1.0, Range{0, 1e6}, "weight of rows of the second class (of ones) in the loss"},
                {"balanced", false, {}, "take negatives / positives of the training rows as pos_weight"}}),
           .fitted = true},
      .make = make<Logistic>,
      .infer = inferLogistic,
      .rows_apart = ownLoss};
}

}  // namespace blockyard::classifier
