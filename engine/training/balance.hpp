// Rare classes among the training rows: what training.balance makes of an epoch. Validation and test rows, and what is
// predicted, never see any of it.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "data/draw.hpp"
#include "data/row_set.hpp"
#include "training/prepare.hpp"

namespace blockyard {

struct Balanced {
  std::shared_ptr<const ClassBalance> classes{};  // null: every row comes once
  std::vector<size_t> mixed{};                    // SMOTE: columns of the prepared rows that synthetic rows mix
  std::string notice{};                           // what an epoch draws, for a person
};

// Puts `rows`, training rows of `data`, in order by class if training.balance wants them balanced; four bytes a row.
// For SMOTE the neighbours are looked for: among a keyed sample of each class that is filled up, 10,000 rows at most.
// Throws Error if no head learns classes, or if what the model reads of a row is not numbers.
Balanced balanced(const Pipeline& pipeline, const Values& training, const PreparedData& data, const KeyedRandom& random,
                  const PrepareOptions& options, RowSet& rows);

}  // namespace blockyard
