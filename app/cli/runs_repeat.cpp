// blockyard runs repeat: whether a run comes out the same again, byte for byte.
#include "drive.hpp"
#include "export/bundle.hpp"
#include "export/trained_runs.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "runs/repetition.hpp"
#include "runs_verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options : RunOptions {
  std::string device{}, threads{};
};

Json toJson(const std::vector<Difference>& differences) {
  Json out = Json::array();
  for (const Difference& each : differences)
    out.push_back({{"what", each.what}, {"then", each.then}, {"now", each.now}});
  return out;
}

void addRows(TextTable& table, const std::vector<Difference>& differences) {
  for (const Difference& each : differences) table.add({each.what, printable(each.then), printable(each.now)});
}

std::string reportText(const Context& context, const Repetition& found, const RunRecord& then, const RunRecord& now) {
  std::string out = "run " + then.id.text + " repeated as " + now.id.text + ": ";
  if (found.equal)
    out += context.out.green("equal") + (found.weights_known ? ", weights and scores, byte for byte\n"
                                                             : " scores; it was made by an older version, which did "
                                                               "not record the weights\n");
  else
    out += context.out.red("not equal") + "\n";
  TextTable outcome({"came out otherwise", "then", "now"}), circumstances({"went in otherwise", "then", "now"});
  addRows(outcome, found.outcome), addRows(circumstances, found.circumstances);
  if (!outcome.empty()) out += "\n" + outcome.text(context.out);
  if (!circumstances.empty()) out += "\n" + circumstances.text(context.out);
  if (!found.equal && circumstances.empty())
    out +=
        "\nData, settings, program, device and machine are the same. What is left: a training that the clock ends "
        "(training.max_seconds), memory that ran out once, or a fault in this program.\n";
  return out;
}

int repeat(const Options& options, const Context& context) {
  const Run run = runOf(options);
  const std::string id = run.id().text;
  if (run.shownState() != RunState::Done)
    throw Error({}, "run " + id + " is " + nameOf(run.shownState()) + ": only a run that is done has an end to compare",
                "\"blockyard runs resume " + id + "\" trains it to its end");
  Start start = repeated(id, options.project);
  if (!options.device.empty()) start.plan.training.set("device", options.device);
  if (!options.threads.empty()) start.plan.training.set("threads", valueFromText(options.threads, Value(0)));
  start.trained = [](const Trainer& trainer, const std::string& folder) {
    saveBundle(trainer, std::filesystem::path(folder).filename().string(), bundleIn(folder).string());
  };
  const Driven driven = drive(std::move(start), context);
  if (driven.finished.state != "done") {
    context.say("stopped before its end: nothing to compare yet");
    return signalExitCode();
  }
  const RunRecord now = openRun(driven.finished.run, options.project).record();
  const Repetition found = compareRepeated(run.record(), now);
  if (context.json)
    context.printJson({{"repeat", now.id.text},
                       {"of", id},
                       {"equal", found.equal},
                       {"weights_known", found.weights_known},
                       {"outcome", toJson(found.outcome)},
                       {"circumstances", toJson(found.circumstances)}});
  else
    context.print(reportText(context, found, run.record(), now));
  return found.equal ? 0 : 1;
}

}  // namespace

Verb runsRepeatVerb() {
  return {"repeat", "Train a run again and say whether the same comes out, byte for byte",
          "blockyard runs repeat latest\n"
          "blockyard runs repeat 20261121-1145 --json   # exit code 0: equal, 1: not",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRun(app, *options);
            app.add_option("--device", options->device, "another device: auto, cpu, cuda or cuda:N")->type_name("NAME");
            app.add_option("--threads", options->threads, "threads of the computation")->type_name("N");
            return [options](Context& context) { return repeat(*options, context); };
          }};
}

}  // namespace blockyard::cli
