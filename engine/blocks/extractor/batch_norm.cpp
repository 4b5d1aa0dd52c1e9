// Batch norm: brings every channel to one scale, measured on the batch while training.
#include "blocks/block.hpp"
#include "blocks/norms.hpp"

namespace blockyard::extractor {
namespace {

class BatchNormBlock final : public Block {
 public:
  explicit BatchNormBlock(const Setup& setup)
      : norm_(setup.size("x", 1), setup.values.number("momentum"), setup.values.number("epsilon"),
              setup.values.flag("affine")) {}

  Batch forward(const Batch& in, Step& step) override { return {{"y", norm_.apply(in["x"], step.training())}}; }

  std::vector<NamedTensor> parameters() const override {
    std::vector<NamedTensor> out;
    norm_.addParameters("", out);
    return out;
  }

  State state() const override {
    State out;
    norm_.addState("", out);
    return out;
  }

  void loadState(const State& state) override { norm_.loadState("", state); }

 private:
  BatchNorm norm_;
};

}  // namespace

BlockType batch_norm() {
  return {
      .schema =
          {.title = "Batch norm",
           .doc = "Brings every channel to mean 0 and deviation 1, then scales and shifts it by learned numbers. While "
                  "training it measures the batch; otherwise it uses a running mean of what it has measured.",
           .inputs = {{"x", "float[N, C, ...]"}},
           .outputs = {{"y", "like x"}},
           .params = {{"momentum", 0.1, Range{0, 1}, "share of the newest batch in the running mean"},
                      {"epsilon", 1e-5, Range{1e-12, 1}, "added to the variance, against division by zero"},
                      {"affine", true, {}, "learn a scale and a shift for each channel"}}},
      .make = make<BatchNormBlock>};
}

}  // namespace blockyard::extractor
