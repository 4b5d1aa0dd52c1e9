// Average pool: keeps the mean of each window.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/pooling.hpp"

namespace blockyard::extractor {
namespace {

class AveragePool final : public Block {
 public:
  explicit AveragePool(const Setup& setup)
      : window_(poolWindow(setup.values, setup.inputs.at("x").shape)),
        count_padding_(setup.values.flag("count_padding")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];  // [N, C, (H,) W]
    if (x.dim() == 3)
      return {{"y", at::avg_pool1d(x, window_.kernel(), window_.stride(), window_.padding(), false, count_padding_)}};
    return {{"y", at::avg_pool2d(x, window_.kernel(), window_.stride(), window_.padding(), false, count_padding_)}};
  }

 private:
  Window window_;
  bool count_padding_;
};

std::vector<Param> params() {
  std::vector<Param> out = poolParams();
  out.push_back({"count_padding", true, {}, "zeros of the padding count when the mean is taken"});
  return out;
}

}  // namespace

BlockType average_pool() {
  return {
      .schema = {.title = "Average pool",
                 .doc =
                     "Keeps the mean of each window, channel by channel, and so makes sequences or pictures smaller.",
                 .inputs = {{"x", "float[N, C, L]|float[N, C, H, W]"}},
                 .outputs = {{"y", "float[N, C, ...]"}},
                 .params = params(),
                 .examples = {{.in = {{"x", {{1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}}}},
                               .out = {{"y", {{1, 1, 1, 2}, {3.5, 5.5}}}}}}},
      .make = make<AveragePool>,
      .infer = inferPool};
}

}  // namespace blockyard::extractor
