// Runs side by side: only the settings that differ, and every metric with its difference to the first run. Pure.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runs/run.hpp"

namespace blockyard {

// One row each; the columns are the runs, the pinned one first.
struct SettingRow {
  std::string path{};                    // "nodes.conv1.values.channels": members of the plan, blocks by their id
  std::vector<nlohmann::json> values{};  // null: the run has no such setting
};
struct MetricRow {
  std::string part{}, metric{};  // "test", "accuracy"
  std::vector<std::optional<double>> values{};
  std::vector<std::optional<double>> deltas{};  // to the first run, if it is counted in the same unit
  std::vector<std::string> units{};             // what stands behind each value, see unitBehind()
};
struct RunComparison {
  std::vector<RunId> runs{};
  std::vector<SettingRow> settings{};
  std::vector<MetricRow> metrics{};
};

RunComparison compareRuns(const std::vector<RunRecord>& runs);
RunComparison compareRuns(const std::vector<const RunRecord*>& runs);

// Everything that was set, by the paths of SettingRow; with "seed", "data_fingerprint" and, where the
// record tells them, "rows.train" and the like.
std::map<std::string, nlohmann::json> settingsOf(const RunRecord& run);
// "nodes.conv1.values.channels" is what a person calls conv1.channels.
std::string settingName(const std::string& path);

}  // namespace blockyard
