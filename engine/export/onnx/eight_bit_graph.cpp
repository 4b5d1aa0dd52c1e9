#include "export/onnx/eight_bit_graph.hpp"

#include <ATen/ATen.h>

#include "blocks/eight_bits.hpp"

namespace blockyard {
namespace {

// Weights as they lie in a node: [out, ...], and whether the product has them the other way round, [in, out].
struct Weight {
  at::Tensor values{};
  bool turned = false;
};

double number(const OnnxNode& node, const char* name, double otherwise) {
  const auto it = node.attributes.find(name);
  if (it == node.attributes.end()) return otherwise;
  const auto* whole = std::get_if<int64_t>(&it->second);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(it->second);
}

class Quantizer {
 public:
  explicit Quantizer(OnnxGraph& graph) : graph_(graph) {}

  int64_t run() {
    const std::vector<OnnxNode> nodes = std::exchange(graph_.file().nodes, {});
    int64_t count = 0;
    for (const OnnxNode& node : nodes) {
      const auto weight = weightOf(node);
      if (weight)
        replace(node, *weight), ++count;
      else
        graph_.file().nodes.push_back(node);
    }
    return count;
  }

 private:
  std::optional<Weight> weightOf(const OnnxNode& node) const {
    const bool gemm = node.op == "Gemm", product = node.op == "MatMul", conv = node.op == "Conv";
    if (!gemm && !product && !conv) return std::nullopt;
    const auto known = graph_.known({node.inputs.at(1)});
    if (!known || known->scalar_type() != at::kFloat || known->dim() < 2) return std::nullopt;
    if (conv) return Weight{*known, false};
    if (known->dim() != 2 || number(node, "alpha", 1) != 1 || number(node, "beta", 1) != 1) return std::nullopt;
    const bool turned = number(node, "transB", 0) == 0;
    return Weight{turned ? known->t() : *known, true};
  }

  void replace(const OnnxNode& node, const Weight& weight) {
    const EightBitWeight small = eightBitWeight(weight.values);
    const auto& x = quantized(node.inputs[0]);
    const std::string name = node.inputs[1] + ".int8";
    const OnnxValue values = graph_.constant(weight.turned ? small.values.t() : small.values, name);
    const OnnxValue zero = graph_.constant(at::scalar_tensor(kEightBitZero, at::kByte));
    OnnxAttributes attributes = node.attributes;
    if (weight.turned) attributes.clear();
    const OnnxValue sums = graph_.node(weight.turned ? "MatMulInteger" : "ConvInteger", {x[0], values, x[2], zero},
                                       OnnxType::Int32, attributes);
    // [out], or behind the channels of a convolution: [out, 1, ...]
    std::vector<int64_t> shape(weight.turned ? 1 : static_cast<size_t>(weight.values.dim() - 1), 1);
    shape.front() = -1;
    const OnnxValue scale = graph_.constant(small.scale.reshape(shape), name + ".scale");
    const OnnxValue both = graph_.node("Mul", {x[1], scale}, OnnxType::Float);
    OnnxValue out = graph_.node("Mul", {graph_.cast(sums, OnnxType::Float), both}, OnnxType::Float);
    if (node.inputs.size() > 2) {
      OnnxValue bias{node.inputs[2], OnnxType::Float};
      if (!weight.turned) bias = graph_.node("Reshape", {bias, graph_.integers(shape)}, OnnxType::Float);
      out = graph_.node("Add", {out, bias}, OnnxType::Float);
    }
    graph_.file().nodes.push_back(
        {.op = "Identity", .name = node.name + "/int8", .inputs = {out.name}, .outputs = node.outputs});
  }

  // uint8, scale, zero of a value: once, whoever asks.
  const OnnxValues& quantized(const std::string& name) {
    auto& made = quantized_[name];
    if (made.empty())
      made = graph_.nodes("DynamicQuantizeLinear", {{name, OnnxType::Float}},
                          {OnnxType::UInt8, OnnxType::Float, OnnxType::UInt8});
    return made;
  }

  OnnxGraph& graph_;
  std::map<std::string, OnnxValues> quantized_;
};

}  // namespace

int64_t toEightBits(OnnxGraph& graph) {
  return Quantizer(graph).run();
}

}  // namespace blockyard
