// blockyard train: from a project to a trained pipeline.
#include <algorithm>

#include "drive.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "training/branch.hpp"
#include "training/run_pipeline.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string project{};
  Changes changes{};
  std::string purpose{};
  std::string resume{};
  std::string same_as{};
  std::string branch_of{};
  std::string at{};
  std::string bundle{};
  bool dry_run = false;
};

// A run that goes on keeps its settings; only where and how fast it is computed
// may change.
Start startResumed(const Options& options) {
  const Changes& changes = options.changes;
  if (!changes.settings.empty() || !changes.configs.empty() || !changes.seed.empty() || !changes.epochs.empty() ||
      !changes.pipeline.empty() || !options.purpose.empty() || options.dry_run) {
    throwUsage("a run that is resumed keeps its settings",
               "leave out all but --at, --device, --threads and --export; --branch-of goes on with other settings");
  }
  Start start = resumed(options.resume, options.project, options.at);
  if (!changes.device.empty()) start.plan.training.set("device", changes.device);
  if (!changes.threads.empty()) start.plan.training.set("threads", valueFromText(changes.threads, Value(0)));
  return start;
}

// As the project of today says; where none is left, nothing is demanded.
void requirePurposeIn(const Options& options) {
  std::optional<Project> project;
  try {
    project = loadProject(projectFile(options.project));
  } catch (const Error&) {
    return;
  }
  requirePurpose(*project, options.purpose);
}

// The pipeline and the settings of a run, whatever the project has become since. Only where and how fast it is computed
// may change.
Start startSameAs(const Options& options) {
  const Changes& changes = options.changes;
  if (!changes.settings.empty() || !changes.configs.empty() || !changes.seed.empty() || !changes.epochs.empty() ||
      !changes.pipeline.empty() || !options.resume.empty()) {
    throwUsage("--same-as repeats a run with all its settings",
               "leave out all but --device, --threads, --purpose, --export and --dry-run");
  }
  if (!options.dry_run) requirePurposeIn(options);
  Start start = repeated(options.same_as, options.project);
  if (!changes.device.empty()) start.plan.training.set("device", changes.device);
  if (!changes.threads.empty()) start.plan.training.set("threads", valueFromText(changes.threads, Value(0)));
  if (options.dry_run) start.plan.training.set("dry_run", true);
  start.purpose = options.purpose;
  start.keep_run = !start.plan.training.flag("dry_run");
  return start;
}

// The pipeline and the settings of a run with changes, beginning with what it had learned at a checkpoint.
Start startBranch(const Options& options) {
  if (options.dry_run || !options.changes.pipeline.empty())
    throwUsage("--branch-of goes on with the pipeline of its run", "leave out --pipeline and --dry-run");
  requirePurposeIn(options);
  const Run run = openRun(options.branch_of, options.project);
  const Snapshot was = pipelineOfRun(run.folder(), run.record());
  const auto folder = std::filesystem::absolute(projectFolder(options.project)).lexically_normal();
  std::string text = snapshotOfRun(run.folder());
  if (text.empty()) throw Error({}, "run " + run.id().text + " does not keep its pipeline", "start a new run");
  Project project = projectFromText(text, folder / "run.blockyard");
  Changes changes = options.changes;
  changes.pipeline = was.pipeline;
  Start start;
  start.overrides = apply(changes, project);
  start.snapshot = snapshotText(project, was.pipeline);
  start.plan = makePlan(project, was.pipeline);
  start.purpose = options.purpose;
  start.branch = checkpointOf(run, options.at);
  // The live changes up to there belong to what it goes on from, unless it has a learning rate of its own.
  const auto& settings = start.overrides;
  if (std::none_of(settings.begin(), settings.end(),
                   [](const std::string& each) { return each.starts_with("training.learning_rate="); }))
    for (const RateChange& change : run.record().rate_changes)
      if (change.step <= start.branch->point.step) start.rate_changes.push_back(change);
  return start;
}

Start startNew(const Options& options) {
  Project project = loadProject(projectFile(options.project));
  Start start;
  start.overrides = apply(options.changes, project);
  start.snapshot = snapshotText(project, pipelineName(project, options.changes.pipeline));
  if (options.dry_run) applySet(project, pipelineName(project, options.changes.pipeline), "training.dry_run=true");
  start.plan = makePlan(project, pipelineName(project, options.changes.pipeline));
  start.purpose = options.purpose;
  start.keep_run = !start.plan.training.flag("dry_run");
  if (start.keep_run) requirePurpose(project, options.purpose);
  return start;
}

int run(const Options& options, const Context& context) {
  watchSignals();
  if (options.purpose.find('\n') != std::string::npos) throwUsage("--purpose: expected one line");
  if (!options.at.empty() && options.resume.empty() && options.branch_of.empty())
    throwUsage("--at names a checkpoint of a run", "give --resume RUN or --branch-of RUN, too");
  if (!options.branch_of.empty() && !(options.resume.empty() && options.same_as.empty()))
    throwUsage("--branch-of begins a new run", "leave out --resume and --same-as");
  Start start = !options.same_as.empty()     ? startSameAs(options)
                : !options.branch_of.empty() ? startBranch(options)
                : options.resume.empty()     ? startNew(options)
                                             : startResumed(options);
  const bool dry = start.plan.training.flag("dry_run");
  const int code = trainAndReport(std::move(start), options.bundle, options.project, context);
  if (dry && code == 0) context.say("dry run: one batch went all the way, and nothing was kept");
  return code;
}

}  // namespace

Verb trainVerb() {
  return {
      "train", "Train a pipeline",
      "blockyard train                                    # the project in the "
      "current folder\n"
      "blockyard train flowers --epochs 20 --seed 7\n"
      "blockyard train flowers --set hidden.out_features=128 --purpose "
      "\"wider\"\n"
      "blockyard train flowers --dry-run                  # does everything "
      "fit together?\n"
      "blockyard train flowers --resume latest            # go on where it was "
      "stopped\n"
      "blockyard train flowers --resume latest --at 1200   # go back to a checkpoint, and on from there\n"
      "blockyard train flowers --branch-of latest --at best --set training.learning_rate=0.0001\n"
      "                                                   # a new run from a checkpoint of another\n"
      "blockyard train flowers --same-as 20261121-1145   # the same run again\n"
      "blockyard train flowers --json > log.jsonl         # one event per line",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        addProject(app, options->project);
        addChanges(app, options->changes);
        app.add_option("--purpose", options->purpose,
                       "one line that says why, kept with the run; a project can demand it")
            ->type_name("TEXT");
        app.add_option("--resume", options->resume,
                       "go on with this run: its id, the beginning of one, or "
                       "\"latest\"")
            ->type_name("RUN");
        app.add_option("--same-as", options->same_as,
                       "repeat this run with all its settings, whatever the project has become since")
            ->type_name("RUN");
        app.add_option("--branch-of", options->branch_of,
                       "a new run that begins with a checkpoint of this one and has its settings, but for those that "
                       "are changed here (--set, --epochs); shapes and the split stay")
            ->type_name("RUN");
        app.add_option("--at", options->at,
                       "with --resume and --branch-of: the step whose checkpoint is meant, or \"best\"; the latest if "
                       "not given")
            ->type_name("STEP");
        app.add_option("--export", options->bundle, "also save the trained pipeline as this file")->type_name("FILE");
        app.add_flag("--dry-run", options->dry_run, "one batch of everything, to see that it works; nothing is kept");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
