// Dropout: blanks a random share of the values while training, passes all of them on otherwise.
#include "blocks/block.hpp"

namespace blockyard::extractor {
namespace {

class Dropout final : public Block {
 public:
  explicit Dropout(const Values& values) : rate_(values.number("rate")) {}

  Batch forward(const Batch& in, Step& step) override {
    const at::Tensor& x = in["x"];
    if (!step.training() || rate_ == 0) return {{"y", x}};
    const double keep = 1 - rate_;
    return {{"y", x * at::empty_like(x).bernoulli_(keep, step.generator(x.device())).div_(keep)}};
  }

 private:
  double rate_;
};

}  // namespace

BlockType dropout() {
  return {
      .schema = {.title = "Dropout",
                 .doc =
                     "Blanks a random share of the values while training and scales up the rest, so that the network "
                     "does not lean on single values (Srivastava et al., JMLR 2014).",
                 .inputs = {{"x", "float[N, ...]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"rate", 0.5, Range{0, 0.95}, "share of values that are blanked"}},
                 .examples = {{.params = {{"rate", 0.0}},
                               .in = {{"x", {{1, 2}, {1, 2}}}},
                               .out = {{"y", {{1, 2}, {1, 2}}}}}}},
      .make = make<Dropout>,
      .rows_apart = alwaysApart};
}

}  // namespace blockyard::extractor
