// A trained pipeline of pictures with two heads: the pictures behind a cell of the matrix, the choice of the head; and
// the message that the data is no longer what the last run has read.
#include <QtTest/QtTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListView>
#include <QtWidgets/QTableView>

#include "checks.hpp"
#include "export/row_answers.hpp"
#include "graph/templates.hpp"
#include "runs/run.hpp"
#include "training/small_plan.hpp"
#include "widgets/runs/answers_panel.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/compared_run.hpp"
#include "widgets/runs/confusion_page.hpp"
#include "widgets/runs/data_watch.hpp"
#include "widgets/runs/head_box.hpp"
#include "widgets/runs/row_list.hpp"
#include "widgets/runs/row_pictures.hpp"
#include "widgets/runs/rows_page.hpp"
#include "widgets/trained_run.hpp"
#include "widgets/training/confusion_matrix.hpp"

using namespace blockyard;

class AnswersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void picturesBesideTheRows();
  void headsCanBeChosen();
  void runsAreComparedByHead();
  void unknownHeadIsRefused();
  void changedDataIsSaid();
  void leaksAreSaidAndFixed();

 private:
  TestFolder folder_;
  QString run_, other_;
};

namespace {

constexpr int kLong = 60000;
constexpr uint32_t kRows = 240, kSide = 6;

void putIdx(const std::string& path, const std::vector<uint32_t>& sizes, const std::string& bytes) {
  std::string out{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const uint32_t size : sizes)
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(size >> shift & 0xff);
  put(path, out + bytes);
}

// Dark and bright pictures; row 0 to 239 in turns.
Plan pictures(const TestFolder& folder, int seed) {
  Plan plan{.project = "p", .pipeline = "main", .folder = folder.path()};
  plan.nodes = {
      testing::node("images", "source/images", {{"images", folder / "images"}, {"labels", folder / "labels"}}, {}),
      testing::node("scale", "preprocessor/image_scale", {}, {{"x", 0, "image"}}),
      testing::node("flatten", "extractor/flatten", {}, {{"x", 1, "y"}}),
      testing::node("shade", "classifier/softmax", {}, {{"x", 2, "y"}, {"target", 0, "target"}}),
      testing::node("again", "classifier/softmax", {{"label_smoothing", 0.3}},
                    {{"x", 2, "y"}, {"target", 0, "target"}})};
  plan.training = completeValues(
      trainingParams(), {{"epochs", 3}, {"learning_rate", 0.05}, {"test_share", 0.3}, {"seed", int64_t{seed}}});
  return plan;
}

}  // namespace

void AnswersTest::initTestCase() {
  std::string bytes, labels;
  for (uint32_t row = 0; row < kRows; ++row) {
    bytes += std::string(size_t{kSide} * kSide, static_cast<char>(row % 2 == 0 ? row % 60 : 255 - row % 60));
    labels += static_cast<char>(row % 2);
  }
  putIdx(folder_ / "images", {kRows, kSide, kSide}, bytes);
  putIdx(folder_ / "labels", {kRows}, labels);
  run_ = testing::trainedRun({.plan = pictures(folder_, 0)});
  other_ = testing::trainedRun({.plan = pictures(folder_, 1)});
  QVERIFY(!run_.isEmpty() && !other_.isEmpty());
}

void AnswersTest::picturesBesideTheRows() {
  AnswersPanel panel;
  panel.resize(1000, 500);
  panel.show();
  panel.showRun(folder_.path(), run_);
  CellRows& rows = panel.rows();
  QSignalSpy shown(&rows, &CellRows::shown);
  Q_EMIT panel.matrix().cellActivated(1, 1);
  QVERIFY(shown.wait(kLong));
  RowPictures& seen = rows.pictures();
  QVERIFY2(seen.isVisible() && seen.count() > 10, qPrintable(rows.list().title()));
  QCOMPARE(seen.count(), rows.list().view().model()->rowCount());
  // A row of the list shows its picture large, and a picture goes to its row.
  QTableView& list = rows.list().view();
  list.setFocus();
  list.setCurrentIndex(list.model()->index(2, 0));
  const auto row_at = [&](int row) { return list.model()->index(row, 0).data().toLongLong() - 1; };
  QCOMPARE(seen.largeRow(), row_at(2));
  auto* large = seen.findChild<QLabel*>("large");
  QVERIFY(large->isVisible());
  QVERIFY(large->pixmap().toImage().pixelColor(5, 5).lightness() > 180);  // class 1 is bright
  seen.grid().setFocus();
  QTest::keyClick(&seen.grid(), Qt::Key_Right);
  QCOMPARE(list.currentIndex().row(), 3);
  QCOMPARE(seen.largeRow(), row_at(3));
}

void AnswersTest::headsCanBeChosen() {
  AnswersPanel panel;
  panel.resize(1000, 500);
  panel.show();
  panel.showRun(folder_.path(), run_);
  QVERIFY(panel.heads().isVisible());
  QCOMPARE(panel.heads().count(), 2);
  QCOMPARE(panel.heads().head(), QString("shade"));
  QSignalSpy shown(&panel.rows(), &CellRows::shown);
  Q_EMIT panel.matrix().cellActivated(0, 0);
  QVERIFY(shown.wait(kLong));
  const auto first = [&] { return panel.rows().list().view().model()->index(0, 3).data().toDouble(); };
  const double sure = first();
  panel.heads().setFocus();
  QTest::keyClick(&panel.heads(), Qt::Key_Down);
  QCOMPARE(panel.heads().head(), QString("again"));
  Q_EMIT panel.matrix().cellActivated(0, 0);
  QVERIFY(shown.wait(kLong));
  QVERIFY(first() > 0 && first() != sure);  // smoothed labels make it less sure
  PredictOptions options;
  options.head = "again";
  const auto bundle = std::filesystem::path(folder_.path()) / "runs" / run_.toStdString() / "bundle.safetensors";
  const RowAnswers answers = answersOnPart(bundle.string(), folder_.path(), Part::Test, options);
  QVERIFY(std::any_of(answers.probability.begin(), answers.probability.end(),
                      [&](float p) { return std::abs(static_cast<double>(p) - first()) < 1e-4; }));
}

void AnswersTest::runsAreComparedByHead() {
  auto runs = std::make_shared<std::vector<ComparedRun>>();
  for (const QString& run : {run_, other_}) runs->push_back(readComparedRun(folder_.path(), run.toStdString()));
  ConfusionPage matrices;
  matrices.show();
  matrices.setRuns(folder_.path(), runs, {0, 1});
  QVERIFY(matrices.heads().isVisible());
  matrices.heads().setCurrentText("again");
  QCOMPARE(matrices.matrices().size(), size_t{2});
  RowsPage page;
  page.show();
  page.setRuns(folder_.path(), *runs, {0, 1});
  QVERIFY(page.heads().isVisible());
  page.heads().setCurrentText("again");
  QSignalSpy shown(&page, &RowsPage::shown);
  page.find();
  QVERIFY(shown.wait(kLong));
  QVERIFY2(page.message().contains("disagree on"), qPrintable(page.message()));
  QCOMPARE(page.pictures().count(), std::min(256, page.list().view().model()->rowCount()));
}

void AnswersTest::unknownHeadIsRefused() {
  PredictOptions options;
  options.head = "shape";
  const auto bundle = std::filesystem::path(folder_.path()) / "runs" / run_.toStdString() / "bundle.safetensors";
  const std::string text = errorText([&] { answersOnPart(bundle.string(), folder_.path(), Part::Test, options); });
  QVERIFY2(text.find("shade, again") != std::string::npos, text.c_str());
}

void AnswersTest::changedDataIsSaid() {
  const QTemporaryDir folder;
  const std::string file = testing::writeClouds(folder, 200);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = folder.filePath("clouds.blockyard").toStdString();
  project.apply("", SetTraining{"epochs", OrderedJson(1)});
  QVERIFY(!testing::trainedRun({.plan = makePlan(project, "")}).isEmpty());
  EngineLink link;
  Document document(project);
  const DataWatch watch(document, link);
  QSignalSpy looked(&watch, &DataWatch::looked);
  const auto said = [&] {
    QString out;
    for (const Problem& problem : document.result().problems) out += QString::fromStdString(problem.text());
    return out;
  };
  QVERIFY(looked.wait(kLong));
  QVERIFY2(said().isEmpty(), qPrintable(said()));
  // Touched but the same: nothing is said.
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
  document.reread();
  looked.clear();
  Q_EMIT link.finished({});
  QVERIFY(looked.wait(kLong));
  QVERIFY2(said().isEmpty(), qPrintable(said()));
  testing::writeClouds(folder, 150);
  QTRY_VERIFY_WITH_TIMEOUT(said().contains("150 rows, 200 then"), kLong);
  QCOMPARE(document.result().problems.front().where.block, document.graph().nodes().front().id.name);
  QVERIFY(document.result().ok());
  // Trained again: it is gone.
  QVERIFY(!testing::trainedRun({.plan = makePlan(project, "")}).isEmpty());
  Q_EMIT link.finished({});
  QTRY_VERIFY_WITH_TIMEOUT(said().isEmpty(), kLong);
}

void AnswersTest::leaksAreSaidAndFixed() {
  const QTemporaryDir folder;
  std::ofstream rows(folder.filePath("rows.csv").toStdString());
  rows << "x,bill,kind\n";
  for (int i = 0; i < 200; ++i)
    rows << i * 7 % 31 << "," << (i % 3 == 0 ? 20.5 : 0) << "," << (i % 3 == 0 ? "yes" : "no") << "\n";
  rows.close();
  Project project = projectFromTemplate("table", {.name = "rows", .data = "rows.csv", .target = {"kind"}});
  project.file = folder.filePath("rows.blockyard").toStdString();
  EngineLink link;
  Document document(project);
  const DataWatch watch(document, link);
  const auto problems = [&] { return document.result().problems; };
  QTRY_COMPARE_WITH_TIMEOUT(problems().size(), size_t{1}, kLong);  // few values: equal rows are no matter
  const Problem leak = problems().front();
  QVERIFY2(QString::fromStdString(leak.text()).contains("bill alone tells the target"), leak.text().c_str());
  QCOMPARE(leak.fixes.size(), size_t{2});
  QVERIFY(document.apply(leak.fixes[0].edit, "fix", {}));
  QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), kLong);
  document.undoStack().undo();
  QTRY_VERIFY_WITH_TIMEOUT(!problems().empty(), kLong);
  QVERIFY(document.apply(problems().front().fixes[1].edit, "accept", {}));
  QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), kLong);
  QCOMPARE(document.graph().training().at("accepted_warnings").dump(), std::string("[\"target:bill\"]"));
}

QTEST_MAIN(AnswersTest)
#include "answers.moc"
