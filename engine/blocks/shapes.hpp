// Arithmetic on sizes, for blocks whose output cannot be told by a port's pattern. A size may be free: what is computed
// from it is free too. Torch-free.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

// A plain tensor of that shape.
Signature tensorOf(Shape shape, Element element = Element::Float32);
// The product of sizes [first, end); 1 if there are none.
Dim product(const Shape& shape, size_t first);
// The size, times or plus a number; free sizes get a name of their own.
Dim times(const Dim& dim, int64_t factor);
Dim plus(const Dim& dim, const Dim& other);
// What the wires of a port that takes many carry together: all of one shape, but for `axis`, along which they add up.
// Throws Error at the port.
constexpr int64_t kNoAxis = -1;
Signature joined(const Signatures& inputs, const std::string& port, int64_t axis);
// The list of an Integers parameter with one number per axis; a single number stands for all. Throws Error at the
// parameter.
Integers perAxis(const Values& values, const std::string& name, size_t axes);

// A window that slides over the last axes of [N, C, ...]: convolutions and pools. Made from the parameters kernel,
// stride (empty: as the kernel), padding (numbers, or the text "same") and, where there is one, dilation.
class Window {
 public:
  // Throws Error at the parameter.
  Window(const Values& values, size_t axes);

  const Integers& kernel() const { return kernel_; }
  const Integers& stride() const { return stride_; }
  const Integers& padding() const { return padding_; }
  const Integers& dilation() const { return dilation_; }
  // Pads so that the size becomes size / stride, rounded up.
  bool same() const { return same_; }
  // The sizes after the window has passed over the last axes of `shape`. Throws Error at port x if it does not fit.
  Shape over(const Shape& shape) const;
  // Rows of zeros before and after, for `same`.
  std::pair<int64_t, int64_t> margins(size_t axis, int64_t size) const;

 private:
  Integers kernel_, stride_, padding_, dilation_;
  bool same_ = false;
};

}  // namespace blockyard
