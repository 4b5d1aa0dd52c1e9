#include "blocks/shapes.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace blockyard {

Signature tensorOf(Shape shape, Element element) {
  Signature out;
  out.element = element;
  out.shape = std::move(shape);
  return out;
}

Dim product(const Shape& shape, size_t first) {
  int64_t known = 1;
  std::string free;
  for (size_t i = first; i < shape.size(); ++i) {
    if (shape[i].known()) known *= shape[i].size;
    if (!shape[i].known()) free += (free.empty() ? "" : "*") + shape[i].name;
  }
  if (free.empty()) return known;
  return known == 1 ? Dim(free) : Dim(std::to_string(known) + "*" + free);
}

Dim times(const Dim& dim, int64_t factor) {
  return product({dim, Dim(factor)}, 0);
}

Dim plus(const Dim& dim, const Dim& other) {
  if (dim.known() && other.known()) return dim.size + other.size;
  return Dim(dim.text() + "+" + other.text());
}

Signature joined(const Signatures& inputs, const std::string& port, int64_t axis) {
  Signature out = inputs.at(port);
  for (int64_t i = 1;; ++i) {
    const auto it = inputs.find(port + ":" + std::to_string(i));
    if (it == inputs.end()) return tensorOf(out.shape, out.element);
    const Shape& next = it->second.shape;
    bool fits = next.size() == out.shape.size();
    for (size_t a = 0; fits && a < next.size(); ++a) {
      if (static_cast<int64_t>(a) == axis) {
        out.shape[a] = plus(out.shape[a], next[a]);
      } else if (out.shape[a].known() && next[a].known()) {
        fits = out.shape[a] == next[a];
      } else if (next[a].known()) {
        out.shape[a] = next[a];
      }
    }
    if (!fits) {
      const std::string but = axis == kNoAxis ? "" : " but for axis " + std::to_string(axis);
      throw Error({.port = port}, "expected wires of one shape" + but + ", got " + textOf(inputs.at(port).shape) +
                                      " and " + textOf(next));
    }
  }
}

Integers perAxis(const Values& values, const std::string& name, size_t axes) {
  const Integers& given = values.integers(name);
  if (given.size() == 1) return Integers(axes, given.front());
  if (given.size() == axes) return given;
  const std::string count = axes == 1 ? "1 number" : "1 or " + std::to_string(axes) + " numbers";
  throw Error({.parameter = name}, "expected " + count + ", got " + Value(given).text());
}

namespace {

// "same" gives an empty list; "1" or "1, 2" the numbers.
Integers paddingOf(const Values& values, size_t axes) {
  const Value& value = *values.find("padding");
  if (value.is<Integers>()) return perAxis(values, "padding", axes);
  const std::string& text = value.as<std::string>();
  if (text == "same") return {};
  Values numbers;
  try {
    numbers.set("padding", valueFromText(text, Integers{}));
  } catch (const Error&) {
    throw Error({.parameter = "padding"}, "expected \"same\" or numbers, got \"" + text + "\"");
  }
  const Integers out = perAxis(numbers, "padding", axes);
  if (std::any_of(out.begin(), out.end(), [](int64_t n) { return n < 0; }))
    throw Error({.parameter = "padding"}, "expected numbers of at least 0, got \"" + text + "\"");
  return out;
}

}  // namespace

Window::Window(const Values& values, size_t axes)
    : kernel_(perAxis(values, "kernel", axes)),
      stride_(values.integers("stride").empty() ? kernel_ : perAxis(values, "stride", axes)),
      padding_(paddingOf(values, axes)),
      dilation_(values.has("dilation") ? perAxis(values, "dilation", axes) : Integers(axes, 1)),
      same_(padding_.empty()) {}

Shape Window::over(const Shape& shape) const {
  Shape out = shape;
  for (size_t axis = 0; axis < kernel_.size(); ++axis) {
    const size_t at = shape.size() - kernel_.size() + axis;
    const int64_t reach = dilation_[axis] * (kernel_[axis] - 1) + 1;
    if (!shape[at].known()) {
      const bool unchanged = stride_[axis] == 1 && (same_ || 2 * padding_[axis] == reach - 1);
      out[at] = unchanged ? shape[at] : Dim(shape[at].name + "'");
      continue;
    }
    const int64_t size = shape[at].size;
    if (same_) {
      out[at] = (size + stride_[axis] - 1) / stride_[axis];
      continue;
    }
    const int64_t padded = size + 2 * padding_[axis];
    if (padded < reach)
      throw Error({.port = "x"},
                  "expected at least " + std::to_string(reach - 2 * padding_[axis]) + " along axis " +
                      std::to_string(at) + " for a window that reaches over " + std::to_string(reach) +
                      " with padding " + std::to_string(padding_[axis]) + ", got " + textOf(shape),
                  "use a smaller kernel or more padding");
    out[at] = (padded - reach) / stride_[axis] + 1;
  }
  return out;
}

std::pair<int64_t, int64_t> Window::margins(size_t axis, int64_t size) const {
  const int64_t reach = dilation_[axis] * (kernel_[axis] - 1) + 1;
  const int64_t steps = (size + stride_[axis] - 1) / stride_[axis];
  const int64_t total = std::max<int64_t>(0, (steps - 1) * stride_[axis] + reach - size);
  return {total / 2, total - total / 2};
}

}  // namespace blockyard
