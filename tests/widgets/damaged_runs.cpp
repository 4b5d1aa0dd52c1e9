// Runs that cannot be read, or are gone while they are shown: said at their row or in the panel, and the others go on.
#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <filesystem>

#include "base/file.hpp"
#include "base/json.hpp"
#include "checks.hpp"
#include "runs/run.hpp"
#include "training/metrics.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/runs/answers_panel.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/compare_view.hpp"
#include "widgets/runs/row_list.hpp"
#include "widgets/runs/runs_table.hpp"
#include "widgets/training/confusion_matrix.hpp"

using namespace blockyard;
namespace fs = std::filesystem;

class DamagedRunsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup() { table_.reset(); }
  void aDamagedRecordIsARow();
  void aRecordOfANewerVersionIsARow();
  void actsOnADamagedRunSaySo();
  void aFolderRemovedWhileShown();
  void openedAfterItWasRemoved();
  void comparedAfterItWasRemoved();
  void comparedWithADamagedOne();
  void damagedScoresAreSaid();
  void rowsOfARunThatIsGone();

 private:
  fs::path folder() const { return folder_->path().toStdString(); }
  fs::path runFolder(int run) const { return folder() / "runs" / ids_[run].toStdString(); }
  void refresh() {
    QSignalSpy refreshed(table_.get(), &RunsTable::refreshed);
    table_->refresh();
    QVERIFY(refreshed.wait());
  }
  QTableView& view() const { return *table_->findChild<QTableView*>(); }
  // The cells of the row of a run, one after the other; empty if it is not shown.
  QString row(int run) const {
    const auto* model = view().model();
    for (int i = 0; i < model->rowCount(); ++i) {
      if (model->index(i, 0).data().toString() != ids_[run]) continue;
      QStringList out;
      for (int column = 0; column < model->columnCount(); ++column) out << model->index(i, column).data().toString();
      return out.join('|');
    }
    return {};
  }
  void click(const char* name) const {
    QTest::mouseClick(table_->findChild<QPushButton*>(QString::fromLatin1(name)), Qt::LeftButton);
  }
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<RunsTable> table_;
  QStringList ids_;
};

void DamagedRunsTest::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  ids_.clear();
  for (const char* purpose : {"first", "second", "third"}) {
    Run run = Run::create(folder(), {.purpose = purpose, .plan = {{"training", {{"epochs", 3}}}}});
    run.update([](RunRecord& record) { record.results["test"] = {{"accuracy", 0.5}}; });
    Metrics metrics;
    metrics.classes = {"a", "b"};
    metrics.confusion = {{5, 1}, {2, 4}};
    metrics.per_class = {{}, {}};
    writeDurably(run.folder() / "metrics-test.json", dumpJson(toJson(metrics)));
    run.finish(RunState::Done);
    ids_ << QString::fromStdString(run.id().text);
  }
  table_ = std::make_unique<RunsTable>(folder());
  table_->resize(1000, 300);
  table_->show();
  refresh();
  QCOMPARE(view().model()->rowCount(), 3);
}

void DamagedRunsTest::aDamagedRecordIsARow() {
  writeDurably(runFolder(1) / "run.json", "{\"format\": 1, \"id\": ");
  refresh();
  QVERIFY2(row(1).contains("damaged") && row(1).contains("run.json"), qPrintable(row(1)));
  QVERIFY2(row(0).contains("first") && row(2).contains("third"), qPrintable(row(0) + row(2)));
}

void DamagedRunsTest::aRecordOfANewerVersionIsARow() {
  nlohmann::json record = readJson(runFolder(1) / "run.json");
  record["format"] = 99;
  writeDurably(runFolder(1) / "run.json", dumpJson(record));
  refresh();
  QVERIFY2(row(1).contains("made by a newer version") && row(1).contains("update this program"), qPrintable(row(1)));
  QVERIFY(row(0).contains("done"));
}

void DamagedRunsTest::actsOnADamagedRunSaySo() {
  writeDurably(runFolder(1) / "run.json", "no json");
  refresh();
  table_->selectRun(ids_[1]);
  QSignalSpy open(table_.get(), &RunsTable::openRun);
  click("open");
  QCOMPARE(open.count(), 1);  // its curves can be read
  QVERIFY2(table_->message().contains("cannot be read"), qPrintable(table_->message()));
  QApplication::clipboard()->setText("before");
  click("copy");
  QCOMPARE(QApplication::clipboard()->text(), QString("before"));
  QVERIFY2(table_->message().contains("No command is known"), qPrintable(table_->message()));
  QSignalSpy acted(table_.get(), &RunsTable::acted);
  table_->reportRun(ids_[1]);
  QVERIFY(acted.wait());
  QVERIFY2(table_->message().contains("cannot be read"), qPrintable(table_->message()));
  table_->deleteRuns({ids_[1]});
  QVERIFY(acted.wait());
  QTRY_VERIFY(row(1).isEmpty());
  QVERIFY(row(0).contains("first"));
}

// The folder is watched: the row goes by itself.
void DamagedRunsTest::aFolderRemovedWhileShown() {
  table_->selectRun(ids_[2]);
  fs::remove_all(runFolder(2));
  QTRY_VERIFY(row(2).isEmpty());
  QCOMPARE(view().model()->rowCount(), 2);
  QVERIFY(!table_->findChild<QPushButton*>("open")->isEnabled());
  fs::remove_all(folder() / "runs");
  QTRY_COMPARE(view().model()->rowCount(), 0);
}

void DamagedRunsTest::openedAfterItWasRemoved() {
  table_->selectRun(ids_[2]);
  fs::remove_all(runFolder(2));
  QSignalSpy open(table_.get(), &RunsTable::openRun);
  click("open");  // before the table has heard of it
  QCOMPARE(open.count(), 0);
  QVERIFY2(table_->message().contains("its folder has been removed"), qPrintable(table_->message()));
  QTRY_VERIFY(row(2).isEmpty());
  QSignalSpy acted(table_.get(), &RunsTable::acted);
  table_->setNotes(ids_[2], {"late"}, "");
  QVERIFY(acted.wait());
  QVERIFY(!table_->message().isEmpty());
  QVERIFY(!fs::exists(runFolder(2)));
}

void DamagedRunsTest::comparedAfterItWasRemoved() {
  CompareView compare(folder());
  compare.resize(900, 700);
  compare.show();
  QSignalSpy shown(&compare, &CompareView::shown);
  compare.setRuns(ids_);
  QVERIFY(shown.wait());
  QCOMPARE(compare.metrics().columnCount(), 4);
  fs::remove_all(runFolder(1));
  compare.setBaseline(ids_[2]);  // what was read is shown on
  QCOMPARE(compare.metrics().columnCount(), 4);
  shown.clear();
  compare.setRuns(ids_);
  QVERIFY(shown.wait());
  QCOMPARE(compare.metrics().columnCount(), 3);
  bool said = false;
  for (const QLabel* label : compare.findChildren<QLabel*>())
    said = said || (label->isVisible() && label->text().contains(ids_[1]));
  QVERIFY(said);
}

void DamagedRunsTest::comparedWithADamagedOne() {
  writeDurably(runFolder(0) / "run.json", "[]");
  CompareView compare(folder());
  compare.show();
  QSignalSpy shown(&compare, &CompareView::shown);
  compare.setRuns(ids_);
  QVERIFY(shown.wait());
  QCOMPARE(compare.metrics().columnCount(), 3);
  QCOMPARE(compare.metrics().item(0, 1)->text(), QString("0.5"));
}

void DamagedRunsTest::damagedScoresAreSaid() {
  AnswersPanel panel;
  QSignalSpy failed(&panel, &AnswersPanel::failed);
  for (const char* text : {"{\"classes\": 7}", "{", "[1, 2]"}) {
    writeDurably(runFolder(0) / "metrics-test.json", text);
    failed.clear();
    panel.showRun(folder(), ids_[0]);
    QVERIFY2(failed.count() == 1 && failed[0][0].toString().contains(ids_[0]), text);
  }
  panel.showRun(folder(), ids_[1]);
  QCOMPARE(failed.count(), 1);
}

void DamagedRunsTest::rowsOfARunThatIsGone() {
  AnswersPanel panel;
  panel.resize(900, 500);
  panel.show();
  panel.showRun(folder(), ids_[0]);
  fs::remove_all(runFolder(0));
  QSignalSpy shown(&panel.rows(), &CellRows::shown);
  panel.rows().showCell(folder(), ids_[0], Part::Test, {}, 0, 1);
  QVERIFY(shown.count() > 0 || shown.wait());
  QVERIFY2(panel.rows().list().title().contains("its folder has been removed"),
           qPrintable(panel.rows().list().title()));
}

QTEST_MAIN(DamagedRunsTest)
#include "damaged_runs.moc"
