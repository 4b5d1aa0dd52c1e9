// Next token: a last dense layer at every place of a sequence, which learns the token that follows each place.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/head.hpp"
#include "blocks/sequences.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::classifier {
namespace {

constexpr int64_t kIgnored = -1;  // index of a place that takes no part in the loss

class NextToken final : public Block {
 public:
  explicit NextToken(const Setup& setup)
      : layer_(setup, classCount(setup.inputs)),
        padding_(setup.values.integer("padding")),
        smoothing_(setup.values.number("label_smoothing")) {
    if (const Signature* target = targetOf(setup.inputs)) name(target->classes);
  }

  Batch forward(const Batch& in, Step& step) override {
    const at::Tensor &x = in["x"], &tokens = in["tokens"];  // [N, L, F], [N, L]
    // The answer is what comes behind the last token that is there.
    const at::Tensor last = (tokens != padding_).sum(1).clamp_min(1) - 1;  // [N]
    const at::Tensor place = last.view({-1, 1, 1}).expand({x.size(0), 1, x.size(2)});
    const at::Tensor logits = layer_.apply(x.gather(1, place).squeeze(1));  // [N, K]
    Batch out{{"logits", Packet(logits, meaning_)}};
    if (in.has("target")) out.set("loss", loss(layer_.apply(x), tokens, last, in["target"]));
    if (!step.training()) out.set("scores", Packet(at::softmax(logits, -1), meaning_));
    return out;
  }

  std::vector<NamedTensor> parameters() const override { return layer_.parameters(); }

  State state() const override { return {{}, {{"classes", meaning_->classes}}}; }

  void loadState(const State& state) override {
    const Texts classes = stateTexts(state, "classes");
    layer_.resize(static_cast<int64_t>(classes.size()));
    name(classes);
  }

 private:
  void name(const Texts& classes) { meaning_ = std::make_shared<const Meaning>(Meaning{.classes = classes}); }

  // The mean over all places of all rows whose next token is known. The target stands behind the last token.
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& tokens, const at::Tensor& last,
                  const at::Tensor& target) const {
    const at::Tensor next = at::constant_pad_nd(tokens.narrow(1, 1, tokens.size(1) - 1), {0, 1}, padding_)
                                .scatter(1, last.unsqueeze(1), target.unsqueeze(1));  // [N, L]
    const at::Tensor unknown = (next == padding_).logical_or(next < 0).logical_or(next >= logits.size(2));
    return at::cross_entropy_loss(logits.flatten(0, 1), next.masked_fill(unknown, kIgnored).flatten(), {},
                                  at::Reduction::Mean, kIgnored, smoothing_);
  }

  LastLayer layer_;
  int64_t padding_;
  double smoothing_;
  std::shared_ptr<const Meaning> meaning_ = std::make_shared<const Meaning>();
};

Signatures inferNextToken(const Values&, const Signatures& inputs) {
  requireSameLength(inputs);
  Signature scores = tensorOf({inputs.at("x").shape[0], Dim("K")});
  scores.open = true;
  const Signature* target = targetOf(inputs);
  if (target == nullptr || target->classes.empty()) return {{"scores", scores}};
  if (!target->open) scores.shape[1] = static_cast<int64_t>(target->classes.size());
  scores.open = target->open;
  scores.classes = target->classes;
  return {{"scores", scores}};
}

}  // namespace

BlockType next_token() {
  return {
      .schema =
          {.title = "Next token",
           .doc =
               "The head of a model of language: a dense layer with one output per token, which learns at every place "
               "of a sequence what comes next - the tokens that follow within the window, and behind its last one "
               "the target. It answers with what comes after the window. What feeds it must not look ahead: a "
               "recurrent network in one direction, or a transformer with causal on. Beside the loss, perplexity "
               "and bits_per_token are measured over all places; the other numbers are of the token after the "
               "window.",
           .inputs = {{"x", "float[N, L, F]", "features at each place"},
                      {"tokens", "int[N, L]", "the tokens of the window, of which each follows the one before it"},
                      {"target", "label", "the token after the window; needed to train", Wires::Optional}},
           .outputs = {{"scores", "float[N, K]", "probability of each token after the window"}},
           .params = {{"label_smoothing", 0.0, Range{0, 0.99}, "share of certainty that is spread over all tokens"},
                      paddingParam()}},
      .make = make<NextToken>,
      .infer = inferNextToken};
}

}  // namespace blockyard::classifier
