// blockyard check: everything that is wrong with a project, at once.
#include "graph/check.hpp"

#include <algorithm>
#include <iterator>

#include "locate.hpp"
#include "training/data_change.hpp"
#include "training/leaks.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string project{};
  Changes changes{};
};

struct Count {
  int64_t errors = 0, warnings = 0;
};

std::string plural(int64_t count, const char* word) {
  return countText(count) + " " + word + (count == 1 ? "" : "s");
}

std::string problemText(const Context& context, const Problem& problem) {
  const Terminal& out = context.out;
  const bool error = problem.severity == Severity::Error;
  const std::string place = problem.where.text();
  std::string text = (error ? out.red("error: ") : out.yellow("warning: ")) +
                     (place.empty() ? "" : out.bold(printable(place)) + ": ") + printable(problem.problem) + "\n";
  if (!problem.hint.empty()) text += "  hint: " + printable(problem.hint) + "\n";
  for (const auto& fix : problem.fixes) text += "  fix: " + printable(fix.label) + "\n";
  return text;
}

Json problemJson(const std::string& pipeline, const Problem& problem) {
  Json json = {{"pipeline", pipeline},
               {"severity", problem.severity == Severity::Error ? "error" : "warning"},
               {"where", toJson(problem.where)},
               {"problem", problem.problem}};
  if (!problem.hint.empty()) json["hint"] = problem.hint;
  for (const auto& fix : problem.fixes) json["fixes"].push_back(fix.label);
  return json;
}

// Pipelines of the project that are to be checked.
std::vector<std::string> pipelinesOf(const Project& project, const std::string& wanted) {
  if (!wanted.empty()) return {pipelineName(project, wanted)};
  std::vector<std::string> names;
  for (const auto& pipeline : project.pipelines)
    if (!pipeline.composite) names.push_back(pipeline.name);
  if (names.empty()) static_cast<void>(project.defaultPipeline());  // throws: there is none
  return names;
}

int run(const Options& options, const Context& context) {
  const auto file = projectFile(options.project);
  Project project = loadProject(file);
  apply(options.changes, project);
  Count count;
  Json problems = Json::array();
  for (const auto& name : pipelinesOf(project, options.changes.pipeline)) {
    Checked checked = check(project, name);
    std::ranges::move(LeakGuard().look(project, name, checked), std::back_inserter(checked.problems));
    if (auto changed = dataChanged(project, name, checked)) checked.problems.push_back(std::move(*changed));
    Count here;
    std::string text;
    for (const auto& problem : checked.problems) {
      ++(problem.severity == Severity::Error ? here.errors : here.warnings);
      problems.push_back(problemJson(name, problem));
      text += problemText(context, problem);
    }
    const Graph& graph = project.graph(name);
    const std::string size = plural(static_cast<int64_t>(graph.nodes().size()), "block") + ", " +
                             plural(static_cast<int64_t>(graph.links().size()), "wire");
    const std::string verdict =
        here.errors > 0 ? context.out.red(plural(here.errors, "error")) : context.out.green("ok");
    text += printable(project.name + "/" + name) + ": " + verdict +
            (here.warnings > 0 ? ", " + plural(here.warnings, "warning") : "") + " (" + size + ")\n";
    if (!context.json) context.print(text);
    count.errors += here.errors;
    count.warnings += here.warnings;
  }
  if (context.json) {
    context.printJson({{"project", file.string()},
                       {"ok", count.errors == 0},
                       {"errors", count.errors},
                       {"warnings", count.warnings},
                       {"problems", problems}});
  }
  return count.errors == 0 ? 0 : static_cast<int>(Fault::BadInput);
}

}  // namespace

Verb checkVerb() {
  return {"check", "Find everything that is wrong with a project, without training",
          "blockyard check flowers\n"
          "blockyard check flowers --set conv1.channels=64   # would this work?\n"
          "blockyard check flowers --json                    # exit code 3 if "
          "there are errors",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addProject(app, options->project);
            addChanges(app, options->changes);
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
