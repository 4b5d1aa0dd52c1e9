// Embedding: a learned vector for each code.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Embedding final : public Block {
 public:
  explicit Embedding(const Setup& setup) : padding_(setup.values.integer("padding")) {
    weight_ = setup.normal("weight", {setup.values.integer("vocabulary"), setup.values.integer("features")},
                           1);  // as nn.Embedding
    if (padding_ >= 0) weight_[padding_].zero_();
    weight_.requires_grad_();
  }

  Batch forward(const Batch& in, Step&) override { return {{"y", at::embedding(weight_, in["x"], padding_)}}; }

  std::vector<NamedTensor> parameters() const override { return {{"weight", weight_}}; }

 private:
  int64_t padding_;
  at::Tensor weight_;  // [vocabulary, features]
};

Signatures inferEmbedding(const Values& values, const Signatures& inputs) {
  const int64_t vocabulary = values.integer("vocabulary"), padding = values.integer("padding");
  if (padding >= vocabulary)
    throw Error({.parameter = "padding"}, "expected a code below vocabulary = " + std::to_string(vocabulary) +
                                              ", got " + std::to_string(padding));
  Shape shape = inputs.at("x").shape;
  shape.emplace_back(values.integer("features"));
  return {{"y", tensorOf(shape)}};
}

}  // namespace

BlockType embedding() {
  return {.schema = {.title = "Embedding",
                     .doc = "Looks up a learned vector for each code, such as a category or a word.",
                     .inputs = {{"x", "int[N]|int[N, L]", "codes from 0 to vocabulary - 1"}},
                     .outputs = {{"y", "float[N, ..., features]"}},
                     .params = {{"vocabulary", 1000, Range{1, 1 << 26}, "number of different codes"},
                                {"features", 16, Range{1, 1 << 16}, "length of each vector"},
                                {"padding", -1, Range{-1, 1 << 26}, "code whose vector is 0 and stays so; -1: none"}}},
          .make = make<Embedding>,
          .infer = inferEmbedding};
}

}  // namespace blockyard::extractor
