#include "graph/settle.hpp"

#include "base/error.hpp"

namespace blockyard {
namespace {

Value anyValue(const Param& param, const nlohmann::json& json) {
  try {
    return valueFromJson(json, param.fallback);
  } catch (const Error& strict) {
    // Another type may stand for it. If not, the strict message is the better one.
    const Param unlimited{.fallback = param.fallback};
    try {
      Value value = valueFromJson(json);
      if (complaint(unlimited, value).empty()) return value;
    } catch (const Error&) {
      throw strict;
    }
    throw;
  }
}

}  // namespace

Value settledValue(const Param& param, const nlohmann::ordered_json& json) {
  Value value = anyValue(param, nlohmann::json(json));
  if (const std::string problem = complaint(param, value); !problem.empty()) throw Error({}, problem);
  return value;
}

const Param* findParam(const std::vector<Param>& params, const std::string& name) {
  for (const auto& param : params)
    if (param.name == name) return &param;
  return nullptr;
}

std::string didYouMean(const std::string& name, const std::vector<std::string>& names) {
  const std::string near = nearestName(name, names);
  return near.empty() ? "" : "did you mean \"" + near + "\"?";
}

std::vector<std::string> namesOf(const std::vector<Param>& params) {
  std::vector<std::string> out;
  for (const auto& param : params) out.push_back(param.name);
  return out;
}

}  // namespace blockyard
