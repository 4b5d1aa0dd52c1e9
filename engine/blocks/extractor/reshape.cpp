// Reshape: the same numbers of a row in another shape.
#include <algorithm>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::extractor {
namespace {

class Reshape final : public Block {
 public:
  explicit Reshape(const Values& values) : shape_(values.integers("shape")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    std::vector<int64_t> sizes{x.size(0)};
    sizes.insert(sizes.end(), shape_.begin(), shape_.end());
    return {{"y", x.reshape(sizes)}};
  }

 private:
  Integers shape_;
};

Signatures inferReshape(const Values& values, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  const Integers& wanted = values.integers("shape");
  const Dim numbers = product(x.shape, 1);
  int64_t known = 1;
  Shape shape{x.shape[0]};
  size_t open = 0;
  for (const int64_t size : wanted) {
    if (size == 0)
      throw Error({.parameter = "shape"}, "expected sizes of at least 1, or -1 once, got " + Value(wanted).text());
    if (size > 0) known *= size;
    if (size < 0) open = shape.size();
    shape.push_back(size > 0 ? Dim(size) : Dim("S"));
  }
  if (std::count(wanted.begin(), wanted.end(), -1) > 1)
    throw Error({.parameter = "shape"}, "expected -1 at most once, got " + Value(wanted).text());
  if (!numbers.known()) return {{"y", tensorOf(shape, x.element)}};
  if (open > 0 ? numbers.size % known != 0 : numbers.size != known)
    throw Error({.parameter = "shape"}, "expected a shape of " + numbers.text() + " numbers, as x " + textOf(x.shape) +
                                            " has them, got " + Value(wanted).text());
  if (open > 0) shape[open] = numbers.size / known;
  return {{"y", tensorOf(shape, x.element)}};
}

}  // namespace

BlockType reshape() {
  return {.schema = {.title = "Reshape",
                     .doc = "Gives the numbers of every row another shape; their order stays.",
                     .inputs = {{"x", "tensor[N, ...]"}},
                     .outputs = {{"y", "tensor[N, ...]"}},
                     .params = {{"shape", Integers{-1}, Range{-1, 1e9},
                                 "the new sizes without the rows; one may be -1: whatever is left"}},
                     .examples = {{.params = {{"shape", Integers{2, -1}}},
                                   .in = {{"x", {{1, 4}, {1, 2, 3, 4}}}},
                                   .out = {{"y", {{1, 2, 2}, {1, 2, 3, 4}}}}}}},
          .make = make<Reshape>,
          .infer = inferReshape};
}

}  // namespace blockyard::extractor
