// Stopped anywhere and gone on with, a training ends as if nothing had happened: weights and curves, byte for byte.
// Every few steps here; BLOCKYARD_EVERY_STEP=1 takes each single one.
#include <QtTest/QtTest>
#include <set>

#include "checks.hpp"
#include "runs/checkpoints.hpp"
#include "runs/journal_reader.hpp"
#include "runs/run.hpp"
#include "training/branch.hpp"
#include "training/session.hpp"
#include "training/small_plan.hpp"
#include "training/state_file.hpp"
#include "training/trained.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

bool everyStep() {
  return qEnvironmentVariableIntValue("BLOCKYARD_EVERY_STEP") == 1;
}

// What a session says at the end of a training; throws what it failed with.
Finished run(Start start) {
  Session session;
  session.post(std::move(start));
  while (true) {
    session.wait(60);
    for (const Event& event : session.drain()) {
      if (const auto* failed = std::get_if<Failed>(&event)) throw failed->error;
      if (const auto* finished = std::get_if<Finished>(&event)) return *finished;
    }
  }
}

// The curves of a run, but for the norm of the gradient, which is measured by the clock.
std::string curves(const std::filesystem::path& folder) {
  const JournalReader journal(folder);
  std::string out;
  for (const auto& [tag, points] : journal.scalars()) {
    if (tag == "train/gradient_norm") continue;
    for (const auto& point : points)
      out += tag + " " + std::to_string(point.step) + " " + Value(static_cast<double>(point.value)).text() + "\n";
  }
  return out;
}

}  // namespace

class TestResume : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string clouds_;

  Plan withTraining(Plan plan, const Values& training) const {
    plan.folder = folder_.path().toStdString();
    plan.training = completeValues(trainingParams(), training);
    return plan;
  }
  Plan tablePlan(const Values& more = {}) const {
    Values training = {{"epochs", 25},         {"batch_size", 32},     {"accumulate", 2},       {"ema_decay", 0.9},
                       {"clip_norm", 1.0},     {"balance", "smote"},   {"schedule", "plateau"}, {"plateau_patience", 1},
                       {"early_stopping", 20}, {"learning_rate", 0.01}};
    for (const auto& [name, value] : more.items()) training.set(name, value);
    return withTraining(cloudsPlan(clouds_), training);
  }
  void writePictures() const {
    const auto idx = [&](const char* name, std::string header, int count, auto byte) {
      for (int i = 0; i < count; ++i) header += static_cast<char>(byte(i));
      std::ofstream(folder_.filePath(name).toStdString(), std::ios::binary) << header;
    };
    const KeyedRandom random(1);
    idx("x", std::string("\0\0\10\3\0\0\0\170\0\0\0\10\0\0\0\10", 16), 120 * 64,
        [&](int i) { return random.below(static_cast<uint64_t>(i), 256); });
    idx("y", std::string("\0\0\10\1\0\0\0\170", 8), 120, [](int i) { return i % 3; });
  }
  Plan picturePlan() const {
    Plan plan{.project = "pictures", .pipeline = "main"};
    plan.nodes = {node("images", "source/images", {{"images", "x"}, {"labels", "y"}}, {}),
                  node("scale", "preprocessor/image_scale", {}, {{"x", 0, "image"}}),
                  node("augment", "preprocessor/augment", {}, {{"x", 1, "y"}}),
                  node("conv", "extractor/conv2d", {{"out_channels", 4}}, {{"x", 2, "y"}}),
                  node("norm", "extractor/batch_norm", {}, {{"x", 3, "y"}}),
                  node("relu", "extractor/activation", {}, {{"x", 4, "y"}}),
                  node("pool", "extractor/max_pool", {{"kernel", Integers{2}}}, {{"x", 5, "y"}}),
                  node("flatten", "extractor/flatten", {}, {{"x", 6, "y"}}),
                  node("dropout", "extractor/dropout", {{"rate", 0.3}}, {{"x", 7, "y"}}),
                  node("softmax", "classifier/softmax", {}, {{"x", 8, "y"}, {"target", 0, "target"}})};
    return withTraining(plan, {{"epochs", 10}, {"batch_size", 8}, {"mix", "cutmix"}, {"schedule", "one-cycle"}});
  }
  void writeTexts() const {
    std::string good, bad;
    for (int i = 0; i < 80; ++i) {
      good += "a fine film " + std::to_string(i % 7) + "\n";
      bad += "a dull film " + std::to_string(i % 5) + "\n";
    }
    std::ofstream(folder_.filePath("r.good").toStdString()) << good;
    std::ofstream(folder_.filePath("r.bad").toStdString()) << bad;
  }
  Plan textPlan() const {
    Plan plan{.project = "texts", .pipeline = "main"};
    plan.nodes = {
        node("lines", "source/text_lines", {{"file", "r.good"}, {"more_files", Texts{"r.bad"}}, {"label", "file"}}, {}),
        node("tokens", "preprocessor/tokenize", {{"vocabulary", 40}, {"length", 12}}, {{"x", 0, "features"}}),
        node("noise", "preprocessor/token_noise", {}, {{"x", 1, "tokens"}}),
        node("embedding", "extractor/embedding", {{"vocabulary", 40}, {"features", 8}}, {{"x", 2, "y"}}),
        node("pool", "extractor/sequence_pool", {}, {{"x", 3, "y"}, {"tokens", 1, "tokens"}}),
        node("head", "classifier/softmax", {}, {{"x", 4, "y"}, {"target", 0, "target"}})};
    return withTraining(plan, {{"epochs", 20},
                               {"batch_size", 12},
                               {"optimizer", "sgd"},
                               {"nesterov", true},
                               {"warmup_steps", 30},
                               {"schedule", "cosine"},
                               {"restore_best", false},
                               {"balance", "oversample"}});
  }
  void plans() const {
    QTest::addColumn<int>("which");
    QTest::newRow("table") << 0;
    QTest::newRow("table in float16") << 1;
    QTest::newRow("pictures") << 2;
    QTest::newRow("texts") << 3;
  }
  Plan planOf(int which) const {
    if (which == 0) return tablePlan();
    if (which == 1) return tablePlan({{"precision", "float16"}, {"optimizer", "rmsprop"}, {"mix", "mixup"}});
    return which == 2 ? picturePlan() : textPlan();
  }

 private Q_SLOTS:
  void initTestCase() {
    clouds_ = writeClouds(folder_, 300);
    writePictures();
    writeTexts();
  }

  // Also between the batches that are gathered for one step. The state goes through the bytes of a file.
  void fromEveryBatch_data() { plans(); }
  void fromEveryBatch() {
    QFETCH(int, which);
    const Plan plan = planOf(which);
    const std::vector<RateChange> changes = {{5, 0.5}, {40, 3}};
    std::vector<std::string> states;
    Trainer* live = nullptr;
    Trainer unbroken(plan, {.poll = [&] {
                       const StateViews views(live->state());
                       states.push_back(safetensorsBytes(views.tensors(), views.metadata()));
                       return false;
                     }});
    live = &unbroken;
    unbroken.prepareData();
    unbroken.replay(changes);
    unbroken.train();
    QVERIFY(states.size() > 100);
    for (size_t i = 0; i < states.size(); i += everyStep() ? 1 : 29) {
      Trainer resumed(plan, {});
      resumed.prepareData();
      resumed.loadState(stateFrom(SafetensorsFile(states[i], "kept")));
      resumed.replay(changes);
      resumed.train();
      QVERIFY2(bytesOf(resumed.pipeline().state()) == bytesOf(unbroken.pipeline().state()),
               qPrintable(QString::number(i)));
      QVERIFY2(bytesOf(resumed.state()) == bytesOf(unbroken.state()), qPrintable(QString::number(i)));
    }
  }

  // Through the files of a run: its checkpoints, its record, its curves.
  void fromEveryCheckpoint_data() { plans(); }
  void fromEveryCheckpoint() {
    QFETCH(int, which);
    Start start{.plan = planOf(which), .rate_changes = {{0, 0.5}}};
    start.plan.training.set("checkpoint_steps", 1);
    start.plan.training.set("checkpoint_keep", 0);
    const Finished unbroken = run(start);
    const auto folder = folder_.path().toStdString() + "/runs/" + unbroken.run;
    const RunRecord record = *readRun(folder).record;
    const std::string told = curves(folder);
    QVERIFY(!record.weights_sha256.empty() && told.find("validation/accuracy") != std::string::npos);
    std::vector<int64_t> steps;
    const CheckpointStore store(folder + "/checkpoints", 0);
    for (const auto& info : store.checkpoints()) steps.push_back(info.step);
    QCOMPARE(static_cast<int64_t>(steps.size()), unbroken.step);
    // From the last to the first: what a run that went back writes lies behind the step that it went back to.
    std::sort(steps.rbegin(), steps.rend());
    start.resume = unbroken.run;
    start.plan.training.set("checkpoint_steps", 0);
    for (size_t i = 0; i < steps.size(); i += everyStep() ? 1 : 23) {
      start.at = steps[i];
      const Finished again = run(start);
      const RunRecord now = *readRun(folder).record;
      QCOMPARE(now.weights_sha256, record.weights_sha256);
      QVERIFY(now.results == record.results && again.step == unbroken.step);
      QVERIFY2(curves(folder) == told, qPrintable(QString::number(steps[i])));
    }
  }

  void withoutACheckpointItBeginsAnew() {
    const Plan plan = tablePlan({{"epochs", 2}});
    const Finished unbroken = run({.plan = plan});
    const std::filesystem::path runs = folder_.path().toStdString() + "/runs";
    Run other = Run::create(plan.folder, {.plan = toJson(plan), .plan_hash = plan.hash()});
    run({.plan = plan, .resume = other.id().text});
    QCOMPARE(readRun(runs / other.id().text).record->weights_sha256,
             readRun(runs / unbroken.run).record->weights_sha256);
  }

  void branches() {
    Plan plan = tablePlan({{"epochs", 6}, {"checkpoint_keep", 0}, {"checkpoint_steps", 3}});
    const Finished parent = run({.plan = plan, .rate_changes = {{2, 0.5}}});
    const std::filesystem::path runs = folder_.path().toStdString() + "/runs";
    const auto recordOf = [&](const std::string& id) { return *readRun(runs / id).record; };
    const auto branch = [&](const Plan& changed, std::vector<RateChange> changes = {{2, 0.5}}) {
      return run({.plan = changed,
                  .branch = checkpointOf(Run::open(plan.folder, parent.run), "9"),
                  .rate_changes = std::move(changes)});
    };
    // One that changes nothing ends as its parent did.
    const RunRecord same = recordOf(branch(plan).run);
    QCOMPARE(same.weights_sha256, recordOf(parent.run).weights_sha256);
    QCOMPARE(same.parent->run, parent.run);
    QCOMPARE(same.parent->step, int64_t{9});

    Plan other = plan;
    other.training.set("learning_rate", 0.003);
    other.training.set("epochs", 8);
    other.training.set("batch_size", 16);
    other.nodes[6].values.set("rate", 0.4);
    const Finished changed = branch(other, {});
    QVERIFY(recordOf(changed.run).weights_sha256 != same.weights_sha256);
    QVERIFY(changed.epochs > parent.epochs);
    // Repeated, also when the parent is gone.
    std::filesystem::remove_all(runs / parent.run);
    const Run again = Run::open(plan.folder, changed.run);
    const Finished repeated = run({.plan = other, .branch = beginningOf(again)});
    QCOMPARE(recordOf(repeated.run).weights_sha256, recordOf(changed.run).weights_sha256);
    // And gone on with before it has a checkpoint of its own.
    std::filesystem::remove_all(runs / repeated.run / "checkpoints");
    run({.plan = other, .resume = repeated.run});
    QCOMPARE(recordOf(repeated.run).weights_sha256, recordOf(changed.run).weights_sha256);
  }

  void branchesThatDoNotFitAreRefused() {
    Plan plan = tablePlan({{"epochs", 2}});
    const Finished parent = run({.plan = plan});
    const auto refusal = [&](const Plan& changed) {
      return errorText([&] { run({.plan = changed, .branch = checkpointOf(Run::open(plan.folder, parent.run), "")}); });
    };
    Plan wide = plan;
    wide.training.set("epochs", 4);
    wide.nodes[5].values.set("hidden", Integers{32});
    const std::string text = refusal(wide);
    VERIFY_CONTAINS(text, "mlp");
    VERIFY_CONTAINS(text, "is [16] there");
    VERIFY_CONTAINS(text, "[32] with these settings");
    Plan seed = plan;
    seed.training.set("seed", 7);
    VERIFY_CONTAINS(refusal(seed), "training.seed");
    VERIFY_CONTAINS(refusal(plan), "nothing is left to train");
    Plan longer = plan;
    longer.training.set("epochs", 4);
    std::ofstream(clouds_, std::ios::app) << "1,1,left,a\n";
    VERIFY_CONTAINS(refusal(longer), "the data has changed");
    clouds_ = writeClouds(folder_, 300);
    VERIFY_CONTAINS(errorText([&] { checkpointOf(Run::open(plan.folder, parent.run), "999"); }), "those of the steps");
  }

  // What is changed by hand while it trains is written down with its step and happens there again.
  void liveChangesAreRepeated() {
    const Plan plan = tablePlan({{"epochs", 400}, {"early_stopping", 0}});
    std::string id, then;
    {
      Session session;
      session.post(Start{.plan = plan});
      bool changed = false;
      while (then.empty()) {
        session.wait(60);
        for (const Event& event : session.drain()) {
          if (std::holds_alternative<EpochDone>(event) && !std::exchange(changed, true))
            session.post(SetLearningRate{0.25});
          if (const auto* failed = std::get_if<Failed>(&event)) QFAIL(failed->error.what());
          if (const auto* finished = std::get_if<Finished>(&event)) id = finished->run, then = finished->state;
        }
      }
    }
    const std::filesystem::path runs = folder_.path().toStdString() + "/runs";
    const RunRecord record = *readRun(runs / id).record;
    QCOMPARE(record.rate_changes.size(), size_t{1});
    QVERIFY(record.rate_changes[0].step > 0 && record.rate_changes[0].factor == 0.25);
    const auto hashWith = [&](std::vector<RateChange> changes) {
      return readRun(runs / run({.plan = plan, .rate_changes = std::move(changes)}).run).record->weights_sha256;
    };
    QCOMPARE(hashWith(record.rate_changes), record.weights_sha256);
    QVERIFY(hashWith({}) != record.weights_sha256);
  }
};

QTEST_GUILESS_MAIN(TestResume)
#include "resume.moc"
