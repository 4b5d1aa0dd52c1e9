// Global pool: one number for each channel, whatever the size of the picture or sequence.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class GlobalPool final : public Block {
 public:
  explicit GlobalPool(const Values& values) : largest_(values.text("mode") == "max") {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];  // [N, C, ...]
    std::vector<int64_t> axes;
    for (int64_t axis = 2; axis < x.dim(); ++axis) axes.push_back(axis);
    if (axes.empty()) return {{"y", x}};
    return {{"y", largest_ ? at::amax(x, axes) : at::mean(x, axes)}};  // [N, C]
  }

 private:
  bool largest_;
};

}  // namespace

BlockType global_pool() {
  return {
      .schema =
          {.title = "Global pool",
           .doc =
               "Sums each channel up in one number, its mean or its largest value, so that pictures and sequences of "
               "any size end as one list of features.",
           .inputs = {{"x", "float[N, C, ...]"}},
           .outputs = {{"y", "float[N, C]"}},
           .params = {{"mode", "average", Choices{"average", "max"}, "the mean or the largest value"}},
           .examples = {{.in = {{"x", {{1, 2, 2}, {1, 3, 5, 9}}}}, .out = {{"y", {{1, 2}, {2, 7}}}}}}},
      .make = make<GlobalPool>};
}

}  // namespace blockyard::extractor
