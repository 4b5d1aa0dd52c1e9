// TracedBlock: the operators that a block's forward calls, recorded while it works on example rows, as a graph that
// holds for any number of rows. Sizes are plain numbers to a block written in C++, so a recording shows those of its
// example; two recordings with different numbers of rows tell which of them follow from the rows.
#pragma once
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "training/pipeline.hpp"

namespace blockyard {

// The same wires' load for three numbers of rows. All tensors.
struct ExampleRows {
  Batch first{}, second{}, third{};
};

struct TracedBlock {
  std::shared_ptr<torch::jit::Graph> graph{};
  // The inputs of the graph, in order: slots of the batch, then weights and fitted tensors by name.
  std::vector<std::string> slots{};
  std::vector<NamedTensor> weights{};
  std::vector<std::string> ports{};  // its outputs, in order
  // Sizes of a value with the second number of rows: a size that differs follows from the rows.
  std::unordered_map<const torch::jit::Value*, std::vector<int64_t>> other_sizes{};
  size_t trained = 0;  // so many of the weights are parameters, the first of them
};

// Throws Error if the recording does not hold for other rows: if it depends on the values, or on the number of rows in
// a way that is no product and sum. Tracing is per thread; no gradients are recorded.
TracedBlock traced(const PipelineNode& node, const ExampleRows& rows);

}  // namespace blockyard
