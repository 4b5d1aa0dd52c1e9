#include "export/onnx/onnx_graph.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr int64_t kSmall = 64;  // numbers of a constant that is looked for among the others

constexpr std::pair<OnnxType, at::ScalarType> kTypes[] = {
    {OnnxType::Float, at::kFloat}, {OnnxType::Double, at::kDouble}, {OnnxType::Int64, at::kLong},
    {OnnxType::Int32, at::kInt},   {OnnxType::UInt8, at::kByte},    {OnnxType::Int8, at::kChar},
    {OnnxType::Bool, at::kBool}};

}  // namespace

OnnxType onnxTypeOf(at::ScalarType type) {
  for (const auto& [ours, scalar] : kTypes)
    if (scalar == type) return ours;
  throw Error({}, std::string("tensors of type ") + at::toString(type) + " can't be written");
}

at::ScalarType scalarTypeOf(OnnxType type) {
  for (const auto& [ours, scalar] : kTypes)
    if (ours == type) return scalar;
  throw Error({}, "expected numbers, got texts");
}

std::string OnnxGraph::named(const std::string& wanted) {
  std::string name = wanted;
  for (int64_t i = 2; name.empty() || !names_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
  return name;
}

void OnnxGraph::enter(const std::string& block) {
  block_ = block;
}

OnnxValue OnnxGraph::input(const std::string& name, OnnxType type, const std::vector<int64_t>& sizes,
                           const std::string& doc) {
  if (name.empty() || !names_.insert(name).second)
    throw Error({}, "two inputs of the model would be called \"" + name + "\"", "rename one of them");
  file_.inputs.push_back({name, type, sizes, doc});
  return {name, type};
}

std::string OnnxGraph::output(const std::string& name, const OnnxValue& value, const std::vector<int64_t>& sizes) {
  const std::string own = named(name);
  file_.nodes.push_back({.op = "Identity", .name = "output/" + own, .inputs = {value.name}, .outputs = {own}});
  file_.outputs.push_back({own, value.type, sizes});
  return own;
}

OnnxValue OnnxGraph::constant(const at::Tensor& tensor, const std::string& name) {
  const at::Tensor data = tensor.detach().to(at::kCPU).contiguous();
  const OnnxType type = onnxTypeOf(data.scalar_type());
  const bool small = name.empty() && data.numel() <= kSmall;
  for (const auto& [other, known] : small_)
    if (small && other.scalar_type() == data.scalar_type() && other.sizes() == data.sizes() && at::equal(other, data))
      return {known, type};
  const std::string own = named(name.empty() ? block_ + "/constant" : name);
  const std::string_view bytes{static_cast<const char*>(data.const_data_ptr()), data.nbytes()};
  file_.constants.push_back({own, type, data.sizes().vec(), bytes});
  constants_.emplace(own, data);
  if (small) small_.emplace_back(data, own);
  return {own, type};
}

OnnxValue OnnxGraph::integers(const std::vector<int64_t>& values) {
  return constant(at::tensor(values, at::kLong));
}

OnnxValue OnnxGraph::integer(int64_t value) {
  return constant(at::scalar_tensor(value, at::kLong));
}

OnnxValue OnnxGraph::number(double value, OnnxType type) {
  return constant(at::scalar_tensor(value, at::kDouble).to(scalarTypeOf(type)));
}

OnnxValue OnnxGraph::node(const std::string& op, const OnnxValues& inputs, OnnxType type,
                          const OnnxAttributes& attributes, const std::string& domain) {
  return nodes(op, inputs, {type}, attributes, domain).front();
}

OnnxValues OnnxGraph::nodes(const std::string& op, const OnnxValues& inputs, const std::vector<OnnxType>& types,
                            const OnnxAttributes& attributes, const std::string& domain) {
  OnnxNode node{.op = op, .domain = domain, .attributes = attributes};
  for (const OnnxValue& input : inputs) node.inputs.push_back(input.name);
  OnnxValues out;
  for (const OnnxType type : types) {
    out.push_back({named((block_.empty() ? "" : block_ + "/") + op), type});
    node.outputs.push_back(out.back().name);
  }
  node.name = node.outputs.front();
  file_.nodes.push_back(std::move(node));
  return out;
}

OnnxValue OnnxGraph::cast(const OnnxValue& value, OnnxType type) {
  if (value.type == type) return value;
  if (const auto tensor = known(value)) return constant(tensor->to(scalarTypeOf(type)));
  return node("Cast", {value}, type, {{"to", int64_t{onnxNumber(type)}}});
}

std::optional<at::Tensor> OnnxGraph::known(const OnnxValue& value) const {
  const auto it = constants_.find(value.name);
  return it == constants_.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace blockyard
