#include "drive.hpp"

#include <csignal>
#include <set>

#include "export/bundle.hpp"
#include "export/predict_files.hpp"
#include "export/trained_runs.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "progress.hpp"
#include "runs/metric_unit.hpp"
#include "training/branch.hpp"
#include "training/run_pipeline.hpp"
#include "training/session.hpp"

namespace blockyard::cli {
namespace {

// Takes in one event; true at the end of the run.
bool take(const Event& event, Driven& driven) {
  if (const auto* started = std::get_if<Started>(&event)) {
    driven.started = *started;
    driven.started_at = processSeconds();
  } else if (std::holds_alternative<StepDone>(event)) {
    if (driven.first_step_at == 0) driven.first_step_at = processSeconds();
  } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
    driven.epochs.push_back(*epoch);
  } else if (const auto* finished = std::get_if<Finished>(&event)) {
    driven.finished = *finished;
    return true;
  }
  return false;
}

// `rows` is what a file of new rows may be called.
void sayNext(const Driven& driven, const std::string& bundle, const std::string& project, const std::string& rows,
             const Context& context) {
  const std::string& run = driven.finished.run;
  const std::string where = project.empty() || project == "." ? "" : " --project " + project;
  const std::string target = project.empty() ? "" : " " + project;
  std::string text;
  if (driven.finished.state == "stopped" && driven.finished.step == 0) {
    text = "\nStopped before the first step.";
  } else if (driven.finished.state == "stopped") {
    text = "\nStopped after step " + countText(driven.finished.step) + ". To go on:\n  blockyard train" + target +
           " --resume " + run;
  } else {
    const std::pair<std::string, const char*> lines[] = {{"predict latest " + rows, "answers for new rows"},
                                                         {"runs show latest", "everything about this run"},
                                                         {"runs compare", "which settings were better"}};
    text = "\nWhat to try next";
    const size_t widest = lines[0].first.size();
    for (const auto& [command, why] : lines)
      text += "\n  blockyard " + command + where + std::string(widest - command.size(), ' ') + "     # " + why;
    if (!bundle.empty()) text += "\nThe trained pipeline is in " + bundle;
  }
  context.say(text);
}

// The metric that the training watches.
std::string monitorOf(const Start& start) {
  const Values& training = start.plan.training;
  return training.has("monitor") ? training.text("monitor") : "loss";
}

}  // namespace

Driven drive(Start start, const Context& context) {
  watchSignals();
  Progress progress(context, monitorOf(start));
  Driven driven;
  Session session;
  session.post(std::move(start));
  bool stopping = false, ended = false;
  while (!ended) {
    session.wait(0.1);
    if (signalSeen() != 0 && !stopping) {
      session.post(Stop{});
      stopping = true;
      progress.clear();
      context.say(signalSeen() == SIGINT ? "stopping after this batch; Ctrl-C again ends at once"
                                         : "stopping after this batch");
    }
    for (const auto& event : session.drain()) {
      if (const auto* failed = std::get_if<Failed>(&event)) {
        progress.clear();
        throw failed->error;
      }
      progress.show(event);
      ended = take(event, driven) || ended;
    }
  }
  return driven;
}

void printScores(const std::map<std::string, std::map<std::string, double>>& metrics, const std::string& monitor,
                 const nlohmann::json& plan, const Context& context) {
  std::vector<std::string> parts, names;
  std::set<std::string> seen;
  std::vector<std::string> header{"score"};
  for (const char* part : {"train", "validation", "test"}) {
    const auto it = metrics.find(part);
    if (it == metrics.end() || it->second.empty()) continue;
    parts.emplace_back(part);
    header.push_back(std::string(">") + part);
    std::vector<std::string> shown = mainMetrics(it->second);
    if (monitor != "loss" && it->second.count(monitor) > 0) shown.insert(shown.begin(), monitor);
    for (const auto& name : shown)
      if (seen.insert(name).second) names.push_back(name);
  }
  if (parts.empty()) return;
  TextTable table(header);
  for (const auto& name : names) {
    std::vector<std::string> row{name};
    for (const auto& part : parts) {
      const auto& numbers = metrics.at(part);
      const auto it = numbers.find(name);
      row.push_back(it == numbers.end() ? "" : shortNumber(it->second) + printable(unitBehind(plan, name)));
    }
    table.add(row);
  }
  context.print(table.text(context.out));
}

int trainAndReport(Start start, const std::string& bundle, const std::string& project, const Context& context) {
  start.trained = [bundle](const Trainer& trainer, const std::string& folder) {
    const std::string run = std::filesystem::path(folder).filename().string();
    if (!folder.empty()) saveBundle(trainer, run, bundleIn(folder).string());
    if (!bundle.empty()) saveBundle(trainer, run, bundle);
  };
  const std::string monitor = monitorOf(start);
  const nlohmann::json plan = toJson(start.plan);
  const std::string rows = newRowsFile(start.plan);
  const Driven driven = drive(std::move(start), context);
  const Finished& finished = driven.finished;
  const bool stopped = finished.state == "stopped";
  if (!context.json) {
    printScores(finished.metrics, monitor, plan, context);
    if (!finished.run.empty()) {
      context.print("run " + finished.run + ": " + finished.state + " after " + countText(finished.epochs) +
                    (finished.epochs == 1 ? " epoch, " : " epochs, ") + secondsText(finished.seconds) + "\n");
      sayNext(driven, bundle, project, rows, context);
    }
  }
  return stopped ? signalExitCode() : 0;
}

namespace {

Start startOf(const Run& run, const std::string& project) {
  Start start;
  start.plan = planFromJson(run.record().plan);
  start.plan.folder = std::filesystem::absolute(projectFolder(project)).lexically_normal().string();
  start.purpose = run.record().purpose;
  start.overrides = run.record().overrides;
  return start;
}

}  // namespace

Start resumed(const std::string& run_name, const std::string& project, const std::string& at) {
  const Run run = openRun(run_name, project);
  Start start = startOf(run, project);
  start.resume = run.id().text;
  if (!at.empty()) start.at = checkpointOf(run, at).point.step;
  return start;
}

Start repeated(const std::string& run_name, const std::string& project) {
  const Run run = openRun(run_name, project);
  Start start = startOf(run, project);
  start.snapshot = snapshotOfRun(run.folder());
  start.branch = beginningOf(run);
  start.rate_changes = run.record().rate_changes;
  start.repeats = run.id().text;
  return start;
}

}  // namespace blockyard::cli
