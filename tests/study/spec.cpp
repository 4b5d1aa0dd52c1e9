// What a study asks: its axes as text, its trials, what it refuses, and how it is kept.
#include "study/spec.hpp"

#include <QtTest>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "graph/check.hpp"
#include "study/made_project.hpp"
#include "study/study.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class SpecTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void textsBecomeAxes();
  void textsAreRefused_data();
  void textsAreRefused();
  void gridIsEveryCombination();
  void ablationIsOneAtATime();
  void randomFillsTheRanges();
  void specSurvivesItsFile();
  void specIsCheckedAgainstTheProject_data();
  void specIsCheckedAgainstTheProject();
  void blocksAreRemovedAndReplaced();
  void studyKeepsThePipelineAsItWas();
  void placesAreTrialsTimesSeedsTimesFolds();
};

void SpecTest::textsBecomeAxes() {
  const Axis plain = choicesFromText("hidden.out_features=16, 32,64");
  QCOMPARE(plain.name, std::string("hidden.out_features"));
  QCOMPARE(plain.choices.size(), size_t{3});
  QCOMPARE(plain.choices[1].settings, Texts{"hidden.out_features=32"});

  const Axis lists = choicesFromText("mlp.hidden=64,32 | 128");
  QCOMPARE(lists.choices.size(), size_t{2});
  QCOMPARE(lists.choices[0].settings, Texts{"mlp.hidden=64,32"});

  const Axis blocks = choicesFromText("model.block=extractor/lstm & model.hidden=8 | extractor/gru");
  QCOMPARE(blocks.choices[0].settings, (Texts{"model.block=extractor/lstm", "model.hidden=8"}));
  QCOMPARE(blocks.choices[1].settings, Texts{"model.block=extractor/gru"});

  const Axis range = rangeFromText("training.learning_rate=1e-4..1e-1:log");
  QVERIFY(range.isRange() && range.logarithmic && !range.integer && range.from == 1e-4 && range.to == 1e-1);
  const Axis steps = rangeFromText("hidden.out_features=16..256:step 16");
  QVERIFY(steps.integer && steps.step == 16);

  const Axis ablation = ablationFromTexts({"drop", "scale:remove", "drop:replace extractor/activation"});
  QCOMPARE(ablation.choices[0].settings, Texts{"drop.bypassed=true"});
  QCOMPARE(ablation.choices[1].settings, Texts{"scale.removed=true"});
  QCOMPARE(ablation.choices[2].settings, Texts{"drop.block=extractor/activation"});
}

void SpecTest::textsAreRefused_data() {
  QTest::addColumn<QString>("kind");
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("says");
  QTest::newRow("no value") << "grid"
                            << "hidden.out_features="
                            << "expected block.parameter=value,value";
  QTest::newRow("empty value") << "grid"
                               << "a.b=1,,2"
                               << "a value is empty";
  QTest::newRow("twice") << "grid"
                         << "a.b=1,2,1"
                         << "named twice";
  QTest::newRow("no dots") << "range"
                           << "a.b=1"
                           << "expected block.parameter=FROM..TO";
  QTest::newRow("no number") << "range"
                             << "a.b=one..2"
                             << "expected a number";
  QTest::newRow("backwards") << "range"
                             << "a.b=2..1"
                             << "from less to more";
  QTest::newRow("log of zero") << "range"
                               << "a.b=0..1:log"
                               << "starts above 0";
  QTest::newRow("unknown scale") << "range"
                                 << "a.b=1..2:cube"
                                 << "expected log or step";
  QTest::newRow("how") << "ablate"
                       << "drop:burn"
                       << "expected bypass, remove or replace";
}

void SpecTest::textsAreRefused() {
  QFETCH(QString, kind);
  QFETCH(QString, text);
  QFETCH(QString, says);
  try {
    if (kind == "grid") choicesFromText(text.toStdString());
    if (kind == "range") rangeFromText(text.toStdString());
    if (kind == "ablate") ablationFromTexts({text.toStdString()});
    QFAIL("nothing was refused");
  } catch (const Error& error) {
    QVERIFY2(QString::fromUtf8(error.what()).contains(says), error.what());
    QCOMPARE(error.fault(), Fault::Usage);
  }
}

void SpecTest::gridIsEveryCombination() {
  StudySpec spec{.search = Search::Grid, .axes = {choicesFromText("a.b=1,2,3"), choicesFromText("c.d=x,y")}};
  const auto trials = fixedTrials(spec);
  QCOMPARE(trials.size(), size_t{6});
  QCOMPARE(trialCount(spec), int64_t{6});
  std::set<Texts> all;
  for (const Trial& trial : trials) all.insert(settingsOf(spec, trial));
  QCOMPARE(all.size(), size_t{6});
  QCOMPARE(textOf(spec, trials[1]), std::string("a.b=1, c.d=y"));
}

void SpecTest::ablationIsOneAtATime() {
  StudySpec spec{.search = Search::Ablation, .axes = {ablationFromTexts({"drop", "scale:remove"})}};
  const auto trials = fixedTrials(spec);
  QCOMPARE(trials.size(), size_t{3});
  QCOMPARE(trialCount(spec), int64_t{3});
  QVERIFY(settingsOf(spec, trials[0]).empty());
  QCOMPARE(textOf(spec, trials[0]), std::string("baseline"));
  QCOMPARE(settingsOf(spec, trials[2]), Texts{"scale.removed=true"});
  QCOMPARE(textOf(spec, trials[1]), std::string("without drop"));
}

void SpecTest::randomFillsTheRanges() {
  StudySpec spec{.search = Search::Random,
                 .axes = {rangeFromText("a.rate=1e-4..1:log"), rangeFromText("a.size=3..6"),
                          rangeFromText("a.width=16..64:step 16"), choicesFromText("a.how=x,y,z")},
                 .trials = 4000};
  const auto trials = fixedTrials(spec);
  QCOMPARE(trials.size(), size_t{4000});
  int below = 0;
  std::map<double, int> sizes, widths, hows;
  for (const Trial& trial : trials) {
    QVERIFY(trial.values[0] >= 1e-4 && trial.values[0] <= 1);
    below += trial.values[0] < 1e-2 ? 1 : 0;  // half of a range in equal factors
    ++sizes[trial.values[1]], ++widths[trial.values[2]], ++hows[trial.values[3]];
  }
  QVERIFY(std::abs(below - 2000) < 150);
  QCOMPARE(sizes.size(), size_t{4});
  QCOMPARE(hows.size(), size_t{3});
  QCOMPARE(widths.begin()->first, 16.0);
  QCOMPARE(widths.rbegin()->first, 64.0);
  QCOMPARE(widths.size(), size_t{4});
  for (const auto& [size, count] : sizes) QVERIFY2(std::abs(count - 1000) < 130, qPrintable(QString::number(count)));
  QVERIFY(fixedTrials(spec) == trials);
  spec.seed = 1;
  QVERIFY(fixedTrials(spec) != trials);
}

void SpecTest::specSurvivesItsFile() {
  const StudySpec spec{.name = "rates",
                       .purpose = "which one",
                       .pipeline = "main",
                       .settings = {"training.epochs=3"},
                       .search = Search::Tpe,
                       .axes = {rangeFromText("a.b=1..8:step 2"), choicesFromText("c.d=1,2")},
                       .trials = 7,
                       .seed = 3,
                       .seeds = {4, 5},
                       .folds = 3,
                       .metric = "accuracy",
                       .halving_factor = 3,
                       .halving_epochs = 2,
                       .at_once = 2,
                       .threads = 1};
  QVERIFY(specFromJson(toJson(spec), "study.json") == spec);
  auto newer = toJson(spec);
  newer["format"] = 99;
  QVERIFY_EXCEPTION_THROWN(specFromJson(newer, "study.json"), Error);
}

void SpecTest::specIsCheckedAgainstTheProject_data() {
  QTest::addColumn<QString>("grid");
  QTest::addColumn<QString>("says");
  QTest::newRow("right") << "hidden.out_features=4,8"
                         << "";
  QTest::newRow("variable") << "variables.width=4,8"
                            << "";
  QTest::newRow("no block") << "hiden.out_features=4"
                            << "did you mean \"hidden\"";
  QTest::newRow("no parameter") << "hidden.out_feature=4"
                                << "did you mean \"out_features\"";
  QTest::newRow("refused value") << "drop.rate=0.5,2"
                                 << "drop.rate: 2";
  QTest::newRow("broken pipeline") << "softmax.removed=true"
                                   << "softmax.removed: true";
  QTest::newRow("no block type") << "drop.block=extractor/dropot"
                                 << "did you mean";
}

void SpecTest::specIsCheckedAgainstTheProject() {
  QFETCH(QString, grid);
  QFETCH(QString, says);
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  const StudySpec spec{.pipeline = "main", .axes = {choicesFromText(grid.toStdString())}};
  try {
    checkSpec(spec, project);
    QVERIFY2(says.isEmpty(), "nothing was refused");
  } catch (const Error& error) {
    QVERIFY2(!says.isEmpty() && QString::fromUtf8(error.what()).contains(says), error.what());
  }
}

void SpecTest::blocksAreRemovedAndReplaced() {
  QTemporaryDir folder;
  Project project = madeProject(folder);
  const std::string before = projectText(project);
  const Edit undo = project.apply("main", editFromSetting(project, "main", "drop.removed=true"));
  QVERIFY(project.graph("main").find({"drop"}) == nullptr);
  QVERIFY(check(project, "main").ok());  // the gap is closed
  project.apply("main", undo);
  QCOMPARE(projectText(project), before);

  applySet(project, "main", "drop.block=extractor/activation");
  QCOMPARE(project.graph("main").node({"drop"}).type, std::string("extractor/activation"));
  QVERIFY(project.graph("main").node({"drop"}).params.empty());  // an activation has no rate
  QVERIFY(check(project, "main").ok());
}

void SpecTest::studyKeepsThePipelineAsItWas() {
  QTemporaryDir folder;
  Project project = madeProject(folder);
  Study::create(project, {.name = "widths", .axes = {choicesFromText("variables.width=4,8")}});
  applySet(project, "main", "training.epochs=99");
  saveProject(project, project.file);
  const Study study = Study::open(project.folder(), "widths");
  const Plan plan = study.plan({"widths", 0, 3, 0});
  QCOMPARE(plan.training.integer("epochs"), int64_t{9});
  QCOMPARE(plan.training.integer("seed"), int64_t{3});
  QCOMPARE(plan.find("hidden")->values.integer("out_features"), int64_t{4});
  QCOMPARE(study.epochs(), int64_t{9});
  QVERIFY_EXCEPTION_THROWN(Study::create(project, study.spec()), Error);  // the name is taken
  QVERIFY_EXCEPTION_THROWN(Study::open(project.folder(), "width"), Error);
  QVERIFY_EXCEPTION_THROWN(checkStudyName("../x"), Error);
  // Without a name one is made; the second of the kind gets a number.
  const StudySpec unnamed{.axes = {choicesFromText("variables.width=4,8")}};
  QCOMPARE(Study::create(project, unnamed).name(), std::string("grid-width"));
  QCOMPARE(Study::create(project, unnamed).name(), std::string("grid-width-2"));
}

void SpecTest::placesAreTrialsTimesSeedsTimesFolds() {
  QTemporaryDir folder;
  const Project project = madeProject(folder);
  const Study study =
      Study::create(project, {.axes = {choicesFromText("variables.width=4,8")}, .seeds = {1, 5}, .folds = 3});
  QCOMPARE(study.placesOf(study.trials()[1]).size(), size_t{6});
  const Plan plan = study.plan(study.placesOf(study.trials()[1])[4]);
  QCOMPARE(plan.training.integer("seed"), int64_t{5});
  QCOMPARE(plan.training.integer("folds"), int64_t{3});
  QCOMPARE(plan.training.integer("fold"), int64_t{1});
}

QTEST_GUILESS_MAIN(SpecTest)
#include "spec.moc"
