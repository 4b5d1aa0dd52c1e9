// ExampleFlows: made-up rows on their way through a trained pipeline, for blocks to be recorded on. Their values mean
// nothing; their shapes, types, names and classes are those of real rows.
#pragma once
#include "training/pipeline.hpp"

namespace blockyard {

class ExampleFlows {
 public:
  // Throws Error with the block's id if no made-up rows come through.
  explicit ExampleFlows(const Pipeline& pipeline);

  // The same pipeline with three numbers of rows, by block; what nothing reaches is left out.
  const Flow& first() const { return flows_[0]; }
  const Flow& second() const { return flows_[1]; }
  const Flow& third() const { return flows_[2]; }

 private:
  Flow flows_[3];
};

}  // namespace blockyard
