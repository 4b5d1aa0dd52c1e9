// What a user may write as TorchScript for a head: a loss instead of the head's own, and a metric beside the usual
// ones.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "blocks/schema.hpp"
#include "blocks/script.hpp"

namespace blockyard {

// A head's own parameters, and behind them `loss_code` and `metric_code`; both are empty: nothing is written.
//   loss: forward(outputs, target), a number that gradients flow through. outputs [N, K] are the raw outputs of the
//   last
//     layer; target is the class of each row, int64 [N], or numbers [N, K].
//   metric: forward(answers, target), a number; larger is better. Called once with all rows of a part: answers [N, K]
//   are
//     probabilities, float32, or the predicted numbers in their own units, float64; target as above.
std::vector<Param> withHeadScripts(std::vector<Param> params);

// RowsApart of heads: a loss of the user's own may be anything, not only a mean over rows.
inline bool ownLoss(const Values& values) {
  return values.text("loss_code").empty();
}

// The script at "loss_code" or "metric_code", if there is one. Throws Error with its line.
std::optional<ScriptFunction> headScript(const Values& values, const std::string& parameter);

// Compiles both and tries each on tensors like its arguments; those whose shape is open wait for the data. Throws Error
// with the line.
void checkHeadScripts(const Values& values, const std::vector<Signature>& loss_arguments,
                      const std::vector<Signature>& metric_arguments);

}  // namespace blockyard
