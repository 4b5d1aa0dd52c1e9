// AtenNode: one operator of a traced block, as a rule sees it that writes it in ONNX. Arguments are numbered as in
// LibTorch's schema of the operator (native_functions.yaml); those that the rule does not ask for are ignored.
#pragma once
#include <torch/csrc/jit/ir/ir.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "export/onnx/onnx_graph.hpp"
#include "export/traced_block.hpp"

namespace blockyard {

// A size that may follow from the number of rows: rows * factor + rest.
struct RowSize {
  int64_t factor = 0, rest = 0;
  bool fixed() const { return factor == 0; }
};

// What has been written of a traced block so far.
struct AtenScope {
  OnnxGraph& graph;
  const TracedBlock& block;
  std::unordered_map<const torch::jit::Value*, OnnxValue> values{};
  OnnxValue rows{};  // int64 [1]; without a name until it is asked for
};

class AtenNode {
 public:
  AtenNode(AtenScope& scope, const torch::jit::Node& node) : scope_(scope), node_(node) {}

  OnnxGraph& graph() const { return scope_.graph; }
  std::string name() const { return node_.kind().toQualString(); }
  size_t arguments() const { return node_.inputs().size(); }

  // Whether argument i was given (is not None).
  bool has(size_t i) const;
  bool isTensor(size_t i) const;
  OnnxValue in(size_t i) const;                 // a tensor
  OnnxValue in(size_t i, OnnxType type) const;  // the same in another type; also of a number, as a scalar
  OnnxValues list(size_t i) const;              // of tensors
  std::optional<at::Tensor> known(size_t i) const;

  int64_t integer(size_t i) const;
  int64_t integer(size_t i, int64_t otherwise) const;  // if it was not given
  double number(size_t i) const;
  bool flag(size_t i) const;
  std::string text(size_t i) const;
  std::vector<int64_t> integers(size_t i) const;
  RowSize rowSize(size_t i) const;
  std::vector<RowSize> rowSizes(size_t i) const;
  // The list as a value [count], for a Reshape (one size that follows from the rows becomes -1), and for all else.
  OnnxValue newShape(size_t i) const;
  OnnxValue sizeList(size_t i) const;
  OnnxValue sizeValue(RowSize size) const;  // [1]

  // Sizes of tensor i, -1 for those that follow from the rows.
  std::vector<int64_t> shape(size_t i) const { return shapeOf(*node_.input(i)); }
  std::vector<int64_t> outShape(size_t output = 0) const { return shapeOf(*node_.output(output)); }
  int64_t rank(size_t i) const { return static_cast<int64_t>(shape(i).size()); }
  int64_t fixedSize(size_t i, int64_t axis) const;  // throws Error if it follows from the rows
  int64_t axis(size_t i, size_t of = 0) const;      // argument i as an axis of tensor `of`, from 0
  std::vector<int64_t> axes(size_t i, size_t of = 0) const;

  OnnxType type(size_t output = 0) const;
  OnnxType typeOf(size_t i) const;
  // In which type arguments i and j are compared or calculated with.
  OnnxType commonType(size_t i, size_t j) const;

  // A node of the type of the first output.
  OnnxValue op(const std::string& op, const OnnxValues& inputs, const OnnxAttributes& attributes = {}) const {
    return graph().node(op, inputs, type(), attributes);
  }
  OnnxValue op(const std::string& op, const OnnxValues& inputs, OnnxType type,
               const OnnxAttributes& attributes = {}) const {
    return graph().node(op, inputs, type, attributes);
  }
  OnnxValue scalar(double value) const { return graph().number(value, type()); }  // []
  // What the operator gives; brought to the type that it has in LibTorch.
  void give(const OnnxValue& value, size_t output = 0) const;

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  std::vector<int64_t> shapeOf(const torch::jit::Value& value) const;

  AtenScope& scope_;
  const torch::jit::Node& node_;
};

// How an operator is written. The table of all of them is put together in aten_rules.cpp from one list for each group.
using AtenRule = void (*)(const AtenNode&);
struct AtenEntry {
  const char* op;  // "aten::relu"
  AtenRule rule;
};
std::vector<AtenEntry> atenArithmetic();
std::vector<AtenEntry> atenActivations();
std::vector<AtenEntry> atenReductions();
std::vector<AtenEntry> atenShapes();
std::vector<AtenEntry> atenMaking();
std::vector<AtenEntry> atenLayers();

// Writes a traced block; `inputs` by slot, what comes out by port. Weights become constants named "block.weight".
// Throws Error that names an operator for which there is no rule.
std::map<std::string, OnnxValue> writeTraced(OnnxGraph& graph, const std::string& block, const TracedBlock& trace,
                                             const std::map<std::string, OnnxValue>& inputs);

}  // namespace blockyard
