// Groups of runs: trainings that differ by chance alone, or share a tag or the value of a setting, judged together -
// each score as mean and deviation, its difference to a baseline paired by seed and fold, with an interval. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runs/compare.hpp"
#include "runs/statistics.hpp"

namespace blockyard {

struct RunGroup {
  std::string name{};          // "mlp.hidden=[32]", a tag, or "group 2"
  std::vector<size_t> runs{};  // places in the list that was grouped
  bool operator==(const RunGroup&) const = default;
};

// All of these keep the order of the first run of each group.
// Runs whose settings are the same but for the seed, the fold, and where and how fast they were computed.
std::vector<RunGroup> groupsBySettings(const std::vector<RunRecord>& runs);
// Runs with the same value of the setting "mlp.hidden" or "training.learning_rate"; of all of them where there are
// several. Throws Error (Usage) with the nearest name for one that no run has.
std::vector<RunGroup> groupsBySetting(const std::vector<RunRecord>& runs, const Texts& settings);
// Runs that have a tag; a run with several stands in each. No tags: all there are. Throws Error (Usage) for a tag that
// no run has. `notes` are those of the runs, in the same order.
std::vector<RunGroup> groupsByTag(const std::vector<RunNotes>& notes, const Texts& tags = {});
// Names of the settings that differ among the runs: what to group by.
Texts settingsToGroupBy(const std::vector<RunRecord>& runs);

// One row each; the columns are the groups.
struct GroupSettingRow {
  std::string path{};                                 // as of SettingRow
  std::vector<std::vector<nlohmann::json>> values{};  // of each group: every value once; null: no such setting
};
struct GroupDifference {
  Interval interval{};    // of the group's value less the baseline's; count: pairs with the same seed and fold
  double p_adjusted = 1;  // Holm, over all groups
  bool shown() const { return interval.count >= 2 && p_adjusted < 0.05; }
};
struct GroupMetricRow {
  std::string part{}, metric{};
  std::vector<Spread> values{};                               // count 0: none of its runs has it, or in several units
  std::vector<std::string> units{};                           // what stands behind each, see unitBehind()
  std::vector<std::optional<GroupDifference>> differences{};  // nothing: no seed or unit in common; the first has none
};
struct GroupComparison {
  std::vector<RunGroup> groups{};  // the baseline first
  std::vector<GroupSettingRow> settings{};
  std::vector<GroupMetricRow> metrics{};
};

// `baseline` is the place of a group.
GroupComparison compareGroups(const std::vector<RunRecord>& runs, std::vector<RunGroup> groups, size_t baseline = 0);
// The group that holds the run of this id; 0 if none does.
size_t groupOfRun(const std::vector<RunRecord>& runs, const std::vector<RunGroup>& groups, const std::string& id);

}  // namespace blockyard
