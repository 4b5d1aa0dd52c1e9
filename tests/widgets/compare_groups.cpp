// The tables of a comparison: runs in groups, and scores class by class. Made-up runs of two settings and three seeds.
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTableWidget>

#include "base/file.hpp"
#include "base/json.hpp"
#include "runs/run.hpp"
#include "training/metrics.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/runs/compare_tables.hpp"
#include "widgets/runs/compare_view.hpp"

using namespace blockyard;

class CompareGroupsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void groupsShowMeanAndInterval();
  void anotherGroupIsTheBaseline();
  void groupsByTagAndSetting();
  void scoresClassByClass();
  void valuesHaveTheirUnit();
  void aKeyChoosesTheGrouping();

 private:
  void show(CompareView& view);
  static QString text(QTableWidget& table, int row, int column) {
    const auto* item = table.item(row, column);
    return item == nullptr ? QString() : item->text();
  }
  QTemporaryDir folder_;
  QStringList ids_;
};

void CompareGroupsTest::initTestCase() {
  const double accuracy[2][3] = {{0.70, 0.72, 0.74}, {0.80, 0.81, 0.86}};
  for (int wide = 0; wide < 2; ++wide)
    for (int seed = 0; seed < 3; ++seed) {
      RunRecord record;
      record.seed = seed;
      record.plan = {{"nodes", {{{"id", "net"}, {"values", {{"hidden", wide == 1 ? 64 : 16}}}}}},
                     {"training", {{"seed", seed}}}};
      Run run = Run::create(folder_.path().toStdString(), std::move(record));
      run.update([&](RunRecord& r) { r.results["test"] = {{"accuracy", accuracy[wide][seed]}}; });
      run.finish(RunState::Done);
      if (wide == 1) changeNotes(run.folder(), [](RunNotes& notes) { addTag(notes, "wide"); });
      Metrics metrics;
      metrics.classes = {"cat", "dog"};
      metrics.per_class = {{.recall = 0.5 + 0.1 * wide}, {.recall = 0.75}};
      writeDurably(run.folder() / "metrics-test.json", dumpJson(toJson(metrics)));
      ids_ << QString::fromStdString(run.id().text);
    }
}

void CompareGroupsTest::show(CompareView& view) {
  view.resize(1200, 800);
  view.show();
  QSignalSpy shown(&view, &CompareView::shown);
  view.setRuns(ids_);
  QVERIFY(shown.wait());
}

void CompareGroupsTest::groupsShowMeanAndInterval() {
  CompareView view(folder_.path().toStdString());
  show(view);
  QCOMPARE(view.metrics().columnCount(), 7);
  QComboBox& box = view.tables().grouping();
  box.setCurrentIndex(1);
  QCOMPARE(view.metrics().columnCount(), 3);
  QCOMPARE(view.metrics().horizontalHeaderItem(1)->text(), QStringLiteral("net.hidden=16 (baseline)"));
  QCOMPARE(text(view.metrics(), 0, 1), QStringLiteral("0.72 ± 0.02 (n 3)"));
  const QString other = text(view.metrics(), 0, 2);
  QVERIFY2(
      other.startsWith(QStringLiteral("0.8233 ± 0.03215 (n 3)\n+0.1033 [")) && other.endsWith(QStringLiteral(" ▲")),
      qPrintable(other));
  QVERIFY(view.metrics().item(0, 2)->toolTip().contains(QStringLiteral("over 3 pairs")));
  QCOMPARE(view.settings().rowCount(), 1);
  QCOMPARE(text(view.settings(), 0, 2), QStringLiteral("64"));
  const auto groups = view.tables().groupOfRuns();
  QCOMPARE(groups, (std::vector<int>{0, 0, 0, 1, 1, 1}));
  box.setCurrentIndex(0);
  QCOMPARE(view.metrics().columnCount(), 7);
}

void CompareGroupsTest::anotherGroupIsTheBaseline() {
  CompareView view(folder_.path().toStdString());
  show(view);
  view.tables().grouping().setCurrentIndex(1);
  const std::unique_ptr<QMenu> menu(view.makeHeaderMenu(2));
  menu->actions().front()->trigger();
  QCOMPARE(view.metrics().horizontalHeaderItem(1)->text(), QStringLiteral("net.hidden=64 (baseline)"));
  QVERIFY(text(view.metrics(), 0, 2).contains(QStringLiteral("\n-0.1033 [")));
}

void CompareGroupsTest::groupsByTagAndSetting() {
  CompareView view(folder_.path().toStdString());
  show(view);
  QComboBox& box = view.tables().grouping();
  box.setCurrentIndex(2);
  QCOMPARE(view.metrics().columnCount(), 2);
  QCOMPARE(view.metrics().horizontalHeaderItem(1)->text(), QStringLiteral("wide (baseline)"));
  QCOMPARE(view.tables().groupOfRuns()[0], -1);
  const int by_hidden = box.findData(QStringLiteral("net.hidden"));
  QVERIFY(by_hidden > 0);
  box.setCurrentIndex(by_hidden);
  QCOMPARE(view.metrics().columnCount(), 3);
}

void CompareGroupsTest::scoresClassByClass() {
  CompareView view(folder_.path().toStdString());
  show(view);
  QComboBox& scores = view.tables().scores();
  QVERIFY(scores.isEnabled());
  scores.setCurrentIndex(scores.findData(QStringLiteral("recall")));
  QCOMPARE(view.metrics().rowCount(), 2);
  QCOMPARE(text(view.metrics(), 0, 0), QStringLiteral("test cat"));
  QCOMPARE(text(view.metrics(), 0, 1), QStringLiteral("0.5"));
  QCOMPARE(text(view.metrics(), 0, 4), QStringLiteral("0.6  (+0.1 ▲)"));
  QCOMPARE(text(view.metrics(), 1, 4), QStringLiteral("0.75"));
  view.tables().grouping().setCurrentIndex(1);
  QVERIFY(text(view.metrics(), 0, 2).startsWith(QStringLiteral("0.6 ± 0 (n 3)\n+0.1")));
}

void CompareGroupsTest::valuesHaveTheirUnit() {
  QTemporaryDir folder;
  QStringList ids;
  for (const char* unit : {"EUR", "EUR", "USD"}) {
    RunRecord record;
    record.plan = {{"nodes", {{{"id", "money"}, {"values", {{"unit", unit}}}}}}};
    Run run = Run::create(folder.path().toStdString(), std::move(record));
    run.update([&](RunRecord& r) { r.results["test"] = {{"money.value", 10.0 + static_cast<double>(ids.size())}}; });
    run.finish(RunState::Done);
    ids << QString::fromStdString(run.id().text);
  }
  CompareView view(folder.path().toStdString());
  QSignalSpy shown(&view, &CompareView::shown);
  view.setRuns(ids);
  QVERIFY(shown.wait());
  QCOMPARE(text(view.metrics(), 0, 1), QStringLiteral("10 EUR"));
  QCOMPARE(text(view.metrics(), 0, 2), QStringLiteral("11 EUR  (+1 ▲)"));
  QCOMPARE(text(view.metrics(), 0, 3), QStringLiteral("12 USD"));  // dollars are not held against euros
  view.tables().grouping().setCurrentIndex(1);
  QCOMPARE(text(view.metrics(), 0, 1), QStringLiteral("10.5 ± 0.7071 EUR (n 2)"));
  QCOMPARE(text(view.metrics(), 0, 2), QStringLiteral("12 USD (n 1)"));
}

void CompareGroupsTest::aKeyChoosesTheGrouping() {
  CompareView view(folder_.path().toStdString());
  show(view);
  view.activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(&view));
  view.tables().grouping().setFocus();
  QTest::keyClick(&view.tables().grouping(), Qt::Key_Down);
  QCOMPARE(view.metrics().columnCount(), 3);
}

QTEST_MAIN(CompareGroupsTest)
#include "compare_groups.moc"
