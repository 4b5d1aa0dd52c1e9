// Sequence pool: one vector for each row of a sequence, from all steps that are not padding.
#include <ATen/ATen.h>

#include <limits>

#include "blocks/sequences.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class SequencePool final : public Block {
 public:
  explicit SequencePool(const Values& values) : mode_(values.text("mode")), padding_(values.integer("padding")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];                                        // [N, L, F]
    const at::Tensor present = presentTokens(in, padding_).unsqueeze(2);  // [N, L, 1]
    if (mode_ == "max") {
      const at::Tensor y = at::amax(x.masked_fill(present.logical_not(), -std::numeric_limits<double>::infinity()), 1);
      return {{"y", y.masked_fill(present.any(1).logical_not(), 0)}};
    }
    if (mode_ == "last") {
      // The last step with a token: its number is the largest of those present.
      const at::Tensor steps = at::arange(x.size(1), present.options().dtype(at::kLong)).view({1, -1, 1});
      const at::Tensor last = at::amax(steps * present, 1, true).expand({-1, -1, x.size(2)});  // [N, 1, F]
      return {{"y", x.gather(1, last).squeeze(1).masked_fill(present.any(1).logical_not(), 0)}};
    }
    const at::Tensor sum = x.masked_fill(present.logical_not(), 0).sum(1);  // [N, F]
    if (mode_ == "sum") return {{"y", sum}};
    return {{"y", sum / present.sum(1).clamp_min(1).to(x.scalar_type())}};
  }

 private:
  std::string mode_;
  int64_t padding_;
};

Signatures inferSequencePool(const Values&, const Signatures& inputs) {
  requireSameLength(inputs);
  const Shape& x = inputs.at("x").shape;
  return {{"y", tensorOf({x[0], x[2]})}};
}

}  // namespace

BlockType sequence_pool() {
  return {
      .schema = {.title = "Sequence pool",
                 .doc = "Sums a sequence of vectors up in one: the mean, sum or largest value of each feature, or "
                        "the last step. With the tokens wired, padding does not count; a row of padding alone "
                        "gives 0.",
                 .inputs = {{"x", "float[N, L, F]"}, tokensPort()},
                 .outputs = {{"y", "float[N, F]"}},
                 .params = {{"mode", "average", Choices{"average", "max", "sum", "last"},
                             "the mean, the largest value, the sum, or the last step"},
                            paddingParam()},
                 .examples = {{.in = {{"x", {{1, 3, 1}, {1, 3, 8}}}, {"tokens", {{1, 3}, {5, 6, 0}, Element::Int64}}},
                               .out = {{"y", {{1, 1}, {2}}}}},
                              {.params = {{"mode", "max"}},
                               .in = {{"x", {{1, 2, 2}, {1, 7, 3, 5}}}},
                               .out = {{"y", {{1, 2}, {3, 7}}}}}}},
      .make = make<SequencePool>,
      .infer = inferSequencePool};
}

}  // namespace blockyard::extractor
