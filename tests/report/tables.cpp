// All runs as a table, and in MLflow's layout.
#include <QtCore/QTemporaryDir>
#include <QtTest>

#include "checks.hpp"
#include "data/csv_text.hpp"
#include "report/made_run.hpp"
#include "report/mlflow.hpp"
#include "report/runs_table.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class TablesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void settingsThatDifferAreColumns();
  void oneRunIsATable();
  void storeIsWritten();
  void storeKeepsWhatIsThere();
  void fileIsNoStore();

 private:
  std::filesystem::path path() const { return folder_->path().toStdString(); }
  std::unique_ptr<QTemporaryDir> folder_;
};

void TablesTest::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  Project project = madeProject(*folder_);
  reportedRun(project);
  applySet(project, "main", "hidden.out_features=32");
  applySet(project, "main", "drop.removed=true");
  const Run second = reportedRun(project);
  changeNotes(second.folder(), [](RunNotes& notes) { notes.tags = {"a", "b"}; });
}

void TablesTest::settingsThatDifferAreColumns() {
  const auto [table, types] = runsTable(listRuns(path()));
  for (const char* name : {"epochs", "seed", "trial", "test_rows", "hidden.out_features"})
    QVERIFY2(types.whole.count(name) > 0, name);
  QVERIFY(types.whole.count("test/accuracy") == 0 && types.times.count("started") > 0);
  QCOMPARE(table.column("train_rows").numbers[0], 8001.0);
  QCOMPARE(table.rows(), int64_t{2});
  QCOMPARE(table.column("hidden.out_features").numbers, (std::vector<double>{8, 32}));
  QVERIFY(table.column("drop.rate").missing(1));
  COMPARE_TEXT(table.column("tags").cell(1), "a b");
  COMPARE_TEXT(table.column("state").cell(0), "done");
  QCOMPARE(table.column("test/accuracy").numbers[0], 0.9);
  QCOMPARE(table.column("trial").numbers[0], 3.0);
  for (const std::string& name : table.names())  // what is the same in all is none, and neither are wires
    QVERIFY2(name != "training.epochs" && name.find("inputs") == std::string::npos, name.c_str());
}

void TablesTest::oneRunIsATable() {
  auto runs = listRuns(path());
  runs.resize(1);
  runs.push_back({.id = {"broken"}, .damage = "cut short"});
  const Table table = runsTable(runs).table;
  QCOMPARE(table.rows(), int64_t{1});
  QVERIFY(table.find("hidden.out_features") == nullptr);
}

void TablesTest::storeIsWritten() {
  const auto runs = listRuns(path());
  const MlflowWritten written = writeMlflow(path(), runs, path() / "my runs", Artifacts::Copy);
  QCOMPARE(written.runs, int64_t{2});
  QVERIFY(written.left_out.empty());
  COMPARE_TEXT(written.experiment, "Made");
  const auto run = written.to / runs[0].id.text;
  COMPARE_TEXT(readFile(run / "params" / "hidden.out_features"), "8");
  const std::string loss = readFile(run / "metrics" / "train" / "loss");
  QCOMPARE(std::count(loss.begin(), loss.end(), '\n'), 400);
  QVERIFY(loss.substr(0, loss.find('\n')).ends_with(" 1"));
  QVERIFY(readFile(run / "metrics" / "final" / "test" / "accuracy").ends_with(" 0.9 400\n"));
  COMPARE_TEXT(readFile(run / "tags" / "tag.good"), "true");
  QVERIFY(std::filesystem::exists(run / "artifacts" / "metrics-test.json"));
  const std::string meta = readFile(run / "meta.yaml");
  QVERIFY2(meta.find("my%20runs/") != std::string::npos && meta.find("status: 3\n") != std::string::npos, meta.c_str());
}

void TablesTest::storeKeepsWhatIsThere() {
  const auto store = path() / "mlruns";
  std::filesystem::create_directories(store / "7" / "other");
  writeDurably(store / "7" / "meta.yaml", "experiment_id: '7'\nname: Made\n");
  writeMlflow(path(), listRuns(path()), store, Artifacts::LeaveOut);
  const MlflowWritten again = writeMlflow(path(), listRuns(path()), store, Artifacts::LeaveOut);
  COMPARE_TEXT(again.to.filename().string(), "7");
  QVERIFY(std::filesystem::exists(store / "7" / "other"));
  size_t folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(again.to)) folders += entry.is_directory() ? 1 : 0;
  QCOMPARE(folders, size_t{3});
}

void TablesTest::fileIsNoStore() {
  VERIFY_CONTAINS(errorText([&] { writeMlflow(path(), listRuns(path()), path() / "rows.csv", Artifacts::Copy); }),
                  "expected a folder");
}

QTEST_GUILESS_MAIN(TablesTest)
#include "tables.moc"
