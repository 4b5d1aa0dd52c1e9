// Softmax: a last dense layer with one output per class, and probabilities that sum to 1.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/head.hpp"
#include "blocks/head_scripts.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::classifier {
namespace {

constexpr int64_t kMissing = -1;  // index of a row without a label: it takes no part in the loss

class Softmax final : public Block {
 public:
  explicit Softmax(const Setup& setup)
      : layer_(setup, classCount(setup.inputs)),
        focal_(setup.values.text("loss") == "focal"),
        gamma_(setup.values.number("focal_gamma")),
        smoothing_(setup.values.number("label_smoothing")),
        balanced_(setup.values.text("class_weights") == "balanced"),
        script_(headScript(setup.values, "loss_code")) {
    if (const Signature* target = targetOf(setup.inputs)) name(target->classes);
    if (balanced_) class_weights_ = at::ones({layer_.outputs()});
    if (setup.values.text("class_weights") == "given") {
      const Numbers& weights = setup.values.numbers("weights");
      class_weights_ = at::tensor(std::vector<float>(weights.begin(), weights.end()));
    }
  }

  // Weights that make every class count the same: rows / (classes * rows of the class).
  void fit(FitRows& rows) override {
    if (!balanced_) return;
    at::Tensor counts = at::zeros({layer_.outputs()}, at::kLong);
    for (Batch batch = rows.next(); batch.rows() > 0; batch = rows.next()) {
      const at::Tensor& labels = batch["target"];
      counts += at::bincount(labels.masked_select(labels != kMissing), {}, layer_.outputs());
    }
    const double per_class = counts.sum().item<double>() / static_cast<double>(layer_.outputs());
    class_weights_.copy_(
        at::where(counts > 0, per_class / counts.clamp_min(1).to(at::kDouble), at::ones({}, at::kDouble)));
  }

  Batch forward(const Batch& in, Step& step) override {
    const at::Tensor logits = layer_.apply(in["x"]);  // [N, K]
    Batch out{{"logits", Packet(logits, meaning_)}};
    if (in.has("target")) {
      out.set("loss", loss(logits, in["target"]));
      if (step.training()) out.set("loss_weight", weightOf(logits, in["target"]));
    }
    if (!step.training()) out.set("scores", Packet(at::softmax(logits, -1), meaning_));
    return out;
  }

  std::vector<NamedTensor> parameters() const override { return layer_.parameters(); }

  State state() const override {
    State out{{}, {{"classes", meaning_->classes}}};
    if (balanced_) out.tensors["class_weights"] = class_weights_;
    return out;
  }

  void loadState(const State& state) override {
    const Texts classes = stateTexts(state, "classes");
    layer_.resize(static_cast<int64_t>(classes.size()));
    name(classes);
    if (!balanced_) return;
    if (class_weights_.numel() == 0) class_weights_ = at::ones({layer_.outputs()});
    restore(state, "class_weights", class_weights_);
  }

 private:
  // What the mean over the rows has been divided by, [].
  at::Tensor weightOf(const at::Tensor& logits, const at::Tensor& labels) {
    const at::Tensor counted = labels != kMissing;  // [N]
    const at::Tensor& weights = matched(class_weights_, logits);
    return weights.defined() ? (weights.index_select(0, labels.clamp_min(0)) * counted).sum() : counted.sum();
  }

  void name(const Texts& classes) { meaning_ = std::make_shared<const Meaning>(Meaning{.classes = classes}); }

  at::Tensor loss(const at::Tensor& logits, const at::Tensor& labels) {
    if (script_) return script_->call({logits, labels});
    const at::Tensor& weights = matched(class_weights_, logits);  // [K]
    // LibTorch's smoothed loss with weights looks at values on the host, so that one is written out below.
    if (!focal_ && (smoothing_ == 0 || !weights.defined()))
      return at::cross_entropy_loss(logits, labels, weights, at::Reduction::Mean, kMissing, smoothing_);
    // Lin et al., "Focal loss for dense object detection" (ICCV 2017): (1 - p)^gamma damps rows that are right already.
    const at::Tensor log_p = at::log_softmax(logits, -1);                                           // [N, K]
    const at::Tensor damped = focal_ ? (1 - log_p.exp()).clamp_min(0).pow(gamma_) * log_p : log_p;  // [N, K]
    const at::Tensor plain = at::nll_loss(damped, labels, weights, at::Reduction::Mean, kMissing);
    if (smoothing_ == 0) return plain;
    // The smoothed share goes to all classes alike; like the rest it is divided by the weights of the rows' classes.
    const at::Tensor each = weights.defined() ? weights : at::ones({layer_.outputs()}, logits.options());
    const at::Tensor counted = labels != kMissing;  // [N]
    const at::Tensor spread = (damped * each).sum(-1).masked_fill(counted.logical_not(), 0).sum();
    return (1 - smoothing_) * plain -
           smoothing_ / static_cast<double>(layer_.outputs()) * spread / weightOf(logits, labels);
  }

  LastLayer layer_;
  bool focal_;
  double gamma_, smoothing_;
  bool balanced_;
  std::optional<ScriptFunction> script_;  // in place of the losses above
  at::Tensor class_weights_;              // [K]; undefined: all 1
  std::shared_ptr<const Meaning> meaning_ = std::make_shared<const Meaning>();
};

Signatures inferSoftmax(const Values& values, const Signatures& inputs) {
  Signature scores = tensorOf({inputs.at("x").shape[0], Dim("K")});
  scores.open = true;
  const Signature* target = targetOf(inputs);
  if (target == nullptr || target->classes.empty()) return {{"scores", scores}};
  const size_t count = target->classes.size();
  if (count < 2 && !target->open)
    throw Error({.port = "target"}, "expected at least 2 classes, got only \"" + target->classes.front() + "\"",
                "a target with one class leaves nothing to learn");
  const size_t given = values.numbers("weights").size();
  if (values.text("class_weights") == "given" && given != count && !target->open)
    throw Error({.parameter = "weights"}, "expected one weight for each of the " + std::to_string(count) +
                                              " classes, got " + std::to_string(given));
  if (!target->open) scores.shape[1] = static_cast<int64_t>(count);
  scores.open = target->open;
  scores.classes = target->classes;
  const Signature labels{.element = Element::Int64, .shape = {scores.shape[0]}, .open = scores.open};
  checkHeadScripts(values, {scores, labels}, {scores, labels});
  return {{"scores", scores}};
}

}  // namespace

BlockType softmax() {
  return {
      .schema =
          {.title = "Softmax classifier",
           .doc = "Tells which one of several classes a row belongs to: a dense layer with one output per class, whose "
                  "softmax are the probabilities. It learns from the label on the port target.",
           .inputs = {{"x", "float[N, F]", "features"},
                      {"target", "label", "the right class of each row; needed to train", Wires::Optional}},
           .outputs = {{"scores", "float[N, K]", "probability of each class"}},
           .params = withHeadScripts(
               {{"loss", "cross_entropy", Choices{"cross_entropy", "focal"},
                 "focal turns to the rows that are still wrong"},
                {"label_smoothing", 0.0, Range{0, 0.99}, "share of certainty that is spread over all classes"},
                {"focal_gamma", 2.0, Range{0, 10}, "focal only: how strongly rows that are right already are damped"},
                {"class_weights", "none", Choices{"none", "balanced", "given"},
                 "balanced: rare classes count as much as frequent ones"},
                {"weights", Numbers{}, Range{0, 1e6},
                 "for class_weights = given: one number for each class, in their order"}}),
           .fitted = true},
      .make = make<Softmax>,
      .infer = inferSoftmax,
      .rows_apart = ownLoss};
}

}  // namespace blockyard::classifier
