// A look at a port of a pipeline that is being trained or has been, and one that is stopped.
#include <QtTest/QtTest>

#include "checks.hpp"
#include "export/bundle.hpp"
#include "export/preview_bundle.hpp"
#include "training/session.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;

class TrainedPreviewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void canBeStopped();
  void whileTraining();
  void looksChangeNothing();
  void asTrained();
};

void TrainedPreviewTest::canBeStopped() {
  const QTemporaryDir folder;
  const Plan plan = testing::cloudsPlan(testing::writeClouds(folder, 2000));
  std::atomic<bool> stop{false};
  PreviewOptions options{.rows = 2000, .stop = &stop};
  int calls = 0;
  options.progress = [&](const std::string&, double share) {
    ++calls;
    QVERIFY(share >= 0 && share <= 1);
    stop = true;
  };
  const auto error = errorOf([&] { preview(plan, "mlp", "y", options); });
  QVERIFY(error.has_value() && error->fault() == Fault::TryAgain);
  QCOMPARE(calls, 1);
}

void TrainedPreviewTest::whileTraining() {
  const QTemporaryDir folder;
  Session session;
  session.post(PreviewPort{.number = 1, .block = "mlp", .port = "y", .rows = 50});  // nothing runs: not answered
  Start start{.plan = testing::cloudsPlan(testing::writeClouds(folder, 600), {{"epochs", 100000}})};
  start.keep_run = false;
  session.post(start);
  for (int64_t number = 2; number < 5; ++number)
    session.post(PreviewPort{.number = number, .block = number == 4 ? "nobody" : "mlp", .port = "y", .rows = 50});
  std::vector<Previewed> answers;
  const auto gather = [&](size_t count) {
    for (int i = 0; i < 600 && answers.size() < count; ++i) {
      session.wait(0.1);
      for (const auto& event : session.drain())
        if (const auto* answer = std::get_if<Previewed>(&event)) answers.push_back(*answer);
    }
  };
  gather(3);
  QCOMPARE(answers.size(), size_t{3});
  QCOMPARE(answers[0].number, 2);
  QVERIFY(answers[0].preview && answers[0].preview->step >= 1 && !answers[0].preview->untrained);
  QCOMPARE(answers[0].preview->sample.rows, 50);
  QVERIFY(answers[2].error && answers[2].error->where().block == "nobody");
  // Some steps later the weights are others; also while the training is paused.
  int64_t step = 0;
  for (int i = 0; i < 600 && step <= answers[0].preview->step; ++i) {
    session.wait(0.1);
    for (const auto& event : session.drain())
      if (const auto* done = std::get_if<StepDone>(&event)) step = done->step;
  }
  session.post(Pause{});
  session.post(PreviewPort{.number = 5, .block = "mlp", .port = "y", .rows = 50});
  gather(4);
  QCOMPARE(answers.size(), size_t{4});
  QVERIFY(answers[3].preview->step > answers[0].preview->step);
  QVERIFY(answers[3].preview->sample.numbers != answers[0].preview->sample.numbers);
  session.post(Stop{});
}

void TrainedPreviewTest::looksChangeNothing() {
  const QTemporaryDir folder;
  const Plan plan = testing::cloudsPlan(testing::writeClouds(folder, 300), {{"epochs", 2}});
  const auto scores = [&](bool looking) {
    Trainer* running = nullptr;
    TrainerHooks hooks;
    hooks.poll = [&] {
      if (looking)
        for (const char* block : {"standardize", "mlp", "softmax"})
          preview(*running, block, std::string(block) == "softmax" ? "scores" : "y", {.rows = 40});
      return false;
    };
    Trainer trainer(plan, hooks);
    running = &trainer;
    trainer.prepareData();
    trainer.train();
    return preview(trainer, "softmax", "scores", {}).sample.numbers;
  };
  QVERIFY(scores(true) == scores(false));
}

void TrainedPreviewTest::asTrained() {
  const QTemporaryDir folder;
  Plan plan = testing::cloudsPlan(testing::writeClouds(folder, 300), {{"epochs", 3}});
  const std::string bundle = folder.filePath("bundle.safetensors").toStdString();
  Trainer trainer(plan, {});
  trainer.prepareData();
  trainer.train();
  saveBundle(trainer, "run1", bundle);
  const auto trained = previewTrained(bundle, plan, "softmax", "scores", {.rows = 60});
  QVERIFY(trained.has_value());
  COMPARE_TEXT(trained->run, "run1");
  QVERIFY(!trained->untrained && !trained->fitted);
  QVERIFY(trained->sample.numbers == preview(trainer, "softmax", "scores", {.rows = 60}).sample.numbers);
  QVERIFY(trained->sample.numbers != preview(plan, "softmax", "scores", {.rows = 60}).sample.numbers);
  // Other training settings are all the same; another block on the way is not.
  plan.training.set("epochs", 9);
  QVERIFY(previewTrained(bundle, plan, "softmax", "scores", {.rows = 60}).has_value());
  plan.nodes[5].values.set("hidden", Integers{8});
  QVERIFY(!previewTrained(bundle, plan, "softmax", "scores", {.rows = 60}).has_value());
  QVERIFY(previewTrained(bundle, plan, "features", "y", {.rows = 60}).has_value());
}

QTEST_GUILESS_MAIN(TrainedPreviewTest)
#include "trained_preview.moc"
