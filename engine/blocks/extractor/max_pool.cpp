// Max pool: keeps the largest value of each window.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/picture_kernels.hpp"
#include "blocks/pooling.hpp"
#include "blocks/settles.hpp"

namespace blockyard::extractor {
namespace {

class MaxPool final : public Block, public Settles {
 public:
  explicit MaxPool(const Setup& setup) : window_(poolWindow(setup.values, setup.inputs.at("x").shape)) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];  // [N, C, (H,) W]
    if (x.dim() == 3) return {{"y", at::max_pool1d(x, window_.kernel(), window_.stride(), window_.padding())}};
    if (settled_)
      if (at::Tensor y = maxPoolLast(x, window_.kernel(), window_.stride(), window_.padding()); y.defined())
        return {{"y", y}};
    return {{"y", at::max_pool2d(x, window_.kernel(), window_.stride(), window_.padding())}};
  }

  bool settle(bool) override {
    settled_ = true;
    return false;
  }

 private:
  Window window_;
  bool settled_ = false;
};

}  // namespace

BlockType max_pool() {
  return {.schema = {.title = "Max pool",
                     .doc = "Keeps the largest value of each window, channel by channel, and so makes sequences or "
                            "pictures smaller.",
                     .inputs = {{"x", "float[N, C, L]|float[N, C, H, W]"}},
                     .outputs = {{"y", "float[N, C, ...]"}},
                     .params = poolParams(),
                     .examples = {{.in = {{"x", {{1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}}}},
                                   .out = {{"y", {{1, 1, 1, 2}, {6, 8}}}}}}},
          .make = make<MaxPool>,
          .infer = inferPool};
}

}  // namespace blockyard::extractor
