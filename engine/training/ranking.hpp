// Areas under curves, from the order of the scores: a radix sort and one pass. Torch-free, pure.
#pragma once
#include <cstdint>
#include <functional>
#include <span>

namespace blockyard {

struct RankingScores {
  double roc_auc = 0;  // sklearn.metrics.roc_auc_score; NaN if all rows or none are positive
  double pr_auc = 0;   // sklearn.metrics.average_precision_score; NaN likewise
};

// Column `column` of row-major `scores` [N, columns]; `positive(row)` tells the truth. Equal scores are one threshold.
// NaN if a score is NaN.
RankingScores rankingScores(std::span<const float> scores, int64_t columns, int64_t column,
                            const std::function<bool(int64_t)>& positive);

}  // namespace blockyard
