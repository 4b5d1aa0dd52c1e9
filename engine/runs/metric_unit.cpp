#include "runs/metric_unit.hpp"

#include <nlohmann/json.hpp>

namespace blockyard {

std::string unitBehind(const nlohmann::json& plan, const std::string& metric) {
  using Json = nlohmann::json;
  const size_t dot = metric.rfind('.');
  if (dot == std::string::npos) return {};
  const std::string block = metric.substr(0, dot), score = metric.substr(dot + 1);
  if (score != "value" && score != "value_per_row") return {};
  if (!plan.is_object() || !plan.contains("nodes")) return {};
  for (const Json& node : plan["nodes"]) {
    if (!node.is_object() || node.value("id", Json()) != Json(block)) continue;
    const Json unit = node.value(Json::json_pointer("/values/unit"), Json());
    return unit.is_string() && unit != "" ? " " + unit.get<std::string>() : std::string();
  }
  return {};
}

}  // namespace blockyard
