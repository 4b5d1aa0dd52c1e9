// blockyard runs compare: runs or groups of runs side by side, and the rows on which two of them disagree.
#include <algorithm>
#include <cmath>

#include "export/row_answers.hpp"
#include "graph/metric_names.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "row_writer.hpp"
#include "runs/compare.hpp"
#include "runs_groups.hpp"
#include "runs_verbs.hpp"
#include "training/class_scores.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string project{};
  std::vector<std::string> runs{};
  std::string baseline{};
  GroupOptions groups{};
  std::string class_score{};
  bool disagree = false;
  std::string part = "test";
  std::string head{};
  std::string out{};
  int64_t limit = 30;
};

struct Chosen {
  std::vector<RunRecord> records{};
  std::vector<RunNotes> notes{};
  std::string baseline{};  // id of the run that is named, else of the pinned one; empty: none
};

// The runs meant; with --per-class their results are those of the classes.
Chosen chosenRuns(const Options& options) {
  const auto folder = projectFolder(options.project);
  std::vector<RunEntry> runs;
  if (options.runs.empty()) {
    runs = listRuns(folder);
    std::erase_if(runs,
                  [](const RunEntry& run) { return !run.record || run.record->results.empty() || run.notes.archived; });
  }
  for (const auto& name : options.runs) runs.push_back(readRun(openRun(name, options.project).folder()));
  Chosen out{.baseline = pinnedBaseline(folder)};
  const bool names_group = options.groups.any() && !options.baseline.empty();
  if (!options.baseline.empty() && !names_group) {
    const Run named = openRun(options.baseline, options.project);
    out.baseline = named.id().text;
    const auto is_it = [&](const RunEntry& run) { return run.id == named.id(); };
    if (std::none_of(runs.begin(), runs.end(), is_it)) runs.push_back(readRun(named.folder()));
  }
  for (RunEntry& run : runs) {
    if (!run.record) throw Error({.file = (folder / "runs" / run.id.text).string()}, run.damage);
    if (!options.class_score.empty())
      run.record = withClassScores(std::move(*run.record), folder / "runs" / run.id.text, options.class_score);
    out.records.push_back(std::move(*run.record)), out.notes.push_back(std::move(run.notes));
  }
  return out;
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

// " (+0.02)", green if that is better.
std::string deltaText(const Context& context, const std::string& metric, double delta) {
  const std::string text = (delta >= 0 ? "(+" : "(") + shortNumber(delta) + ")";
  if (delta == 0 || std::isnan(delta)) return " " + context.out.dim(text);
  return " " + ((delta > 0) == largerIsBetter(metric) ? context.out.green(text) : context.out.red(text));
}

// With `class_score`, each metric is that score of a class.
std::string comparisonText(const RunComparison& comparison, const std::string& class_score, const Context& context) {
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
    if (class_score.empty() && std::find(main.begin(), main.end(), metric.metric) == main.end()) continue;
    auto row = cells(metric.part + " " + (class_score.empty() ? "" : class_score + " of ") + metric.metric);
    for (size_t i = 0; i < metric.values.size(); ++i) {
      std::string text = metric.values[i] ? shortNumber(*metric.values[i]) + printable(metric.units[i]) : "-";
      if (i > 0 && metric.deltas[i])
        text += deltaText(context, class_score.empty() ? metric.metric : class_score, *metric.deltas[i]);
      row.push_back(text);
    }
    table.add(row);
  }
  return table.text(context.out);
}

// The rows of a disagreement as a table, for a file or a program.
Table tableOf(const Disagreement& found, size_t rows) {
  const bool numbers = found.first.task == RowAnswers::Task::Numbers;
  Column row{.name = "row"}, truth{.name = "truth", .type = ColumnType::Text},
      first{.name = "first", .type = ColumnType::Text}, second{.name = "second", .type = ColumnType::Text},
      p{.name = "first_probability"}, q{.name = "second_probability"};
  for (size_t n = 0; n < rows; ++n) {
    const size_t i = found.differing[n];
    row.numbers.push_back(static_cast<double>(found.first.rows[i] + 1));
    truth.texts.push_back(found.first.truthText(i));
    first.texts.push_back(found.first.saidText(i));
    second.texts.push_back(found.second.saidText(i));
    if (numbers) continue;
    p.numbers.push_back(static_cast<double>(found.first.probability[i]));
    q.numbers.push_back(static_cast<double>(found.second.probability[i]));
  }
  std::vector<Table::Shared> columns;
  const auto add = [&](Column& column) { columns.push_back(std::make_shared<const Column>(std::move(column))); };
  add(row), add(truth), add(first);
  if (!numbers) add(p);
  add(second);
  if (!numbers) add(q);
  return Table(std::move(columns));
}

std::string shownText(const Context& context, const Table& table) {
  std::vector<std::string> header;
  for (const auto& column : table.columns())
    header.push_back((column->type == ColumnType::Number ? ">" : "") + column->name);
  for (auto& name : header) std::replace(name.begin(), name.end(), '_', ' ');
  TextTable out(header);
  for (int64_t row = 0; row < table.rows(); ++row) {
    std::vector<std::string> cells;
    for (const auto& column : table.columns())
      cells.push_back(
          column->type == ColumnType::Number
              ? (column->name == "row" ? column->cell(row) : shortNumber(column->numbers[static_cast<size_t>(row)]))
              : printable(shortened(column->cell(row), 30)));
    out.add(cells);
  }
  return out.text(context.out);
}

void sayCounts(const Disagreement& found, const Trained& first, const Trained& second, const std::string& part,
               const Context& context) {
  const auto count = [](size_t n) { return countText(static_cast<int64_t>(n)); };
  std::string text = "first: " + first.name + ", second: " + second.name + "\nthey disagree on " +
                     count(found.differing.size()) + " of " + count(found.first.size()) + " " + part + " rows";
  if (found.first.task != RowAnswers::Task::Numbers) {
    size_t first_right = 0, second_right = 0;
    for (const size_t i : found.differing) {
      first_right += found.first.right(i) ? 1 : 0;
      second_right += found.second.right(i) ? 1 : 0;
    }
    text += ": the first is right on " + count(first_right) + ", the second on " + count(second_right);
  }
  context.say(text);
  if (found.learned_by_second > 0)
    context.warn("the second was trained on " + countText(found.learned_by_second) +
                 " of these rows: its split is another one, so it may know their answers by heart");
}

int disagree(const Options& options, const Context& context) {
  if (options.runs.size() != 2) throwUsage("--disagree takes two runs", "blockyard runs compare A B --disagree");
  if (options.part != "test" && options.part != "validation" && options.part != "train")
    throwUsage("there is no part \"" + options.part + "\"", "--part test, validation or train");
  const Part part = options.part == "test" ? Part::Test : options.part == "train" ? Part::Train : Part::Validation;
  const Trained first = findTrained(options.runs[0], options.project),
                second = findTrained(options.runs[1], options.project);
  watchSignals();
  PredictOptions predict;
  predict.stop = &stopAsked();
  predict.head = options.head;
  const std::string folder = std::filesystem::absolute(projectFolder(options.project)).lexically_normal().string();
  const Disagreement found = disagreement(first.bundle.string(), second.bundle.string(), folder, part, predict);
  if (signalSeen() != 0) return signalExitCode();
  const Table all = tableOf(found, found.differing.size());
  if (!options.out.empty()) {
    RowWriter writer(rowFormat(context.json ? "json" : "", options.out == "-" ? "" : options.out), options.out,
                     context.out);
    writer.add(all);
    writer.finish();
  } else if (context.json) {
    RowWriter writer(RowFormat::Json, "", context.out);
    writer.add(all);
    writer.finish();
  } else if (all.rows() > 0) {
    const int64_t shown = options.limit > 0 ? std::min(options.limit, all.rows()) : all.rows();
    context.print(shownText(context, all.slice(0, shown)));
    if (shown < all.rows()) context.say(countText(all.rows() - shown) + " more; --limit 0 shows all");
  }
  sayCounts(found, first, second, options.part, context);
  return 0;
}

// The group of that name, or that of the run of that name, or that of the pinned run.
size_t baselineGroup(const Options& options, const Chosen& runs, const std::vector<RunGroup>& groups) {
  if (options.baseline.empty()) return groupOfRun(runs.records, groups, runs.baseline);
  for (size_t i = 0; i < groups.size(); ++i)
    if (groups[i].name == options.baseline) return i;
  return groupOfRun(runs.records, groups, openRun(options.baseline, options.project).id().text);
}

void requireSome(const Options& options, const std::vector<RunRecord>& records) {
  const auto has = [](const RunRecord& record) { return !record.results.empty(); };
  if (!options.class_score.empty() && !records.empty() && std::none_of(records.begin(), records.end(), has))
    throw Error({}, "none of these runs has scores of classes", "--per-class is for runs that tell classes apart",
                Fault::Usage);
  if (records.size() < 2)
    throw Error({}, "there are " + std::to_string(records.size()) + " runs with scores, and comparing takes two",
                "\"blockyard train --set ...\" makes another", Fault::Usage);
}

int compareGrouped(const Options& options, const Chosen& runs, const Context& context) {
  std::vector<RunGroup> groups = groupsAsAsked(options.groups, runs.records, runs.notes);
  if (groups.size() < 2) {
    const std::string only = groups.empty() ? "no group" : "only one group, " + groups.front().name;
    throw Error({}, "these runs make " + only + ", and comparing takes two",
                "\"blockyard runs compare\" without --group shows them one by one", Fault::Usage);
  }
  const size_t baseline = baselineGroup(options, runs, groups);
  printGroups(compareGroups(runs.records, std::move(groups), baseline), runs.records, options.class_score, context);
  return 0;
}

int compare(const Options& options, const Context& context) {
  if (options.disagree) return disagree(options, context);
  Chosen runs = chosenRuns(options);
  requireSome(options, runs.records);
  if (options.groups.any()) return compareGrouped(options, runs, context);
  std::stable_partition(runs.records.begin(), runs.records.end(),
                        [&](const RunRecord& record) { return record.id.text == runs.baseline; });
  const RunComparison comparison = compareRuns(runs.records);
  if (!context.json) {
    context.print(comparisonText(comparison, options.class_score, context));
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

}  // namespace

Verb runsCompareVerb() {
  return {
      "compare",
      "Runs side by side: settings that differ, and every score with its difference to the baseline (the run that is "
      "pinned, or else the first one)",
      "blockyard runs compare                       # all that have scores and are not archived\n"
      "blockyard runs compare 20261121-1145 latest\n"
      "blockyard runs compare 20261121-1145 latest --per-class recall\n"
      "blockyard runs compare --group-by settings   # mean and deviation over seeds, differences with an interval\n"
      "blockyard runs compare --group-by training.learning_rate\n"
      "blockyard runs compare --group wide --group narrow --baseline narrow   # groups by tag\n"
      "blockyard runs compare 20261121-1145 latest --disagree       # rows that they answer differently\n"
      "blockyard runs compare 20261121-1145 latest --disagree -o rows.csv",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option("RUN", options->runs, "each " + runWord() + "; all if none is given");
        app.add_option("--baseline", options->baseline,
                       "the run that differences are to; with groups: a group, or a run in it")
            ->type_name("RUN");
        addGroupOptions(app, options->groups);
        app.add_option("--per-class", options->class_score,
                       "instead of the scores, this one class by class: f1, precision, recall, roc_auc or pr_auc")
            ->type_name("SCORE");
        app.add_flag(
            "--disagree", options->disagree,
            "instead, the rows to which two runs give different answers; numbers by the size of the difference");
        app.add_option("--part", options->part,
                       "with --disagree: which rows of the first run: test (if not given), validation or train")
            ->type_name("PART");
        app.add_option("--head", options->head,
                       "with --disagree: the classifier or regressor that is asked about, the first if not given")
            ->type_name("BLOCK");
        app.add_option("--limit", options->limit,
                       "with --disagree: at most so many rows are shown, 30 if not given; 0: all")
            ->type_name("N");
        app.add_option("-o,--output", options->out, "with --disagree: all rows as CSV or JSON into this file")
            ->type_name("FILE");
        addProjectOption(app, options->project);
        return [options](Context& context) { return compare(*options, context); };
      }};
}

}  // namespace blockyard::cli
