// The operators of a pipeline's graph as lines of TorchScript. Texts are List[str], everything else is a Tensor.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "export/onnx/onnx_graph.hpp"

namespace blockyard {

constexpr const char* kOwnDomain = "blockyard";  // of the nodes that stand for a recorded block
constexpr const char* kBlockAttribute = "block";

constexpr const char *kInputNames = "input_names", *kOutputNames = "output_names";  // attributes: columns, and answers

// A name that TorchScript takes for an attribute, from any name, and that is not `taken`: it is then.
std::string scriptName(const std::string& wanted, std::set<std::string>& taken);

// What the lines ask of the module: tensors and names under an attribute's name.
struct ScriptText {
  std::string code{};
  std::map<std::string, at::Tensor> constants{};
  std::map<std::string, std::vector<std::string>> names{};         // of inputs, outputs, classes
  std::map<std::string, std::map<std::string, int64_t>> places{};  // of names among the classes
};

// `columns` are the inputs that are columns of a table; all others are tensors. `blocks` are the modules that nodes of
// our own domain call, by number; `taken` the attributes that there are. Throws Error for an operator without a line.
ScriptText scriptText(const OnnxGraph& graph, const std::set<std::string>& columns,
                      const std::vector<std::string>& blocks, std::set<std::string> taken);

}  // namespace blockyard
