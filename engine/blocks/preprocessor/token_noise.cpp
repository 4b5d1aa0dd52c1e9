// Token noise: shows the network a slightly different text in every epoch. Every row is changed by random numbers of
// its own, keyed by (seed, epoch, row): the same in any batch and on any number of threads. Deletion, swap and dropout
// of words as in Wei and Zou, "EDA", EMNLP 2019, and Iyyer et al., ACL 2015.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/block.hpp"

namespace blockyard::preprocessor {
namespace {

class TokenNoise final : public Block {
 public:
  explicit TokenNoise(const Setup& setup)
      : deletion_(setup.values.number("deletion")),
        swap_(setup.values.number("swap")),
        dropout_(setup.values.number("dropout")),
        padding_(setup.values.integer("padding")),
        unknown_(setup.values.integer("unknown")),
        random_(setup.random.key("token_noise")) {}

  Batch forward(const Batch& in, Step& step) override {
    const Packet& x = in.packet("x");
    if (!step.training()) return {{"y", x}};
    // Random numbers are made on the processor, so that every device sees the same texts.
    at::Tensor tokens = x.tensor().cpu().clone(at::MemoryFormat::Contiguous);  // [N, L]
    const bool known = step.rowIds().defined();
    int64_t* const data = tokens.mutable_data_ptr<int64_t>();
    for (int64_t row = 0; row < tokens.size(0); ++row) {
      const int64_t id = known ? step.rowIds().const_data_ptr<int64_t>()[row] : row;
      change(data + row * tokens.size(1), tokens.size(1),
             random_.key(static_cast<uint64_t>(step.epoch())).key(static_cast<uint64_t>(id)));
    }
    return {{"y", Packet(tokens.to(x.tensor().device()), x.sharedMeaning())}};
  }

 private:
  void change(int64_t* tokens, int64_t length, const KeyedRandom& random) const {
    int64_t* const end = tokens + length;
    const auto chance = [](const KeyedRandom& of, int64_t place, double share) {
      return of.uniform(static_cast<uint64_t>(place)) < share;
    };
    int64_t count = std::find(tokens, end, padding_) - tokens;
    // At least one token stays, so that a row never becomes empty.
    int64_t kept = 0;
    const KeyedRandom deletion = random.key("deletion");
    for (int64_t i = 0; i < count; ++i)
      if (!chance(deletion, i, deletion_) || (i + 1 == count && kept == 0)) tokens[kept++] = tokens[i];
    std::fill(tokens + kept, tokens + count, padding_);
    count = kept;
    const KeyedRandom swap = random.key("swap"), dropout = random.key("dropout");
    for (int64_t i = 0; i + 1 < count; ++i)
      if (chance(swap, i, swap_)) std::swap(tokens[i], tokens[i + 1]);
    for (int64_t i = 0; i < count; ++i)
      if (chance(dropout, i, dropout_)) tokens[i] = unknown_;
  }

  double deletion_, swap_, dropout_;
  int64_t padding_, unknown_;
  KeyedRandom random_;
};

}  // namespace

BlockType token_noise() {
  return {
      .schema = {.title = "Token noise",
                 .doc = "While training, changes every row of tokens at random: leaves tokens out, swaps "
                        "neighbours and makes tokens unknown. In the next epoch it is changed in another way. "
                        "Passes tokens on unchanged when it is not training.",
                 .inputs = {{"x", "int[N, L]", "tokens, padded at the end"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"deletion", 0.0, Range{0, 1}, "share of tokens that are left out; those behind move up"},
                            {"swap", 0.0, Range{0, 1}, "share of tokens that change places with the next one"},
                            {"dropout", 0.1, Range{0, 1}, "share of tokens that become unknown"},
                            {"padding", 0, Range{0, 1 << 26}, "the token that stands for padding"},
                            {"unknown", 1, Range{0, 1 << 26}, "the token that stands for what is unknown"}},
                 .examples = {{.in = {{"x", {{1, 3}, {5, 6, 0}, Element::Int64}}},
                               .out = {{"y", {{1, 3}, {5, 6, 0}, Element::Int64}}}}},
                 .phase = Phase::EachBatch,
                 .train_only = true},
      .make = make<TokenNoise>};
}

}  // namespace blockyard::preprocessor
