// A thousand runs: how long their table takes to open, and how long two hundred of them take to be compared. The runs
// are copies of one that was really trained, with settings, seeds and scores of their own.
#include <QtCore/QElapsedTimer>
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "checks.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/runs/compare_tables.hpp"
#include "widgets/runs/compare_view.hpp"
#include "widgets/runs/runs_table.hpp"
#include "widgets/trained_run.hpp"

using namespace blockyard;
namespace fs = std::filesystem;

class ManyRunsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void theTableOpens();
  void twoHundredAreCompared();

 private:
  QTemporaryDir folder_;
  QStringList ids_;
};

namespace {
constexpr int kRuns = 1000, kCompared = 200;
}

void ManyRunsTest::initTestCase() {
  blockyard::testing::writeClouds(folder_, 300);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = folder_.filePath("clouds.blockyard").toStdString();
  saveProject(project, project.file);
  const std::string id =
      blockyard::testing::trainedRun({.plan = makePlan(project, ""), .snapshot = snapshotText(project, "")})
          .toStdString();
  QVERIFY(!id.empty());
  const fs::path runs = fs::path(folder_.path().toStdString()) / "runs";
  nlohmann::json record = readJson(runs / id / "run.json");
  const KeyedRandom random(3);
  for (int i = 1; i < kRuns; ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "20260101-%02d%02d%02d-0000", i / 3600, i / 60 % 60, i % 60);
    const auto at = static_cast<uint64_t>(i);
    record["id"] = name;
    record["purpose"] = "number " + std::to_string(i);
    record["seed"] = record["plan"]["training"]["seed"] = i % 5;
    record["plan"]["training"]["learning_rate"] = 0.001 * (1 + i / 5 % 40);
    for (auto& node : record["plan"]["nodes"])
      if (node["id"] == "hidden") node["values"]["dropout"] = 0.1 * (i % 3);
    for (auto& part : record["results"])
      for (auto& value : part) value = random.uniform(at);
    fs::create_directories(runs / name);
    std::ofstream(runs / name / "run.json") << dumpJson(record);
    for (const auto& entry : fs::directory_iterator(runs / id)) {
      const std::string file = entry.path().filename().string();
      if (file.starts_with("events.") || file.starts_with("metrics-") || file == "project.json")
        fs::copy_file(entry.path(), runs / name / file);
    }
    ids_ << QString::fromLatin1(name);
  }
}

void ManyRunsTest::theTableOpens() {
  QElapsedTimer time;
  time.start();
  RunsTable table(folder_.path().toStdString());
  table.resize(1200, 600);
  QSignalSpy refreshed(&table, &RunsTable::refreshed);
  table.show();
  QVERIFY(refreshed.wait());
  table.grab();
  const auto opened = time.restart();
  QCOMPARE(table.findChild<QTableView*>()->model()->rowCount(), kRuns);
  table.findChild<QLineEdit*>()->setText("number 77 -0.1");
  table.grab();
  const auto filtered = time.elapsed();
  qInfo("1,000 runs: the table opened in %lld ms, was filtered in %lld ms", opened, filtered);
  QVERIFY2(opened < 1000, qPrintable(QString::number(opened)));
  QVERIFY2(filtered < 500, qPrintable(QString::number(filtered)));
}

void ManyRunsTest::twoHundredAreCompared() {
  CompareView view(folder_.path().toStdString());
  view.resize(1200, 900);
  view.show();
  QSignalSpy shown(&view, &CompareView::shown);
  QElapsedTimer time;
  time.start();
  view.setRuns(ids_.mid(0, kCompared));
  QVERIFY(shown.wait());
  view.grab();
  const auto compared = time.restart();
  QCOMPARE(view.metrics().columnCount(), kCompared + 1);
  view.tables().grouping().setCurrentIndex(1);
  view.grab();
  const auto grouped = time.restart();
  QVERIFY(view.metrics().columnCount() > 30);
  qInfo("200 runs: compared in %lld ms, then by groups in %lld ms", compared, grouped);
  QVERIFY2(compared < 2000, qPrintable(QString::number(compared)));
  QVERIFY2(grouped < 2000, qPrintable(QString::number(grouped)));
}

QTEST_MAIN(ManyRunsTest)
#include "many_runs.moc"
