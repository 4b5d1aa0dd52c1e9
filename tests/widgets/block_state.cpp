// What a block on the canvas says of itself: how many parameters, whether it is fitted or trained, its share of the
// time, and what went wrong with it.
#include <QtGui/QPainter>
#include <QtTest/QtTest>

#include "blocks/catalog.hpp"
#include "blocks/parameter_count.hpp"
#include "checks.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/canvas/canvas_scene.hpp"
#include "widgets/common/theme.hpp"

using namespace blockyard;

class BlockStateTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void countsAreThoseOfTheRealBlock();
  void hugeBlocksAreCountedAtOnce();
  void parametersBeforeTraining();
  void runIsShown();
  void errorStandsOnTheBlock();

 private:
  BlockLook look(const CanvasScene& scene, const char* id) { return scene.block({id})->look(); }
  QTemporaryDir folder_;
  std::unique_ptr<Document> document_;
};

void BlockStateTest::initTestCase() {
  applyTheme(ThemeName::Light);
  blockyard::testing::writeClouds(folder_, 300);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = folder_.filePath("clouds.blockyard").toStdString();
  saveProject(project, project.file);
  document_ = std::make_unique<Document>(std::move(project));
}

void BlockStateTest::countsAreThoseOfTheRealBlock() {
  const Signature rows{.shape = {"N", 10}}, pictures{.shape = {"N", 3, 28, 28}};
  const auto count = [](const char* type, const Values& values, const Signature& in) {
    return parameterCount(blockType(type), completeValues(blockType(type).schema.params, values), {{"x", in}});
  };
  QCOMPARE(count("extractor/linear", {{"out_features", 7}}, rows).value_or(-1), 77);
  QCOMPARE(count("extractor/dropout", {}, rows).value_or(-1), 0);
  QCOMPARE(count("extractor/conv2d", {{"out_channels", 8}}, pictures).value_or(-1), 8 * 3 * 9 + 8);
  QVERIFY(!count("extractor/linear", {{"out_features", 7}}, Signature{.shape = {"N", "F"}}));
}

void BlockStateTest::hugeBlocksAreCountedAtOnce() {
  QElapsedTimer clock;
  clock.start();
  const auto& type = blockType("extractor/linear");
  const auto count = parameterCount(type, completeValues(type.schema.params, {{"out_features", 20000}}),
                                    {{"x", Signature{.shape = {"N", 20000}}}});
  QCOMPARE(count.value_or(-1), int64_t{20000} * 20001);
  QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
}

void BlockStateTest::parametersBeforeTraining() {
  CanvasScene scene(*document_);
  QTRY_VERIFY2(look(scene, "hidden").status.contains("parameters"), qPrintable(look(scene, "hidden").status));
  QCOMPARE(look(scene, "hidden").light, Light::Ready);
  const QString before = look(scene, "hidden").status;
  document_->apply(SetParam{{"hidden"}, "hidden", OrderedJson::array({7})}, "hidden");
  QTRY_VERIFY(look(scene, "hidden").status.contains("parameters") && look(scene, "hidden").status != before);
  document_->undoStack().undo();
  QTRY_COMPARE(look(scene, "hidden").status, before);
}

void BlockStateTest::runIsShown() {
  CanvasScene scene(*document_);
  QTRY_VERIFY(look(scene, "hidden").status.contains("parameters"));
  const std::string source = document_->graph().nodes().front().id.name;
  scene.setRunFacts({.rows = {240, 30, 30}, .block_parameters = {{"hidden", 5}}, .fitted = {"standardize"}});
  QCOMPARE(look(scene, "hidden").light, Light::Running);
  QCOMPARE(look(scene, "standardize").light, Light::Fitted);
  QVERIFY(look(scene, "standardize").status.contains("fitted"));
  QVERIFY(look(scene, source.c_str()).status.contains("300 rows"));
  QVERIFY(look(scene, "hidden").time_share < 0);
  scene.setBlockTimes({.step = 5, .step_ms = 10, .blocks = {{"hidden", 1, 1.5}}});
  QCOMPARE(look(scene, "hidden").time_share, 0.25);
  QVERIFY2(look(scene, "hidden").status.contains("25 %"), qPrintable(look(scene, "hidden").status));
  scene.setRunLight(Light::Trained);
  QCOMPARE(look(scene, "hidden").light, Light::Trained);
  QCOMPARE(look(scene, source.c_str()).light, Light::Ready);
  QVERIFY(look(scene, "hidden").time_share < 0);  // the bar goes with the training
  // The lamp of a trained block has another shape than that of a block that is ready.
  const auto picture = [&](const char* id) {
    QImage out(int(BlockItem::kWidth), 28, QImage::Format_RGB32);
    out.fill(Qt::white);
    QPainter painter(&out);
    scene.render(&painter, out.rect(), scene.block({id})->mapRectToScene(QRectF(0, 0, BlockItem::kWidth, 28)));
    return out.copy(out.width() - 26, 2, 22, 24);
  };
  scene.clearSelection();
  const QImage trained = picture("hidden");
  scene.setRunLight(Light::Unknown);
  QVERIFY(picture("hidden") != trained);
}

void BlockStateTest::errorStandsOnTheBlock() {
  CanvasScene scene(*document_);
  scene.setRunError("hidden", "the training diverged here");
  QCOMPARE(look(scene, "hidden").light, Light::Problem);
  QCOMPARE(look(scene, "hidden").status, QString("the training diverged here"));
  QVERIFY(scene.block({"hidden"})->toolTip().contains("diverged here"));
  scene.setRunFacts({});
  QVERIFY(!look(scene, "hidden").status.contains("diverged"));
}

QTEST_MAIN(BlockStateTest)
#include "block_state.moc"
