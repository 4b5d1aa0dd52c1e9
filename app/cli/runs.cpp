// blockyard runs: what has been trained, side by side.
#include <unistd.h>

#include <iostream>

#include "drive.hpp"
#include "locate.hpp"
#include "progress.hpp"
#include "runs/compare.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string project{};
  std::vector<std::string> runs{};
  bool yes = false;
};

std::string runWord() {
  return "its id, the beginning of one, or \"latest\"";
}

// The part whose scores count: those nobody has chosen by.
const MetricValues* bestPart(const Results& results, std::string* name = nullptr) {
  for (const char* part : {"test", "validation", "train"}) {
    const auto it = results.find(part);
    if (it == results.end() || it->second.empty()) continue;
    if (name != nullptr) *name = part;
    return &it->second;
  }
  return nullptr;
}

std::string scoreText(const Results& results) {
  std::string part;
  const MetricValues* metrics = bestPart(results, &part);
  if (metrics == nullptr) return "";
  const auto names = mainMetrics(*metrics);
  return names.empty() ? "" : part + " " + names[0] + " " + shortNumber(metrics->at(names[0]));
}

std::string stateText(const Terminal& out, RunState state) {
  const std::string name = nameOf(state);
  if (state == RunState::Done) return out.green(name);
  if (state == RunState::Failed || state == RunState::Diverged) return out.red(name);
  return state == RunState::Interrupted ? out.yellow(name) : name;
}

std::string joined(const Texts& texts, const char* between = " ") {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : between) + text;
  return out;
}

Json recordJson(const RunRecord& record, RunState shown) {
  Json json = toJson(record);
  json["state"] = nameOf(shown);
  return json;
}

int list(const Options& options, const Context& context) {
  const auto folder = projectFolder(options.project);
  const auto runs = listRuns(folder);
  if (context.json) {
    Json json = Json::array();
    for (const auto& run : runs) {
      json.push_back(run.record ? recordJson(*run.record, run.shown)
                                : Json{{"id", run.id.text}, {"damage", run.damage}});
      json.back().erase("plan");  // "runs show" tells it
    }
    context.printJson({{"runs", json}});
    return 0;
  }
  TextTable table({"run", "state", ">epochs", ">time", "score", "purpose and changes"});
  for (const auto& run : runs) {
    if (!run.record) {
      table.add({run.id.text, context.out.red("damaged"), "", "", "", printable(run.damage)});
      continue;
    }
    const RunRecord& record = *run.record;
    const std::string what =
        record.purpose + (record.purpose.empty() || record.overrides.empty() ? "" : ", ") + joined(record.overrides);
    table.add({run.id.text, stateText(context.out, run.shown), countText(record.epochs),
               record.seconds > 0 ? secondsText(record.seconds) : "", scoreText(record.results), printable(what)});
  }
  if (runs.empty()) {
    context.say("no runs yet; \"blockyard train\" makes one");
  } else {
    context.print(table.text(context.out));
  }
  return 0;
}

std::string resultsText(const Context& context, const Results& results) {
  std::vector<std::string> header{"score"};
  std::map<std::string, std::vector<std::string>> rows;
  size_t parts = 0;
  for (const char* part : {"train", "validation", "test"}) {
    const auto it = results.find(part);
    if (it == results.end() || it->second.empty()) continue;
    header.push_back(std::string(">") + part);
    ++parts;
    for (const auto& [name, value] : it->second) {
      rows[name].resize(parts);
      rows[name][parts - 1] = shortNumber(value);
    }
  }
  if (parts == 0) return "";
  TextTable table(header);
  for (auto& [name, cells] : rows) {
    cells.resize(parts);
    std::vector<std::string> row{name};
    row.insert(row.end(), cells.begin(), cells.end());
    table.add(row);
  }
  return "\n" + table.text(context.out);
}

int show(const Options& options, const Context& context) {
  const Run run = openRun(options.runs.empty() ? "last" : options.runs[0], options.project);
  const RunRecord& record = run.record();
  if (context.json) {
    context.printJson(recordJson(record, run.shownState()));
    return 0;
  }
  std::string out;
  const auto line = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    std::string label = name;
    label.resize(12, ' ');
    out += context.out.bold(label) + printable(value) + "\n";
  };
  line("run", record.id.text);
  out += context.out.bold("state       ") + stateText(context.out, run.shownState()) + "\n";
  line("error", record.error);
  line("purpose", record.purpose);
  line("changes", joined(record.overrides));
  line("started", record.started);
  line("ended", record.ended);
  line("time", record.seconds > 0 ? secondsText(record.seconds) : "");
  line("trained", countText(record.epochs) + " epochs, " + countText(record.steps) + " steps, " +
                      countText(record.parameter_count) + " parameters");
  line("seed", std::to_string(record.seed));
  line("data", record.data_fingerprint.substr(0, 16));
  line("settings", record.plan_hash.substr(0, 16));
  line("machine", record.machine.cpu + ", " + std::to_string(record.machine.cores) + " cores" +
                      (record.machine.gpu.empty() ? "" : ", " + record.machine.gpu));
  std::string versions;
  for (const auto& [name, version] : record.versions) versions += (versions.empty() ? "" : ", ") + name + " " + version;
  line("versions", versions);
  line("notes", record.notes);
  line("tags", joined(record.tags, ", "));
  line("folder", run.folder().string());
  context.print(out + resultsText(context, record.results));
  return 0;
}

std::vector<RunRecord> recordsOf(const Options& options) {
  std::vector<RunRecord> records;
  for (const auto& name : options.runs) records.push_back(openRun(name, options.project).record());
  if (!options.runs.empty()) return records;
  for (const auto& run : listRuns(projectFolder(options.project))) {
    if (run.record && !run.record->results.empty()) records.push_back(*run.record);
  }
  return records;
}

// "nodes.conv1.values.channels" is what a person calls conv1.channels.
std::string settingName(const std::string& path) {
  std::string name = path;
  if (name.starts_with("nodes.")) name.erase(0, 6);
  if (const size_t at = name.find(".values."); at != std::string::npos) name.erase(at, 7);
  return name;
}

std::string settingText(const Json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Ids share their beginnings; what follows is enough to tell them apart.
std::string shortId(const RunId& id, const std::vector<RunId>& all) {
  const std::string day = id.text.substr(0, 9);
  for (const auto& other : all) {
    if (!other.text.starts_with(day)) return id.text;
  }
  return id.text.substr(std::min<size_t>(9, id.text.size()));
}

std::string comparisonText(const RunComparison& comparison, const Context& context) {
  std::vector<std::string> header{""};
  for (const auto& id : comparison.runs) header.push_back(">" + shortId(id, comparison.runs));
  TextTable table(header);
  const auto cells = [&](const std::string& name) { return std::vector<std::string>{printable(name)}; };
  for (const auto& setting : comparison.settings) {
    auto row = cells(settingName(setting.path));
    for (const auto& value : setting.values) row.push_back(printable(shortened(settingText(value), 30)));
    table.add(row);
  }
  std::map<std::string, std::map<std::string, double>> numbers;
  for (const auto& metric : comparison.metrics) {
    for (const auto& value : metric.values) {
      if (value) numbers[metric.part].emplace(metric.metric, *value);
    }
  }
  for (const auto& metric : comparison.metrics) {
    const auto main = mainMetrics(numbers[metric.part]);
    if (std::find(main.begin(), main.end(), metric.metric) == main.end()) continue;
    auto row = cells(metric.part + " " + metric.metric);
    for (size_t i = 0; i < metric.values.size(); ++i) {
      std::string text = metric.values[i] ? shortNumber(*metric.values[i]) : "-";
      if (i > 0 && metric.deltas[i])
        text += context.out.dim((*metric.deltas[i] >= 0 ? " (+" : " (") + shortNumber(*metric.deltas[i]) + ")");
      row.push_back(text);
    }
    table.add(row);
  }
  return table.text(context.out);
}

int compare(const Options& options, const Context& context) {
  const auto records = recordsOf(options);
  if (records.size() < 2) {
    throw Error({}, "there are " + std::to_string(records.size()) + " runs with scores, and comparing takes two",
                "\"blockyard train --set ...\" makes another", Fault::Usage);
  }
  const RunComparison comparison = compareRuns(records);
  if (!context.json) {
    context.print(comparisonText(comparison, context));
    if (comparison.settings.empty()) context.say("the settings are the same");
    return 0;
  }
  Json json = {{"runs", Json::array()}, {"settings", Json::array()}, {"metrics", Json::array()}};
  for (const auto& id : comparison.runs) json["runs"].push_back(id.text);
  for (const auto& row : comparison.settings)
    json["settings"].push_back({{"name", settingName(row.path)}, {"values", row.values}});
  const auto optional = [](const std::vector<std::optional<double>>& values) {
    Json list = Json::array();
    for (const auto& value : values) list.push_back(value ? Json(*value) : Json());
    return list;
  };
  for (const auto& row : comparison.metrics) {
    json["metrics"].push_back({{"part", row.part},
                               {"metric", row.metric},
                               {"values", optional(row.values)},
                               {"deltas", optional(row.deltas)}});
  }
  context.printJson(json);
  return 0;
}

void confirm(const std::vector<RunId>& ids, const Context& context) {
  std::string names;
  for (const auto& id : ids) names += " " + id.text;
  if (isatty(STDIN_FILENO) != 1) throwUsage("deleting runs wants to be confirmed", "--yes says so");
  context.err.write("delete" + names + "? [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Error({}, "nothing was deleted", {}, Fault::Failed);
}

int remove(const Options& options, const Context& context) {
  std::vector<RunId> ids;
  for (const auto& name : options.runs) ids.push_back(openRun(name, options.project).id());
  if (!options.yes) confirm(ids, context);
  for (const auto& id : ids) removeRun(projectFolder(options.project), id);
  context.say("deleted " + countText(static_cast<int64_t>(ids.size())) + (ids.size() == 1 ? " run" : " runs"));
  return 0;
}

int resume(const Options& options, const Context& context) {
  return trainAndReport(resumed(options.runs.empty() ? "last" : options.runs[0], options.project), "", options.project,
                        context);
}

using Call = int (*)(const Options&, const Context&);

Work workOf(const std::shared_ptr<Options>& options, Call call) {
  return [options, call](Context& context) { return call(*options, context); };
}

}  // namespace

Verb runsVerb() {
  Verb runs{"runs", "List, show, compare, resume or delete runs",
            "blockyard runs list flowers\n"
            "blockyard runs show latest\n"
            "blockyard runs compare latest 20261121-1145   # settings that "
            "differ, scores side by side"};
  runs.verbs = {
      {"list", "All runs of a project, the newest last", "blockyard runs list\nblockyard runs list flowers --json",
       [](CLI::App& app) -> Work {
         auto options = std::make_shared<Options>();
         addProject(app, options->project);
         addProjectOption(app, options->project);
         return workOf(options, list);
       }},
      {"show", "Everything about a run", "blockyard runs show latest\nblockyard runs show 20261121-1145 --json",
       [](CLI::App& app) -> Work {
         auto options = std::make_shared<Options>();
         app.add_option("RUN", options->runs, runWord() + ", which is meant if none is given")->expected(0, 1);
         addProjectOption(app, options->project);
         return workOf(options, show);
       }},
      {"compare",
       "Runs side by side: settings that differ, and every score with its "
       "difference to the first run",
       "blockyard runs compare                       # all that have "
       "scores\nblockyard runs compare 20261121-1145 latest",
       [](CLI::App& app) -> Work {
         auto options = std::make_shared<Options>();
         app.add_option("RUN", options->runs, "each " + runWord() + "; all if none is given");
         addProjectOption(app, options->project);
         return workOf(options, compare);
       }},
      {"resume", "Go on with a run that was stopped", "blockyard runs resume latest",
       [](CLI::App& app) -> Work {
         auto options = std::make_shared<Options>();
         app.add_option("RUN", options->runs, runWord() + ", which is meant if none is given")->expected(0, 1);
         addProjectOption(app, options->project);
         return workOf(options, resume);
       }},
      {"rm", "Delete runs", "blockyard runs rm 20261121-1145\nblockyard runs rm latest --yes",
       [](CLI::App& app) -> Work {
         auto options = std::make_shared<Options>();
         app.add_option("RUN", options->runs, "each " + runWord())->required();
         app.add_flag("-y,--yes", options->yes, "do not ask");
         addProjectOption(app, options->project);
         return workOf(options, remove);
       }},
  };
  return runs;
}

}  // namespace blockyard::cli
