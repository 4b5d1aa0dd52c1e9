// What is seen of trained runs: confusion matrices and the rows of their cells, pipelines side by side, the rows on
// which two runs disagree. Two small pipelines are really trained.
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>

#include "base/json.hpp"
#include "checks.hpp"
#include "graph/snapshot.hpp"
#include "graph/templates.hpp"
#include "runs/run.hpp"
#include "training/run_pipeline.hpp"
#include "training/small_plan.hpp"
#include "widgets/canvas/block_item.hpp"
#include "widgets/runs/answers_panel.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/compare_view.hpp"
#include "widgets/runs/confusion_page.hpp"
#include "widgets/runs/graph_view.hpp"
#include "widgets/runs/graphs_page.hpp"
#include "widgets/runs/row_list.hpp"
#include "widgets/runs/rows_page.hpp"
#include "widgets/trained_run.hpp"
#include "widgets/training/confusion_matrix.hpp"

using namespace blockyard;

class CompareTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void runsKeepTheirPipeline();
  void aClickOnACellShowsItsRows();
  void confusionMatricesSideBySide();
  void pipelinesAreMarked();
  void rowsThatDifferAreFound();
  void rowsAreSavedAsShown();
  void runsWithoutABundleSaySo();

 private:
  QString train(const QStringList& settings);
  void show(CompareView& view) const;
  static Metrics metricsOf(const std::filesystem::path& run) {
    return metricsFromJson(readJson(run / "metrics-test.json"));
  }
  std::filesystem::path folder() const { return folder_.path().toStdString(); }
  std::filesystem::path folderOf(const QString& run) const { return folder() / "runs" / run.toStdString(); }

  QTemporaryDir folder_;
  Project project_;
  QString good_, hasty_;
};

// Returns the run's id.
QString CompareTest::train(const QStringList& settings) {
  Project changed = project_;
  for (const auto& setting : settings) applySet(changed, "", setting.toStdString());
  return blockyard::testing::trainedRun({.plan = makePlan(changed, ""), .snapshot = snapshotText(changed, "")});
}

void CompareTest::initTestCase() {
  blockyard::testing::writeClouds(folder_, 400);
  project_ = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project_.file = folder_.filePath("clouds.blockyard").toStdString();
  applySet(project_, "", "training.epochs=12");
  saveProject(project_, project_.file);
  good_ = train({});
  hasty_ = train({"training.epochs=1", "training.learning_rate=0.0005"});
  QVERIFY(!good_.isEmpty() && !hasty_.isEmpty());
}

void CompareTest::show(CompareView& view) const {
  view.resize(1100, 800);
  view.show();
  QSignalSpy shown(&view, &CompareView::shown);
  view.setRuns({good_, hasty_});
  QVERIFY(shown.wait());
}

void CompareTest::runsKeepTheirPipeline() {
  const Run run = Run::open(folder(), hasty_.toStdString());
  const Snapshot then = pipelineOfRun(run.folder(), run.record());
  Project now = project_;
  applySet(now, "", "training.batch_size=3");
  now.apply("", restoring(now, "", then));
  COMPARE_TEXT(makePlan(now, "").hash(), run.record().plan_hash);
}

void CompareTest::aClickOnACellShowsItsRows() {
  AnswersPanel panel;
  panel.resize(1000, 500);
  panel.show();
  panel.showRun(folder(), hasty_);
  const Metrics metrics = metricsOf(folderOf(hasty_));
  auto* map = panel.matrix().findChild<QTableView*>("map");
  QSignalSpy shown(&panel.rows(), &CellRows::shown);
  for (int truth = 0; truth < 3; ++truth) {
    const int answer = (truth + 1) % 3;
    shown.clear();
    QTest::mouseClick(map->viewport(), Qt::LeftButton, {},
                      map->visualRect(map->model()->index(truth, answer)).center());
    QVERIFY(shown.count() > 0 || shown.wait(20000));
    const auto count = metrics.confusion[static_cast<size_t>(truth)][static_cast<size_t>(answer)];
    auto& view = panel.rows().list().view();
    QCOMPARE(view.model()->rowCount(), static_cast<int>(count));
    VERIFY_CONTAINS(panel.rows().list().title().toStdString(), ": " + std::to_string(count));
    for (int row = 0; row < view.model()->rowCount(); ++row) {
      QCOMPARE(view.model()->index(row, 1).data().toString(), QString("abc"[truth]));
      QCOMPARE(view.model()->index(row, 2).data().toString(), QString("abc"[answer]));
    }
    QStringList header;
    for (int i = 0; i < view.model()->columnCount(); ++i)
      header << view.model()->headerData(i, Qt::Horizontal).toString();
    if (count > 0) QCOMPARE(header, (QStringList{"row", "truth", "answer", "probability", "x", "y", "side"}));
  }
}

void CompareTest::confusionMatricesSideBySide() {
  CompareView view(folder());
  show(view);
  view.pages().setCurrentWidget(&view.confusion());
  QCOMPARE(view.confusion().matrices().size(), size_t{2});
  const ConfusionMatrix *left = view.confusion().matrices()[0], *right = view.confusion().matrices()[1];
  QVERIFY(left->isVisible() && right->isVisible());
  QVERIFY(left->mapTo(&view, QPoint()).x() < right->mapTo(&view, QPoint()).x());
  auto* map = right->findChild<QTableView*>("map");
  QSignalSpy shown(&view.confusion().rows(), &CellRows::shown);
  map->setFocus();
  map->setCurrentIndex(map->model()->index(1, 1));
  QTest::keyClick(map, Qt::Key_Return);
  QVERIFY(shown.count() > 0 || shown.wait(20000));
  const auto count = metricsOf(folderOf(hasty_)).confusion[1][1];
  QCOMPARE(view.confusion().rows().list().view().model()->rowCount(), static_cast<int>(count));
}

void CompareTest::pipelinesAreMarked() {
  CompareView view(folder());
  show(view);
  view.pages().setCurrentWidget(&view.graphs());
  GraphsPage& page = view.graphs();
  QVERIFY(page.left().block("data") != nullptr && page.right().block("data") != nullptr);
  QVERIFY(page.left().block("data")->pos() != page.left().block("classify")->pos());
  QCOMPARE(page.left().markCount(), 0);  // only the training differs
  QCOMPARE(page.list().rowCount(), 2);
  QCOMPARE(page.list().item(0, 1)->text(), QStringLiteral("epochs"));
  QCOMPARE(page.list().item(0, 2)->text(), QStringLiteral("12"));
  QCOMPARE(page.list().item(0, 3)->text(), QStringLiteral("1"));
  // A run with another block and another value, made without training.
  auto runs = std::make_shared<std::vector<ComparedRun>>(2);
  (*runs)[0].plan = makePlan(project_, "");
  Project other = project_;
  const auto wires = other.graph("").into({"classify"}, "x");
  other.apply("", Disconnect{wires.front()});
  other.apply("", AddNode{.node = {.id = {"drop"}, .type = "extractor/dropout"}});
  other.apply("", Connect{{wires.front().from, {{"drop"}, "x"}}});
  other.apply("", Connect{{{{"drop"}, "y"}, {{"classify"}, "x"}}});
  applySet(other, "", "fill.numbers=mean");
  (*runs)[1].plan = makePlan(other, "");
  for (ComparedRun& run : *runs) run.graph = graphOfPlan(*run.plan);
  (*runs)[0].record.id.text = "a", (*runs)[1].record.id.text = "b";
  page.setRuns(runs, {0, 1});
  QVERIFY(page.left().block("drop") == nullptr && page.right().block("drop") != nullptr);
  QCOMPARE(page.left().markCount(), 2);   // fill, and the wire that is gone
  QCOMPARE(page.right().markCount(), 4);  // fill, drop, and its two wires
  VERIFY_CONTAINS(page.summary().toStdString(), "2 blocks, 3 wires");
  page.list().setCurrentCell(0, 0);
  const std::string block = page.list().item(0, 0)->data(Qt::UserRole).toString().toStdString();
  QVERIFY(page.right().block(block)->isSelected());
}

void CompareTest::rowsThatDifferAreFound() {
  CompareView view(folder());
  show(view);
  view.pages().setCurrentWidget(&view.rows());
  RowsPage& page = view.rows();
  QSignalSpy shown(&page, &RowsPage::shown);
  auto* find = page.findChild<QPushButton*>("find");
  QVERIFY(find->isEnabled());
  QTest::mouseClick(find, Qt::LeftButton);
  QVERIFY(shown.wait(30000));
  const Disagreement found =
      disagreement((folderOf(good_) / "bundle.safetensors").string(),
                   (folderOf(hasty_) / "bundle.safetensors").string(), folder().string(), Part::Test);
  auto& table = page.list().view();
  QVERIFY(!found.differing.empty());
  QCOMPARE(table.model()->rowCount(), static_cast<int>(found.differing.size()));
  QCOMPARE(table.model()->index(0, 0).data().toLongLong(), found.first.rows[found.differing[0]] + 1);
  VERIFY_CONTAINS(page.message().toStdString(), "They disagree on " + std::to_string(found.differing.size()));
  auto* which = page.findChildren<QComboBox*>().back();
  QVERIFY(which->isEnabled());
  which->setFocus();
  QTest::keyClick(which, Qt::Key_Down);  // only the first is right
  int right = 0;
  for (const size_t i : found.differing) right += found.first.right(i) ? 1 : 0;
  QCOMPARE(table.model()->rowCount(), right);
  QSignalSpy activated(&view, &CompareView::rowActivated);
  table.setFocus();
  table.selectRow(0);
  QTest::keyClick(&table, Qt::Key_Return);
  QCOMPARE(activated.count(), 1);
  QCOMPARE(activated[0][1].toLongLong(), table.model()->index(0, 0).data().toLongLong() - 1);
}

void CompareTest::rowsAreSavedAsShown() {
  Column row{.name = "row", .numbers = {1, 2, 3}},
      text{.name = "a,b", .type = ColumnType::Text, .texts = {"x", "\"q\"", "z,"}};
  RowList list;
  list.showRows(Table({std::make_shared<const Column>(row), std::make_shared<const Column>(text)}), "three");
  list.view().sortByColumn(0, Qt::DescendingOrder);
  const std::string file = folder_.filePath("out.csv").toStdString();
  list.saveAs(file);
  std::ostringstream saved;
  saved << std::ifstream(file).rdbuf();
  COMPARE_TEXT(saved.str(), "row,\"a,b\"\n3,\"z,\"\n2,\"\"\"q\"\"\"\n1,x\n");
  VERIFY_CONTAINS(errorText([&] { list.saveAs("/nowhere/out.csv"); }), "/nowhere");
}

void CompareTest::runsWithoutABundleSaySo() {
  CellRows rows;
  QSignalSpy shown(&rows, &CellRows::shown);
  Run run = Run::create(folder(), {});
  rows.showCell(folder(), QString::fromStdString(run.id().text), Part::Test, {}, 0, 1);
  QVERIFY(shown.wait(20000));
  VERIFY_CONTAINS(rows.list().title().toStdString(), "no trained pipeline");
  run.finish(RunState::Stopped);
}

QTEST_MAIN(CompareTest)
#include "compare.moc"
