// How blocks are written in ONNX whose work no trace can see: those that work on columns, texts and names, and the few
// that read tensors past LibTorch's operators. Every other block is traced (traced_block.hpp), so that its author
// writes nothing but `forward`. A rule works from the block's settings, its saved state and what comes in; where a
// block looks classes up, from what its forward makes of every class. To add one: a function in the file of its group,
// and a line in the table of block_rules.cpp.
#pragma once
#include <string>
#include <vector>

#include "export/onnx/onnx_graph.hpp"
#include "training/pipeline.hpp"

namespace blockyard {

// A code of a category that is none of the classes that were trained on. Missing is kMissingCode.
constexpr int32_t kUnknownCode = -2;

// A column of a table in the graph. Columns may lie side by side in one value: this is number `at` of `width`.
//   Number, Time   double [N, width]; missing is NaN
//   Category       int64 [N, 1]: the place among `classes`, kMissingCode or kUnknownCode
//   Text           string [N, 1]; missing is empty
struct OnnxColumn {
  std::string name{};
  ColumnType type = ColumnType::Number;
  std::vector<std::string> classes{};
  OnnxValue value{};
  int64_t at = 0, width = 1;
};

// A wire's load in the graph.
struct OnnxPacket {
  bool table = false;
  std::vector<OnnxColumn> columns{};
  OnnxValue tensor{};
};
using OnnxBatch = std::map<std::string, OnnxPacket>;

// What a rule works from.
struct BlockToWrite {
  OnnxGraph& graph;
  const PipelineNode& node;
  State state{};
  OnnxBatch in{};
  const Batch& example_in;   // some rows, as the pipeline's blocks give them
  const Batch& example_out;  // what the block makes of them

  const Values& values() const { return node.plan.values; }
  const std::vector<OnnxColumn>& columns() const { return in.at("x").columns; }

  OnnxValue op(const std::string& name, const OnnxValues& inputs, OnnxType type,
               const OnnxAttributes& attributes = {}) const {
    return graph.node(name, inputs, type, attributes);
  }
  // [N, 1] of a column by itself.
  OnnxValue single(const OnnxColumn& column) const;
  // double [N, columns].
  OnnxValue sideBySide(const std::vector<OnnxColumn>& columns) const;
  // double [] and a row [1, count].
  OnnxValue number(double value) const { return graph.number(value, OnnxType::Double); }
};

using BlockRule = OnnxBatch (*)(BlockToWrite&);

// The rule of a block; nullptr if it is traced. `refusal`, where it is set, says why a block can't be written.
struct BlockEntry {
  const char* id;
  BlockRule rule;
  const char* refusal = nullptr;
  const char* hint = nullptr;
};
const BlockEntry* findBlockRule(const std::string& id);

OnnxBatch tableOf(std::vector<OnnxColumn> columns, const std::string& port = "y");
OnnxBatch tensorOf(const OnnxValue& value, const std::string& port = "y");

// The rules, by group.
namespace rules {
// rules_columns.cpp: which columns there are
OnnxBatch passOn(BlockToWrite& block);
OnnxBatch select(BlockToWrite& block);
OnnxBatch rename(BlockToWrite& block);
OnnxBatch toFeatures(BlockToWrite& block);
OnnxBatch lookUp(BlockToWrite& block);
OnnxBatch cast(BlockToWrite& block);
// rules_numbers.cpp: what is done to numbers
OnnxBatch impute(BlockToWrite& block);
OnnxBatch standardize(BlockToWrite& block);
OnnxBatch minmax(BlockToWrite& block);
OnnxBatch clip(BlockToWrite& block);
OnnxBatch clipQuantiles(BlockToWrite& block);
OnnxBatch power(BlockToWrite& block);
OnnxBatch bins(BlockToWrite& block);
OnnxBatch imageScale(BlockToWrite& block);
OnnxBatch spectrum(BlockToWrite& block);
// rules_dates.cpp, rules_formula.cpp: what is worked out of times and other columns
OnnxBatch dateParts(BlockToWrite& block);
OnnxValue datePart(BlockToWrite& block, int part, const OnnxValue& seconds);  // DatePart; double, any shape
OnnxBatch formula(BlockToWrite& block);
// rules_answers.cpp: what a person reads
OnnxBatch classLabel(BlockToWrite& block);
OnnxBatch topK(BlockToWrite& block);
OnnxBatch threshold(BlockToWrite& block);
OnnxBatch bestThreshold(BlockToWrite& block);
OnnxBatch bestValue(BlockToWrite& block);
OnnxBatch valuesTable(BlockToWrite& block);
}  // namespace rules

}  // namespace blockyard
