// Searching: the tree of Parzen estimators finds what random search finds later, what matters is told from what does
// not, and halving keeps the best.
#include <QtTest>
#include <cmath>

#include "study/importance.hpp"
#include "study/made_project.hpp"
#include "study/results.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class SearchTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void tpeBeatsRandom();
  void tpeIsAFunctionOfWhatIsKnown();
  void importanceFindsWhatMatters();
  void importanceOfAGridIsItsAnova();
  void halvingKeepsTheBest();
  void tpeGoesWithHalving();
  void tpeProposalsSurvive();
};

namespace {

// Best at rate 0.01, how "b"; the width does nothing.
double made(const Trial& trial) {
  const double off = std::log10(trial.values[0]) + 2;
  return -off * off - (trial.values[1] == 1 ? 0 : 1);
}

StudySpec madeSpec(Search search, int64_t trials, int64_t seed) {
  return {
      .search = search,
      .axes = {rangeFromText("a.rate=1e-5..1:log"), choicesFromText("a.how=a,b,c,d"), rangeFromText("a.width=1..100")},
      .trials = trials,
      .seed = seed};
}

std::vector<Trial> searchedByTpe(const StudySpec& spec) {
  std::vector<Trial> trials;
  for (int64_t i = 0; i < spec.trials; ++i) {
    std::vector<Scored> known;
    for (const Trial& trial : trials) known.push_back({&trial, made(trial)});
    trials.push_back(proposeTpe(spec, i, known, true));
  }
  return trials;
}

double bestOf(const std::vector<Trial>& trials) {
  double best = -1e9;
  for (const Trial& trial : trials) best = std::max(best, made(trial));
  return best;
}

}  // namespace

void SearchTest::tpeBeatsRandom() {
  double tpe = 0, random = 0;
  for (int64_t seed = 0; seed < 20; ++seed) {
    tpe += bestOf(searchedByTpe(madeSpec(Search::Tpe, 50, seed))) / 20;
    random += bestOf(fixedTrials(madeSpec(Search::Random, 50, seed))) / 20;
  }
  // Random search leaves 0.04 on average here; a search that learns a fifth of that.
  QVERIFY2(tpe > random / 3 && random < -0.01, qPrintable(QString("%1 %2").arg(tpe).arg(random)));
}

void SearchTest::tpeIsAFunctionOfWhatIsKnown() {
  const StudySpec spec = madeSpec(Search::Tpe, 30, 4);
  const auto first = searchedByTpe(spec);
  QVERIFY(first == searchedByTpe(spec));
  for (const Trial& trial : first) {
    QVERIFY(trial.values[0] >= 1e-5 && trial.values[0] <= 1);
    QVERIFY(trial.values[1] >= 0 && trial.values[1] < 4 && trial.values[1] == std::floor(trial.values[1]));
    QVERIFY(trial.values[2] >= 1 && trial.values[2] <= 100 && trial.values[2] == std::floor(trial.values[2]));
  }
}

void SearchTest::importanceFindsWhatMatters() {
  const StudySpec spec = madeSpec(Search::Random, 200, 1);
  const auto trials = fixedTrials(spec);
  std::vector<Scored> known;
  for (const Trial& trial : trials) known.push_back({&trial, made(trial)});
  const auto shares = importanceOf(spec, known, true);
  QCOMPARE(shares.size(), size_t{3});
  QCOMPARE(shares.back().axis, std::string("a.width"));
  QVERIFY2(shares.back().share < 0.1, qPrintable(QString::number(shares.back().share)));
  double sum = 0;
  for (const auto& each : shares) sum += each.share;
  QVERIFY(std::abs(sum - 1) < 1e-9);
  QVERIFY(importanceOf(spec, std::span(known).first(3), true).empty());
}

// score = 3 a + b over a, b in {0, 1}: the variances are 9/4 and 1/4.
void SearchTest::importanceOfAGridIsItsAnova() {
  const StudySpec spec{.search = Search::Grid, .axes = {choicesFromText("a.b=0,1"), choicesFromText("c.d=0,1")}};
  const auto trials = fixedTrials(spec);
  std::vector<Scored> known;
  for (const Trial& trial : trials) known.push_back({&trial, 3 * trial.values[0] + trial.values[1]});
  const auto shares = importanceOf(spec, known, true);
  QVERIFY(std::abs(shares[0].share - 0.9) < 1e-12 && std::abs(shares[1].share - 0.1) < 1e-12);
}

// Six trials of one epoch, the best two of them three epochs, the best one to the end.
void SearchTest::halvingKeepsTheBest() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  Study study = Study::create(project, {.name = "halved",
                                        .search = Search::Random,
                                        .axes = {rangeFromText("drop.rate=0..0.9")},
                                        .trials = 6,
                                        .metric = "accuracy",
                                        .halving_factor = 3});
  const auto place = [&](int64_t trial) { return StudyPlace{"halved", trial, 0, 0}; };
  QCOMPARE(StudyProgress(study).stages(), (std::vector<int64_t>{1, 3, 0}));
  auto steps = StudyProgress(study).next(study, {}, {}, 10);
  QCOMPARE(steps.size(), size_t{6});
  QCOMPARE(steps[0].stop_after_epochs, int64_t{1});
  const double firsts[] = {0.2, 0.9, 0.1, 0.8, 0.3, 0.4};
  for (int64_t trial = 0; trial < 5; ++trial) stoppedRun(project.folder(), place(trial), "accuracy", {firsts[trial]});
  steps = StudyProgress(study).next(study, {}, {}, 10);
  QCOMPARE(steps.size(), size_t{1});  // the sixth is not there yet: nobody goes on
  stoppedRun(project.folder(), place(5), "accuracy", {firsts[5]});
  steps = StudyProgress(study).next(study, {}, {}, 10);
  QCOMPARE(steps.size(), size_t{2});
  QCOMPARE(steps[0].place.trial, int64_t{1});
  QCOMPARE(steps[1].place.trial, int64_t{3});
  QCOMPARE(steps[1].stop_after_epochs, int64_t{3});
  // The one that was behind overtakes; what it reached later does not change who passed the first stage.
  stoppedRun(project.folder(), place(1), "accuracy", {0.9, 0.9, 0.9});
  stoppedRun(project.folder(), place(3), "accuracy", {0.8, 0.95, 0.94});
  steps = StudyProgress(study).next(study, {}, {}, 10);
  QCOMPARE(steps.size(), size_t{1});
  QCOMPARE(steps[0].place.trial, int64_t{3});
  QCOMPARE(steps[0].stop_after_epochs, int64_t{0});
  doneRun(project.folder(), place(3), "accuracy", 0.97, {0.8, 0.95, 0.94, 0.96, 0.97, 0.97, 0.97, 0.97, 0.97});
  QVERIFY(StudyProgress(study).next(study, {}, {}, 10).empty());
  const StudyResults results = resultsOf(study, StudyProgress(study));
  QCOMPARE(results.best()->number, int64_t{3});
  QCOMPARE(results.trials[results.ranking[1]].number, int64_t{1});
}

// The search learns from the scores after one epoch, and the best half of all goes on.
void SearchTest::tpeGoesWithHalving() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  Study study = Study::create(project, {.name = "both",
                                        .search = Search::Tpe,
                                        .axes = {rangeFromText("drop.rate=0..0.9")},
                                        .trials = 24,
                                        .metric = "accuracy",
                                        .halving_factor = 3});
  const auto place = [&](int64_t trial) { return StudyPlace{"both", trial, 0, 0}; };
  int64_t asked = 0;
  for (; asked < 24; ++asked) {
    const auto steps = StudyProgress(study).next(study, {}, {}, 1);
    QCOMPARE(steps.size(), size_t{1});
    QCOMPARE(steps[0].place.trial, asked);
    QCOMPARE(steps[0].stop_after_epochs, int64_t{1});
    const double rate = study.trials().back().values[0];
    stoppedRun(project.folder(), place(asked), "accuracy", {1 - std::abs(rate - 0.6)});
  }
  // Those proposed after the ten random ones are drawn to where it is good.
  double first = 0, later = 0;
  for (const Trial& trial : study.trials()) (trial.number < 10 ? first : later) += std::abs(trial.values[0] - 0.6);
  QVERIFY2(later / 14 < first / 10, qPrintable(QString("%1 %2").arg(later / 14).arg(first / 10)));
  const auto steps = StudyProgress(study).next(study, {}, {}, 100);
  QCOMPARE(steps.size(), size_t{8});
  for (const StudyStep& step : steps) QCOMPARE(step.stop_after_epochs, int64_t{3});
  // Found again from the disk alone.
  Study again = Study::open(project.folder(), "both");
  QCOMPARE(StudyProgress(again).next(again, {}, {}, 100).size(), size_t{8});
}

void SearchTest::tpeProposalsSurvive() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  Study study = Study::create(
      project, {.name = "t", .search = Search::Tpe, .axes = {rangeFromText("drop.rate=0..0.9")}, .trials = 5});
  const auto steps = StudyProgress(study).next(study, {}, {}, 2);
  QCOMPARE(steps.size(), size_t{2});
  // A line that was cut off has never been trained.
  std::ofstream(study.folder() / "trials.jsonl", std::ios::app) << "{\"trial\": 2, \"val";
  Study again = Study::open(project.folder(), "t");
  QVERIFY(again.trials() == study.trials());
  QCOMPARE(StudyProgress(again).next(again, {}, {}, 10).size(), size_t{5});
  QCOMPARE(Study::open(project.folder(), "t").trials().size(), size_t{5});
}

QTEST_GUILESS_MAIN(SearchTest)
#include "search.moc"
