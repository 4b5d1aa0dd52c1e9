// What a study says it has found: planted effects are found, planted null effects are not, failures and unfinished
// trainings are counted once.
#include "study/results.hpp"

#include <QtTest>
#include <cmath>

#include "base/random.hpp"
#include "study/made_project.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class ResultsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void plantedEffectsAreFound();
  void everyTrainingCountsOnce();
  void failuresDoNotStopTheRest();
  void otherEnvironmentsAreTold();
  void likeTheBest();
};

// Five ablations over 8 seeds whose own noise is ten times the effect: one harms, one helps, three do nothing.
void ResultsTest::plantedEffectsAreFound() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  StudySpec spec{.name = "ablation", .search = Search::Ablation, .metric = "accuracy"};
  spec.axes = {
      ablationFromTexts({"scale", "drop", "drop:remove", "scale:remove", "drop:replace extractor/activation"})};
  spec.seeds = {0, 1, 2, 3, 4, 5, 6, 7};
  const Study study = Study::create(project, spec);
  const double planted[] = {0, -0.02, 0.02, 0, 0, 0};
  const KeyedRandom random(3);
  for (const Trial& trial : study.trials())
    for (const StudyPlace& place : study.placesOf(trial)) {
      const auto seed = static_cast<uint64_t>(place.seed);
      const double score = 0.8 + 0.2 * random.key("seed").normal(seed) + planted[trial.number] +
                           0.004 * random.key("own").key(static_cast<uint64_t>(trial.number)).normal(seed);
      doneRun(project.folder(), place, "accuracy", score);
    }
  const StudyResults results = resultsOf(study, StudyProgress(study));
  QCOMPARE(results.effects.size(), size_t{5});
  using Verdict = Effect::Verdict;
  const Verdict wanted[] = {Verdict::Worse, Verdict::Better, Verdict::NoneShown, Verdict::NoneShown,
                            Verdict::NoneShown};
  for (size_t i = 0; i < 5; ++i) {
    const Effect& effect = results.effects[i];
    QVERIFY2(effect.verdict == wanted[i], qPrintable(QString("%1 %2").arg(i).arg(effect.p_adjusted)));
    QVERIFY(std::abs(effect.difference.mean - planted[i + 1]) < 0.01);
    QCOMPARE(effect.difference.count, size_t{8});
  }
  // The same as a score of which less is better, with too few seeds to say anything.
  spec.name = "short", spec.metric = "loss", spec.seeds = {0};
  const Study quick = Study::create(project, spec);
  for (const Trial& trial : quick.trials())
    doneRun(project.folder(), quick.placesOf(trial).front(), "loss", 1 + static_cast<double>(trial.number));
  const StudyResults few = resultsOf(quick, StudyProgress(quick));
  QVERIFY(few.effects[0].verdict == Verdict::TooFew);
  QCOMPARE(few.best()->text, std::string("baseline"));
}

void ResultsTest::everyTrainingCountsOnce() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  const Study study = Study::create(
      project, {.name = "s", .axes = {choicesFromText("variables.width=4,8")}, .seeds = {0, 1}, .metric = "accuracy"});
  doneRun(project.folder(), {"s", 0, 0, 0}, "accuracy", 0.5);
  stoppedRun(project.folder(), {"s", 0, 0, 0}, "accuracy", {0.1});  // begun twice: the one that is done counts
  doneRun(project.folder(), {"other", 0, 1, 0}, "accuracy", 0.9);   // of another study
  doneRun(project.folder(), {}, "accuracy", 0.9);                   // of none
  const StudyResults results = resultsOf(study, StudyProgress(study));
  QCOMPARE(results.runs_done, int64_t{1});
  QCOMPARE(results.runs_in_all, int64_t{4});
  QCOMPARE(results.trials[0].score.mean, 0.5);
  QCOMPARE(results.trials[0].test.mean, 0.25);
  QVERIFY(!results.trials[0].complete && results.ranking.size() == 1);
}

void ResultsTest::failuresDoNotStopTheRest() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  Study study =
      Study::create(project, {.name = "s", .axes = {choicesFromText("variables.width=4,8")}, .metric = "accuracy"});
  RunRecord record;
  record.study = {"s", 0, 0, 0};
  Run::create(project.folder(), record).finish(RunState::Diverged, "the loss is NaN");
  const auto steps = StudyProgress(study).next(study, {}, {}, 10);
  QCOMPARE(steps.size(), size_t{1});
  QCOMPARE(steps[0].place.trial, int64_t{1});
  doneRun(project.folder(), {"s", 1, 0, 0}, "accuracy", 0.7);
  const StudyResults results = resultsOf(study, StudyProgress(study));
  QCOMPARE(results.runs_failed, int64_t{1});
  QCOMPARE(results.trials[0].error, std::string("the loss is NaN"));
  QCOMPARE(results.best()->number, int64_t{1});
}

void ResultsTest::otherEnvironmentsAreTold() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  const Study study =
      Study::create(project, {.name = "s", .axes = {choicesFromText("variables.width=4,8")}, .metric = "accuracy"});
  doneRun(project.folder(), {"s", 0, 0, 0}, "accuracy", 0.7);
  Run second = doneRun(project.folder(), {"s", 1, 0, 0}, "accuracy", 0.8);
  QVERIFY(resultsOf(study, StudyProgress(study)).warnings.empty());
  second.update([](RunRecord& run) { run.versions["libtorch"] = "1.0", run.data_fingerprint = "other"; });
  QCOMPARE(resultsOf(study, StudyProgress(study)).warnings.size(), size_t{2});
}

void ResultsTest::likeTheBest() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  const Study study = Study::create(
      project,
      {.name = "s", .axes = {choicesFromText("variables.width=4,8,16")}, .seeds = {0, 1, 2, 3}, .metric = "accuracy"});
  const double scores[3][4] = {{0.80, 0.82, 0.81, 0.83}, {0.81, 0.81, 0.80, 0.82}, {0.60, 0.62, 0.61, 0.63}};
  for (const Trial& trial : study.trials())
    for (const StudyPlace& place : study.placesOf(trial))
      doneRun(project.folder(), place, "accuracy", scores[trial.number][place.seed]);
  const StudyResults results = resultsOf(study, StudyProgress(study));
  QCOMPARE(results.best()->number, int64_t{0});
  QVERIFY(results.trials[1].like_the_best);
  QVERIFY(!results.trials[2].like_the_best);
}

QTEST_GUILESS_MAIN(ResultsTest)
#include "results.moc"
