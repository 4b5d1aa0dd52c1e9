// A setting from JSON as a value of its parameter's type. Torch-free, stateless.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "blocks/schema.hpp"

namespace blockyard {

// Takes what completeValues takes: 3 for 3.0, for [3] and for "3". Throws Error with what was expected and what came;
// the value is within the limits of the parameter, but may still need completeValues to get its exact type.
Value settledValue(const Param& param, const nlohmann::ordered_json& json);

// nullptr if there is none of that name.
const Param* findParam(const std::vector<Param>& params, const std::string& name);
// "did you mean "x"?" for the nearest of the names, or empty.
std::string didYouMean(const std::string& name, const std::vector<std::string>& names);
std::vector<std::string> namesOf(const std::vector<Param>& params);

}  // namespace blockyard
