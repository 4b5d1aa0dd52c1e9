// blockyard benchmark: trains without keeping anything, or asks a trained pipeline, and says how long it took and how
// much memory.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "drive.hpp"
#include "export/answer_speed.hpp"
#include "export/bundle.hpp"
#include "graph/plan.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "progress.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string project{};
  Changes changes{};
  std::string workload{};
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// The score that counts: of the test rows if there are some, and the one that the training watches if that is no loss.
double finalMetric(const Finished& finished, const std::string& monitor, std::string& name) {
  for (const char* part : {"test", "validation", "train"}) {
    const auto it = finished.metrics.find(part);
    if (it == finished.metrics.end() || it->second.empty()) continue;
    const bool watched = monitor != "loss" && it->second.count(monitor) > 0;
    const std::string metric = watched ? monitor : mainMetrics(it->second)[0];
    name = std::string(part) + " " + metric;
    return it->second.at(metric);
  }
  return 0;
}

int64_t threadsMeant(int64_t asked) {
  return asked > 0 ? asked : static_cast<int64_t>(std::thread::hardware_concurrency());
}

nlohmann::json resultOf(const Options& options, const Driven& driven, const Plan& plan) {
  std::vector<double> epochs;
  for (const auto& epoch : driven.epochs) epochs.push_back(epoch.seconds);
  const std::vector<double> steady(epochs.begin() + (epochs.size() > 1 ? 1 : 0), epochs.end());
  const double per_epoch = median(steady);
  std::string metric;
  const double score = finalMetric(driven.finished, plan.training.text("monitor"), metric);
  return {{"workload", options.workload.empty() ? plan.project : options.workload},
          {"peer", "ours"},
          {"seconds_total", processSeconds()},
          {"seconds_to_first_step", driven.first_step_at},
          {"seconds_load", driven.started_at},
          {"seconds_per_epoch", per_epoch},
          {"seconds_first_epoch", epochs.empty() ? 0 : epochs.front()},
          {"epoch_seconds", epochs},
          {"samples_per_s", per_epoch > 0 ? static_cast<double>(driven.started.rows[0]) / per_epoch : 0},
          {"peak_rss_mb", peakMemoryMb()},
          {"final_metric", score},
          {"metric", metric},
          {"device", driven.started.device},
          {"threads", threadsMeant(plan.training.integer("threads"))}};
}

bool isBundle(const std::string& word) {
  return std::filesystem::path(word).extension() == ".safetensors";
}

// How fast a trained pipeline answers.
int runBundle(const Options& options, const Context& context) {
  const double began = processSeconds();
  PredictOptions predict;
  if (!options.changes.threads.empty())
    predict.threads = static_cast<int>(valueFromText(options.changes.threads, Value(0)).as<int64_t>());
  Bundle bundle(options.project, predict);
  const double load = processSeconds() - began;
  const AnswerSpeed speed = answerSpeed(bundle);
  if (context.json) {
    context.printJson({{"workload", options.workload.empty() ? bundle.plan().project : options.workload},
                       {"peer", "ours"},
                       {"seconds_load", load},
                       {"p50_us", speed.median_us},
                       {"p99_us", speed.p99_us},
                       {"batch256_ms", speed.batch_ms},
                       {"samples_per_s", speed.rowsPerSecond()},
                       {"peak_rss_mb", peakMemoryMb()},
                       {"threads", threadsMeant(predict.threads)}});
    return 0;
  }
  TextTable table({"measure", ">value"});
  table.add({"until the bundle was ready", secondsText(load)});
  table.add({"one row, median", secondsText(speed.median_us / 1e6)});
  table.add({"one row, 99 of 100 within", secondsText(speed.p99_us / 1e6)});
  table.add({countText(speed.batch_rows) + " rows together", secondsText(speed.batch_ms / 1e3)});
  table.add({"rows a second", countText(static_cast<int64_t>(speed.rowsPerSecond()))});
  table.add({"most memory", bytesText(peakMemoryMb() * 1e6)});
  context.print(table.text(context.out));
  return 0;
}

int run(const Options& options, const Context& context) {
  if (isBundle(options.project)) return runBundle(options, context);
  Project project = loadProject(projectFile(options.project));
  Start start;
  start.overrides = apply(options.changes, project);
  start.plan = makePlan(project, pipelineName(project, options.changes.pipeline));
  start.keep_run = false;
  const Plan plan = start.plan;
  Context silent = context;
  silent.json = false;
  silent.quiet = context.quiet || context.json;
  const Driven driven = drive(std::move(start), silent);
  if (signalSeen() != 0) return signalExitCode();
  const nlohmann::json result = resultOf(options, driven, plan);
  if (context.json) {
    context.printJson(result);
    return 0;
  }
  TextTable table({"measure", ">value"});
  const auto seconds = [&](const char* name, const char* key) {
    table.add({name, secondsText(result[key].get<double>())});
  };
  seconds("in all", "seconds_total");
  seconds("until the data was ready", "seconds_load");
  seconds("until the first step", "seconds_to_first_step");
  seconds("first epoch", "seconds_first_epoch");
  seconds("epoch (median of the others)", "seconds_per_epoch");
  table.add({"rows a second", countText(static_cast<int64_t>(result["samples_per_s"].get<double>()))});
  table.add({"most memory", bytesText(result["peak_rss_mb"].get<double>() * 1e6)});
  table.add({result["metric"].get<std::string>(), shortNumber(result["final_metric"].get<double>())});
  context.print(table.text(context.out));
  return 0;
}

}  // namespace

Verb benchmarkVerb() {
  return {"benchmark", "Measure time and memory: of a training that keeps nothing, or of a trained pipeline",
          "blockyard benchmark flowers --epochs 3\n"
          "blockyard benchmark flowers --threads 1 --json\n"
          "blockyard benchmark flowers.safetensors             # how fast a trained pipeline answers",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addProject(app, options->project);
            addChanges(app, options->changes);
            app.add_option("--workload", options->workload,
                           "what to call it in the result; the project's name if not given")
                ->type_name("NAME");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
