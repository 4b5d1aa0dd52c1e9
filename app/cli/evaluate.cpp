// blockyard evaluate: how good a trained pipeline is.
#include "data/part.hpp"
#include "export/bundle.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "progress.hpp"
#include "runs/metric_unit.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string what{};
  std::string data{};
  std::string part = "test";
  std::string project{};
  std::string device = "cpu";
  int threads = 0;
};

Part partNamed(const std::string& name) {
  for (const Part part : {Part::Train, Part::Validation, Part::Test}) {
    if (name == nameOf(part)) return part;
  }
  throwUsage("there is no part \"" + name + "\"", "--part test, validation or train");
}

int run(const Options& options, const Context& context) {
  const Part part = partNamed(options.part);
  const Trained trained = findTrained(options.what, options.project);
  if (options.data.empty() && !trained.in_run) {
    throwUsage("a bundle does not know the rows it was trained from", "--data FILE names rows with the target");
  }
  watchSignals();
  PredictOptions predict;
  predict.device = options.device;
  predict.threads = options.threads;
  predict.stop = &stopAsked();
  Bundle bundle(trained.bundle.string(), predict);
  std::map<std::string, double> scores;
  if (options.data.empty()) {
    scores = bundle.evaluatePart(folderOf(trained), part);
  } else {
    const auto source = bundle.open(options.data);
    try {
      scores = bundle.evaluate(*source);
    } catch (const Error& error) {
      throw error.at({.file = options.data});
    }
  }
  if (signalSeen() != 0) return signalExitCode();
  const nlohmann::json plan = toJson(bundle.plan());
  if (context.json) {
    nlohmann::json out{
        {"trained", trained.name}, {"on", options.data.empty() ? nameOf(part) : options.data}, {"scores", scores}};
    for (const auto& [name, value] : scores)
      if (const std::string unit = unitBehind(plan, name); !unit.empty()) out["units"][name] = unit.substr(1);
    context.printJson(out);
    return 0;
  }
  context.say(trained.name + " on " +
              (options.data.empty() ? std::string("its ") + nameOf(part) + " rows" : options.data));
  TextTable table({"score", ">value"});
  const auto first = mainMetrics(scores);
  const auto add = [&](const std::string& name, double value) {
    table.add({name, shortNumber(value) + printable(unitBehind(plan, name))});
  };
  for (const auto& name : first) add(name, scores.at(name));
  for (const auto& [name, value] : scores)
    if (std::find(first.begin(), first.end(), name) == first.end()) add(name, value);
  context.print(table.text(context.out));
  return 0;
}

}  // namespace

Verb evaluateVerb() {
  return {
      "evaluate", "Score a trained pipeline on rows whose answers are known",
      "blockyard evaluate latest                        # on the test rows of its project\n"
      "blockyard evaluate latest --part validation\n"
      "blockyard evaluate flowers.safetensors --data more.csv",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option("TRAINED", options->what,
                       "a run (its id, the beginning of one, or \"latest\"), a bundle file, or a project")
            ->required();
        app.add_option("--data", options->data, "a file of rows with the target, instead of the project's own")
            ->type_name("FILE");
        app.add_option("--part", options->part, "which of the project's rows: test (if not given), validation or train")
            ->type_name("PART");
        addProjectOption(app, options->project);
        app.add_option("--device", options->device, "auto, cpu, cuda or cuda:N")->type_name("NAME");
        app.add_option("--threads", options->threads, "threads of the computation; 0 is one per core")->type_name("N");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
