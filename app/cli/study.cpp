// blockyard study: one question to many trainings - grids, random and learning searches, ablations.
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/file.hpp"
#include "drive.hpp"
#include "export/bundle.hpp"
#include "export/trained_runs.hpp"
#include "graph/snapshot.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "runs/lock.hpp"
#include "study/runner.hpp"
#include "study_text.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string project{};
  std::string study{};
  Changes changes{};
  StudySpec spec{};
  std::vector<std::string> grids{}, ranges{}, ablations{};
  int64_t random = 0, tpe = 0;
  std::string seeds{};
  int64_t at_once = 0, threads = 0;
  int64_t limit = 20;
  std::string out{};
};

// "5": the seeds 0 to 4; "3,7,11": these.
Integers seedsFrom(const std::string& text) {
  if (text.empty()) return {0};
  Integers out;
  const Value list = valueFromText(text, Value(Integers{}));
  out = list.as<Integers>();
  if (out.size() != 1 || text.find(',') != std::string::npos) return out;
  const int64_t count = out.front();
  if (count < 1 || count > 1000) throwUsage("--seeds: expected 1 to 1000, or a list as 3,7,11");
  out.clear();
  for (int64_t seed = 0; seed < count; ++seed) out.push_back(seed);
  return out;
}

StudySpec specOf(const Options& options) {
  StudySpec spec = options.spec;
  for (const auto& text : options.grids) spec.axes.push_back(choicesFromText(text));
  for (const auto& text : options.ranges) spec.axes.push_back(rangeFromText(text));
  if (!options.ablations.empty()) spec.axes.push_back(ablationFromTexts(options.ablations));
  const bool ablates = !options.ablations.empty();
  if (options.random > 0 && options.tpe > 0) throwUsage("--random and --tpe are two ways to search", "choose one");
  if (ablates && (options.random > 0 || options.tpe > 0 || spec.axes.size() > 1))
    throwUsage("--ablate goes alone", "vary parameters in a study of their own");
  spec.search = ablates              ? Search::Ablation
                : options.random > 0 ? Search::Random
                : options.tpe > 0    ? Search::Tpe
                                     : Search::Grid;
  spec.trials = std::max(options.random, options.tpe);
  spec.seeds = seedsFrom(options.seeds);
  return spec;
}

// Shows what happens, and returns the exit code.
int train(Study& study, const Options& options, const Context& context) {
  watchSignals();
  StudyRunner runner(study, {.program = {fs::read_symlink("/proc/self/exe").string()},
                             .at_once = options.at_once,
                             .threads = options.threads});
  StudyProgressLine line(study, context);
  line.begin(runner);
  const auto tell = [&](const StudyEvent& event) { line.show(event, runner.progress()); };
  bool stopping = false;
  while (runner.step(0.2, tell)) {
    line.tick();
    if (signalSeen() == 0 || stopping) continue;
    stopping = true;
    line.clear();
    context.say("stopping after the batch; go on with \"blockyard study resume " + study.name() + "\"");
    runner.stop();
  }
  line.clear();
  printStudy(study, resultsOf(study, runner.progress()), options.limit, context);
  return stopping ? signalExitCode() : 0;
}

int run(const Options& options, const Context& context) {
  Project project = loadProject(projectFile(options.project));
  StudySpec spec = specOf(options);
  spec.pipeline = pipelineName(project, options.changes.pipeline);
  spec.settings = apply(options.changes, project);
  Study study = Study::create(project, std::move(spec));
  context.say("study " + study.name() + ": " + countText(trialCount(study.spec())) + " trials, " +
              countText(study.spec().runsPerTrial() * trialCount(study.spec())) + " trainings");
  return train(study, options, context);
}

Study opened(const Options& options) {
  const fs::path folder = projectFolder(options.project);
  if (!options.study.empty()) return Study::open(folder, options.study);
  const auto names = Study::list(folder);
  if (names.size() != 1)
    throwUsage(names.empty() ? "there is no study yet"
                             : "which study? There are " + countText(static_cast<int64_t>(names.size())),
               names.empty() ? "begin one by \"blockyard study run\"" : "blockyard study list names them");
  return Study::open(folder, names.front());
}

int resume(const Options& options, const Context& context) {
  Study study = opened(options);
  return train(study, options, context);
}

int show(const Options& options, const Context& context) {
  const Study study = opened(options);
  const StudyResults results = resultsOf(study, StudyProgress(study));
  if (!options.out.empty()) writeStudyTable(study, results, options.out);
  printStudy(study, results, options.limit, context);
  if (!options.out.empty()) context.say("all trainings are in " + options.out);
  return 0;
}

int list(const Options& options, const Context& context) {
  printStudies(projectFolder(options.project), context);
  return 0;
}

// ---- one training of a study, in a process of its own

struct TrainOptions {
  std::string project{}, study{}, resume{};
  StudyPlace place{};
  int64_t threads = 1, stop_after = 0, parent = 0;
};

// Whoever began this training may be killed: then it ends as well, with a checkpoint.
void dieWith(int64_t parent) {
  if (parent == 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::raise(SIGTERM);
}

int trainOne(TrainOptions options, const Context& context) {
  watchSignals();
  dieWith(options.parent);
  const Study study = Study::open(projectFolder(options.project), options.study);
  options.place.study = study.name();
  const fs::path lock_file = study.lockFile(options.place);
  const FileLock lock(lock_file);
  if (!lock.held())
    throw Error({}, study.text(options.place) + " is being trained by another process", "wait for its end",
                Fault::TryAgain);
  // What is written into the locked file itself goes with it.
  [[maybe_unused]] const bool emptied = ::ftruncate(lock.fd(), 0) == 0;
  Start start;
  start.plan = study.plan(options.place);
  start.plan.training.set("threads", options.threads);
  start.overrides = study.settings(options.place);
  start.purpose =
      (study.spec().purpose.empty() ? study.name() : study.spec().purpose) + ": " + study.text(options.place);
  start.study = options.place;
  start.resume = options.resume;
  start.stop_after_epochs = options.stop_after;
  start.snapshot = snapshotText(study.project(options.place), study.spec().pipeline);
  start.trained = [](const Trainer& trainer, const std::string& folder) {
    saveBundle(trainer, fs::path(folder).filename().string(), bundleIn(folder).string());
  };
  const Driven driven = drive(std::move(start), context);
  const std::string& id = driven.finished.run;
  [[maybe_unused]] const bool told = ::pwrite(lock.fd(), id.data(), id.size(), 0) > 0;
  return signalSeen() != 0 && driven.finished.state == "stopped" ? signalExitCode() : 0;
}

Work declareTrain(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  app.add_option("STUDY", options->study)->required();
  app.add_option("--project", options->project);
  app.add_option("--trial", options->place.trial)->required();
  app.add_option("--seed", options->place.seed)->required();
  app.add_option("--fold", options->place.fold);
  app.add_option("--threads", options->threads);
  app.add_option("--stop-after", options->stop_after);
  app.add_option("--resume", options->resume);
  app.add_option("--parent", options->parent);
  return [options](Context& context) { return trainOne(*options, context); };
}

// ---- the verbs

void addHow(CLI::App& app, Options& options) {
  app.add_option("--at-once", options.at_once, "trainings side by side; as many as cores and memory allow if not given")
      ->type_name("N");
  app.add_option("--threads", options.threads, "threads of each training; the cores divided among them if not given")
      ->type_name("N");
}

void addShown(CLI::App& app, Options& options) {
  app.add_option("--limit", options.limit, "at most so many trials are shown, 20 if not given; 0: all")->type_name("N");
}

Work declareRun(CLI::App& app) {
  auto options = std::make_shared<Options>();
  addProject(app, options->project);
  app.add_option("--name", options->spec.name, "of the study; made from what is varied if not given")
      ->type_name("NAME");
  app.add_option("--purpose", options->spec.purpose, "one line that says why, kept with the study and its runs")
      ->type_name("TEXT");
  app.add_option("--grid", options->grids,
                 "values of a parameter, a variable or a block's type: hidden.out_features=16,32,64; with | instead of "
                 "commas where values hold some; a value may set more: \"model.block=extractor/lstm & model.hidden=8 | "
                 "extractor/gru\". May be repeated: every combination is trained")
      ->type_name("A.B=V,V");
  app.add_option("--range", options->ranges,
                 "for --random and --tpe: training.learning_rate=1e-4..1e-1:log, hidden.out_features=16..256:step 16; "
                 "whole numbers between whole numbers. May be repeated")
      ->type_name("A.B=X..Y");
  app.add_option("--random", options->random, "this many trials, drawn at random")->type_name("N");
  app.add_option("--tpe", options->tpe,
                 "this many trials, drawn where those before did well (tree-structured Parzen estimator)")
      ->type_name("N");
  app.add_option(
         "--ablate", options->ablations,
         "a block that is left out in turn: dropout1 (bypassed), dropout1:remove, or \"pool:replace TYPE\"; each "
         "is compared with the pipeline as it is. May be repeated")
      ->type_name("BLOCK");
  app.add_option("--seeds", options->seeds, "every trial is trained with each seed: 5 for 0 to 4, or a list as 3,7,11")
      ->type_name("N");
  app.add_option("--folds", options->spec.folds, "and with each fold of so many: cross-validation")->type_name("N");
  app.add_option("--halving", options->spec.halving_factor,
                 "successive halving: all begin with few epochs, and the best 1/N of them go on to N times as many")
      ->type_name("N");
  app.add_option("--halving-epochs", options->spec.halving_epochs, "epochs of the first stage, 1 if not given")
      ->type_name("N");
  app.add_option("--metric", options->spec.metric,
                 "of the validation rows, what trials are judged by; what the training monitors if not given")
      ->type_name("NAME");
  app.add_option("--search-seed", options->spec.seed, "of --random and --tpe, 0 if not given")->type_name("N");
  addHow(app, *options);
  addShown(app, *options);
  addSettings(app, options->changes);
  return [options](Context& context) { return run(*options, context); };
}

Work declareStudy(CLI::App& app, int (*work)(const Options&, const Context&), bool trains) {
  auto options = std::make_shared<Options>();
  app.add_option("STUDY", options->study, "its name; not needed if there is only one")->type_name("STUDY");
  addProjectOption(app, options->project);
  if (trains) addHow(app, *options);
  if (!trains)
    app.add_option("-o,--output", options->out, "also write every training as a row of this file: .csv or .json")
        ->type_name("FILE");
  addShown(app, *options);
  return [options, work](Context& context) { return work(*options, context); };
}

Work declareList(CLI::App& app) {
  auto options = std::make_shared<Options>();
  addProject(app, options->project);
  return [options](Context& context) { return list(*options, context); };
}

}  // namespace

Verb studyVerb() {
  return {"study",
          "Ask many trainings one question: grids, searches, ablations",
          "blockyard study run flowers --grid hidden.out_features=16,32,64 --seeds 5\n"
          "blockyard study run flowers --tpe 50 --range training.learning_rate=1e-4..1e-1:log\n"
          "blockyard study run flowers --ablate dropout1 --ablate augment --seeds 10   # what does each bring?\n"
          "blockyard study show                # the leader board, what matters, what has no effect",
          nullptr,
          {{"run", "Begin a study and train what it needs",
            "blockyard study run flowers --grid hidden.out_features=16,32,64 --seeds 5\n"
            "blockyard study run --random 40 --range training.learning_rate=1e-4..1e-1:log --halving 3 --epochs 27\n"
            "blockyard study run --tpe 50 --range hidden.out_features=8..256 --grid hidden.activation=relu,gelu\n"
            "blockyard study run --grid \"model.block=extractor/lstm | extractor/gru\" --folds 5\n"
            "blockyard study run --ablate dropout1 --ablate \"pool:replace extractor/avg_pool\" --seeds 10",
            declareRun},
           {"resume", "Go on with a study that was stopped or killed: only what is missing is trained",
            "blockyard study resume grid-out_features", [](CLI::App& app) { return declareStudy(app, resume, true); }},
           {"show", "What a study has found",
            "blockyard study show grid-out_features\nblockyard study show -o trainings.csv",
            [](CLI::App& app) { return declareStudy(app, show, false); }},
           {"list", "All studies of a project", "blockyard study list flowers", declareList},
           {.name = "train",
            .summary = "Train one trial of a study; \"study run\" calls this",
            .examples = "",
            .declare = declareTrain,
            .hidden = true}}};
}

}  // namespace blockyard::cli
