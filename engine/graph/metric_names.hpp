// The names of the metrics: what training.monitor may watch. Torch-free.
#pragma once
#include <string>
#include <vector>

namespace blockyard {

// Every name that a Metrics may hold, "loss" first; pinball_Q stands for one name per quantile.
std::vector<std::string> metricNames();
// Of any name of metricNames(). Unknown names: true.
bool largerIsBetter(const std::string& name);

}  // namespace blockyard
