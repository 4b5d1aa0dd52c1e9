// The unit in which a score is counted, where a block of the pipeline gives it one. Torch-free, pure.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace blockyard {

// What stands behind the number of a score of a run with this `plan`: " EUR" behind "money.value" and
// "money.value_per_row" if the block "money" has the setting unit = "EUR"; "" where there is no unit.
std::string unitBehind(const nlohmann::json& plan, const std::string& metric);

}  // namespace blockyard
