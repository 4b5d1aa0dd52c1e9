#include "export/onnx/aten_node.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include "base/error.hpp"

namespace blockyard {

namespace jit = torch::jit;

namespace {

bool isTensorType(const jit::Value& value) {
  return value.type()->cast<c10::TensorType>() != nullptr;
}

// A whole number of the graph: a constant, or what the number of rows has been put into.
std::optional<RowSize> rowSizeOf(const jit::Value& value) {
  if (const auto constant = jit::toIValue(&value))
    return constant->isInt() ? std::optional(RowSize{0, constant->toInt()}) : std::nullopt;
  const jit::Node& node = *value.node();
  if (node.kind() == jit::aten::size) return RowSize{1, 0};
  if (node.kind() != jit::aten::mul && node.kind() != jit::aten::add) return std::nullopt;
  const auto a = rowSizeOf(*node.input(0)), b = rowSizeOf(*node.input(1));
  if (!a || !b || !b->fixed()) return std::nullopt;
  if (node.kind() == jit::aten::mul) return RowSize{a->factor * b->rest, a->rest * b->rest};
  return RowSize{a->factor, a->rest + b->rest};
}

}  // namespace

void AtenNode::refuse(const std::string& why) const {
  throw Error({}, "can't write " + name() + ": " + why,
              "leave the block out, or export the bundle, which holds any block");
}

bool AtenNode::has(size_t i) const {
  return i < node_.inputs().size() && !node_.input(i)->mustBeNone();
}

bool AtenNode::isTensor(size_t i) const {
  return has(i) && isTensorType(*node_.input(i));
}

OnnxValue AtenNode::in(size_t i) const {
  const jit::Value* const value = node_.input(i);
  if (const auto it = scope_.values.find(value); it != scope_.values.end()) return it->second;
  const auto constant = jit::toIValue(value);
  if (!constant || !constant->isTensor()) refuse("argument " + std::to_string(i) + " is no tensor that is known here");
  return scope_.values[value] = graph().constant(constant->toTensor());
}

OnnxValue AtenNode::in(size_t i, OnnxType type) const {
  if (isTensor(i)) return graph().cast(in(i), type);
  if (const auto size = rowSizeOf(*node_.input(i)); size && !size->fixed()) {
    const OnnxValue axes = graph().integers({0});
    return graph().cast(graph().node("Squeeze", {sizeValue(*size), axes}, OnnxType::Int64), type);
  }
  return graph().number(number(i), type);
}

OnnxValues AtenNode::list(size_t i) const {
  const jit::Node& list = *node_.input(i)->node();
  if (list.kind() != jit::prim::ListConstruct) refuse("a list of tensors is not made in place");
  OnnxValues out;
  for (size_t k = 0; k < list.inputs().size(); ++k) out.push_back(AtenNode(scope_, list).in(k));
  return out;
}

std::optional<at::Tensor> AtenNode::known(size_t i) const {
  return isTensor(i) ? graph().known(in(i)) : std::nullopt;
}

RowSize AtenNode::rowSize(size_t i) const {
  const auto out = rowSizeOf(*node_.input(i));
  if (!out) refuse("argument " + std::to_string(i) + " is no fixed number");
  return *out;
}

int64_t AtenNode::integer(size_t i) const {
  const RowSize size = rowSize(i);
  if (!size.fixed()) refuse("argument " + std::to_string(i) + " follows from the number of rows");
  return size.rest;
}

int64_t AtenNode::integer(size_t i, int64_t otherwise) const {
  return has(i) ? integer(i) : otherwise;
}

double AtenNode::number(size_t i) const {
  const auto constant = jit::toIValue(node_.input(i));
  if (constant && constant->isDouble()) return constant->toDouble();
  if (constant && constant->isBool()) return constant->toBool() ? 1 : 0;
  if (constant && constant->isTensor() && constant->toTensor().numel() == 1) return constant->toTensor().item<double>();
  return static_cast<double>(integer(i));
}

bool AtenNode::flag(size_t i) const {
  const auto constant = jit::toIValue(node_.input(i));
  if (!constant || !constant->isBool()) refuse("argument " + std::to_string(i) + " is no fixed choice");
  return constant->toBool();
}

std::string AtenNode::text(size_t i) const {
  const auto constant = jit::toIValue(node_.input(i));
  if (!constant || !constant->isString()) refuse("argument " + std::to_string(i) + " is no fixed text");
  return constant->toStringRef();
}

std::vector<RowSize> AtenNode::rowSizes(size_t i) const {
  std::vector<RowSize> out;
  if (const auto constant = jit::toIValue(node_.input(i))) {
    if (constant->isInt()) return {{0, constant->toInt()}};
    if (!constant->isIntList()) refuse("argument " + std::to_string(i) + " is no list of whole numbers");
    for (const int64_t each : constant->toIntVector()) out.push_back({0, each});
    return out;
  }
  const jit::Node& list = *node_.input(i)->node();
  if (list.kind() != jit::prim::ListConstruct) return {rowSize(i)};
  for (size_t k = 0; k < list.inputs().size(); ++k) out.push_back(AtenNode(scope_, list).rowSize(k));
  return out;
}

std::vector<int64_t> AtenNode::integers(size_t i) const {
  std::vector<int64_t> out;
  for (const RowSize& size : rowSizes(i)) {
    if (!size.fixed()) refuse("argument " + std::to_string(i) + " follows from the number of rows");
    out.push_back(size.rest);
  }
  return out;
}

OnnxValue AtenNode::sizeValue(RowSize size) const {
  if (size.fixed()) return graph().integers({size.rest});
  if (scope_.rows.name.empty()) {
    const OnnxValue x = scope_.values.at(scope_.block.graph->inputs().front());
    const OnnxAttributes first{{"start", int64_t{0}}, {"end", int64_t{1}}};
    scope_.rows = graph().node("Shape", {x}, OnnxType::Int64, first);
  }
  OnnxValue out = scope_.rows;
  if (size.factor != 1) out = graph().node("Mul", {out, graph().integers({size.factor})}, OnnxType::Int64);
  if (size.rest != 0) out = graph().node("Add", {out, graph().integers({size.rest})}, OnnxType::Int64);
  return out;
}

OnnxValue AtenNode::newShape(size_t i) const {
  const std::vector<RowSize> sizes = rowSizes(i);
  int64_t open = 0;
  std::vector<int64_t> fixed;
  for (const RowSize& size : sizes) {
    open += !size.fixed() || size.rest == -1;
    fixed.push_back(size.fixed() ? size.rest : -1);
  }
  return open <= 1 ? graph().integers(fixed) : sizeList(i);
}

OnnxValue AtenNode::sizeList(size_t i) const {
  OnnxValues parts;
  bool fixed = true;
  for (const RowSize& size : rowSizes(i)) {
    parts.push_back(sizeValue(size));
    fixed = fixed && size.fixed();
  }
  if (fixed) return graph().integers(integers(i));
  return parts.size() == 1 ? parts.front() : graph().node("Concat", parts, OnnxType::Int64, {{"axis", int64_t{0}}});
}

std::vector<int64_t> AtenNode::shapeOf(const jit::Value& value) const {
  std::vector<int64_t> out;
  if (const auto constant = jit::toIValue(&value); constant && constant->isTensor())
    return constant->toTensor().sizes().vec();
  const auto type = value.type()->cast<c10::TensorType>();
  const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
  if (!sizes) refuse("the shape of a value is not known");
  const auto other = scope_.block.other_sizes.find(&value);
  for (size_t i = 0; i < sizes->size(); ++i) {
    const bool same = other == scope_.block.other_sizes.end() || other->second.size() != sizes->size() ||
                      other->second[i] == (*sizes)[i];
    out.push_back(same ? (*sizes)[i] : -1);
  }
  return out;
}

int64_t AtenNode::fixedSize(size_t i, int64_t axis) const {
  const std::vector<int64_t> sizes = shape(i);
  const int64_t size = sizes.at(static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(sizes.size()) : axis));
  if (size < 0) refuse("a size that must be fixed follows from the number of rows");
  return size;
}

int64_t AtenNode::axis(size_t i, size_t of) const {
  const int64_t given = integer(i), all = rank(of);
  return given < 0 ? given + all : given;
}

std::vector<int64_t> AtenNode::axes(size_t i, size_t of) const {
  std::vector<int64_t> out = integers(i);
  for (int64_t& axis : out) axis += axis < 0 ? rank(of) : 0;
  return out;
}

OnnxType AtenNode::type(size_t output) const {
  const auto type = node_.output(output)->type()->cast<c10::TensorType>();
  if (!type || !type->scalarType()) refuse("the type of its result is not known");
  return onnxTypeOf(*type->scalarType());
}

OnnxType AtenNode::typeOf(size_t i) const {
  if (isTensor(i)) return in(i).type;
  const auto constant = jit::toIValue(node_.input(i));
  return constant && constant->isDouble() ? OnnxType::Float : OnnxType::Int64;
}

OnnxType AtenNode::commonType(size_t i, size_t j) const {
  const OnnxType a = typeOf(i), b = typeOf(j);
  const auto whole = [](OnnxType type) { return type != OnnxType::Float && type != OnnxType::Double; };
  // A number takes the type of a tensor, unless it has a point and the tensor none; so does a tensor of no axes.
  const auto weak = [&](size_t k) { return !isTensor(k) || shape(k).empty(); };
  if (weak(i) != weak(j)) {
    const OnnxType strong = weak(i) ? b : a, other = weak(i) ? a : b;
    if (!whole(strong) || whole(other)) return strong == OnnxType::Bool && !weak(i) == !weak(j) ? other : strong;
  }
  return onnxTypeOf(c10::promoteTypes(scalarTypeOf(a), scalarTypeOf(b)));
}

void AtenNode::give(const OnnxValue& value, size_t output) const {
  const auto type = node_.output(output)->type()->cast<c10::TensorType>();
  const bool known = type && type->scalarType();
  scope_.values[node_.output(output)] = known ? graph().cast(value, onnxTypeOf(*type->scalarType())) : value;
}

}  // namespace blockyard
