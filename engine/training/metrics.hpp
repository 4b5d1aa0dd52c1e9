// Metrics: how good the answers on a part of the rows are. Torch-free plain data; the functions are pure and may run on
// any thread. Every number is what scikit-learn gives for the same scores (with its defaults unless said otherwise),
// ties included. A number that a part cannot give (the ROC-AUC of a class that it lacks, R² of one row) is NaN: it is
// kept out of the JSON, never counts as progress and is not shown.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "graph/metric_names.hpp"

namespace blockyard {

inline constexpr double kNoScore = std::numeric_limits<double>::quiet_NaN();  // a number that a part cannot give

// One class against the rest, or one label of several.
struct ClassScore {
  double precision = 0, recall = 0,
         f1 = 0;                   // 0 where sklearn divides by zero; NaN if neither truth nor answers have the class
  double roc_auc = 0, pr_auc = 0;  // NaN if all rows or none have the class
  int64_t support = 0;             // rows that have it
  int64_t predicted = 0;           // rows that were given it
};

struct Metrics {
  std::map<std::string, double> numbers{};  // of all heads: "accuracy", "head2.accuracy" from the second one on
  std::string head{};                       // the block that `classes` and what follows are of; empty: not known
  std::vector<std::string> classes{};
  std::vector<std::vector<int64_t>> confusion{};  // [true][answered class], of up to 1,000 classes; else empty
  std::vector<ClassScore> per_class{};            // in the order of `classes`

  std::vector<Metrics> others{};  // the same of each further head, with its own numbers alone

  // NaN if it is not there.
  double number(const std::string& name) const;
};

nlohmann::json toJson(const Metrics& metrics);
// Throws nlohmann's exceptions: only for what toJson wrote.
Metrics metricsFromJson(const nlohmann::json& json);

// One of K classes per row. `scores` [N, K] row-major: probabilities; K = 1 means the probability of class 1 of two.
// `labels` [N], from 0. The answer is the class with the largest score (the first of equals). accuracy; top_5 (K > 5);
// precision, recall and f1 as _micro, _macro and _weighted (over the classes that occur) and, for two classes, of class
// 1; roc_auc and pr_auc (for K > 2 the mean of one class against the rest); log_loss; brier.
// Throws Error for a label outside of 0 .. K-1.
Metrics classMetrics(std::span<const float> scores, std::span<const int64_t> labels, std::vector<std::string> classes);
// Any number of L labels per row. `scores` and `targets` [N, L] row-major, targets 0 or 1; a label is given above 0.5.
// accuracy (all labels of a row right), hamming (share of labels that are wrong), and as above, averaged over the
// labels.
Metrics labelMetrics(std::span<const float> scores, std::span<const float> targets, std::vector<std::string> classes);
// Numbers. `predictions` and `targets` [N, K] row-major, the mean over the K. mae, mse, rmse, r2, explained_variance,
// mape (a share, not percent), median_ae, max_error (K = 1).
Metrics numberMetrics(std::span<const double> predictions, std::span<const double> targets, int64_t columns = 1);
// Quantiles of one number. `predictions` [N, Q], a column per quantile; `targets` [N]. pinball_Q and their mean,
// pinball; the rest as numberMetrics of the column nearest to 0.5.
Metrics quantileMetrics(std::span<const double> predictions, std::span<const double> targets,
                        const std::vector<double>& quantiles);

// Collects the answers of a whole part, batch by batch, since ranks and medians need all of them at once.
class MetricsAccumulator {
 public:
  enum class Task { Classes, Labels, Regression, Quantiles };
  // `classes`: names, for Classes and Labels. `columns`: numbers per row, for Regression. `quantiles` for Quantiles.
  static MetricsAccumulator forClasses(std::vector<std::string> classes);
  static MetricsAccumulator forLabels(std::vector<std::string> classes);
  static MetricsAccumulator forNumbers(int64_t columns = 1);
  static MetricsAccumulator forQuantiles(std::vector<double> quantiles);

  // A batch, row-major. Classes take int64 labels; the others targets of the same kind as the answers.
  void add(std::span<const float> scores, std::span<const int64_t> labels);
  void add(std::span<const float> answers, std::span<const float> targets);
  void add(std::span<const double> answers, std::span<const double> targets);

  Task task() const { return task_; }
  // No rows: no numbers.
  Metrics finish() const;
  void clear();

 private:
  explicit MetricsAccumulator(Task task) : task_(task) {}
  Task task_;
  std::vector<std::string> classes_{};
  int64_t columns_ = 1;
  std::vector<double> quantiles_{};
  std::vector<float> scores_{}, score_targets_{};
  std::vector<int64_t> labels_{};
  std::vector<double> numbers_{}, number_targets_{};
};

}  // namespace blockyard
