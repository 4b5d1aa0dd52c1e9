// The look at a wire: what the views show of a sample, by mouse and keyboard, and how the panel follows the chosen
// port, the graph and the training.
#include "widgets/peek/peek_panel.hpp"

#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListView>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QTableView>
#include <filesystem>

#include "checks.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/canvas/canvas_view.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/peek/heat_map.hpp"
#include "widgets/peek/histogram_view.hpp"

using namespace blockyard;

class PeekTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tableOfStatisticsAndRows();
  void copiesRows();
  void wholeTextOfACell();
  void histogramByKeyboard();
  void picturesWithClasses();
  void heatMap();
  void pagesThatApply();
  void followsPortAndGraph();
  void problemsAreSaid();
  void anotherPortCancels();
  void clicksOnTheCanvas();
  void whileTraining();
};

namespace {

constexpr int kLong = 60000;  // only a look that hangs takes that

SharedSample tableSample() {
  auto out = std::make_shared<Sample>();
  Column a{.name = "a", .numbers = {1, 2, kMissingNumber}};
  Column b{.name = "b", .type = ColumnType::Text, .texts = {"x, y", "say \"hi\"", ""}};
  out->signature = {.kind = Wire::Table, .shape = {"N"}, .columns = {{"a"}, {"b", ColumnType::Text}}};
  out->rows = 3;
  out->row_ids = {10, 11, 12};
  out->labels = {"cat", "dog", "cat"};
  for (const Column* column : {&a, &b}) {
    ColumnProfiler profiler("x", column->name, nameOf(column->type));
    profiler.add(*column);
    out->columns.push_back({.profile = profiler.finish({})});
  }
  out->columns[0].bins = {.low = 1, .high = 2, .counts = {1, 0, 0, 1}};
  out->table = Table({std::make_shared<const Column>(a), std::make_shared<const Column>(b)});
  return out;
}

// Two rows [1, 2, 3]: as a picture, as a map, as numbers.
SharedSample pictureSample() {
  auto out = std::make_shared<Sample>();
  out->signature = {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 2, 3}};
  out->rows = 2;
  out->row_ids = {4, 9};
  out->labels = {"boot", "bag"};
  out->row_shape = {1, 2, 3};
  for (int i = 0; i < 12; ++i) out->numbers.push_back(i * 20);
  out->columns.push_back({.profile = {.name = "all values", .type = "uint8", .rows = 12, .min = 0, .max = 220},
                          .bins = {.low = 0, .high = 220, .counts = {6, 6}}});
  out->pictures = {.count = 2, .channels = 1, .height = 2, .width = 3};
  for (int i = 0; i < 12; ++i) out->pictures.bytes.push_back(static_cast<uint8_t>(i * 20));
  return out;
}

template <class T>
T& part(const QWidget& in, const char* name) {
  auto* const found = in.findChild<T*>(QLatin1String(name));
  if (found == nullptr) qFatal("no %s", name);
  return *found;
}

void showNow(QWidget& widget) {
  widget.resize(900, 340);
  widget.show();
  QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

// A project of three clouds of points, with a panel that looks at it.
struct Yard {
  QTemporaryDir folder;
  EngineLink link;
  std::unique_ptr<Document> document;
  std::unique_ptr<PeekPanel> panel;

  explicit Yard(int rows = 300) {
    testing::writeClouds(folder, rows);
    Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
    project.file = folder.filePath("clouds.blockyard").toStdString();
    saveProject(project, project.file);
    document = std::make_unique<Document>(std::move(project));
    panel = std::make_unique<PeekPanel>(*document, link);
    showNow(*panel);
  }
  NodeId blockOf(const std::string& type) const {
    for (const Node& node : document->graph().nodes())
      if (node.type == type) return node.id;
    qFatal("no %s", type.c_str());
  }
  bool shows(const QString& text) const { return !panel->busy() && panel->about().contains(text); }
};

}  // namespace

void PeekTest::tableOfStatisticsAndRows() {
  SampleView view;
  showNow(view);
  view.setSample(tableSample());
  QCOMPARE(view.page(), SampleView::Statistics);
  const QAbstractItemModel& statistics = *part<QTableView>(view, "statistics").model();
  QCOMPARE(statistics.rowCount(), 2);
  const auto cell = [&](int row, int field) { return statistics.index(row, field).data().toString(); };
  QCOMPARE(cell(0, StatisticsModel::Name), QStringLiteral("a"));
  QCOMPARE(cell(0, StatisticsModel::Missing), QStringLiteral("1"));
  QCOMPARE(cell(0, StatisticsModel::Mean), QStringLiteral("1.5"));
  QCOMPARE(cell(0, StatisticsModel::Deviation), QStringLiteral("0.707107"));
  QCOMPARE(cell(1, StatisticsModel::Mean), QString());
  QVERIFY(cell(1, StatisticsModel::Distribution).contains("longest 8"));
  // A click on a header sorts as numbers, Enter shows a column large.
  auto& table = part<QTableView>(view, "statistics");
  table.setFocus();
  table.setCurrentIndex(statistics.index(0, 0));
  QTest::keyClick(&table, Qt::Key_Return);
  QCOMPARE(view.page(), SampleView::Histogram);
  QCOMPARE(part<QComboBox>(view, "column").currentText(), QStringLiteral("a"));
  view.setPage(SampleView::Rows);
  const QAbstractItemModel& rows = *part<QTableView>(view, "rows").model();
  QCOMPARE(rows.columnCount(), 3);
  QCOMPARE(rows.headerData(2, Qt::Vertical, Qt::DisplayRole).toInt(), 12);
  QCOMPARE(rows.index(1, 0).data().toString(), QStringLiteral("dog"));
  QCOMPARE(rows.index(2, 1).data().toString(), QStringLiteral("–"));
  view.setSample(nullptr);
  QCOMPARE(rows.rowCount(), 0);
}

void PeekTest::copiesRows() {
  SampleView view;
  showNow(view);
  view.setSample(tableSample());
  view.setPage(SampleView::Rows);
  QTest::mouseClick(&part<QPushButton>(view, "copy_csv"), Qt::LeftButton);
  QCOMPARE(QApplication::clipboard()->text(),
           QStringLiteral("class,a,b\ncat,1,\"x, y\"\ndog,2,\"say \"\"hi\"\"\"\ncat,,\n"));
  auto& table = part<QTableView>(view, "rows");
  table.setFocus();
  QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(1, 1)).center());
  QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
  QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("a\n2\n"));
}

void PeekTest::wholeTextOfACell() {
  auto sample = std::make_shared<Sample>(*tableSample());
  const std::string whole(5000, 'w');
  sample->table = Table({std::make_shared<const Column>(
      Column{.name = "b", .type = ColumnType::Text, .texts = {"one " + whole + "\nlast line", "two", ""}})});
  SampleView view;
  showNow(view);
  view.setSample(sample);
  view.setPage(SampleView::Rows);
  auto& rows = part<QTableView>(view, "rows");
  auto& text = part<QPlainTextEdit>(view, "whole");
  QVERIFY(!text.isVisible());
  rows.setFocus();
  const int column = rows.model()->columnCount() - 1;
  rows.setCurrentIndex(rows.model()->index(0, column));
  QTest::keyClick(&rows, Qt::Key_Return);
  QVERIFY(text.isVisible());
  QVERIFY(text.toPlainText().startsWith("one www") && text.toPlainText().endsWith("last line"));
  text.setFocus();
  text.selectAll();
  QTest::keyClick(&text, Qt::Key_C, Qt::ControlModifier);
  QCOMPARE(QApplication::clipboard()->text(), text.toPlainText());
  rows.setFocus();
  QTest::keyClick(&rows, Qt::Key_Down);
  QCOMPARE(text.toPlainText(), QString("two"));
  text.setFocus();
  QTest::keyClick(&text, Qt::Key_Escape);
  QVERIFY(!text.isVisible());
}

void PeekTest::histogramByKeyboard() {
  HistogramView view;
  showNow(view);
  const SharedSample sample = tableSample();
  view.setColumn({sample, &sample->columns[0]});
  QCOMPARE(view.bars().size(), size_t{4});
  QVERIFY(view.currentText().isEmpty());
  view.setFocus();
  QTest::keyClick(&view, Qt::Key_End);
  QCOMPARE(view.currentText(), QStringLiteral("1.75 to 2: 1 of 2 values, 50 %"));
  QTest::keyClick(&view, Qt::Key_Left);
  QVERIFY(view.currentText().startsWith("1.5 to 1.75: 0"));
  QTest::mouseMove(&view, {40, 100});
  QTRY_COMPARE(view.current(), 0);
  // The bar is really drawn, the empty one is not.
  const QImage image = view.grab().toImage();
  QVERIFY(image.pixelColor(60, 200) != image.pixelColor(350, 200));
  view.setColumn({sample, &sample->columns[1]});
  QVERIFY(view.bars().empty());
}

void PeekTest::picturesWithClasses() {
  SampleView view;
  showNow(view);
  view.setSample(pictureSample());
  QCOMPARE(view.page(), SampleView::Images);
  auto& grid = part<QListView>(view, "images");
  QCOMPARE(grid.model()->rowCount(), 2);
  QCOMPARE(grid.model()->index(1, 0).data().toString(), QStringLiteral("bag"));
  QCOMPARE(grid.model()->index(1, 0).data(Qt::AccessibleTextRole).toString(), QStringLiteral("row 9: bag"));
  const QImage image = imageOf(view.sample()->pictures, 1);
  QCOMPARE(image.size(), QSize(3, 2));
  QCOMPARE(image.pixelColor(2, 1).red(), 220);
  const auto pixmap = grid.model()->index(0, 0).data(Qt::DecorationRole).value<QPixmap>();
  QCOMPARE(pixmap.width(), 72);
  grid.setFocus();
  grid.setCurrentIndex(grid.model()->index(0, 0));
  QTest::keyClick(&grid, Qt::Key_Right);
  QCOMPARE(grid.currentIndex().row(), 1);
}

void PeekTest::heatMap() {
  HeatMap map;
  showNow(map);
  map.setSample(pictureSample());
  QVERIFY(map.byRow());
  QCOMPARE(map.cells(), QSize(3, 2));
  map.setFocus();
  QTest::keyClick(&map, Qt::Key_Down);  // the first cell
  QCOMPARE(map.currentText(), QStringLiteral("row 4, 0, 0, 0: 0"));
  QTest::keyClick(&map, Qt::Key_Right);
  QTest::keyClick(&map, Qt::Key_Down);
  QCOMPARE(map.currentText(), QStringLiteral("row 4, 0, 1, 1: 80"));
  map.setRow(1);
  QTest::mouseMove(&map, {10, 10});
  QTRY_COMPARE(map.currentText(), QStringLiteral("row 9, 0, 0, 0: 120"));
  // Features of several rows are one field.
  auto rows = std::make_shared<Sample>(*pictureSample());
  rows->row_shape = {6};
  rows->names = {"p", "q", "r", "s", "t", "u"};
  map.setSample(rows);
  QVERIFY(!map.byRow());
  QCOMPARE(map.cells(), QSize(6, 2));
  QTest::keyClick(&map, Qt::Key_Right);
  QTest::keyClick(&map, Qt::Key_Right);
  QCOMPARE(map.currentText(), QStringLiteral("row 4, q: 20"));
  QVERIFY(heatColor(-1, -1, 2) != heatColor(1, -1, 2));
  QVERIFY(heatColor(0, 0, 2) != heatColor(2, 0, 2));
}

void PeekTest::pagesThatApply() {
  SampleView view;
  view.setSample(tableSample());
  QVERIFY(!view.hasPage(SampleView::Images) && !view.hasPage(SampleView::Heat));
  view.setSample(pictureSample());
  for (int page = 0; page < SampleView::kPages; ++page) QVERIFY(view.hasPage(static_cast<SampleView::Page>(page)));
  view.setPage(SampleView::Heat);
  view.setSample(pictureSample());
  QCOMPARE(view.page(), SampleView::Heat);  // stays where it applies
  view.setSample(tableSample());
  QCOMPARE(view.page(), SampleView::Statistics);
}

void PeekTest::followsPortAndGraph() {
  Yard yard;
  QVERIFY(yard.panel->message().contains("Click a wire"));
  const NodeId table = yard.blockOf("source/table"), scale = yard.blockOf("preprocessor/standardize");
  yard.panel->show({table, "features"});
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("all 300 rows"), kLong);
  QVERIFY(yard.panel->view().sample()->isTable());
  QVERIFY(yard.panel->message().isEmpty());
  // By keyboard: the list of all outputs.
  auto& ports = part<QComboBox>(*yard.panel, "port");
  ports.setFocus();
  ports.showPopup();
  const int wanted = ports.findText(QString::fromStdString(scale.name + ".y"));
  QVERIFY(wanted >= 0);
  for (int at = ports.currentIndex(); at < wanted; ++at) QTest::keyClick(ports.view(), Qt::Key_Down);
  QTest::keyClick(ports.view(), Qt::Key_Return);
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("fitted on these rows"), kLong);
  QCOMPARE(QString::fromStdString(yard.panel->output()->text()), ports.currentText());
  // Fewer rows, then another setting on the way: the look follows both.
  part<QSpinBox>(*yard.panel, "rows_wanted").setValue(40);
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("the first 40 rows"), kLong);
  const SharedSample before = yard.panel->view().sample();
  yard.document->apply(Move{scale, 900, 900}, "move");
  QTest::qWait(600);
  QVERIFY(yard.panel->view().sample() == before);  // where a block stands is all the same
  yard.document->apply(SetParam{scale, "columns", OrderedJson::array({"x"})}, "set");
  QTRY_VERIFY_WITH_TIMEOUT(!yard.panel->busy() && yard.panel->view().sample() != before, kLong);
  // A hidden panel computes nothing.
  yard.panel->hide();
  yard.document->undoStack().undo();
  QTest::qWait(600);
  QVERIFY(!yard.panel->busy());
  yard.document->apply(RemoveNode{scale}, "remove");
  QVERIFY(!yard.panel->output().has_value());
}

void PeekTest::problemsAreSaid() {
  Yard yard;
  const NodeId table = yard.blockOf("source/table"), scale = yard.blockOf("preprocessor/standardize");
  std::filesystem::remove(yard.folder.filePath("clouds.csv").toStdString());
  yard.panel->show({scale, "y"});
  QTRY_VERIFY2_WITH_TIMEOUT(yard.panel->message().contains("clouds.csv"), qPrintable(yard.panel->message()), kLong);
  QVERIFY(yard.panel->message().startsWith(QString::fromStdString(table.name)));
  QVERIFY(yard.panel->view().sample() == nullptr);
  // The check sees it, too.
  yard.document->reread();
  QTRY_VERIFY_WITH_TIMEOUT(!yard.document->result().ok(), kLong);
  yard.panel->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(yard.panel->message().contains("clouds.csv"), kLong);
  // It is there again.
  testing::writeClouds(yard.folder, 50);
  QTest::mouseClick(&part<QPushButton>(*yard.panel, "refresh"), Qt::LeftButton);
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("all 50 rows"), kLong);
  yard.document->apply(AddNode{.node = {.id = {"alone"}, .type = "extractor/linear"}}, "add");
  yard.panel->show({{"alone"}, "y"});
  QTRY_VERIFY(yard.panel->message().contains("alone"));
}

void PeekTest::anotherPortCancels() {
  Yard yard(5000);
  part<QSpinBox>(*yard.panel, "rows_wanted").setValue(5000);
  const NodeId table = yard.blockOf("source/table");
  for (const Node& node : yard.document->graph().nodes()) {
    yard.panel->showBlock(node.id);
    QTest::qWait(5);
  }
  yard.panel->show({table, "target"});
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("label"), kLong);
  QTest::qWait(200);
  QVERIFY(yard.shows("label"));  // no earlier look comes late
}

void PeekTest::clicksOnTheCanvas() {
  Yard yard;
  CanvasView view(*yard.document);
  view.resize(1300, 700);
  view.show();
  QVERIFY(QTest::qWaitForWindowExposed(&view));
  view.zoomToFit();
  QSignalSpy port(&view.canvas(), &CanvasScene::portClicked), wire(&view.canvas(), &CanvasScene::wireClicked),
      dropped(&view.canvas(), &CanvasScene::wireDropped);
  const Link link = yard.document->graph().links().front();
  const auto click = [&](QPointF at) { QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.mapFromScene(at)); };
  click(view.canvas().block(link.from.node)->portAt(link.from.port, true));
  QCOMPARE(port.count(), 1);
  QCOMPARE(port[0],
           QVariantList({QString::fromStdString(link.from.node.name), QString::fromStdString(link.from.port)}));
  // An input stands for the output that is wired to it, and the wire stays.
  click(view.canvas().block(link.to.node)->portAt(link.to.port, false));
  QCOMPARE(port.count(), 2);
  QCOMPARE(port[1], port[0]);
  QVERIFY(yard.document->undoStack().count() == 0);
  QCOMPARE(dropped.count(), 0);
  click(view.canvas().wire(link)->path().pointAtPercent(0.5));
  QCOMPARE(wire.count(), 1);
  QCOMPARE(wire[0][0].toString(), QString::fromStdString(link.text()));
}

void PeekTest::whileTraining() {
  Yard yard;
  const NodeId head = yard.blockOf("classifier/softmax");
  yard.panel->show({head, "scores"});
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("weights not trained yet"), kLong);
  const auto numbers = [&] { return yard.panel->view().sample()->numbers; };
  const auto fresh = numbers();
  Start start{.plan = makePlan(yard.document->project(), {})};
  start.plan.training.set("epochs", 1000000);
  start.plan.training.set("early_stopping", 0);
  start.keep_run = false;
  yard.link.start(start);
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("of the training"), kLong);
  QVERIFY(numbers() != fresh);
  const auto early = numbers();
  QTest::mouseClick(&part<QPushButton>(*yard.panel, "refresh"), Qt::LeftButton);
  QTRY_VERIFY_WITH_TIMEOUT(!yard.panel->busy() && numbers() != early, kLong);
  const auto second = numbers();
  QTRY_VERIFY_WITH_TIMEOUT(!yard.panel->busy() && numbers() != second, kLong);  // by itself, after some seconds
  // A question that comes too late for the training is answered without it.
  yard.link.stop();
  QTest::mouseClick(&part<QPushButton>(*yard.panel, "refresh"), Qt::LeftButton);
  QTRY_VERIFY_WITH_TIMEOUT(yard.shows("weights not trained yet"), kLong);
  QVERIFY(numbers() == fresh);
}

QTEST_MAIN(PeekTest)
#include "peek.moc"
