#include "runs/groups.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "runs/metric_unit.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;
using Settings = std::map<std::string, Json>;  // by path

// What differs between trainings of the same thing.
const std::set<std::string> kChance = {"seed",       "training.seed",   "training.fold",
                                       "rows.train", "rows.validation", "rows.test"};
// Where and how fast it was computed, and what was kept of it.
const std::set<std::string> kCircumstances = {"folder",
                                              "project",
                                              "training.device",
                                              "training.threads",
                                              "training.loader_threads",
                                              "training.memory_budget",
                                              "training.row_cache",
                                              "training.accepted_warnings",
                                              "training.checkpoint_steps",
                                              "training.checkpoint_minutes",
                                              "training.checkpoint_keep"};

bool isMeant(const std::string& path) {
  return kChance.count(path) == 0 && kCircumstances.count(path) == 0;
}

std::vector<Settings> settingsOfAll(const std::vector<RunRecord>& runs) {
  std::vector<Settings> out;
  for (const RunRecord& run : runs) out.push_back(settingsOf(run));
  return out;
}

const Json& valueAt(const Settings& settings, const std::string& path) {
  static const Json kNone;
  const auto it = settings.find(path);
  return it == settings.end() ? kNone : it->second;
}

// Paths whose value is not the same in all.
std::vector<std::string> differing(const std::vector<Settings>& all) {
  std::set<std::string> paths;
  for (const Settings& settings : all)
    for (const auto& [path, value] : settings) paths.insert(path);
  std::vector<std::string> out;
  for (const std::string& path : paths)
    if (isMeant(path) && std::any_of(all.begin(), all.end(), [&](const Settings& settings) {
          return valueAt(settings, path) != valueAt(all.front(), path);
        }))
      out.push_back(path);
  return out;
}

std::string valueText(const Json& value) {
  if (value.is_null()) return "none";
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// "mlp.hidden=[32], training.learning_rate=0.1"
std::string nameFrom(const Settings& settings, const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths)
    out += (out.empty() ? "" : ", ") + settingName(path) + "=" + valueText(valueAt(settings, path));
  return out;
}

// Together stand the runs for which `paths` have the same values.
std::vector<RunGroup> groupsBy(const std::vector<Settings>& all, const std::vector<std::string>& paths) {
  std::vector<RunGroup> out;
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string key = nameFrom(all[i], paths);
    const auto [it, is_new] = places.emplace(key, out.size());
    if (is_new) out.push_back({.name = key});
    out[it->second].runs.push_back(i);
  }
  return out;
}

// The value of a metric for each seed and fold; the mean where a group has trained one more than once.
using Place = std::pair<int64_t, int64_t>;
std::map<Place, double> byPlace(const std::vector<RunRecord>& runs, const std::vector<Place>& places,
                                const RunGroup& group, const std::string& part, const std::string& metric) {
  std::map<Place, std::vector<double>> all;
  for (const size_t i : group.runs) {
    const auto results = runs[i].results.find(part);
    if (results == runs[i].results.end()) continue;
    const auto value = results->second.find(metric);
    if (value != results->second.end() && std::isfinite(value->second)) all[places[i]].push_back(value->second);
  }
  std::map<Place, double> out;
  for (const auto& [place, values] : all) out[place] = spreadOf(values).mean;
  return out;
}

std::optional<GroupDifference> differenceOf(const std::map<Place, double>& base, const std::map<Place, double>& other) {
  std::vector<double> first, second;
  for (const auto& [place, value] : base)
    if (const auto it = other.find(place); it != other.end()) first.push_back(value), second.push_back(it->second);
  if (first.empty()) return {};
  return GroupDifference{.interval = pairedDifference(first, second)};
}

// What stands behind a score of all runs of a group; nothing where they are counted in several units.
std::optional<std::string> commonUnit(const std::vector<RunRecord>& runs, const RunGroup& group,
                                      const std::string& metric) {
  std::set<std::string> units;
  for (const size_t i : group.runs) units.insert(unitBehind(runs[i].plan, metric));
  return units.size() == 1 ? std::optional(*units.begin()) : std::nullopt;
}

GroupMetricRow metricRow(const std::vector<RunRecord>& runs, const std::vector<Place>& places,
                         const std::vector<RunGroup>& groups, const std::string& part, const std::string& metric) {
  GroupMetricRow out{.part = part, .metric = metric};
  std::map<Place, double> base;
  std::vector<double> p;
  for (size_t g = 0; g < groups.size(); ++g) {
    const auto unit = commonUnit(runs, groups[g], metric);
    out.units.push_back(unit.value_or(""));
    std::map<Place, double> by_place;
    std::vector<double> values;
    if (unit) by_place = byPlace(runs, places, groups[g], part, metric);
    for (const size_t i : groups[g].runs)
      if (const auto results = runs[i].results.find(part); results != runs[i].results.end())
        if (const auto it = results->second.find(metric); it != results->second.end() && std::isfinite(it->second))
          if (unit) values.push_back(it->second);
    out.values.push_back(spreadOf(values));
    const bool comparable = g > 0 && out.units[g] == out.units[0];
    out.differences.push_back(comparable ? differenceOf(base, by_place) : std::nullopt);
    if (g == 0) base = by_place;
    if (out.differences.back()) p.push_back(out.differences.back()->interval.p);
  }
  const std::vector<double> adjusted = holmAdjusted(p);
  size_t at = 0;
  for (auto& difference : out.differences)
    if (difference) difference->p_adjusted = adjusted[at++];
  return out;
}

// `settings` of the runs by their places.
std::vector<GroupSettingRow> settingRows(const std::map<size_t, Settings>& settings,
                                         const std::vector<RunGroup>& groups) {
  std::set<std::string> paths;
  for (const auto& [i, each] : settings)
    for (const auto& [path, value] : each)
      if (isMeant(path)) paths.insert(path);
  std::vector<GroupSettingRow> out;
  for (const std::string& path : paths) {
    GroupSettingRow row{.path = path};
    for (const RunGroup& group : groups) {
      auto& values = row.values.emplace_back();
      for (const size_t i : group.runs) {
        const Json& value = valueAt(settings.at(i), path);
        if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
      }
    }
    if (std::any_of(row.values.begin(), row.values.end(),
                    [&](const std::vector<Json>& values) { return values.size() > 1 || values != row.values.front(); }))
      out.push_back(std::move(row));
  }
  return out;
}

Place placeOf(const RunRecord& run) {
  const auto training = run.plan.find("training");
  if (!run.plan.is_object() || training == run.plan.end() || !training->is_object()) return {run.seed, run.study.fold};
  const auto fold = training->find("fold");
  return {run.seed, fold != training->end() && fold->is_number_integer() ? fold->get<int64_t>() : run.study.fold};
}

Error unknown(const std::string& what, const std::string& name, const Texts& names) {
  const std::string near = nearestName(name, names);
  return Error({}, "no run has the " + what + " \"" + name + "\"", near.empty() ? "" : "did you mean \"" + near + "\"?",
               Fault::Usage);
}

}  // namespace

std::vector<RunGroup> groupsBySettings(const std::vector<RunRecord>& runs) {
  constexpr size_t kFew = 3;
  if (runs.empty()) return {};
  const std::vector<Settings> all = settingsOfAll(runs);
  const std::vector<std::string> paths = differing(all);
  std::vector<RunGroup> out = groupsBy(all, paths);
  // Many things that differ make no name.
  if (out.size() == 1)
    out.front().name = "all";
  else if (paths.size() > kFew)
    for (size_t i = 0; i < out.size(); ++i) out[i].name = "group " + std::to_string(i + 1);
  return out;
}

std::vector<RunGroup> groupsBySetting(const std::vector<RunRecord>& runs, const Texts& settings) {
  const std::vector<Settings> all = settingsOfAll(runs);
  std::map<std::string, std::string> paths;  // by name
  for (const Settings& each : all)
    for (const auto& [path, value] : each) paths.emplace(settingName(path), path);
  std::vector<std::string> wanted;
  for (const std::string& name : settings) {
    const auto it = paths.find(name);
    if (it == paths.end()) {
      Texts names;
      for (const auto& [each, path] : paths) names.push_back(each);
      throw unknown("setting", name, names);
    }
    wanted.push_back(it->second);
  }
  return groupsBy(all, wanted);
}

std::vector<RunGroup> groupsByTag(const std::vector<RunNotes>& notes, const Texts& tags) {
  Texts there;
  for (const RunNotes& each : notes)
    for (const std::string& tag : each.tags)
      if (std::find(there.begin(), there.end(), tag) == there.end()) there.push_back(tag);
  std::vector<RunGroup> out;
  for (const std::string& tag : tags.empty() ? there : tags) {
    RunGroup group{.name = tag};
    for (size_t i = 0; i < notes.size(); ++i)
      if (std::find(notes[i].tags.begin(), notes[i].tags.end(), tag) != notes[i].tags.end()) group.runs.push_back(i);
    if (group.runs.empty()) throw unknown("tag", tag, there);
    out.push_back(std::move(group));
  }
  return out;
}

Texts settingsToGroupBy(const std::vector<RunRecord>& runs) {
  Texts out;
  if (runs.empty()) return out;
  for (const std::string& path : differing(settingsOfAll(runs))) out.push_back(settingName(path));
  return out;
}

GroupComparison compareGroups(const std::vector<RunRecord>& runs, std::vector<RunGroup> groups, size_t baseline) {
  GroupComparison out;
  if (baseline < groups.size())
    std::rotate(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(baseline),
                groups.begin() + static_cast<std::ptrdiff_t>(baseline) + 1);
  std::vector<Place> places;
  for (const RunRecord& run : runs) places.push_back(placeOf(run));
  std::set<size_t> in_a_group;
  for (const RunGroup& group : groups) in_a_group.insert(group.runs.begin(), group.runs.end());
  std::map<size_t, Settings> settings;
  std::set<std::pair<std::string, std::string>> names;
  for (const size_t i : in_a_group) {
    settings[i] = settingsOf(runs[i]);
    for (const auto& [part, metrics] : runs[i].results)
      for (const auto& [metric, value] : metrics) names.emplace(part, metric);
  }
  out.settings = settingRows(settings, groups);
  for (const auto& [part, metric] : names) out.metrics.push_back(metricRow(runs, places, groups, part, metric));
  out.groups = std::move(groups);
  return out;
}

size_t groupOfRun(const std::vector<RunRecord>& runs, const std::vector<RunGroup>& groups, const std::string& id) {
  for (size_t g = 0; g < groups.size(); ++g)
    for (const size_t i : groups[g].runs)
      if (runs[i].id.text == id) return g;
  return 0;
}

}  // namespace blockyard
