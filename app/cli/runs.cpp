// blockyard runs: what has been trained, side by side.
#include <algorithm>
#include <cmath>

#include "drive.hpp"
#include "locate.hpp"
#include "progress.hpp"
#include "runs/checkpoints.hpp"
#include "runs/error_examples.hpp"
#include "runs/metric_unit.hpp"
#include "runs_verbs.hpp"
#include "training/branch.hpp"
#include "training/data_files.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options : RunOptions {
  std::string tag{};
  std::string study{};
  std::string at{};
  bool all = false;
  bool tree = false;
};

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

Json recordJson(const RunRecord& record, RunState shown, const RunNotes& notes) {
  Json json = toJson(record);
  json["state"] = nameOf(shown);
  json["tags"] = notes.tags;
  json["notes"] = notes.text;
  json["archived"] = notes.archived;
  return json;
}

// Where a run began that did not begin by itself; empty for others.
std::string originText(const RunRecord& record) {
  if (!record.repeats.empty()) return "repeats " + record.repeats;
  if (record.parent) return "branch of " + record.parent->run + " at step " + std::to_string(record.parent->step);
  return {};
}

// "40, 80 (best), 120"
std::string checkpointsText(const Run& run) {
  const CheckpointStore store(run.folder() / "checkpoints");
  std::string out;
  for (const CheckpointInfo& info : store.checkpoints())
    out += (out.empty() ? "steps " : ", ") + std::to_string(info.step) + (info.best ? " (best)" : "");
  return out;
}

std::string branchesText(const RunId& id, const std::filesystem::path& project_folder) {
  std::string out;
  for (const RunEntry& run : listRuns(project_folder)) {
    if (!run.record || (run.record->repeats != id.text && (!run.record->parent || run.record->parent->run != id.text)))
      continue;
    out += (out.empty() ? "" : ", ") + run.id.text +
           (run.record->repeats == id.text ? " (repeats it)"
                                           : " (from step " + std::to_string(run.record->parent->step) + ")");
  }
  return out;
}

bool isWanted(const Options& options, const RunEntry& run) {
  if (run.notes.archived && !options.all) return false;
  const std::string study = run.record ? run.record->study.study : "";
  if (!options.study.empty() ? study != options.study : !study.empty() && !options.all) return false;
  const Texts& tags = run.notes.tags;
  return options.tag.empty() || std::find(tags.begin(), tags.end(), options.tag) != tags.end();
}

std::string tagsText(const RunEntry& run, const std::string& baseline) {
  std::string out = joined(run.notes.tags);
  const auto add = [&](bool is, const char* word) {
    if (is) out += (out.empty() ? "" : " ") + std::string(word);
  };
  add(run.id.text == baseline, "(baseline)");
  add(run.notes.archived, "(archived)");
  return out;
}

int list(const Options& options, const Context& context) {
  const auto folder = projectFolder(options.project);
  auto runs = listRuns(folder);
  const size_t all = runs.size();
  std::erase_if(runs, [&](const RunEntry& run) { return !isWanted(options, run); });
  const std::string baseline = pinnedBaseline(folder);
  if (context.json) {
    Json json = Json::array();
    for (const auto& run : runs) {
      json.push_back(run.record ? recordJson(*run.record, run.shown, run.notes)
                                : Json{{"id", run.id.text}, {"damage", run.damage}});
      json.back().erase("plan");  // "runs show" tells it
    }
    context.printJson({{"runs", json}, {"baseline", baseline}});
    return 0;
  }
  std::vector<FamilyPlace> places = families(runs);
  if (!options.tree)
    std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  TextTable table({"run", "state", ">epochs", ">time", "score", "tags", "purpose and changes"});
  for (const FamilyPlace& place : places) {
    const RunEntry& run = runs[place.index];
    const std::string name = options.tree && place.depth > 0
                                 ? std::string(static_cast<size_t>(place.depth - 1) * 2, ' ') + "└ " + run.id.text
                                 : run.id.text;
    if (!run.record) {
      table.add({name, context.out.red("damaged"), "", "", "", "", printable(run.damage)});
      continue;
    }
    const RunRecord& record = *run.record;
    std::string what = originText(record);
    for (const std::string& part : {record.purpose, joined(record.overrides)})
      if (!part.empty()) what += (what.empty() ? "" : ", ") + part;
    table.add({name, stateText(context.out, run.shown), countText(record.epochs),
               record.seconds > 0 ? secondsText(record.seconds) : "", scoreText(record.results),
               printable(tagsText(run, baseline)), printable(what)});
  }
  if (!runs.empty()) context.print(table.text(context.out));
  if (all == 0)
    context.say("no runs yet; \"blockyard train\" makes one");
  else if (!options.study.empty() && runs.empty())
    context.say("no run belongs to a study \"" + options.study + "\"");
  else if (runs.size() < all && options.tag.empty() && options.study.empty())
    context.say(countText(static_cast<int64_t>(all - runs.size())) +
                " archived or trained by a study; --all shows them too");
  else if (runs.empty())
    context.say("no run has the tag \"" + options.tag + "\"");
  return 0;
}

std::string resultsText(const Context& context, const Results& results, const nlohmann::json& plan) {
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
      rows[name][parts - 1] = shortNumber(value) + printable(unitBehind(plan, name));
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

// By size and time alone: the files may be large.
std::vector<std::string> filesThatChanged(const Run& run) {
  constexpr size_t kMost = 5;
  const std::vector<DataFile>& then = run.record().data.files;
  if (then.empty()) return {};  // a run of an older version
  std::vector<DataFile> now;
  try {
    const Plan plan = planFromJson(run.record().plan);
    now = lookAtFiles(filesOf(plan), run.folder().parent_path().parent_path().string());
  } catch (const Error&) {  // the plan of a later version, or none
    return {};
  }
  std::vector<std::string> out;
  for (const DataFile& file : then) {
    const DataFile* found = fileNamed(file.file, now);
    if (found == nullptr || found->bytes < 0)
      out.push_back(file.file + " is not there any more");
    else if (*found != file)
      out.push_back(file.file + " has been written since");
  }
  for (const DataFile& file : now)
    if (file.bytes >= 0 && fileNamed(file.file, then) == nullptr) out.push_back(file.file + " is new");
  if (out.size() > kMost) {
    const size_t more = out.size() - kMost;
    out.resize(kMost);
    out.push_back("and " + countText(static_cast<int64_t>(more)) + " more files");
  }
  return out;
}

// A damaged file of them hides nothing else.
std::optional<ErrorExamples> errorsOf(const Run& run, const Context& context) {
  try {
    return errorExamplesOf(run.folder());
  } catch (const Error& error) {
    context.warn(std::string("the rows that it got wrong cannot be read: ") + error.what());
    return {};
  }
}

// The few rows that it was most wrong about; the report has more of them.
std::string errorsText(const Context& context, const Run& run) {
  constexpr size_t kMost = 5, kCells = 4, kWide = 24;
  const auto errors = errorsOf(run, context);
  if (!errors || errors->examples.empty()) return {};
  const bool numbers = std::isnan(errors->examples.front().probability);
  std::vector<std::string> header{">most wrong row", "true", "answer", numbers ? ">off by" : ">probability"};
  const auto& first = errors->examples.front();
  for (size_t i = 0; i < std::min(kCells, first.columns.size()); ++i)
    header.push_back(printable(shortened(first.columns[i].first, kWide)));
  TextTable table(header);
  for (size_t k = 0; k < std::min(kMost, errors->examples.size()); ++k) {
    const ErrorExample& each = errors->examples[k];
    std::vector<std::string> row{countText(each.row + 1), printable(shortened(each.truth, kWide)),
                                 printable(shortened(each.answer, kWide)),
                                 shortNumber(numbers ? each.wrongness : each.probability)};
    for (size_t i = 0; i < std::min(kCells, each.columns.size()); ++i)
      row.push_back(printable(shortened(each.columns[i].second, kWide)));
    table.add(row);
  }
  std::string out = "\n" + table.text(context.out);
  if (!numbers) out += countText(errors->wrong) + " of " + countText(errors->rows) + " test rows were answered wrong\n";
  return out;
}

int show(const Options& options, const Context& context) {
  const Run run = runOf(options);
  const RunRecord& record = run.record();
  const RunNotes notes = readNotes(run.folder());
  if (context.json) {
    Json json = recordJson(record, run.shownState(), notes);
    if (const auto errors = errorsOf(run, context)) json["errors"] = toJson(*errors);
    context.printJson(json);
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
  line("origin", originText(record));
  line("branches", branchesText(record.id, run.folder().parent_path().parent_path()));
  line("trained", countText(record.epochs) + " epochs, " + countText(record.steps) + " steps, " +
                      countText(record.parameter_count) + " parameters");
  line("checkpoints", checkpointsText(run));
  for (const RateChange& change : record.rate_changes)
    line("live", "learning rate times " + Value(change.factor).text() + " after step " + std::to_string(change.step));
  line("weights", record.weights_sha256.substr(0, 16));
  line("seed", std::to_string(record.seed));
  line("data", record.data_fingerprint.substr(0, 16));
  if (record.data.rowsUsed() > 0)
    line("rows", countText(record.data.train) + " training, " + countText(record.data.validation) + " validation, " +
                     countText(record.data.test) + " test");
  for (const std::string& text : filesThatChanged(run)) line("data now", text);
  line("data origin", record.card.origin);
  line("licence", record.card.licence);
  for (const std::string& note : record.card.notes) line("data note", note);
  for (const RowsLeftOut& rows : record.data.left_out)
    line("left out", "by " + rows.block + ": " + countText(rows.train) + " training, " + countText(rows.validation) +
                         " validation, " + countText(rows.test) + " test rows");
  line("settings", record.plan_hash.substr(0, 16));
  line("machine", record.machine.cpu + ", " + std::to_string(record.machine.cores) + " cores" +
                      (record.machine.gpu.empty() ? "" : ", " + record.machine.gpu));
  std::string versions;
  for (const auto& [name, version] : record.versions) versions += (versions.empty() ? "" : ", ") + name + " " + version;
  line("versions", versions);
  line("tags", joined(notes.tags, ", "));
  line("note", notes.text);
  line("archived", notes.archived ? "yes" : "");
  line("folder", run.folder().string());
  context.print(out + resultsText(context, record.results, record.plan) + errorsText(context, run));
  return 0;
}

int resume(const Options& options, const Context& context) {
  return trainAndReport(resumed(options.runs.empty() ? "last" : options.runs[0], options.project, options.at), "",
                        options.project, context);
}

using Call = int (*)(const Options&, const Context&);

Work workOf(const std::shared_ptr<Options>& options, Call call) {
  return [options, call](Context& context) { return call(*options, context); };
}

Verb listVerb() {
  return {"list", "All runs of a project, the newest last",
          "blockyard runs list\nblockyard runs list flowers --json\nblockyard runs list --tag good --all\nblockyard "
          "runs list --tree",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addProject(app, options->project);
            addProjectOption(app, options->project);
            app.add_option("--tag", options->tag, "only the runs that have this tag")->type_name("TAG");
            app.add_option("--study", options->study, "only the trainings of this study")->type_name("STUDY");
            app.add_flag("-a,--all", options->all, "archived runs and those of studies too");
            app.add_flag("--tree", options->tree, "branches and repetitions below the run that they come from");
            return workOf(options, list);
          }};
}

Verb showVerb() {
  return {"show", "Everything about a run", "blockyard runs show latest\nblockyard runs show 20261121-1145 --json",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRun(app, *options);
            return workOf(options, show);
          }};
}

Verb resumeVerb() {
  return {"resume", "Go on with a run that was stopped",
          "blockyard runs resume latest\nblockyard runs resume latest --at 1200", [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRun(app, *options);
            app.add_option("--at", options->at,
                           "the step whose checkpoint is meant, or \"best\"; the latest if not given")
                ->type_name("STEP");
            return workOf(options, resume);
          }};
}

}  // namespace

std::string runWord() {
  return "its id, the beginning of one, or \"latest\"";
}

void addRun(CLI::App& app, RunOptions& options) {
  app.add_option("RUN", options.runs, runWord() + ", which is meant if none is given")->expected(0, 1);
  addProjectOption(app, options.project);
}

Run runOf(const RunOptions& options) {
  return openRun(options.runs.empty() ? "last" : options.runs[0], options.project);
}

Verb runsVerb() {
  Verb runs{"runs", "List, show, compare, resume, repeat, report, tag, archive or delete runs",
            "blockyard runs list flowers\n"
            "blockyard runs show latest\n"
            "blockyard runs tag latest good\n"
            "blockyard runs compare latest 20261121-1145   # settings that "
            "differ, scores side by side"};
  runs.verbs = {listVerb(), showVerb(), runsCompareVerb(), resumeVerb(), runsRepeatVerb()};
  for (auto& verb : runsReportVerbs()) runs.verbs.push_back(std::move(verb));
  for (auto& verb : runsNotesVerbs()) runs.verbs.push_back(std::move(verb));
  return runs;
}

}  // namespace blockyard::cli
