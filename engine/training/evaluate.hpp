// Runs a pipeline over prepared rows without learning: for the metrics of a part, and to fit what stands behind the
// heads.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "blocks/script.hpp"
#include "training/metrics.hpp"
#include "training/pipeline.hpp"
#include "training/prepare.hpp"

namespace blockyard {

class WorstRows;

struct EvaluateOptions {
  int64_t batch_size = 256;
  at::Device device = at::kCPU;
  std::string precision = "float32";
  bool answers = true;     // run the postprocessors too
  bool decisions = false;  // evaluate: judge what blocks that decide behind a head have decided, too
  int64_t batches = -1;    // at most this many; -1: all
  const std::atomic<bool>* stop = nullptr;
  WorstRows* worst = nullptr;  // evaluate: is shown all that the first head answers
};

// Calls `each` with the flow of every batch of `rows`, in order; the flow's tensors live until the next call.
void forEachBatch(const Pipeline& pipeline, const PreparedData& data, const RowSet& rows,
                  const EvaluateOptions& options, const std::function<void(Flow&, int64_t)>& each);

// Scores and targets of all heads over `rows`. Scaled targets are brought back to their own units first.
// Names: "accuracy"; with several heads "head2.accuracy" from the second one on; of a block that decides
// "best_threshold.value" (the sum over the rows), ".value_per_row" and ".accuracy".
Metrics evaluate(const Pipeline& pipeline, const PreparedData& data, const RowSet& rows,
                 const EvaluateOptions& options);

// Puts what the prepared rows of a batch carry into the flow, on `device`.
void pourIn(const Pipeline& pipeline, const std::vector<Packet>& packets, at::Device device, Flow& flow);

// What the packet carries as [N, K] float64 on the CPU, a target's scaling undone.
at::Tensor inOwnUnits(const Packet& packet);

// Collects what one head says and what was wanted, and counts its metrics.
class HeadScores {
 public:
  explicit HeadScores(const PipelineNode& head);
  // `in` and `out` of the head for one batch. Scaled numbers are brought back to their own units.
  void add(const Batch& in, const Batch& out);
  Metrics metrics() const;

 private:
  bool classifier_, language_ = false;
  std::string block_;
  std::optional<ScriptFunction> script_;       // a metric of the user's, asked once with all rows
  std::vector<at::Tensor> answers_, targets_;  // for it
  std::optional<MetricsAccumulator> scores_;
  std::vector<double> quantiles_;
  double loss_sum_ = 0;
  int64_t rows_ = 0;
};

// What a block that decides behind a head has decided, and what that was worth.
class DecisionScores {
 public:
  void add(const Batch& in, const Batch& out);
  // As `block`.accuracy, .value and .value_per_row.
  void into(const std::string& block, std::map<std::string, double>& numbers) const;

 private:
  int64_t right_ = 0, rows_ = 0;
  double value_ = 0;
};

// Collects what a whole pipeline says, batch by batch: all heads and, if so wished, what blocks that decide have
// decided.
class PipelineScores {
 public:
  PipelineScores(const Pipeline& pipeline, bool decisions);
  // Whether a batch must have gone through the postprocessors, too.
  bool needAnswers() const { return !decisions_.empty(); }
  void add(const Flow& flow);
  // Names as evaluate().
  Metrics metrics() const;

 private:
  const Pipeline& pipeline_;
  std::vector<HeadScores> heads_;
  std::map<size_t, DecisionScores> decisions_;  // by block number
};

// While it lives, matrix products and convolutions run in the precision named ("float32": nothing changes).
class Precision {
 public:
  Precision(const std::string& name, at::Device device);
  ~Precision();
  Precision(const Precision&) = delete;
  Precision& operator=(const Precision&) = delete;

 private:
  at::DeviceType device_;
  bool on_ = false;
};

}  // namespace blockyard
