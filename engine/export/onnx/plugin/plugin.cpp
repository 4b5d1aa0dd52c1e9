// The plug-in that turns an OnnxFile into the messages of the format, and has ONNX's own checker and shape inference
// look at them.
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "export/onnx/onnx_file.hpp"

namespace blockyard {
namespace {

constexpr int64_t kIrVersion = 8, kOpset = 17, kMlOpset = 3;
constexpr const char* kMlDomain = "ai.onnx.ml";

struct AttributeWriter {
  onnx::AttributeProto& to;
  using Proto = onnx::AttributeProto;

  void operator()(int64_t value) const { to.set_type(Proto::INT), to.set_i(value); }
  void operator()(double value) const { to.set_type(Proto::FLOAT), to.set_f(static_cast<float>(value)); }
  void operator()(const std::string& value) const { to.set_type(Proto::STRING), to.set_s(value); }
  void operator()(const std::vector<int64_t>& values) const {
    to.set_type(Proto::INTS);
    for (const int64_t each : values) to.add_ints(each);
  }
  void operator()(const std::vector<double>& values) const {
    to.set_type(Proto::FLOATS);
    for (const double each : values) to.add_floats(static_cast<float>(each));
  }
  void operator()(const std::vector<std::string>& values) const {
    to.set_type(Proto::STRINGS);
    for (const auto& each : values) to.add_strings(each);
  }
};

void declare(onnx::ValueInfoProto& to, const OnnxPort& port) {
  to.set_name(port.name);
  if (!port.doc.empty()) to.set_doc_string(port.doc);
  auto* tensor = to.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnxNumber(port.type));
  tensor->mutable_shape()->add_dim()->set_dim_param("N");
  for (const int64_t size : port.sizes) {
    auto* dim = tensor->mutable_shape()->add_dim();
    if (size >= 0) dim->set_dim_value(size);
  }
}

void add(onnx::GraphProto& graph, const OnnxConstant& constant) {
  onnx::TensorProto& proto = *graph.add_initializer();
  proto.set_name(constant.name);
  proto.set_data_type(onnxNumber(constant.type));
  for (const int64_t size : constant.sizes) proto.add_dims(size);
  proto.set_raw_data(constant.bytes.data(), constant.bytes.size());
}

void add(onnx::GraphProto& graph, const OnnxNode& node) {
  onnx::NodeProto& proto = *graph.add_node();
  proto.set_op_type(node.op);
  proto.set_name(node.name);
  if (!node.domain.empty()) proto.set_domain(node.domain);
  for (const auto& input : node.inputs) proto.add_input(input);
  for (const auto& output : node.outputs) proto.add_output(output);
  for (const auto& [name, value] : node.attributes) {
    auto* attribute = proto.add_attribute();
    attribute->set_name(name);
    std::visit(AttributeWriter{*attribute}, value);
  }
}

void addOperators(onnx::ModelProto& model, const std::string& domain, int64_t version) {
  auto* opset = model.add_opset_import();
  opset->set_domain(domain);
  opset->set_version(version);
}

onnx::ModelProto modelOf(const OnnxFile& file) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("blockyard");
  model.set_doc_string(file.doc);
  addOperators(model, "", kOpset);
  bool ml = false;
  for (const auto& node : file.nodes) ml = ml || node.domain == kMlDomain;
  if (ml) addOperators(model, kMlDomain, kMlOpset);
  for (const auto& [key, value] : file.notes) {
    auto* entry = model.add_metadata_props();
    entry->set_key(key);
    entry->set_value(value);
  }
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("pipeline");
  for (const auto& input : file.inputs) declare(*graph.add_input(), input);
  for (const auto& output : file.outputs) declare(*graph.add_output(), output);
  for (const auto& constant : file.constants) add(graph, constant);
  for (const auto& node : file.nodes) add(graph, node);
  return model;
}

bool write(const OnnxFile& file, std::string& bytes, std::string& fault) {
  try {
    onnx::ModelProto model = modelOf(file);
    onnx::checker::check_model(model);
    bytes = model.SerializeAsString();
    onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), {true, 1, true});
    return true;
  } catch (const std::exception& error) {
    fault = error.what();
    return false;
  }
}

}  // namespace
}  // namespace blockyard

extern "C" __attribute__((visibility("default"))) bool blockyard_write_onnx_1(const blockyard::OnnxFile& file,
                                                                              std::string& bytes, std::string& fault) {
  return blockyard::write(file, bytes, fault);
}
