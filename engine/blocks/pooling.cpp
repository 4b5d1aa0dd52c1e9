#include "blocks/pooling.hpp"

namespace blockyard {

std::vector<Param> poolParams() {
  return {{"kernel", Integers{2}, Range{1, 1024}, "size of the window; one number for all axes, or one for each"},
          {"stride", Integers{}, Range{1, 1024}, "steps that the window moves at a time; empty: as the kernel"},
          {"padding", Integers{0}, Range{0, 512}, "rows added on each side, at most half the kernel"}};
}

Window poolWindow(const Values& values, const Shape& shape) {
  Window window(values, shape.size() - 2);
  for (size_t axis = 0; axis < window.kernel().size(); ++axis)
    if (2 * window.padding()[axis] > window.kernel()[axis])
      throw Error({.parameter = "padding"}, "expected at most half the kernel of " +
                                                std::to_string(window.kernel()[axis]) + ", got " +
                                                std::to_string(window.padding()[axis]));
  return window;
}

Signatures inferPool(const Values& values, const Signatures& inputs) {
  const Shape& x = inputs.at("x").shape;
  return {{"y", tensorOf(poolWindow(values, x).over(x))}};
}

}  // namespace blockyard
