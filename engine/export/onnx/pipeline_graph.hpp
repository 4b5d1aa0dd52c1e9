// A trained pipeline as one graph of ONNX's operators, block by block: what every format is written from that consists
// of operators. Blocks on columns and texts have a rule (block_rules.hpp); of all others it is the caller who says what
// becomes of their recording.
#pragma once
#include <functional>

#include "export/example_rows.hpp"
#include "export/onnx/onnx_graph.hpp"
#include "export/traced_block.hpp"

namespace blockyard {

// What an output of the graph says.
struct GraphAnswer {
  std::string name{};  // of the output
  WireStart wire{};
  std::string column{};                // of the table on that wire, or of a tensor [N, columns]; empty: all of it
  int64_t at = -1;                     // the place of that column
  std::vector<std::string> classes{};  // whose probabilities these are
};

struct PipelineGraph {
  OnnxGraph graph{};
  std::vector<GraphAnswer> answers{};
};

// Puts a recorded block into the graph: inputs by slot, what comes out by port.
using TraceWriter =
    std::function<std::map<std::string, OnnxValue>(OnnxGraph& graph, const std::string& block, const TracedBlock& trace,
                                                   const std::map<std::string, OnnxValue>& inputs)>;

// `answers` are the wires whose load comes out. Throws Error with the block that can't be written.
PipelineGraph pipelineGraph(const Pipeline& pipeline, const ExampleFlows& examples,
                            const std::vector<WireStart>& answers, const std::string& run, const TraceWriter& trace);

}  // namespace blockyard
