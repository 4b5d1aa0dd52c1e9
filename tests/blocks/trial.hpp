// A trial: one block with random settings, and random data that fit its ports - all made from one number, so that a
// failure can be repeated. Knows no block by name: everything comes from the schema.
#pragma once
#include <memory>
#include <string>

#include "blocks/block.hpp"
#include "blocks/catalog.hpp"

namespace blockyard {

struct Trial {
  const BlockType* type = nullptr;
  uint64_t seed = 0;
  Values values{};
  Signatures inputs{};   // the rows are the free size N, all else is known
  Signatures outputs{};  // inferred
  Batch rows{};          // to fit and to train on
  Batch later{};         // other rows, to predict

  // The block made with `weights_seed` and, if it learns from data, fitted on `rows`.
  std::unique_ptr<Block> block(uint64_t weights_seed = 1) const;
  // Made only: nothing fitted, and without the optional inputs, as when a saved pipeline is loaded to predict.
  std::unique_ptr<Block> bareBlock(uint64_t weights_seed) const;
  // What fit is given: heads see the target alone.
  Batch fitBatch() const;
  // Without the optional inputs.
  Batch required(const Batch& batch) const;
};

constexpr int64_t kTrialRows = 40, kLaterRows = 7;

// Draws settings and inputs until the block accepts them. Throws Error if it never does, or if a refusal has no
// address.
Trial makeTrial(const BlockType& type, uint64_t seed);

}  // namespace blockyard
