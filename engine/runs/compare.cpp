#include "runs/compare.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runs/metric_unit.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// Items that have an id are named by it, so that a block which moved in the list is still the same block.
bool itemsHaveIds(const Json& list) {
  return !list.empty() && std::all_of(list.begin(), list.end(), [](const Json& item) {
    return item.is_object() && item.contains("id") && item["id"].is_string();
  });
}

// Whether it is taken apart; a list of plain values is a value itself.
bool hasParts(const Json& json) {
  if (json.is_object()) return !json.empty();
  return json.is_array() && std::any_of(json.begin(), json.end(), [](const Json& j) { return j.is_structured(); });
}

std::map<std::string, const Json*> partsOf(const Json& json) {
  std::map<std::string, const Json*> out;
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) out.emplace(name, &value);
    return out;
  }
  const bool by_id = itemsHaveIds(json);
  for (size_t i = 0; i < json.size(); ++i)
    out.insert_or_assign(by_id ? json[i]["id"].get<std::string>() : std::to_string(i), &json[i]);
  return out;
}

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

void flatten(const Json& json, const std::string& path, std::map<std::string, Json>& out) {
  if (!hasParts(json)) {
    out[path] = json;
    return;
  }
  for (const auto& [name, part] : partsOf(json)) flatten(*part, below(path, name), out);
}

// Of the same thing in all runs, null where one has it not: what differs. Most of a plan is the same, and nobody copies
// that.
void addDiffering(const std::vector<const Json*>& all, const std::string& path, std::vector<SettingRow>& out) {
  static const Json kNone;
  const auto same = [&](const Json* json) {
    const Json &a = all.front() == nullptr ? kNone : *all.front(), &b = json == nullptr ? kNone : *json;
    return (json == nullptr) == (all.front() == nullptr) && a == b;
  };
  if (std::all_of(all.begin(), all.end(), same)) return;
  std::vector<std::map<std::string, const Json*>> parts(all.size());
  std::set<std::string> names;
  SettingRow row{.path = path};
  bool values = false;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool apart = all[i] != nullptr && hasParts(*all[i]);
    if (apart) parts[i] = partsOf(*all[i]);
    for (const auto& [name, part] : parts[i]) names.insert(name);
    values = values || (all[i] != nullptr && !apart);
    row.values.push_back(all[i] == nullptr || apart ? Json() : *all[i]);
  }
  if (values) out.push_back(std::move(row));
  for (const std::string& name : names) {
    std::vector<const Json*> next;
    for (const auto& each : parts) {
      const auto it = each.find(name);
      next.push_back(it == each.end() ? nullptr : it->second);
    }
    addDiffering(next, below(path, name), out);
  }
}

// What the record says beside its plan.
std::map<std::string, Json> besidePlan(const RunRecord& run) {
  std::map<std::string, Json> out{{"seed", run.seed}, {"data_fingerprint", run.data_fingerprint}};
  if (run.data.rowsUsed() > 0) {
    out["rows.train"] = run.data.train;
    out["rows.validation"] = run.data.validation;
    out["rows.test"] = run.data.test;
  }
  return out;
}

std::vector<SettingRow> settingRows(const std::vector<const RunRecord*>& runs) {
  std::vector<SettingRow> out;
  if (runs.empty()) return out;
  std::vector<const Json*> plans;
  std::vector<Json> beside;
  for (const RunRecord* run : runs) {
    plans.push_back(run->plan.is_null() ? nullptr : &run->plan);
    beside.emplace_back(besidePlan(*run));
  }
  addDiffering(plans, "", out);
  std::vector<const Json*> others;
  for (const Json& each : beside) others.push_back(&each);
  addDiffering(others, "", out);
  std::sort(out.begin(), out.end(), [](const SettingRow& a, const SettingRow& b) { return a.path < b.path; });
  const auto named = [](const char* path) { return [path](const SettingRow& row) { return row.path == path; }; };
  if (std::any_of(out.begin(), out.end(), named("training.seed"))) std::erase_if(out, named("seed"));
  return out;
}

std::vector<MetricRow> metricRows(const std::vector<const RunRecord*>& runs) {
  std::set<std::pair<std::string, std::string>> names;
  for (const RunRecord* run : runs)
    for (const auto& [part, metrics] : run->results)
      for (const auto& [metric, value] : metrics) names.emplace(part, metric);
  std::vector<MetricRow> out;
  for (const auto& [part, metric] : names) {
    MetricRow row{.part = part, .metric = metric};
    for (const RunRecord* run : runs) {
      const auto found = run->results.find(part);
      std::optional<double> value;
      if (found != run->results.end() && found->second.count(metric) > 0) value = found->second.at(metric);
      row.values.push_back(value);
      row.units.push_back(unitBehind(run->plan, metric));
      const auto& first = row.values.front();
      const bool same_unit = row.units.back() == row.units.front();
      row.deltas.push_back(value && first && same_unit ? std::optional(*value - *first) : std::nullopt);
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::map<std::string, Json> settingsOf(const RunRecord& run) {
  std::map<std::string, Json> out;
  if (!run.plan.is_null()) flatten(run.plan, "", out);
  out.merge(besidePlan(run));
  return out;
}

std::string settingName(const std::string& path) {
  std::string name = path;
  if (name.starts_with("nodes.")) name.erase(0, 6);
  if (const size_t at = name.find(".values."); at != std::string::npos) name.erase(at, 7);
  return name;
}

RunComparison compareRuns(const std::vector<RunRecord>& runs) {
  std::vector<const RunRecord*> all;
  for (const RunRecord& run : runs) all.push_back(&run);
  return compareRuns(all);
}

RunComparison compareRuns(const std::vector<const RunRecord*>& runs) {
  RunComparison out;
  for (const RunRecord* run : runs) out.runs.push_back(run->id);
  out.settings = settingRows(runs);
  out.metrics = metricRows(runs);
  return out;
}

}  // namespace blockyard
