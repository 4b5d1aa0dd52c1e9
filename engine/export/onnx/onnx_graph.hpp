// OnnxGraph: an ONNX model as it is put together, node by node: it names what comes out of each and knows its type. It
// knows nothing of blocks.
//
//   OnnxGraph graph;
//   const OnnxValue x = graph.input("x", OnnxType::Float, {4});
//   graph.output("y", graph.node("Relu", {x}, OnnxType::Float), {4});
//   std::string bytes = graph.finish();
#pragma once
#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "export/onnx/onnx_file.hpp"

namespace blockyard {

// Throws Error for a type of tensors that no block gives.
OnnxType onnxTypeOf(at::ScalarType type);
at::ScalarType scalarTypeOf(OnnxType type);  // not for texts

// Something that a node takes or gives, by its name in the graph. An optional input that is not there has no name.
struct OnnxValue {
  std::string name{};
  OnnxType type = OnnxType::Float;
};
using OnnxValues = std::vector<OnnxValue>;

class OnnxGraph {
 public:
  // What follows belongs to this block: names of nodes begin with it.
  void enter(const std::string& block);

  // [N, sizes...]; a size of -1 is free. Throws Error if the name is taken.
  OnnxValue input(const std::string& name, OnnxType type, const std::vector<int64_t>& sizes,
                  const std::string& doc = {});
  // The same under another name if `name` is taken: the name is returned.
  std::string output(const std::string& name, const OnnxValue& value, const std::vector<int64_t>& sizes);
  // A learned or fixed tensor; small nameless ones that are equal are kept once.
  OnnxValue constant(const at::Tensor& tensor, const std::string& name = {});
  OnnxValue integers(const std::vector<int64_t>& values);  // [count]
  OnnxValue integer(int64_t value);                        // []
  OnnxValue number(double value, OnnxType type);           // []

  OnnxValue node(const std::string& op, const OnnxValues& inputs, OnnxType type, const OnnxAttributes& attributes = {},
                 const std::string& domain = {});
  OnnxValues nodes(const std::string& op, const OnnxValues& inputs, const std::vector<OnnxType>& types,
                   const OnnxAttributes& attributes = {}, const std::string& domain = {});
  // The value itself if it has the type.
  OnnxValue cast(const OnnxValue& value, OnnxType type);
  // The tensor of a constant.
  std::optional<at::Tensor> known(const OnnxValue& value) const;

  OnnxFile& file() { return file_; }
  const OnnxFile& file() const { return file_; }
  // The bytes of the file, once; see onnxBytes.
  std::string finish() { return onnxBytes(std::move(file_)); }

 private:
  // `wanted` if it is free, else with a number behind it.
  std::string named(const std::string& wanted);

  OnnxFile file_;
  std::string block_;
  std::set<std::string> names_;
  std::map<std::string, at::Tensor> constants_;
  std::vector<std::pair<at::Tensor, std::string>> small_;  // nameless constants of few numbers
};

}  // namespace blockyard
