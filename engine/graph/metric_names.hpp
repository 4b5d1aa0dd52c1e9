// The names of the metrics: what training.monitor may watch. Torch-free.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace blockyard {

// Every name that a Metrics may hold, "loss" first; pinball_Q stands for one name per quantile.
std::vector<std::string> metricNames();
// Of any name of metricNames(). Unknown names: true.
bool largerIsBetter(const std::string& name);

// The metrics that a person looks at first, the most telling one first; all of them if none of those is there. Those
// without a number (NaN) are left out.
std::vector<std::string> mainMetrics(const std::map<std::string, double>& metrics);

}  // namespace blockyard
