// blockyard profile: where the time of a step goes, block by block.
#include "training/profile.hpp"

#include "graph/plan.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string project{};
  Changes changes{};
  int64_t steps = 50;
};

nlohmann::json toJson(const Profile& profile) {
  nlohmann::json json = {{"device", profile.device},
                         {"steps", profile.steps},
                         {"batch_size", profile.batch_size},
                         {"step_ms", profile.step_ms},
                         {"loader_ms", profile.loader_ms},
                         {"copy_ms", profile.copy_ms},
                         {"other_ms", profile.other_ms},
                         {"optimizer_ms", profile.optimizer_ms},
                         {"prepare_seconds", profile.prepare_seconds},
                         {"blocks", nlohmann::json::array()}};
  for (const auto& row : profile.rows) {
    json["blocks"].push_back({{"block", row.block},
                              {"type", row.type},
                              {"forward_ms", row.forward_ms},
                              {"backward_ms", row.backward_ms},
                              {"output", row.output},
                              {"output_bytes", row.output_bytes},
                              {"parameters", row.parameters}});
  }
  return json;
}

std::string milliseconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

void print(const Profile& profile, const Context& context) {
  TextTable table({"block", "type", ">forward ms", ">backward ms", ">share", ">memory", ">parameters", "output"});
  const double all = std::max(profile.step_ms, 1e-9);
  const auto share = [&](double ms) { return std::to_string(static_cast<int>(ms / all * 100 + 0.5)) + "%"; };
  for (const auto& row : profile.rows) {
    table.add({printable(row.block), row.type, milliseconds(row.forward_ms),
               row.backward_ms > 0 ? milliseconds(row.backward_ms) : "", share(row.forward_ms + row.backward_ms),
               bytesText(static_cast<double>(row.output_bytes)), row.parameters > 0 ? countText(row.parameters) : "",
               row.output});
  }
  const auto other = [&](const char* name, double ms) {
    table.add({context.out.dim(name), "", milliseconds(ms), "", share(ms)});
  };
  other("waiting for rows", profile.loader_ms);
  other("copy to the device", profile.copy_ms);
  other("optimizer", profile.optimizer_ms);
  other("the rest", profile.other_ms);
  table.add({context.out.bold("step"), "", milliseconds(profile.step_ms), "", "100%"});
  context.print(table.text(context.out));
  const double rows_per_second = static_cast<double>(profile.batch_size) / all * 1e3;
  context.say("\nmedian of " + countText(profile.steps) + " steps of " + countText(profile.batch_size) + " rows on " +
              profile.device + ": " + countText(static_cast<int64_t>(rows_per_second)) + " rows/s; preparing took " +
              secondsText(profile.prepare_seconds));
}

int run(const Options& options, const Context& context) {
  if (options.steps < 1 || options.steps > 1000000)
    throwUsage("--steps: expected 1 to 1,000,000, got " + std::to_string(options.steps));
  Project project = loadProject(projectFile(options.project));
  apply(options.changes, project);
  const Plan plan = makePlan(project, pipelineName(project, options.changes.pipeline));
  watchSignals();
  const Profile measured = profile(plan, options.steps, &stopAsked());
  if (signalSeen() != 0) return signalExitCode();
  if (context.json) {
    context.printJson(toJson(measured));
  } else {
    print(measured, context);
  }
  return 0;
}

}  // namespace

Verb profileVerb() {
  return {"profile", "Show where the time and the memory of a training step go",
          "blockyard profile flowers\n"
          "blockyard profile flowers --steps 200 --set training.batch_size=256",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addProject(app, options->project);
            addChanges(app, options->changes);
            app.add_option("--steps", options->steps, "steps to measure; 50 if not given")->type_name("N");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
