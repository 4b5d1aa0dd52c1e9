// Noise: while training, adds a little noise to features, another in every epoch.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "blocks/block.hpp"

namespace blockyard::preprocessor {
namespace {

class Noise final : public Block {
 public:
  explicit Noise(const Setup& setup)
      : deviation_(setup.values.number("deviation")),
        share_(setup.values.number("share")),
        random_(setup.random.key("noise")) {}

  // Keyed by row and epoch, and made on the processor, so that it depends neither on the batch nor on the device.
  Batch forward(const Batch& in, Step& step) override {
    const Packet& x = in.packet("x");
    if (!step.training()) return {{"y", x}};
    const at::Tensor from = x.tensor().cpu().to(at::kFloat).contiguous();
    at::Tensor to = at::empty_like(from);
    const int64_t width = from.numel() / std::max<int64_t>(1, from.size(0));
    const int64_t* ids = step.rowIds().defined() ? step.rowIds().const_data_ptr<int64_t>() : nullptr;
    const float* source = from.const_data_ptr<float>();
    float* target = to.mutable_data_ptr<float>();
    const KeyedRandom epoch = random_.key(static_cast<uint64_t>(step.epoch()));
    at::parallel_for(0, from.size(0), 64, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const KeyedRandom row = epoch.key(static_cast<uint64_t>(ids ? ids[i] : i));
        const bool changed = row.uniform(0) < share_;
        for (int64_t j = 0; j < width; ++j) {
          const double added = changed ? deviation_ * row.normal(static_cast<uint64_t>(j + 1)) : 0;
          target[i * width + j] = source[i * width + j] + static_cast<float>(added);
        }
      }
    });
    return {{"y", Packet(to.to(x.tensor().device()), x.sharedMeaning())}};
  }

 private:
  double deviation_, share_;
  KeyedRandom random_;
};

}  // namespace

BlockType noise() {
  return {
      .schema = {.title = "Noise",
                 .doc =
                     "While training, adds normal noise to the features of some rows, another one in every epoch, so "
                     "that a small table says more. Passes features on unchanged when it is not training. Its "
                     "deviation is that of every feature: put Standardize before.",
                 .inputs = {{"x", "float[N, F]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"deviation", 0.1, Range{0, 1e9}, "deviation of the noise"},
                            {"share", 1.0, Range{0, 1}, "share of the rows that get noise"}},
                 .examples = {{.in = {{"x", {{1, 2}, {1, 2}}}}, .out = {{"y", {{1, 2}, {1, 2}}}}}},
                 .phase = Phase::EachBatch,
                 .train_only = true},
      .make = make<Noise>};
}

}  // namespace blockyard::preprocessor
