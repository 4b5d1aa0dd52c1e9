// Operators that arrange numbers, and those that make some.
#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

#include "export/onnx/aten_node.hpp"

namespace blockyard {
namespace {

void same(const AtenNode& n) {
  n.give(n.in(0));
}

void reshape(const AtenNode& n) {
  n.give(n.op("Reshape", {n.in(0), n.newShape(1)}));
}

// The axes from a to b as one.
void flatten(const AtenNode& n) {
  const std::vector<int64_t> sizes = n.shape(0);
  if (sizes.empty()) return n.give(n.op("Reshape", {n.in(0), n.graph().integers({1})}));
  const int64_t first = n.axis(1), last = n.axis(2);
  std::vector<int64_t> out;
  for (int64_t i = 0; i < static_cast<int64_t>(sizes.size()); ++i) {
    if (i > first && i <= last) continue;
    const bool merged = i == first && last > first;
    int64_t size = sizes[static_cast<size_t>(i)];
    for (int64_t k = first + 1; merged && k <= last; ++k)
      size = size < 0 || sizes[static_cast<size_t>(k)] < 0 ? -1 : size * sizes[static_cast<size_t>(k)];
    out.push_back(size < 0 && i < first ? 0 : size);  // 0: as it was
  }
  if (std::count(out.begin(), out.end(), -1) > 1) n.refuse("two sizes follow from the number of rows");
  n.give(n.op("Reshape", {n.in(0), n.graph().integers(out)}));
}

void unflatten(const AtenNode& n) {
  std::vector<int64_t> out(static_cast<size_t>(n.axis(1)), 0);
  for (const int64_t size : n.integers(2)) out.push_back(size);
  const std::vector<int64_t> sizes = n.shape(0);
  for (size_t i = static_cast<size_t>(n.axis(1)) + 1; i < sizes.size(); ++i) out.push_back(sizes[i]);
  n.give(n.op("Reshape", {n.in(0), n.graph().integers(out)}));
}

void unsqueeze(const AtenNode& n) {
  int64_t axis = n.integer(1);
  axis += axis < 0 ? n.rank(0) + 1 : 0;
  n.give(n.op("Unsqueeze", {n.in(0), n.graph().integers({axis})}));
}

void squeeze(const AtenNode& n) {
  const std::vector<int64_t> sizes = n.shape(0);
  std::vector<int64_t> wanted, axes;
  if (n.arguments() > 1) wanted = n.axes(1);
  for (size_t i = 0; i < sizes.size(); ++i) {
    const auto axis = static_cast<int64_t>(i);
    const bool asked = n.arguments() < 2 || std::find(wanted.begin(), wanted.end(), axis) != wanted.end();
    if (asked && sizes[i] == 1) axes.push_back(axis);
  }
  n.give(axes.empty() ? n.in(0) : n.op("Squeeze", {n.in(0), n.graph().integers(axes)}));
}

void permuted(const AtenNode& n, const std::vector<int64_t>& order) {
  if (const auto tensor = n.known(0)) return n.give(n.graph().constant(tensor->permute(order)));
  n.give(n.op("Transpose", {n.in(0)}, {{"perm", order}}));
}
void permute(const AtenNode& n) {
  permuted(n, n.axes(1));
}
void transpose(const AtenNode& n) {
  std::vector<int64_t> order;
  for (int64_t i = 0; i < n.rank(0); ++i) order.push_back(i);
  const bool plain = n.arguments() == 1;  // t
  const int64_t a = plain ? 0 : n.axis(1), b = plain ? n.rank(0) - 1 : n.axis(2);
  if (!order.empty()) std::swap(order.at(static_cast<size_t>(a)), order.at(static_cast<size_t>(b)));
  permuted(n, order);
}

void expand(const AtenNode& n) {
  std::vector<RowSize> sizes = n.rowSizes(1);
  OnnxValues parts;
  for (RowSize& size : sizes) {
    if (size.fixed() && size.rest == -1) size.rest = 1;  // as it was: what is 1 there is the larger of both
    parts.push_back(n.sizeValue(size));
  }
  const OnnxValue shape =
      parts.size() == 1 ? parts.front() : n.op("Concat", parts, OnnxType::Int64, {{"axis", int64_t{0}}});
  n.give(n.op("Expand", {n.in(0), shape}));
}
void expandAs(const AtenNode& n) {
  n.give(n.op("Expand", {n.in(0), n.op("Shape", {n.in(1)}, OnnxType::Int64)}));
}
void repeat(const AtenNode& n) {
  OnnxValue x = n.in(0);
  const auto more = static_cast<int64_t>(n.rowSizes(1).size()) - n.rank(0);
  std::vector<int64_t> axes;
  for (int64_t i = 0; i < more; ++i) axes.push_back(i);
  if (more > 0) x = n.op("Unsqueeze", {x, n.graph().integers(axes)});
  n.give(n.op("Tile", {x, n.sizeList(1)}));
}

void concatenate(const AtenNode& n) {
  OnnxValues parts;
  for (const OnnxValue& part : n.list(0)) parts.push_back(n.graph().cast(part, n.type()));
  const auto rank = static_cast<int64_t>(n.outShape().size());
  const int64_t axis = n.integer(1);
  n.give(n.op("Concat", parts, {{"axis", axis < 0 ? axis + rank : axis}}));
}
void stack(const AtenNode& n) {
  const auto rank = static_cast<int64_t>(n.outShape().size());
  const int64_t given = n.integer(1), axis = given < 0 ? given + rank : given;
  OnnxValues parts;
  for (const OnnxValue& part : n.list(0))
    parts.push_back(n.op("Unsqueeze", {n.graph().cast(part, n.type()), n.graph().integers({axis})}));
  n.give(n.op("Concat", parts, {{"axis", axis}}));
}

void select(const AtenNode& n) {
  n.give(n.op("Gather", {n.in(0), n.graph().integer(n.integer(2))}, {{"axis", n.axis(1)}}));
}

OnnxValue sliced(const AtenNode& n, const OnnxValue& x, int64_t axis, RowSize first, RowSize last, int64_t step) {
  return n.op("Slice",
              {x, n.sizeValue(first), n.sizeValue(last), n.graph().integers({axis}), n.graph().integers({step})});
}
constexpr RowSize kEnd{0, std::numeric_limits<int64_t>::max()};

void slice(const AtenNode& n) {
  const RowSize first = n.has(2) ? n.rowSize(2) : RowSize{0, 0}, last = n.has(3) ? n.rowSize(3) : kEnd;
  n.give(sliced(n, n.in(0), n.axis(1), first, last, n.integer(4, 1)));
}
void narrow(const AtenNode& n) {
  RowSize first = n.rowSize(2);
  const RowSize length = n.rowSize(3);
  if (first.fixed() && first.rest < 0) first.rest += n.fixedSize(0, n.axis(1));
  n.give(sliced(n, n.in(0), n.axis(1), first, {first.factor + length.factor, first.rest + length.rest}, 1));
}
void flip(const AtenNode& n) {
  OnnxValue out = n.in(0);
  for (const int64_t axis : n.axes(1))
    out = sliced(n, out, axis, {0, -1}, {0, std::numeric_limits<int64_t>::min() + 1}, -1);
  n.give(out);
}
void roll(const AtenNode& n) {
  OnnxValue out = n.in(0);
  const std::vector<int64_t> shifts = n.integers(1), axes = n.axes(2);
  if (shifts.size() != axes.size()) n.refuse("over all axes at once");
  for (size_t i = 0; i < axes.size(); ++i) {
    const int64_t size = n.fixedSize(0, axes[i]), cut = ((-shifts[i]) % size + size) % size;
    const OnnxValue front = sliced(n, out, axes[i], {0, 0}, {0, cut}, 1),
                    back = sliced(n, out, axes[i], {0, cut}, kEnd, 1);
    out = n.op("Concat", {back, front}, {{"axis", axes[i]}});
  }
  n.give(out);
}

void indexSelect(const AtenNode& n) {
  n.give(n.op("Gather", {n.in(0), n.in(2)}, {{"axis", n.axis(1)}}));
}
void gather(const AtenNode& n) {
  n.give(n.op("GatherElements", {n.in(0), n.in(2)}, {{"axis", n.axis(1)}}));
}
void embedding(const AtenNode& n) {
  n.give(n.op("Gather", {n.in(0), n.in(1)}, {{"axis", int64_t{0}}}));
}
// scatter(x, axis, index, value or source)
void scatter(const AtenNode& n) {
  OnnxValue source = n.in(3, n.type());
  if (!n.isTensor(3) || n.shape(3).empty())
    source = n.op("Expand", {source, n.op("Shape", {n.in(2)}, OnnxType::Int64)});
  n.give(n.op("ScatterElements", {n.in(0, n.type()), n.in(2), source}, {{"axis", n.axis(1)}}));
}
void oneHot(const AtenNode& n) {
  const int64_t classes = n.integer(1, -1);
  if (classes < 1) n.refuse("the number of classes must be given");
  const OnnxValue values = n.graph().constant(at::tensor(std::vector<int64_t>{0, 1}, at::kLong));
  n.give(n.op("OneHot", {n.in(0), n.graph().integer(classes), values}, {{"axis", int64_t{-1}}}));
}

// Zeros, or another number, around the last axes: (before last, after last, before the one before it, ...).
void pad(const AtenNode& n) {
  const std::vector<int64_t> margins = n.integers(1);
  const auto rank = static_cast<size_t>(n.rank(0));
  std::vector<int64_t> pads(2 * rank, 0);
  for (size_t i = 0; 2 * i + 1 < margins.size(); ++i) {
    pads[rank - 1 - i] = margins[2 * i];
    pads[2 * rank - 1 - i] = margins[2 * i + 1];
  }
  const bool mode = n.name() == "aten::pad";
  if (mode && n.text(2) != "constant") n.refuse("mode " + n.text(2));
  const size_t value = mode ? 3 : 2;
  n.give(n.op("Pad", {n.in(0), n.graph().integers(pads), n.scalar(n.has(value) ? n.number(value) : 0)}));
}

template <bool kUpper>
void triangle(const AtenNode& n) {
  const bool truth = n.type() == OnnxType::Bool;
  const OnnxValue x = truth ? n.in(0, OnnxType::Int64) : n.in(0);
  n.give(n.op("Trilu", {x, n.graph().integer(n.integer(1, 0))}, x.type, {{"upper", int64_t{kUpper}}}));
}

// topk(x, k, axis, largest, sorted)
void topK(const AtenNode& n) {
  const OnnxAttributes attributes{{"axis", n.axis(2)}, {"largest", static_cast<int64_t>(n.flag(3))}};
  const OnnxValues out = n.graph().nodes("TopK", {n.in(0), n.graph().integers({n.integer(1)})},
                                         {n.in(0).type, OnnxType::Int64}, attributes);
  n.give(out[0], 0), n.give(out[1], 1);
}
// sort(x, axis, descending), sort(x, stable, axis, descending)
void sort(const AtenNode& n) {
  const size_t first = n.arguments() == 4 ? 2 : 1;
  const int64_t axis = n.axis(first);
  const OnnxAttributes attributes{{"axis", axis}, {"largest", static_cast<int64_t>(n.flag(first + 1))}};
  const OnnxValues out = n.graph().nodes("TopK", {n.in(0), n.graph().integers({n.fixedSize(0, axis)})},
                                         {n.in(0).type, OnnxType::Int64}, attributes);
  n.give(out[0], 0), n.give(out[1], 1);
}

// --- tensors that are made

void filled(const AtenNode& n, double value, const OnnxValue& shape) {
  const OnnxValue one = n.scalar(value);
  n.give(n.op("Expand", {one, shape}));
}
void zeros(const AtenNode& n) {
  filled(n, 0, n.sizeList(0));
}
void ones(const AtenNode& n) {
  filled(n, 1, n.sizeList(0));
}
void full(const AtenNode& n) {
  filled(n, n.number(1), n.sizeList(0));
}
void newFilled(const AtenNode& n) {
  const std::string name = n.name();
  filled(n, name == "aten::new_ones" ? 1 : name == "aten::new_full" ? n.number(2) : 0, n.sizeList(1));
}
void filledLike(const AtenNode& n) {
  const std::string name = n.name();
  const bool given = name == "aten::full_like" || name == "aten::fill";
  const double value = name == "aten::ones_like" ? 1 : given ? n.number(1) : 0;
  filled(n, value, n.op("Shape", {n.in(0)}, OnnxType::Int64));
}
// arange(end, ...), arange(start, end, ...), arange(start, end, step, ...), each with four more arguments
void range(const AtenNode& n) {
  const size_t numbers = n.arguments() > 4 ? n.arguments() - 4 : n.arguments();
  const OnnxType type = n.type();
  const OnnxValue zero = n.graph().number(0, type), one = n.graph().number(1, type);
  const OnnxValue first = numbers > 1 ? n.in(0, type) : zero, last = n.in(numbers > 1 ? 1 : 0, type);
  n.give(n.op("Range", {first, last, numbers > 2 ? n.in(2, type) : one}));
}

}  // namespace

std::vector<AtenEntry> atenShapes() {
  return {{"aten::contiguous", same},
          {"aten::clone", same},
          {"aten::detach", same},
          {"aten::alias", same},
          {"aten::to", same},
          {"aten::_to_copy", same},
          {"aten::type_as", same},
          {"aten::float", same},
          {"aten::cpu", same},
          {"aten::dropout", same},
          {"aten::lift_fresh", same},
          {"aten::reshape", reshape},
          {"aten::view", reshape},
          {"aten::_unsafe_view", reshape},
          {"aten::flatten", flatten},
          {"aten::unflatten", unflatten},
          {"aten::unsqueeze", unsqueeze},
          {"aten::squeeze", squeeze},
          {"aten::permute", permute},
          {"aten::transpose", transpose},
          {"aten::t", transpose},
          {"aten::numpy_T", transpose},
          {"aten::expand", expand},
          {"aten::broadcast_to", expand},
          {"aten::expand_as", expandAs},
          {"aten::repeat", repeat},
          {"aten::cat", concatenate},
          {"aten::concat", concatenate},
          {"aten::stack", stack},
          {"aten::select", select},
          {"aten::slice", slice},
          {"aten::narrow", narrow},
          {"aten::flip", flip},
          {"aten::roll", roll},
          {"aten::index_select", indexSelect},
          {"aten::gather", gather},
          {"aten::embedding", embedding},
          {"aten::scatter", scatter},
          {"aten::one_hot", oneHot},
          {"aten::constant_pad_nd", pad},
          {"aten::pad", pad},
          {"aten::triu", triangle<true>},
          {"aten::tril", triangle<false>},
          {"aten::topk", topK},
          {"aten::sort", sort}};
}

std::vector<AtenEntry> atenMaking() {
  return {{"aten::zeros", zeros},
          {"aten::ones", ones},
          {"aten::full", full},
          {"aten::new_zeros", newFilled},
          {"aten::new_ones", newFilled},
          {"aten::new_full", newFilled},
          {"aten::zeros_like", filledLike},
          {"aten::ones_like", filledLike},
          {"aten::full_like", filledLike},
          {"aten::fill", filledLike},
          {"aten::arange", range}};
}

}  // namespace blockyard
