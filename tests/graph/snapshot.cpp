// A pipeline opened again as it was, and what tells two plans apart.
#include "graph/snapshot.hpp"

#include <QtTest/QtTest>

#include "checks.hpp"
#include "graph/graph_json.hpp"
#include "graph/plan.hpp"
#include "graph/plan_diff.hpp"
#include "graph/project.hpp"
#include "graph/versions.hpp"
#include "training/small_plan.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class SnapshotTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void theSnapshotGivesTheSamePlan();
  void restoringIsOneActThatCanBeUndone();
  void restoringWhatIsThereIsNothing();
  void thePlanAloneIsEnough();
  void aBaseIsMergedIn();
  void samePlansDoNotDiffer();
  void versionsAreKeptAndNeverOverwritten();
  void diffSaysWhatChanged();
  void diffSeesBlocksAndWires();

 private:
  Project project() const { return projectFromText(text_, folder_.filePath("p.blockyard").toStdString()); }
  QTemporaryDir folder_;
  std::string text_;
};

void SnapshotTest::initTestCase() {
  writeClouds(folder_, 60);
  text_ = R"({"format": 1, "name": "clouds", "variables": {"width": 16}, "pipelines": {"main": {"blocks": {
    "table": {"block": "source/table", "params": {"file": "clouds.csv", "target": ["kind"]}, "at": [0, 0]},
    "impute": {"block": "preprocessor/impute", "at": [220, 0]},
    "standardize": {"block": "preprocessor/standardize", "at": [440, 0]},
    "one_hot": {"block": "preprocessor/one_hot", "at": [660, 0]},
    "features": {"block": "preprocessor/to_features", "at": [880, 0]},
    "mlp": {"block": "extractor/mlp", "params": {"hidden": ["${width}"]}, "at": [1100, 50]},
    "softmax": {"block": "classifier/softmax", "at": [1320, 0]}},
    "wires": ["table.features -> impute.x", "impute.y -> standardize.x", "standardize.y -> one_hot.x",
      "one_hot.y -> features.x", "features.y -> mlp.x", "mlp.y -> softmax.x", "table.target -> softmax.target"],
    "training": {"epochs": 3}}}})";
}

void SnapshotTest::theSnapshotGivesTheSamePlan() {
  Project then = project();
  const std::string hash = makePlan(then, "").hash();
  const Snapshot snapshot = snapshotFromText(snapshotText(then, ""), "run");
  COMPARE_TEXT(snapshot.pipeline, "main");
  QVERIFY(snapshot.graph.nodes() == then.graph("").nodes());
  // The project goes on: another value, another block, another variable.
  Project now = project();
  applySet(now, "", "variables.width=32");
  applySet(now, "", "training.epochs=9");
  applySet(now, "", "training.seed=5");
  now.apply("", RemoveNode{{"standardize"}});
  now.apply("", AddNode{.node = {.id = {"drop"}, .type = "extractor/dropout"}});
  now.apply("", restoring(now, "", snapshot));
  COMPARE_TEXT(makePlan(now, "").hash(), hash);
  COMPARE_TEXT(projectText(now), projectText(then));
}

void SnapshotTest::restoringIsOneActThatCanBeUndone() {
  const Snapshot snapshot = snapshotFromText(snapshotText(project(), ""), "run");
  Project now = project();
  applySet(now, "", "variables.width=32");
  now.apply("", RemoveNode{{"mlp"}});
  now.apply("", AddFrame{.frame = {.title = "mine", .width = 10, .height = 10}});
  now.apply("", Connect{{{{"gone"}, "y"}, {{"softmax"}, "x"}}, -1, Ends::MayDangle});
  const std::string before = projectText(now);
  const Edit back = now.apply("", restoring(now, "", snapshot));
  QVERIFY(projectText(now) != before);
  now.apply("", back);
  COMPARE_TEXT(projectText(now), before);
}

void SnapshotTest::restoringWhatIsThereIsNothing() {
  const Project now = project();
  QVERIFY(restoring(now, "", snapshotFromText(snapshotText(now, ""), "run")).edits.empty());
}

void SnapshotTest::thePlanAloneIsEnough() {
  Project then = project();
  then.apply("", Bypass{{"standardize"}, true});
  const Plan plan = makePlan(then, "");
  Project now = project();
  now.apply("", restoring(now, "", snapshotOfPlan(plan)));
  COMPARE_TEXT(makePlan(now, "").hash(), plan.hash());
  QVERIFY(now.graph("").find({"standardize"}) == nullptr);         // it was passed by
  QCOMPARE(now.graph("").node({"mlp"}).params.size(), size_t{1});  // defaults are left out
}

void SnapshotTest::aBaseIsMergedIn() {
  std::ofstream(folder_.filePath("p.blockyard").toStdString()) << text_;
  const auto refined = folder_.filePath("q.blockyard").toStdString();
  const Project wider = projectFromText(R"({"format": 1, "base": "p.blockyard", "variables": {"width": 64}})", refined);
  const std::string text = snapshotText(wider, "");
  QVERIFY(text.find("base") == std::string::npos);
  QVERIFY(snapshotFromText(text, "run").variables["width"] == 64);
}

void SnapshotTest::samePlansDoNotDiffer() {
  const Plan plan = makePlan(project(), "");
  QVERIFY(diffPlans(plan, plan).same());
}

void SnapshotTest::versionsAreKeptAndNeverOverwritten() {
  const std::string folder = folder_.path().toStdString();
  QVERIFY(versionsOf(folder).empty());
  Project now = project();
  const std::string first = snapshotText(now, "main");
  keepVersion(now, "main", "before the wide layer");
  applySet(now, "main", "mlp.hidden=[64, 64]");
  keepVersion(now, "main", "Größer");
  const auto kept = versionsOf(folder);
  QCOMPARE(kept.size(), size_t{2});
  QCOMPARE(std::count_if(kept.begin(), kept.end(), [](const Version& v) { return v.name == "Größer"; }), 1);
  const auto old = std::find_if(kept.begin(), kept.end(), [](const Version& v) { return v.name != "Größer"; });
  const Compound back = restoring(now, "main", openVersion(*old));
  QVERIFY(!back.edits.empty());
  now.apply("main", back);
  QCOMPARE(snapshotText(now, "main"), first);
  for (const char* name : {"", "a/b", "..", "a\nb", "before the wide layer"})
    QVERIFY_THROWS_EXCEPTION(Error, keepVersion(now, "main", name));
  QCOMPARE(versionsOf(folder).size(), size_t{2});
}

void SnapshotTest::diffSaysWhatChanged() {
  Project other = project();
  applySet(other, "", "variables.width=8");
  applySet(other, "", "training.epochs=4");
  const PlanDiff diff = diffPlans(makePlan(project(), ""), makePlan(other, ""));
  QCOMPARE(diff.blocks.size(), size_t{1});
  QVERIFY(diff.blocks.at("mlp") == Change::Changed);
  QCOMPARE(diff.settings.at("mlp").size(), size_t{1});
  const SettingChange& change = diff.settings.at("mlp").front();
  COMPARE_TEXT(change.name + " " + change.before + " " + change.after, "hidden [16] [8]");
  QCOMPARE(diff.training.size(), size_t{1});
  COMPARE_TEXT(diff.training[0].name + diff.training[0].before + diff.training[0].after, "epochs34");
  QVERIFY(diff.wires.empty() && !diff.same());
}

void SnapshotTest::diffSeesBlocksAndWires() {
  Project other = project();
  other.apply("", Bypass{{"standardize"}, true});
  const PlanDiff diff = diffPlans(makePlan(project(), ""), makePlan(other, ""));
  QVERIFY(diff.blocks == (std::map<std::string, Change>{{"standardize", Change::Removed}}));
  QCOMPARE(diff.wires.size(), size_t{3});
  QVERIFY(diff.wires.at({{{"impute"}, "y"}, {{"one_hot"}, "x"}}) == Change::Added);
  QVERIFY(diff.wires.at({{{"impute"}, "y"}, {{"standardize"}, "x"}}) == Change::Removed);
  QVERIFY(diff.wires.at({{{"standardize"}, "y"}, {{"one_hot"}, "x"}}) == Change::Removed);
  const PlanDiff back = diffPlans(makePlan(other, ""), makePlan(project(), ""));
  QVERIFY(back.blocks.at("standardize") == Change::Added);
  const Plan first = makePlan(project(), "");
  Plan second = first;
  second.nodes.back().type = "classifier/other";
  COMPARE_TEXT(diffPlans(first, second).settings.at("softmax").front().name, "block");
}

QTEST_GUILESS_MAIN(SnapshotTest)
#include "snapshot.moc"
