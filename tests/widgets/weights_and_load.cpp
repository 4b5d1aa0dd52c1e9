// The distributions of the weights over time, and the load of the machine.
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QGraphicsView>
#include <cmath>

#include "runs/journal.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/training/load_view.hpp"
#include "widgets/training/weight_view.hpp"

using namespace blockyard;

class WeightsAndLoadTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { applyTheme(ThemeName::Light); }
  void readsEachStep();
  void paintsWhereTheValuesAre();
  void manyStepsAreThinned();
  void blockChoosesTheParameter();
  void loadIsReadOverTime();
  void gpuOfTheDriver();
  void noDriver();
};

namespace {

HistogramSlice slice(double step, float low, float high) {
  std::vector<float> values(100);
  for (size_t i = 0; i < values.size(); ++i) values[i] = low + (high - low) * static_cast<float>(i) / 99;
  return {step, histogramOf(values)};
}

int coloured(const QImage& image, const QRect& where, int colour) {
  const QColor full = seriesColor(colour), ground = QApplication::palette().color(QPalette::Base);
  int out = 0;
  for (int y = where.top(); y <= where.bottom(); ++y)
    for (int x = where.left(); x <= where.right(); ++x) {
      const QColor at = image.pixelColor(x, y);
      // On the line between the ground and the full colour, nearer to the latter.
      out += std::abs(at.red() - full.red()) < std::abs(ground.red() - full.red()) / 2 &&
             std::abs(at.blue() - full.blue()) < 40;
    }
  return out;
}

}  // namespace

void WeightsAndLoadTest::readsEachStep() {
  HistogramChart chart;
  QVERIFY(chart.accessibleDescription().contains("No histograms"));
  for (int i = 0; i < 5; ++i) chart.append(slice(10 * i, -1, static_cast<float>(i + 1)));
  chart.resize(600, 400);
  chart.show();
  QVERIFY2(chart.readout().startsWith("step 40: -1 to 5, mean 2"), qPrintable(chart.readout()));
  chart.setFocus();
  QTest::keyClick(&chart, Qt::Key_Left);
  QVERIFY2(chart.readout().startsWith("step 30:"), qPrintable(chart.readout()));
  QTest::keyClick(&chart, Qt::Key_Home);
  QVERIFY(chart.readout().startsWith("step 0:"));
  QTest::keyClick(&chart, Qt::Key_End);
  QVERIFY(chart.readout().startsWith("step 40:"));
  chart.append(slice(20, 0, 1));  // a resumed run repeats its steps
  QCOMPARE(chart.slices().size(), size_t{3});
  // The mouse at the left end of the plot reads the first one.
  QWidget* viewport = chart.findChild<QGraphicsView*>()->viewport();
  QTest::mouseMove(viewport, viewport->rect().center());
  QTRY_VERIFY2(chart.readout().startsWith("step 10:"), qPrintable(chart.readout()));
}

void WeightsAndLoadTest::paintsWhereTheValuesAre() {
  HistogramChart chart;
  for (int i = 0; i < 6; ++i) chart.append(slice(i, i < 3 ? 0.0F : -10.0F, i < 3 ? 10.0F : 0.0F));
  chart.resize(600, 400);
  chart.show();
  QVERIFY(QTest::qWaitForWindowExposed(&chart));
  for (const auto style : {HistogramStyle::Heat, HistogramStyle::Ridge}) {
    chart.setStyle(style);
    QTest::qWait(50);
    const QImage image = chart.grab().toImage();
    const int w = image.width(), h = image.height();
    if (style == HistogramStyle::Heat) {  // early steps are positive: left above, right below
      QVERIFY(coloured(image, {w / 4, h / 8, w / 8, h / 4}, 0) > 1000);
      QVERIFY(coloured(image, {3 * w / 4, h / 8, w / 8, h / 4}, 0) < 50);
      QVERIFY(coloured(image, {3 * w / 4, h / 2, w / 8, h / 4}, 0) > 1000);
    } else {  // values to the right, steps downwards
      QVERIFY(coloured(image, {w / 8, 2 * h / 3, w / 4, h / 8}, 0) > 100);
      QVERIFY(coloured(image, {w / 8, h / 12, w / 4, h / 8}, 0) < 50);
    }
  }
}

void WeightsAndLoadTest::manyStepsAreThinned() {
  HistogramModel model;
  for (int i = 0; i < 5000; ++i) model.slices.push_back(slice(i, -1, 1));
  const std::vector<size_t> drawn = model.drawn();
  QVERIFY(drawn.size() > 100 && drawn.size() <= 300);
  QCOMPARE(drawn.front(), size_t{0});
  QCOMPARE(drawn.back(), size_t{4999});
}

void WeightsAndLoadTest::blockChoosesTheParameter() {
  WeightView view;
  view.resize(800, 400);
  view.show();
  view.showBlock("head");
  const auto taken = [](int step) {
    Histograms out{.step = step};
    for (const char* name : {"conv.weight", "conv.bias", "head.weight"})
      out.parameters.push_back({name, slice(0, -1, 1).histogram, slice(0, -2, 2).histogram});
    return out;
  };
  view.take(taken(10));
  QCOMPARE(view.parameter(), QString("head.weight"));  // what was selected before anything came
  view.take(taken(20));
  QCOMPARE(view.values().slices().size(), size_t{2});
  view.showBlock("conv");
  QCOMPARE(view.parameter(), QString("conv.weight"));
  QCOMPARE(view.gradients().slices().back().step, 20.0);
  view.showBlock("table");  // has no weights: what is shown stays
  QCOMPARE(view.parameter(), QString("conv.weight"));
  auto* choice = view.findChild<QComboBox*>("parameter");
  choice->setFocus();
  QTest::keyClick(choice, Qt::Key_Down);
  QCOMPARE(view.parameter(), QString("conv.bias"));
  QCOMPARE(view.values().slices().size(), size_t{2});
  view.clear();
  QVERIFY(view.parameter().isEmpty());
}

void WeightsAndLoadTest::loadIsReadOverTime() {
  LoadView view;
  view.resize(900, 300);
  view.show();
  QTRY_VERIFY_WITH_TIMEOUT(view.memory().curve(0).size() >= 2, 10000);
  QVERIFY(view.memory().curve(0).raw().back() > 0.001);
  QVERIFY(view.processor().curve(0).size() >= 2);
  QTRY_VERIFY(!view.gpuText().contains("Looking"));
  if (view.gpuText().isEmpty()) QTRY_VERIFY(view.gpu().curveCount() >= 2);
}

void WeightsAndLoadTest::gpuOfTheDriver() {
  const GpuLoad load(BLOCKYARD_FAKE_NVML);
  QVERIFY2(load.absence().empty(), load.absence().c_str());
  const auto readings = load.read();
  QCOMPARE(readings.size(), size_t{1});
  QCOMPARE(readings[0].name, std::string("Fake GPU"));
  QCOMPARE(readings[0].busy, 0.25);
  QCOMPARE(readings[0].memory_used, int64_t{4'000'000'000});
  QCOMPARE(readings[0].memory_total, int64_t{8'000'000'000});
}

void WeightsAndLoadTest::noDriver() {
  const GpuLoad load("libthere-is-no-such-driver.so.1");
  QCOMPARE(load.absence(), std::string("no NVIDIA driver on this machine"));
  QVERIFY(load.read().empty());
}

QTEST_MAIN(WeightsAndLoadTest)
#include "weights_and_load.moc"
