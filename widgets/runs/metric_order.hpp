// Which of many metrics a person looks at first, and whether a difference is an improvement. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "graph/metric_names.hpp"

namespace blockyard {

// All of them, the main ones first.
std::vector<std::string> orderedMetrics(const std::map<std::string, double>& metrics);
// The part whose scores count, those nobody has chosen by: "test", else "validation", else "train". Empty if there is
// none.
std::string bestPart(const std::map<std::string, std::map<std::string, double>>& results);

}  // namespace blockyard
