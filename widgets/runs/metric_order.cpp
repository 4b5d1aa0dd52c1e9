#include "widgets/runs/metric_order.hpp"

#include <algorithm>

namespace blockyard {

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
