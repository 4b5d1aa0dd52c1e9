// Layers of networks: products, convolutions, pools, norms, recurrent layers.
#include <ATen/ATen.h>

#include <cmath>

#include "export/onnx/aten_node.hpp"

namespace blockyard {
namespace {

constexpr double kNothing = 0;

OnnxValue transposed(const AtenNode& n, size_t i) {
  if (const auto tensor = n.known(i)) return n.graph().constant(tensor->t(), n.in(i).name + ".T");
  return n.op("Transpose", {n.in(i)}, {{"perm", std::vector<int64_t>{1, 0}}});
}

void linear(const AtenNode& n) {
  if (n.rank(0) == 2 && n.has(2)) return n.give(n.op("Gemm", {n.in(0), n.in(1), n.in(2)}, {{"transB", int64_t{1}}}));
  const OnnxValue product = n.op("MatMul", {n.in(0), transposed(n, 1)});
  n.give(n.has(2) ? n.op("Add", {product, n.in(2)}) : product);
}
void matmul(const AtenNode& n) {
  n.give(n.op("MatMul", {n.in(0, n.type()), n.in(1, n.type())}));
}
void addmm(const AtenNode& n) {  // beta x + alpha a b
  const double beta = n.has(3) ? n.number(3) : 1, alpha = n.has(4) ? n.number(4) : 1;
  n.give(n.op("Gemm", {n.in(1), n.in(2), n.in(0)}, {{"alpha", alpha}, {"beta", beta}}));
}

// --- convolutions and pools

// One number may stand for all axes.
std::vector<int64_t> forAxes(const AtenNode& n, size_t i, size_t axes, int64_t otherwise) {
  std::vector<int64_t> out;
  if (n.has(i)) out = n.integers(i);
  if (out.empty()) out.assign(axes, otherwise);
  if (out.size() == 1) out.resize(axes, out.front());
  return out;
}
std::vector<int64_t> twice(const std::vector<int64_t>& padding) {
  std::vector<int64_t> out = padding;
  out.insert(out.end(), padding.begin(), padding.end());
  return out;
}

// (x, weight, bias, stride, padding, dilation, ...), and the number of groups as argument `groups`
void writeConvolution(const AtenNode& n, size_t groups) {
  const auto axes = static_cast<size_t>(n.rank(0) - 2);
  OnnxValues inputs{n.in(0), n.in(1)};
  if (n.has(2)) inputs.push_back(n.in(2));
  n.give(n.op("Conv", inputs,
              {{"strides", forAxes(n, 3, axes, 1)},
               {"pads", twice(forAxes(n, 4, axes, 0))},
               {"dilations", forAxes(n, 5, axes, 1)},
               {"group", n.integer(groups, 1)}}));
}
// conv(x, weight, bias, stride, padding, dilation, groups)
void convolution(const AtenNode& n) {
  writeConvolution(n, 6);
}
// convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding, groups)
void generalConvolution(const AtenNode& n) {
  if (n.flag(6)) n.refuse("a transposed convolution");
  writeConvolution(n, 8);
}

// max_pool(x, kernel, stride, padding, dilation, ceil)
void maxPool(const AtenNode& n) {
  const auto axes = static_cast<size_t>(n.rank(0) - 2);
  const std::vector<int64_t> kernel = forAxes(n, 1, axes, 1);
  std::vector<int64_t> stride = n.has(2) ? n.integers(2) : std::vector<int64_t>{};
  if (stride.empty()) stride = kernel;
  stride.resize(axes, stride.front());
  n.give(n.op("MaxPool", {n.in(0)},
              {{"kernel_shape", kernel},
               {"strides", stride},
               {"pads", twice(forAxes(n, 3, axes, 0))},
               {"dilations", forAxes(n, 4, axes, 1)},
               {"ceil_mode", static_cast<int64_t>(n.has(5) && n.flag(5))}}));
}
// avg_pool(x, kernel, stride, padding, ceil, count_padding, divisor)
void averagePool(const AtenNode& n) {
  if (n.has(6)) n.refuse("a divisor of its own");
  const auto axes = static_cast<size_t>(n.rank(0) - 2);
  const std::vector<int64_t> kernel = forAxes(n, 1, axes, 1);
  std::vector<int64_t> stride = n.has(2) ? n.integers(2) : std::vector<int64_t>{};
  if (stride.empty()) stride = kernel;
  stride.resize(axes, stride.front());
  n.give(n.op("AveragePool", {n.in(0)},
              {{"kernel_shape", kernel},
               {"strides", stride},
               {"pads", twice(forAxes(n, 3, axes, 0))},
               {"ceil_mode", static_cast<int64_t>(n.has(4) && n.flag(4))},
               {"count_include_pad", static_cast<int64_t>(!n.has(5) || n.flag(5))}}));
}
void adaptivePool(const AtenNode& n) {
  for (const int64_t size : n.integers(1))
    if (size != 1) n.refuse("a pool to another size than 1");
  const bool largest = n.name().find("max") != std::string::npos;
  n.give(n.op(largest ? "GlobalMaxPool" : "GlobalAveragePool", {n.in(0)}));
}

// --- norms

// A weight of the norm, or the same number for each channel.
OnnxValue perChannel(const AtenNode& n, size_t i, const std::vector<int64_t>& sizes, double otherwise) {
  return n.has(i) ? n.in(i) : n.graph().constant(at::full(sizes, otherwise, scalarTypeOf(n.type())));
}

// batch_norm(x, weight, bias, mean, variance, training, momentum, epsilon, cudnn)
void batchNorm(const AtenNode& n) {
  if (n.flag(5) || !n.has(3) || !n.has(4)) n.refuse("statistics of the batch");
  const std::vector<int64_t> channels{n.fixedSize(0, 1)};
  n.give(n.op("BatchNormalization",
              {n.in(0), perChannel(n, 1, channels, 1), perChannel(n, 2, channels, kNothing), n.in(3), n.in(4)},
              {{"epsilon", n.number(7)}}));
}

// layer_norm(x, shape, weight, bias, epsilon, cudnn)
void layerNorm(const AtenNode& n) {
  const std::vector<int64_t> sizes = n.integers(1);
  OnnxValues inputs{n.in(0), perChannel(n, 2, sizes, 1)};
  if (n.has(3)) inputs.push_back(n.in(3));
  n.give(n.op("LayerNormalization", inputs, {{"axis", -static_cast<int64_t>(sizes.size())}, {"epsilon", n.number(4)}}));
}

// group_norm(x, groups, weight, bias, epsilon, cudnn): each group is a channel whose values lie side by side.
void groupNorm(const AtenNode& n) {
  const int64_t groups = n.integer(1), channels = n.fixedSize(0, 1);
  const at::Tensor ones = at::ones({groups}, scalarTypeOf(n.type()));
  const OnnxValue grouped = n.op("Reshape", {n.in(0), n.graph().integers({0, groups, -1})});
  const OnnxValue even =
      n.op("InstanceNormalization", {grouped, n.graph().constant(ones), n.graph().constant(at::zeros_like(ones))},
           {{"epsilon", n.number(4)}});
  OnnxValue out = n.op("Reshape", {even, n.op("Shape", {n.in(0)}, OnnxType::Int64)});
  std::vector<int64_t> wide(static_cast<size_t>(n.rank(0) - 1), 1);
  wide.front() = channels;
  const auto spread = [&](size_t i) { return n.op("Reshape", {n.in(i), n.graph().integers(wide)}); };
  if (n.has(2)) out = n.op("Mul", {out, spread(2)});
  if (n.has(3)) out = n.op("Add", {out, spread(3)});
  n.give(out);
}

// --- recurrent layers

// Rows of weights come in blocks of one gate each: those of LibTorch in the order of ONNX.
at::Tensor reordered(const at::Tensor& weight, const std::vector<int64_t>& order) {
  const int64_t hidden = weight.size(0) / static_cast<int64_t>(order.size());
  std::vector<at::Tensor> parts;
  for (const int64_t gate : order) parts.push_back(weight.narrow(0, gate * hidden, hidden));
  return at::cat(parts);
}

struct Recurrence {
  const char* op;
  std::vector<int64_t> order;  // the gates of LibTorch as ONNX orders them
  size_t states;               // how many states there are: 1, or 2
};

std::vector<at::Tensor> weightsOf(const AtenNode& n, size_t i) {
  std::vector<at::Tensor> out;
  for (const OnnxValue& value : n.list(i)) {
    const auto tensor = n.graph().known(value);
    if (!tensor) n.refuse("weights that are calculated");
    out.push_back(*tensor);
  }
  return out;
}

// op(x, state or states, weights, bias, layers, dropout, training, bidirectional, batch first): the outputs of the last
// layer, and its states.
void recurrent(const AtenNode& n, const Recurrence& kind) {
  const bool bias = n.flag(3), both = n.flag(7), rows_first = n.flag(8);
  const int64_t layers = n.integer(4), directions = both ? 2 : 1;
  const std::vector<at::Tensor> weights = weightsOf(n, 2);
  const OnnxValues starts = kind.states == 2 ? n.list(1) : OnnxValues{n.in(1)};
  const std::vector<int64_t> turn{1, 0, 2};
  OnnxValue x = rows_first ? n.op("Transpose", {n.in(0)}, {{"perm", turn}}) : n.in(0);  // [L, N, F]
  std::vector<OnnxValues> ends(kind.states);
  const size_t each = bias ? 4 : 2;
  for (int64_t layer = 0; layer < layers; ++layer) {
    std::vector<at::Tensor> input, state, biases;
    for (int64_t direction = 0; direction < directions; ++direction) {
      const at::Tensor* w = &weights.at(static_cast<size_t>(layer * directions + direction) * each);
      input.push_back(reordered(w[0], kind.order)), state.push_back(reordered(w[1], kind.order));
      if (bias) biases.push_back(at::cat({reordered(w[2], kind.order), reordered(w[3], kind.order)}));
    }
    OnnxValues inputs{x, n.graph().constant(at::stack(input)), n.graph().constant(at::stack(state)),
                      bias ? n.graph().constant(at::stack(biases)) : OnnxValue{}, OnnxValue{}};
    for (const OnnxValue& start : starts) {  // [layers * directions, N, hidden]
      const OnnxValue first = n.graph().integers({layer * directions}),
                      last = n.graph().integers({(layer + 1) * directions});
      inputs.push_back(layers == 1 ? start : n.op("Slice", {start, first, last, n.graph().integers({0})}));
    }
    OnnxAttributes attributes{{"hidden_size", state.front().size(1)},
                              {"direction", std::string(both ? "bidirectional" : "forward")}};
    if (kind.states == 1) attributes["linear_before_reset"] = int64_t{1};
    const OnnxValues out =
        n.graph().nodes(kind.op, inputs, std::vector<OnnxType>(1 + kind.states, n.type()), attributes);
    for (size_t i = 0; i < kind.states; ++i) ends[i].push_back(out[1 + i]);
    // [L, directions, N, hidden] -> [L, N, directions * hidden]
    const OnnxValue side = n.op("Transpose", {out[0]}, {{"perm", std::vector<int64_t>{0, 2, 1, 3}}});
    x = n.op("Reshape", {side, n.graph().integers({0, 0, directions * state.front().size(1)})});
  }
  n.give(rows_first ? n.op("Transpose", {x}, {{"perm", turn}}) : x, 0);
  for (size_t i = 0; i < kind.states; ++i)
    n.give(layers == 1 ? ends[i].front() : n.op("Concat", ends[i], {{"axis", int64_t{0}}}), 1 + i);
}

void lstm(const AtenNode& n) {
  recurrent(n, {"LSTM", {0, 3, 1, 2}, 2});  // input, forget, cell, output -> input, output, forget, cell
}
void gru(const AtenNode& n) {
  recurrent(n, {"GRU", {1, 0, 2}, 1});  // reset, update, new -> update, reset, new
}

// scaled_dot_product_attention(q, k, v, mask, dropout, causal, scale, ...)
void attention(const AtenNode& n) {
  if (n.has(3) || n.flag(5)) n.refuse("a mask; write it with softmax");
  const double width = static_cast<double>(n.fixedSize(0, -1));
  const double scale = n.has(6) ? n.number(6) : 1 / std::sqrt(width);
  std::vector<int64_t> order;
  for (int64_t i = 0; i < n.rank(1); ++i) order.push_back(i);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  const OnnxValue turned = n.op("Transpose", {n.in(1)}, {{"perm", order}});
  const OnnxValue scores = n.op("Mul", {n.op("MatMul", {n.in(0), turned}), n.scalar(scale)});
  n.give(n.op("MatMul", {n.op("Softmax", {scores}, {{"axis", int64_t{-1}}}), n.in(2)}));
}

}  // namespace

std::vector<AtenEntry> atenLayers() {
  return {{"aten::linear", linear},
          {"aten::matmul", matmul},
          {"aten::mm", matmul},
          {"aten::bmm", matmul},
          {"aten::mv", matmul},
          {"aten::dot", matmul},
          {"aten::addmm", addmm},
          {"aten::conv1d", convolution},
          {"aten::conv2d", convolution},
          {"aten::conv3d", convolution},
          {"aten::convolution", generalConvolution},
          {"aten::_convolution", generalConvolution},
          {"aten::max_pool1d", maxPool},
          {"aten::max_pool2d", maxPool},
          {"aten::avg_pool1d", averagePool},
          {"aten::avg_pool2d", averagePool},
          {"aten::adaptive_avg_pool1d", adaptivePool},
          {"aten::adaptive_avg_pool2d", adaptivePool},
          {"aten::adaptive_max_pool1d", adaptivePool},
          {"aten::adaptive_max_pool2d", adaptivePool},
          {"aten::batch_norm", batchNorm},
          {"aten::layer_norm", layerNorm},
          {"aten::group_norm", groupNorm},
          {"aten::lstm", lstm},
          {"aten::gru", gru},
          {"aten::scaled_dot_product_attention", attention}};
}

}  // namespace blockyard
