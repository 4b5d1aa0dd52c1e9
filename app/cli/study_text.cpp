#include "study_text.hpp"

#include <algorithm>
#include <cmath>

#include "progress.hpp"
#include "row_writer.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

constexpr double kDrawSeconds = 0.2;

Json numberOrNull(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json toJson(const Spread& spread) {
  if (spread.count == 0) return nullptr;
  return {{"mean", spread.mean}, {"deviation", spread.deviation}, {"count", spread.count}};
}

Json toJson(const TrialResult& trial) {
  Json scores = Json::array(), runs = Json::array();
  for (const auto& score : trial.scores) scores.push_back(score ? Json(*score) : Json());
  for (const auto& run : trial.runs) runs.push_back(run.text.empty() ? Json() : Json(run.text));
  return {{"trial", trial.number},
          {"settings", trial.text},
          {"score", toJson(trial.score)},
          {"test", toJson(trial.test)},
          {"scores", scores},
          {"runs", runs},
          {"complete", trial.complete},
          {"failed", trial.failed},
          {"epochs", trial.epochs},
          {"seconds", trial.seconds},
          {"parameters", trial.parameters},
          {"like_the_best", trial.like_the_best},
          {"error", trial.error}};
}

Json toJson(const StudyResults& results) {
  Json trials = Json::array(), ranking = Json::array(), effects = Json::array(), importance = Json::array();
  for (const auto& trial : results.trials) trials.push_back(toJson(trial));
  for (const size_t i : results.ranking) ranking.push_back(results.trials[i].number);
  for (const auto& effect : results.effects)
    effects.push_back({{"trial", effect.trial},
                       {"what", effect.text},
                       {"difference", effect.difference.mean},
                       {"low", numberOrNull(effect.difference.low)},
                       {"high", numberOrNull(effect.difference.high)},
                       {"pairs", effect.difference.count},
                       {"p", effect.difference.p},
                       {"p_holm", effect.p_adjusted},
                       {"verdict", nameOf(effect.verdict)}});
  for (const auto& axis : results.importance) importance.push_back({{"axis", axis.axis}, {"share", axis.share}});
  return {{"metric", results.metric},
          {"larger_is_better", results.larger_is_better},
          {"trials", trials},
          {"ranking", ranking},
          {"effects", effects},
          {"importance", importance},
          {"runs", {{"done", results.runs_done}, {"failed", results.runs_failed}, {"all", results.runs_in_all}}},
          {"warnings", results.warnings}};
}

std::string spreadText(const Spread& spread) {
  if (spread.count == 0) return "-";
  return shortNumber(spread.mean) + (spread.count > 1 ? " ± " + shortNumber(spread.deviation) : "");
}

std::string signedText(double value) {
  return (value >= 0 ? "+" : "") + shortNumber(value);
}

std::string percentText(double share) {
  return std::to_string(static_cast<int>(std::lround(100 * share))) + " %";
}

void printBoard(const StudyResults& results, int64_t limit, const Context& context) {
  const auto shown = [&](size_t count) { return limit <= 0 ? count : std::min(count, static_cast<size_t>(limit)); };
  const bool several = std::any_of(results.trials.begin(), results.trials.end(),
                                   [](const TrialResult& trial) { return trial.scores.size() > 1; });
  const bool has_test = std::any_of(results.trials.begin(), results.trials.end(),
                                    [](const TrialResult& trial) { return trial.test.count > 0; });
  std::vector<std::string> header{">trial", ">validation " + results.metric};
  if (has_test) header.push_back(">test " + results.metric);
  header.insert(header.end(), {">parameters", ">time", "settings"});
  TextTable table(header);
  for (size_t i = 0; i < shown(results.ranking.size()); ++i) {
    const TrialResult& trial = results.trials[results.ranking[i]];
    std::vector<std::string> row{std::to_string(trial.number), spreadText(trial.score)};
    if (has_test) row.push_back(spreadText(trial.test));
    std::string text = printable(trial.text);
    if (i == 0) text = context.out.green(text);
    if (trial.like_the_best) text += context.out.dim("  (not told apart from the best)");
    if (!trial.complete && trial.done + trial.failed < static_cast<int64_t>(trial.scores.size()))
      text += context.out.dim("  (after " + countText(trial.epochs) + (trial.epochs == 1 ? " epoch)" : " epochs)"));
    row.insert(row.end(), {countText(trial.parameters), secondsText(trial.seconds), text});
    table.add(row);
  }
  if (!table.empty()) context.print(table.text(context.out));
  if (shown(results.ranking.size()) < results.ranking.size())
    context.say("the best " + countText(limit) + " of " + countText(static_cast<int64_t>(results.ranking.size())) +
                " trials; --limit 0 shows all");
  if (several && !results.ranking.empty())
    context.say("mean ± standard deviation over " + countText(static_cast<int64_t>(results.best()->scores.size())) +
                " trainings of each trial");
}

void printEffects(const StudyResults& results, const Context& context) {
  if (results.effects.empty()) return;
  TextTable table({"", ">change of " + results.metric, ">95 % interval", ">p (Holm)", "verdict"});
  for (const Effect& effect : results.effects) {
    const bool known = effect.difference.count >= 2;
    std::string verdict = nameOf(effect.verdict);
    if (effect.verdict == Effect::Verdict::Worse) verdict = context.out.green(verdict);
    if (effect.verdict == Effect::Verdict::Better) verdict = context.out.red(verdict);
    table.add({printable(effect.text), effect.difference.count > 0 ? signedText(effect.difference.mean) : "-",
               known ? signedText(effect.difference.low) + " to " + signedText(effect.difference.high) : "-",
               known ? shortNumber(effect.p_adjusted) : "-", verdict});
  }
  context.print("\n" + table.text(context.out));
}

void printImportance(const StudyResults& results, const Context& context) {
  if (results.importance.size() < 2) return;
  TextTable table({"what matters", ">share"});
  for (const auto& axis : results.importance) table.add({printable(axis.axis), percentText(axis.share)});
  context.print("\n" + table.text(context.out));
}

}  // namespace

void StudyProgressLine::begin(const StudyRunner& runner) {
  const StudyResults now = resultsOf(study_, runner.progress());
  all_ = now.runs_in_all, before_ = now.runs_done;
  started_ = processSeconds();
  if (const TrialResult* best = now.best())
    best_ = "best " + shortNumber(best->score.mean) + " (trial " + std::to_string(best->number) + ")";
  context_.say(countText(runner.atOnce()) + (runner.atOnce() == 1 ? " training" : " trainings") + " at a time, " +
               countText(runner.threads()) + (runner.threads() == 1 ? " thread" : " threads") + " each" +
               (before_ > 0 ? "; " + countText(before_) + " are done already" : ""));
}

void StudyProgressLine::show(const StudyEvent& event, const StudyProgress& progress) {
  using What = StudyEvent::What;
  running_ += event.what == What::Began ? 1 : -1;
  if (event.what == What::Ended && event.score) ++done_;
  if (event.what == What::Failed) ++failed_;
  if (context_.json) {
    Json json{{"event", event.what == What::Began   ? "began"
                        : event.what == What::Ended ? "ended"
                                                    : "failed"},
              {"trial", event.place.trial},
              {"seed", event.place.seed},
              {"fold", event.place.fold}};
    if (!event.run.empty()) json["run"] = event.run;
    if (event.score) json["score"] = *event.score;
    if (!event.error.empty()) json["error"] = event.error;
    context_.printJson(json);
    return;
  }
  if (event.what == What::Failed) {
    clear();
    context_.warn(study_.text(event.place) + " failed: " + event.error);
  }
  if (event.what == What::Ended && event.score) {
    const StudyResults now = resultsOf(study_, progress);
    if (const TrialResult* best = now.best())
      best_ =
          "best " + shortNumber(best->score.mean) + " (trial " + std::to_string(best->number) + ": " + best->text + ")";
    if (!context_.err.interactive()) context_.say(study_.text(event.place) + ": " + shortNumber(*event.score));
  }
  drawn_ = 0;
  tick();
}

void StudyProgressLine::tick() {
  if (!context_.err.interactive() || context_.quiet || context_.json || processSeconds() - drawn_ < kDrawSeconds)
    return;
  drawn_ = processSeconds();
  const double seconds = drawn_ - started_;
  std::string text = countText(before_ + done_) + " of " + countText(all_) + " trainings";
  if (failed_ > 0) text += ", " + countText(failed_) + " failed";
  text += ", " + countText(running_) + " running";
  if (done_ > 0)
    text +=
        ", " + clockText(seconds / static_cast<double>(done_) * static_cast<double>(all_ - before_ - done_)) + " left";
  if (!best_.empty()) text += "  " + best_;
  context_.err.write("\r\x1b[K" + shortened(printable(text), static_cast<size_t>(context_.err.width() - 1)));
  shown_ = true;
}

void StudyProgressLine::clear() {
  if (std::exchange(shown_, false)) context_.err.write("\r\x1b[K");
}

void printStudy(const Study& study, const StudyResults& results, int64_t limit, const Context& context) {
  if (context.json) {
    Json json = toJson(results);
    json["study"] = study.name(), json["purpose"] = study.spec().purpose, json["search"] = nameOf(study.spec().search);
    context.printJson(json);
    return;
  }
  std::string head = context.out.bold("study " + printable(study.name()));
  if (!study.spec().purpose.empty()) head += ": " + printable(study.spec().purpose);
  head += "\n" + countText(results.runs_done) + " of " + countText(results.runs_in_all) + " trainings are done";
  if (results.runs_failed > 0) head += ", " + countText(results.runs_failed) + " failed";
  if (study.spec().halving_factor > 1) head += "; successive halving ends most of them early";
  context.print(head + "\n\n");
  printBoard(results, limit, context);
  printEffects(results, context);
  printImportance(results, context);
  for (const auto& trial : results.trials)
    if (!trial.error.empty())
      context.warn("trial " + std::to_string(trial.number) + " (" + trial.text + "): " + trial.error);
  for (const auto& warning : results.warnings) context.warn(warning);
}

void printStudies(const std::filesystem::path& project_folder, const Context& context) {
  const auto names = Study::list(project_folder);
  Json list = Json::array();
  TextTable table({"study", "search", ">trainings", ">done", "best", "purpose"});
  for (const auto& name : names) {
    try {
      const Study study = Study::open(project_folder, name);
      const StudyResults results = resultsOf(study, StudyProgress(study));
      const TrialResult* best = results.best();
      const std::string text =
          best == nullptr ? "" : results.metric + " " + spreadText(best->score) + ", " + best->text;
      table.add({name, nameOf(study.spec().search), countText(results.runs_in_all), countText(results.runs_done),
                 printable(text), printable(study.spec().purpose)});
      list.push_back({{"study", name},
                      {"search", nameOf(study.spec().search)},
                      {"runs", results.runs_in_all},
                      {"done", results.runs_done},
                      {"started", study.started()},
                      {"purpose", study.spec().purpose}});
    } catch (const Error& error) {  // a damaged one does not hide the others
      table.add({name, context.out.red("damaged"), "", "", printable(error.what()), ""});
      list.push_back({{"study", name}, {"damage", error.what()}});
    }
  }
  if (context.json) return context.printJson({{"studies", list}});
  if (names.empty()) return context.say("no studies yet; \"blockyard study run\" begins one");
  context.print(table.text(context.out));
}

void writeStudyTable(const Study& study, const StudyResults& results, const std::string& file) {
  Column trial{.name = "trial"}, seed{.name = "seed"}, fold{.name = "fold"}, score{.name = results.metric};
  Column run{.name = "run", .type = ColumnType::Text};
  std::vector<Column> axes;
  for (const Axis& axis : study.spec().axes)
    axes.push_back({.name = axis.name, .type = axis.isRange() ? ColumnType::Number : ColumnType::Text});
  for (const TrialResult& each : results.trials) {
    const Trial& asked = study.trials()[static_cast<size_t>(each.number)];
    const auto places = study.placesOf(asked);
    for (size_t i = 0; i < places.size(); ++i) {
      trial.numbers.push_back(static_cast<double>(each.number));
      seed.numbers.push_back(static_cast<double>(places[i].seed));
      fold.numbers.push_back(static_cast<double>(places[i].fold));
      score.numbers.push_back(each.scores[i].value_or(kMissingNumber));
      run.texts.push_back(each.runs[i].text);
      for (size_t a = 0; a < axes.size(); ++a) {
        const double value = a < asked.values.size() ? asked.values[a] : -1;
        if (axes[a].type == ColumnType::Number)
          axes[a].numbers.push_back(value);
        else
          axes[a].texts.push_back(study.spec().axes[a].valueText(value));
      }
    }
  }
  std::vector<Table::Shared> columns;
  const auto add = [&](Column& column) { columns.push_back(std::make_shared<const Column>(std::move(column))); };
  add(trial);
  for (Column& axis : axes) add(axis);
  add(seed), add(fold), add(run), add(score);
  const Terminal none(1, Color::Never);
  RowWriter writer(rowFormat("", file), file, none);
  writer.add(Table(std::move(columns)));
  writer.finish();
}

}  // namespace blockyard::cli
