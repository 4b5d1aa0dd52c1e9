// A run that nobody has trained, with everything that a report tells of, and names that are hostile to pages.
#pragma once
#include <cmath>

#include "base/file.hpp"
#include "base/json.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"
#include "report/run_facts.hpp"
#include "study/made_project.hpp"

namespace blockyard::testing {

constexpr const char* kHostile = "<script>alert('x')</script> & \"it\" | `rm` *b* [l](u) \x01";

inline void writeJournal(const Run& run, int64_t steps) {
  Journal journal(run.folder());
  for (int64_t step = 1; step <= steps; ++step) {
    journal.scalar("train/loss", step, 2.0 / static_cast<double>(step) + 0.1 * std::sin(static_cast<double>(step)));
    journal.scalar("train/learning_rate", step, step < steps / 2 ? 0.01 : 0.001);
    journal.scalar("train/gradient_norm", step, step == 7 ? 900 : 1.5);
    if (step % 50 != 0) continue;
    journal.scalar("train/epoch_loss", step, 2.0 / static_cast<double>(step));
    journal.scalar("validation/loss", step, 2.5 / static_cast<double>(step));
    journal.scalar("validation/accuracy", step, 1 - 1.0 / static_cast<double>(step));
  }
  journal.event(steps / 4, kHostile);
}

inline nlohmann::json madeMetrics() {
  const auto one = [](double value, int rows) {
    return nlohmann::json{{"precision", value}, {"recall", value}, {"f1", nullptr},
                          {"roc_auc", 0.9},     {"support", rows}, {"predicted", rows}};
  };
  return {{"numbers", {{"accuracy", 0.9}}},
          {"head", "softmax"},
          {"classes", {"a", kHostile}},
          {"confusion", {{17, 3}, {1, 1234}}},
          {"per_class", {one(0.85, 20), one(0.5, 1235)}}};
}

// In the project of study/made_project.hpp.
inline Run reportedRun(const Project& project) {
  const Plan plan = makePlan(project, "main");
  RunRecord record;
  record.purpose = std::string("wider ") + kHostile;
  record.plan = toJson(plan);
  record.plan_hash = plan.hash();
  record.seed = 7;
  record.versions = {{"blockyard", "1.2.3"}, {"device", "CPU"}};
  record.study = {.study = "widths", .trial = 3, .seed = 7, .fold = 1};
  Run run = Run::create(project.folder(), record);
  writeJournal(run, 400);
  writeDurably(run.folder() / "metrics-test.json", dumpJson(madeMetrics()));
  ErrorExamples errors{.head = "softmax", .measure = "loss", .rows = 40, .wrong = 3};
  for (int64_t i = 0; i < 3; ++i)
    errors.examples.push_back({.row = 1000 + i,
                               .name = kHostile,
                               .truth = "a",
                               .answer = kHostile,
                               .probability = 0.95,
                               .truth_probability = 0.02,
                               .wrongness = 4,
                               .columns = {{"x", "1.5"}, {kHostile, kHostile}}});
  writeDurably(run.folder() / kErrorsFile, dumpJson(toJson(errors)));
  writeDurably(run.folder() / "project.json", snapshotText(project, "main"));
  run.update([](RunRecord& now) {
    now.data_fingerprint = std::string(64, 'f');
    now.data.rows = 12345;
    now.data.train = 8001, now.data.validation = 2002, now.data.test = 2342;
    now.data.files = {{"rows.csv", 4321, 1'700'000'000'000'000'000}};
    now.data.left_out = {{"clean", 11, 22, 33}};
    now.card = {.source = "source/table",
                .origin = "from <here>",
                .licence = "CC BY 4.0",
                .rows = 12345,
                .looked_at = 1000,
                .columns = {{"x", "number", 5}, {kHostile, "category", 0}},
                .notes = {"x: 34 % missing"}};
    now.results = {{"test", {{"accuracy", 0.9}, {"loss", 0.25}}}, {"validation", {{"accuracy", 0.875}}}};
    now.parameter_count = 1234567, now.epochs = 8, now.steps = 400, now.seconds = 75;
    now.artifacts = {"metrics-test.json"};
  });
  run.finish(RunState::Done);
  changeNotes(run.folder(), [](RunNotes& notes) {
    notes.tags = {"good"};
    notes.text = std::string("remember ") + kHostile;
  });
  return run;
}

}  // namespace blockyard::testing
