#include "runs/compare.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace blockyard {
namespace {

using Json = nlohmann::json;

// Items that have an id are named by it, so that a block which moved in the list is still the same block.
bool itemsHaveIds(const Json& list) {
  return !list.empty() && std::all_of(list.begin(), list.end(), [](const Json& item) {
    return item.is_object() && item.contains("id") && item["id"].is_string();
  });
}

void flatten(const Json& json, const std::string& path, std::map<std::string, Json>& out) {
  const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  const bool plain_list =
      json.is_array() && std::none_of(json.begin(), json.end(), [](const Json& j) { return j.is_structured(); });
  if (json.is_object() && !json.empty()) {
    for (const auto& [name, value] : json.items()) flatten(value, below(name), out);
  } else if (json.is_array() && !plain_list) {
    const bool by_id = itemsHaveIds(json);
    for (size_t i = 0; i < json.size(); ++i)
      flatten(json[i], below(by_id ? json[i]["id"].get<std::string>() : std::to_string(i)), out);
  } else {
    out[path] = json;
  }
}

std::vector<SettingRow> settingRows(const std::vector<RunRecord>& runs) {
  std::vector<std::map<std::string, Json>> columns;
  std::set<std::string> paths;
  for (const auto& run : runs) {
    auto& column = columns.emplace_back();
    if (!run.plan.is_null()) flatten(run.plan, "", column);
    column.emplace("seed", run.seed);
    column.emplace("data_fingerprint", run.data_fingerprint);
    for (const auto& [path, value] : column) paths.insert(path);
  }
  std::vector<SettingRow> out;
  for (const auto& path : paths) {
    SettingRow row{.path = path};
    for (const auto& column : columns) {
      const auto it = column.find(path);
      row.values.push_back(it == column.end() ? Json() : it->second);
    }
    const auto differs = [&](const Json& value) { return value != row.values.front(); };
    if (std::any_of(row.values.begin(), row.values.end(), differs)) out.push_back(std::move(row));
  }
  return out;
}

std::vector<MetricRow> metricRows(const std::vector<RunRecord>& runs) {
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& run : runs)
    for (const auto& [part, metrics] : run.results)
      for (const auto& [metric, value] : metrics) names.emplace(part, metric);
  std::vector<MetricRow> out;
  for (const auto& [part, metric] : names) {
    MetricRow row{.part = part, .metric = metric};
    for (const auto& run : runs) {
      const auto found = run.results.find(part);
      std::optional<double> value;
      if (found != run.results.end() && found->second.count(metric) > 0) value = found->second.at(metric);
      row.values.push_back(value);
      const auto& first = row.values.front();
      row.deltas.push_back(value && first ? std::optional(*value - *first) : std::nullopt);
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

RunComparison compareRuns(const std::vector<RunRecord>& runs) {
  RunComparison out;
  for (const auto& run : runs) out.runs.push_back(run.id);
  out.settings = settingRows(runs);
  out.metrics = metricRows(runs);
  return out;
}

}  // namespace blockyard
