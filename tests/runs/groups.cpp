// Groups of runs: who stands with whom, and what is said of their difference.
#include "runs/groups.hpp"

#include <QtTest>

#include "base/error.hpp"
#include "checks.hpp"

using namespace blockyard;

namespace {

RunRecord run(const std::string& id, int64_t seed, int channels, double accuracy) {
  RunRecord out;
  out.id.text = id, out.seed = seed;
  out.plan = {{"folder", "/somewhere/" + id},
              {"nodes", {{{"id", "conv1"}, {"values", {{"channels", channels}}}}}},
              {"training", {{"seed", seed}, {"learning_rate", 0.1}, {"threads", seed}}}};
  out.results["test"] = {{"accuracy", accuracy}};
  return out;
}

std::vector<std::string> names(const std::vector<RunGroup>& groups) {
  std::vector<std::string> out;
  for (const RunGroup& group : groups) out.push_back(group.name);
  return out;
}

// Narrow and wide with the seeds 0 to 2, the wide ones also with seed 9; in the order in which they might come.
std::vector<RunRecord> some() {
  return {run("a", 0, 16, 0.70), run("b", 0, 32, 0.80), run("c", 1, 16, 0.72), run("d", 1, 32, 0.81),
          run("e", 2, 32, 0.86), run("f", 2, 16, 0.74), run("g", 9, 32, 0.50)};
}

}  // namespace

class GroupsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void equalSettingsStandTogether();
  void byASetting();
  void byTag();
  void differencesArePairedBySeed();
  void foldsArePairsToo();
  void withoutACommonSeedThereIsNoDifference();
  void oneSeedTrainedTwiceCountsOnce();
  void unitsAreNotMixed();
  void chanceIsNamedSo();
  void settingsOfAGroup();
};

void GroupsTest::equalSettingsStandTogether() {
  const auto groups = groupsBySettings(some());
  QCOMPARE(names(groups), (std::vector<std::string>{"conv1.channels=16", "conv1.channels=32"}));
  QVERIFY(groups[0].runs == (std::vector<size_t>{0, 2, 5}) && groups[1].runs == (std::vector<size_t>{1, 3, 4, 6}));
  QCOMPARE(names(groupsBySettings({some()[0], some()[2]})), std::vector<std::string>{"all"});
  QVERIFY(groupsBySettings({}).empty());
}

void GroupsTest::byASetting() {
  auto runs = some();
  runs[1].plan["training"]["learning_rate"] = 0.2;
  QCOMPARE(names(groupsBySetting(runs, {"training.learning_rate"})),
           (std::vector<std::string>{"training.learning_rate=0.1", "training.learning_rate=0.2"}));
  QCOMPARE(groupsBySetting(runs, {"training.learning_rate", "conv1.channels"}).size(), size_t{3});
  QVERIFY(settingsToGroupBy(runs) == (Texts{"conv1.channels", "training.learning_rate"}));
  try {
    groupsBySetting(runs, {"conv1.chanels"});
    QFAIL("no error");
  } catch (const Error& error) {
    COMPARE_TEXT(error.problem(), "no run has the setting \"conv1.chanels\"");
    COMPARE_TEXT(error.hint(), "did you mean \"conv1.channels\"?");
    QVERIFY(error.fault() == Fault::Usage);
  }
}

void GroupsTest::byTag() {
  const std::vector<RunNotes> notes = {{.tags = {"good", "wide"}}, {}, {.tags = {"wide"}}};
  const auto groups = groupsByTag(notes);
  QCOMPARE(names(groups), (std::vector<std::string>{"good", "wide"}));
  QVERIFY(groups[1].runs == (std::vector<size_t>{0, 2}));
  QCOMPARE(names(groupsByTag(notes, {"wide"})), std::vector<std::string>{"wide"});
  QVERIFY_EXCEPTION_THROWN(groupsByTag(notes, {"narrow"}), Error);
  QVERIFY(groupsByTag({{}, {}}).empty());
}

void GroupsTest::differencesArePairedBySeed() {
  const auto runs = some();
  const GroupComparison found = compareGroups(runs, groupsBySettings(runs));
  QCOMPARE(found.metrics.size(), size_t{1});
  const GroupMetricRow& row = found.metrics.front();
  QCOMPARE(row.values[0].count, size_t{3});
  QCOMPARE(row.values[1].count, size_t{4});  // seed 9 counts for the mean, and has no pair
  QCOMPARE(row.values[1].mean, (0.80 + 0.81 + 0.86 + 0.50) / 4);
  QVERIFY(!row.differences[0]);
  const Interval wanted = meanInterval(std::vector<double>{0.80 - 0.70, 0.81 - 0.72, 0.86 - 0.74});
  const Interval& got = row.differences[1]->interval;
  QCOMPARE(got.count, size_t{3});
  QCOMPARE(got.mean, wanted.mean);
  QCOMPARE(got.low, wanted.low);
  QCOMPARE(got.p, wanted.p);
  QVERIFY(row.differences[1]->shown());
  // The other way round, with the group of a run as the baseline.
  const auto groups = groupsBySettings(runs);
  const GroupComparison back = compareGroups(runs, groups, groupOfRun(runs, groups, "e"));
  COMPARE_TEXT(back.groups.front().name, "conv1.channels=32");
  QCOMPARE(back.metrics.front().differences[1]->interval.mean, -wanted.mean);
}

void GroupsTest::foldsArePairsToo() {
  auto runs = some();
  runs.resize(4);
  for (RunRecord& each : runs) each.plan["training"]["fold"] = each.seed, each.seed = 7;
  const GroupComparison found = compareGroups(runs, groupsBySettings(runs));
  QCOMPARE(found.groups.size(), size_t{2});
  QCOMPARE(found.metrics.front().differences[1]->interval.count, size_t{2});
}

void GroupsTest::withoutACommonSeedThereIsNoDifference() {
  const std::vector<RunRecord> runs = {run("a", 0, 16, 0.7), run("b", 1, 32, 0.8)};
  QVERIFY(!compareGroups(runs, groupsBySettings(runs)).metrics.front().differences[1]);
}

void GroupsTest::oneSeedTrainedTwiceCountsOnce() {
  const std::vector<RunRecord> runs = {run("a", 0, 16, 0.7), run("b", 0, 32, 0.8), run("c", 0, 32, 0.9)};
  const GroupMetricRow row = compareGroups(runs, groupsBySettings(runs)).metrics.front();
  QCOMPARE(row.values[1].count, size_t{2});
  QCOMPARE(row.differences[1]->interval.count, size_t{1});
  QVERIFY(std::abs(row.differences[1]->interval.mean - 0.15) < 1e-12);
  QVERIFY(!row.differences[1]->shown());  // one pair shows nothing
}

void GroupsTest::unitsAreNotMixed() {
  const auto counted = [](const char* id, int64_t seed, int channels, const char* unit) {
    RunRecord out = run(id, seed, channels, 0.5);
    out.plan["nodes"].push_back({{"id", "money"}, {"values", {{"unit", unit}}}});
    out.results["test"] = {{"money.value", 10.0 * channels}};
    return out;
  };
  const std::vector<RunRecord> runs = {counted("a", 0, 16, "EUR"), counted("b", 1, 16, "EUR"),
                                       counted("c", 0, 32, "EUR"), counted("d", 0, 64, "USD"),
                                       counted("e", 0, 8, "EUR"),  counted("f", 1, 8, "USD")};
  const auto row = compareGroups(runs, groupsBySetting(runs, {"conv1.channels"})).metrics.front();
  QVERIFY((row.units == Texts{" EUR", " EUR", " USD", ""}));
  QVERIFY(row.differences[1]->interval.mean == 160 && !row.differences[2] && !row.differences[3]);
  QVERIFY(row.values[2].mean == 640 && row.values[3].count == 0);
}

void GroupsTest::chanceIsNamedSo() {
  // Ups and downs around nothing; a value that is no number counts for nobody.
  std::vector<RunRecord> runs;
  for (int seed = 0; seed < 6; ++seed) {
    runs.push_back(run("a" + std::to_string(seed), seed, 16, 0.7));
    runs.push_back(run("b" + std::to_string(seed), seed, 32, 0.7 + (seed % 2 == 0 ? 0.02 : -0.018)));
  }
  runs[0].results["test"]["accuracy"] = std::nan("");
  const GroupMetricRow row = compareGroups(runs, groupsBySettings(runs)).metrics.front();
  QCOMPARE(row.values[0].count, size_t{5});
  QCOMPARE(row.differences[1]->interval.count, size_t{5});
  QVERIFY(!row.differences[1]->shown() && !row.differences[1]->interval.excludesZero());
}

void GroupsTest::settingsOfAGroup() {
  auto runs = some();
  const auto by_tag = groupsByTag({{.tags = {"x"}}, {.tags = {"x"}}, {.tags = {"y"}}, {}, {}, {}, {}});
  const GroupComparison found = compareGroups(runs, by_tag);
  QCOMPARE(found.settings.size(), size_t{1});  // neither seed nor folder nor threads
  COMPARE_TEXT(found.settings[0].path, "nodes.conv1.values.channels");
  QVERIFY(found.settings[0].values[0] == (std::vector<nlohmann::json>{16, 32}));
  QVERIFY(found.settings[0].values[1] == (std::vector<nlohmann::json>{16}));
}

QTEST_GUILESS_MAIN(GroupsTest)
#include "groups.moc"
