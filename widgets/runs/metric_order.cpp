#include "widgets/runs/metric_order.hpp"

#include <algorithm>
#include <cmath>

namespace blockyard {

std::vector<std::string> mainMetrics(const std::map<std::string, double>& metrics) {
  static const std::vector<std::string> kFirst = {"accuracy", "f1_macro", "roc_auc", "hamming",  "r2",
                                                  "rmse",     "mae",      "pinball", "log_loss", "loss"};
  std::vector<std::string> names;
  for (const auto& name : kFirst) {
    const auto it = metrics.find(name);
    if (it != metrics.end() && !std::isnan(it->second)) names.push_back(name);
  }
  if (names.empty())
    for (const auto& [name, value] : metrics)
      if (!std::isnan(value)) names.push_back(name);
  return names;
}

std::vector<std::string> orderedMetrics(const std::map<std::string, double>& metrics) {
  std::vector<std::string> names = mainMetrics(metrics);
  for (const auto& [name, value] : metrics)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::string bestPart(const std::map<std::string, std::map<std::string, double>>& results) {
  for (const char* part : {"test", "validation", "train"}) {
    const auto it = results.find(part);
    if (it != results.end() && !it->second.empty()) return part;
  }
  return {};
}

}  // namespace blockyard
