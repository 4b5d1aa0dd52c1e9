#include "runs_groups.hpp"

#include <algorithm>
#include <cmath>

#include "graph/metric_names.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

std::string valuesText(const std::vector<Json>& values) {
  constexpr size_t kMost = 4;
  std::string out;
  for (size_t i = 0; i < std::min(kMost, values.size()); ++i) {
    const Json& value = values[i];
    out += (i == 0 ? "" : " | ") + (value.is_null()     ? std::string("-")
                                    : value.is_string() ? value.get<std::string>()
                                                        : value.dump());
  }
  return values.size() > kMost ? out + " | ..." : out;
}

std::string signedText(double value) {
  return (value >= 0 ? "+" : "") + shortNumber(value);
}

std::string meanText(const Spread& spread, const std::string& unit) {
  if (spread.count == 0) return "-";
  return shortNumber(spread.mean) + (spread.count > 1 ? " ± " + shortNumber(spread.deviation) : "") + printable(unit);
}

std::string settingsText(const GroupComparison& comparison, const Context& context) {
  constexpr size_t kWide = 30;
  std::vector<std::string> header{"setting"};
  for (const RunGroup& group : comparison.groups) header.push_back(">" + printable(shortened(group.name, kWide)));
  TextTable table(header);
  for (const GroupSettingRow& row : comparison.settings) {
    std::vector<std::string> cells{printable(settingName(row.path))};
    for (const auto& values : row.values) cells.push_back(printable(shortened(valuesText(values), kWide)));
    table.add(cells);
  }
  return table.empty() ? "" : table.text(context.out) + "\n";
}

// The names that are shown, by part, in the order of a person's interest.
std::map<std::string, std::vector<std::string>> shownMetrics(const GroupComparison& comparison,
                                                             const std::string& class_score) {
  std::map<std::string, MetricValues> all;
  for (const GroupMetricRow& row : comparison.metrics) all[row.part][row.metric] = 0;
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& [part, names] : all) {
    if (class_score.empty()) {
      out[part] = mainMetrics(names);
      continue;
    }
    for (const auto& [name, value] : names) out[part].push_back(name);
  }
  return out;
}

std::string scoresText(const GroupComparison& comparison, const std::string& class_score, const Context& context) {
  TextTable table(
      {"score", "group", ">n", ">mean ± deviation", ">difference", ">95 % interval", ">p (Holm)", ">pairs"});
  const auto shown = shownMetrics(comparison, class_score);
  for (const char* part : {"test", "validation", "train"}) {
    const auto names = shown.find(part);
    if (names == shown.end()) continue;
    for (const std::string& name : names->second) {
      const auto row =
          std::find_if(comparison.metrics.begin(), comparison.metrics.end(),
                       [&](const GroupMetricRow& each) { return each.part == part && each.metric == name; });
      for (size_t g = 0; g < comparison.groups.size(); ++g) {
        const auto& difference = row->differences[g];
        std::vector<std::string> cells{
            g == 0 ? std::string(part) + " " + (class_score.empty() ? "" : class_score + " of ") + printable(name) : "",
            printable(comparison.groups[g].name) + (g == 0 ? " (baseline)" : ""),
            countText(static_cast<int64_t>(row->values[g].count)), meanText(row->values[g], row->units[g])};
        if (!difference) {
          const char* const why = row->units[g] == row->units[0] ? "no seed in common" : "another unit";
          cells.insert(cells.end(), {g > 0 && row->values[g].count > 0 ? why : "", "", "", ""});
        } else {
          const Interval& interval = difference->interval;
          std::string text = signedText(interval.mean);
          const bool better = (interval.mean > 0) == largerIsBetter(class_score.empty() ? name : class_score);
          if (difference->shown()) text = better ? context.out.green(text) : context.out.red(text);
          const bool known = interval.count >= 2;
          cells.insert(cells.end(), {text, known ? signedText(interval.low) + " to " + signedText(interval.high) : "-",
                                     known ? shortNumber(difference->p_adjusted) : "-",
                                     countText(static_cast<int64_t>(interval.count))});
        }
        table.add(cells);
      }
    }
  }
  return table.text(context.out);
}

Json differenceJson(const std::optional<GroupDifference>& difference) {
  if (!difference) return nullptr;
  const auto finite = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  const Interval& interval = difference->interval;
  return {{"mean", interval.mean}, {"low", finite(interval.low)},      {"high", finite(interval.high)},
          {"p", interval.p},       {"p_holm", difference->p_adjusted}, {"pairs", interval.count}};
}

Json toJson(const GroupComparison& comparison, const std::vector<RunRecord>& runs) {
  Json out = {{"groups", Json::array()}, {"settings", Json::array()}, {"metrics", Json::array()}};
  for (const RunGroup& group : comparison.groups) {
    Json ids = Json::array();
    for (const size_t i : group.runs) ids.push_back(runs[i].id.text);
    out["groups"].push_back({{"name", group.name}, {"runs", ids}});
  }
  for (const GroupSettingRow& row : comparison.settings)
    out["settings"].push_back({{"name", settingName(row.path)}, {"values", row.values}});
  for (const GroupMetricRow& row : comparison.metrics) {
    Json values = Json::array(), differences = Json::array();
    for (const Spread& spread : row.values)
      values.push_back(spread.count == 0 ? Json()
                                         : Json{{"n", spread.count},
                                                {"mean", spread.mean},
                                                {"deviation", spread.count > 1 ? Json(spread.deviation) : Json()}});
    for (const auto& difference : row.differences) differences.push_back(differenceJson(difference));
    out["metrics"].push_back({{"part", row.part},
                              {"metric", row.metric},
                              {"values", values},
                              {"units", row.units},
                              {"differences", differences}});
  }
  return out;
}

}  // namespace

void addGroupOptions(CLI::App& app, GroupOptions& options) {
  app.add_option("--group", options.tags,
                 "the runs that have this tag, as one group beside others: mean, deviation, and the difference paired "
                 "by seed. May be given again")
      ->type_name("TAG")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--group-by", options.by,
                 "the same for all runs: settings (equal but for the seed), tag, or the name of a setting, such as "
                 "training.learning_rate. Several settings may be given, one after the other")
      ->type_name("WHAT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

std::vector<RunGroup> groupsAsAsked(const GroupOptions& options, const std::vector<RunRecord>& runs,
                                    const std::vector<RunNotes>& notes) {
  if (!options.tags.empty() && !options.by.empty())
    throwUsage("--group and --group-by are two ways to group", "leave out one of them");
  if (!options.tags.empty()) return groupsByTag(notes, options.tags);
  const auto alone = [&](const char* word) {
    const bool there = std::find(options.by.begin(), options.by.end(), word) != options.by.end();
    if (there && options.by.size() > 1)
      throwUsage(std::string("--group-by ") + word + " goes with nothing else", "leave out the others");
    return there;
  };
  if (alone("settings")) return groupsBySettings(runs);
  if (alone("tag")) return groupsByTag(notes);
  return groupsBySetting(runs, options.by);
}

void printGroups(const GroupComparison& comparison, const std::vector<RunRecord>& runs, const std::string& class_score,
                 const Context& context) {
  if (context.json) return context.printJson(toJson(comparison, runs));
  context.print(settingsText(comparison, context) + scoresText(comparison, class_score, context));
  if (comparison.settings.empty()) context.say("the settings are the same but for the seed");
  context.say("n: runs; differences are to the first group, between runs of the same seed and fold");
}

}  // namespace blockyard::cli
