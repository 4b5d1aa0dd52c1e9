#include "graph/metric_names.hpp"

#include <cmath>

namespace blockyard {

std::vector<std::string> metricNames() {
  return {"loss",
          "accuracy",
          "top_5",
          "precision",
          "precision_micro",
          "precision_macro",
          "precision_weighted",
          "recall",
          "recall_micro",
          "recall_macro",
          "recall_weighted",
          "f1",
          "f1_micro",
          "f1_macro",
          "f1_weighted",
          "roc_auc",
          "pr_auc",
          "log_loss",
          "brier",
          "perplexity",
          "bits_per_token",
          "hamming",
          "mae",
          "mse",
          "rmse",
          "r2",
          "mape",
          "median_ae",
          "max_error",
          "explained_variance",
          "pinball",
          "pinball_Q",
          "script"};
}

bool largerIsBetter(const std::string& name) {
  if (name.starts_with("pinball")) return false;
  for (const char* smaller : {"loss", "log_loss", "brier", "perplexity", "bits_per_token", "hamming", "mae", "mse",
                              "rmse", "mape", "median_ae", "max_error"})
    if (name == smaller) return false;
  return true;
}

std::vector<std::string> mainMetrics(const std::map<std::string, double>& metrics) {
  std::vector<std::string> names;
  for (const char* name : {"script", "perplexity", "accuracy", "f1_macro", "roc_auc", "hamming", "r2", "rmse", "mae",
                           "pinball", "log_loss", "loss"}) {
    const auto it = metrics.find(name);
    if (it != metrics.end() && !std::isnan(it->second)) names.emplace_back(name);
  }
  if (!names.empty()) {  // and what was decided, in what it is worth
    for (const auto& [name, value] : metrics)
      if ((name.ends_with(".value") || name.ends_with(".value_per_row")) && !std::isnan(value)) names.push_back(name);
  } else {
    for (const auto& [name, value] : metrics)
      if (!std::isnan(value)) names.push_back(name);
  }
  return names;
}

}  // namespace blockyard
