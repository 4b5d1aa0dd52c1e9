// Makes, fits and runs one block as a pipeline would, for tests of single blocks.
#pragma once
#include <memory>
#include <string>

#include "blocks/block.hpp"
#include "blocks/catalog.hpp"

namespace blockyard {

// Rows of a batch as training rows, in blocks of `step` rows.
class RowsOf final : public FitRows {
 public:
  explicit RowsOf(Batch batch, int64_t step = kFitRows) : batch_(std::move(batch)), step_(step) {}
  Batch next() override {
    const int64_t count = std::min(step_, batch_.rows() - at_);
    if (count <= 0) return {};
    at_ += count;
    return batch_.slice(at_ - count, count);
  }
  void rewind() override { at_ = 0; }

 private:
  Batch batch_;
  int64_t step_, at_ = 0;
};

inline std::unique_ptr<Block> madeBlock(const std::string& id, const Values& params, const Signatures& inputs,
                                        uint64_t seed = 1) {
  const BlockType& type = blockType(id);
  const Values values = completeValues(type.schema.params, params);
  inferOutputs(type, values, inputs);
  return type.make({values, inputs, KeyedRandom(seed)});
}

inline Signatures inferred(const std::string& id, const Values& params, const Signatures& inputs) {
  const BlockType& type = blockType(id);
  return inferOutputs(type, completeValues(type.schema.params, params), inputs);
}

// One call of forward for a prediction.
inline Batch predicted(Block& block, const Batch& in) {
  Step step(false, KeyedRandom(1));
  return block.forward(in, step);
}

// The block fitted on `train`, then made afresh from its saved state, as a prediction would find it.
inline std::unique_ptr<Block> fittedBlock(const std::string& id, const Values& params, const Signatures& inputs,
                                          const Batch& train, int64_t rows_at_a_time = kFitRows) {
  const auto first = madeBlock(id, params, inputs);
  RowsOf rows(train, rows_at_a_time);
  first->fit(rows);
  auto second = madeBlock(id, params, inputs);
  second->loadState(first->state());
  return second;
}

}  // namespace blockyard
