// The chart of curves: live points, zoom and pan with real events, crosshair, logarithmic axes, legend, export.
#include "widgets/charts/line_chart.hpp"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QGraphicsView>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMenu>
#include <cmath>
#include <set>

#include "checks.hpp"
#include "widgets/charts/chart_axes.hpp"
#include "widgets/charts/chart_controls.hpp"
#include "widgets/charts/curve_raster.hpp"
#include "widgets/common/theme.hpp"

using namespace blockyard;

class LineChartTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void followsWhatComes();
  void drawsRarely();
  void drawsNothingWhileHidden();
  void axesStayWhileThereIsRoom();
  void wheelZoomsAroundTheCursor();
  void dragPansAndDoubleClickFits();
  void rubberBand();
  void keys();
  void crosshairReads();
  void logarithmicAxisSaysWhatItLeavesOut();
  void legendHides();
  void marksAndColoursArePainted();
  void exports();
  void failedExport();
  void controlsActOnAll();
  void roundSteps();
  void crowdsAreDrawnWhereTheyAre();
};

namespace {

struct Shown {
  LineChart chart{"loss"};
  QWidget* viewport = nullptr;

  explicit Shown(int points = 100) {
    chart.resize(700, 420);
    chart.addCurve("train");
    for (int i = 0; i < points; ++i) chart.append(0, i, 100.0 - i);
    chart.show();
    settle();
    viewport = chart.findChild<QGraphicsView*>()->viewport();
  }
  void settle() {
    QTest::qWait(1);
    QSignalSpy drawn(&chart, &LineChart::drawn);
    chart.setSmoothing(chart.smoothing());  // asks for a redraw
    drawn.wait();
  }
  QPoint middle() const { return viewport->rect().center(); }
  void wheel(const QPoint& at, int notches, Qt::KeyboardModifiers modifiers = {}) {
    QWheelEvent event(at, viewport->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(viewport, &event);
  }
  void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(viewport, Qt::LeftButton, modifiers, from);
    for (int i = 1; i <= 4; ++i) {
      QMouseEvent move(QEvent::MouseMove, from + (to - from) * i / 4, viewport->mapToGlobal(from + (to - from) * i / 4),
                       Qt::NoButton, Qt::LeftButton, modifiers);
      QApplication::sendEvent(viewport, &move);
    }
    QTest::mouseRelease(viewport, Qt::LeftButton, modifiers, to);
  }
  // x at a place, as the crosshair says: "step 40".
  double xAt(const QPoint& at) {
    const auto lines = chart.readAt(viewport->mapTo(&chart, at));
    return lines.isEmpty() ? std::nan("") : lines.front().section(' ', -1).toDouble();
  }
};

int pixels(const QImage& image, const QColor& colour) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) count += image.pixelColor(x, y) == colour ? 1 : 0;
  return count;
}

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance;
}

}  // namespace

void LineChartTest::followsWhatComes() {
  Shown shown;
  QVERIFY(shown.chart.shown().right() < 105);
  shown.chart.append(0, 500, 3);
  shown.settle();
  QVERIFY(shown.chart.shown().right() >= 500);
  QVERIFY(shown.chart.accessibleDescription().contains("step 500"));
  QVERIFY(shown.chart.accessibleDescription().contains("train 3"));
  shown.wheel(shown.middle(), 3);
  const QRectF before = shown.chart.shown();
  shown.chart.append(0, 900, 3);
  shown.settle();
  QCOMPARE(shown.chart.shown(), before);  // whoever has zoomed is left alone
  QVERIFY(!shown.chart.following());
}

void LineChartTest::drawsRarely() {
  Shown shown;
  QSignalSpy drawn(&shown.chart, &LineChart::drawn);
  for (int i = 0; i < 50000; ++i) shown.chart.append(0, 1000 + i, i % 17);
  QCOMPARE(drawn.count(), 0);  // however many come, they wait for the next picture
  QVERIFY(drawn.wait());
  QCOMPARE(drawn.count(), 1);
  QVERIFY(shown.chart.shown().right() >= 50999);
}

void LineChartTest::drawsNothingWhileHidden() {
  Shown shown;
  shown.chart.hide();
  QSignalSpy drawn(&shown.chart, &LineChart::drawn);
  shown.chart.append(0, 5000, 1);
  QTest::qWait(500);
  QCOMPARE(drawn.count(), 0);
  shown.chart.show();
  QVERIFY(drawn.wait());
  QVERIFY(shown.chart.shown().right() >= 5000);
}

// Laying axes out costs more than the curves: with points that come steadily it happens now and then only.
void LineChartTest::axesStayWhileThereIsRoom() {
  Shown shown;
  QSignalSpy drawn(&shown.chart, &LineChart::drawn);
  std::set<double> ends;
  for (int i = 0; i < 12; ++i) {
    shown.chart.append(0, 100 + i, 50);
    QVERIFY(drawn.wait());
    ends.insert(shown.chart.shown().right());
    QVERIFY(shown.chart.shown().right() >= 100 + i);
  }
  QVERIFY2(ends.size() <= 3, qPrintable(QString::number(ends.size())));
  shown.chart.fit();
  shown.settle();
  QVERIFY(shown.chart.shown().right() < 113);
}

void LineChartTest::wheelZoomsAroundTheCursor() {
  Shown shown;
  const QPoint at = shown.middle() + QPoint(120, 0);
  const double x = shown.xAt(at);
  const double width = shown.chart.shown().width();
  shown.wheel(at, 3);
  shown.settle();
  QVERIFY(near(shown.chart.shown().width(), width / std::pow(1.25, 3), 1e-6));
  QVERIFY(near(shown.xAt(at), x, 1));
  const double height = shown.chart.shown().height();
  shown.wheel(at, -2, Qt::ShiftModifier);
  QVERIFY(near(shown.chart.shown().height(), height, 1e-9));
  QVERIFY(near(shown.chart.shown().width(), width / 1.25, 1e-6));
}

void LineChartTest::dragPansAndDoubleClickFits() {
  Shown shown;
  const QRectF before = shown.chart.shown();
  const double x = shown.xAt(shown.middle());
  shown.drag(shown.middle(), shown.middle() + QPoint(100, 0));
  shown.settle();
  QVERIFY(shown.chart.shown().left() < before.left());
  QVERIFY(near(shown.chart.shown().width(), before.width(), 1e-9));
  QVERIFY(near(shown.xAt(shown.middle() + QPoint(100, 0)), x, 1));
  QTest::mouseDClick(shown.viewport, Qt::LeftButton, {}, shown.middle());
  shown.settle();
  QVERIFY(shown.chart.following());
  QVERIFY(near(shown.chart.shown().left(), before.left(), 1e-9));
}

void LineChartTest::rubberBand() {
  Shown shown;
  const QPoint from = shown.middle() - QPoint(100, 50), to = shown.middle() + QPoint(60, 70);
  const double left = shown.xAt(from), right = shown.xAt(to);
  shown.drag(from, to, Qt::ShiftModifier);
  shown.settle();
  QVERIFY(right > left + 10);
  QVERIFY(near(shown.chart.shown().left(), left, 1));
  QVERIFY(near(shown.chart.shown().right(), right, 1));
  const QRectF before = shown.chart.shown();
  shown.drag(from, from + QPoint(1, 1), Qt::ShiftModifier);  // a click that trembled
  QCOMPARE(shown.chart.shown(), before);
}

void LineChartTest::keys() {
  Shown shown;
  const QRectF before = shown.chart.shown();
  QTest::keyClick(&shown.chart, Qt::Key_Plus);
  QVERIFY(shown.chart.shown().width() < before.width());
  QTest::keyClick(&shown.chart, Qt::Key_Minus);
  QVERIFY(near(shown.chart.shown().width(), before.width(), 1e-9));
  QTest::keyClick(&shown.chart, Qt::Key_Right);
  QVERIFY(shown.chart.shown().left() > before.left());
  QTest::keyClick(&shown.chart, Qt::Key_Up);
  QVERIFY(shown.chart.shown().top() > before.top());
  QTest::keyClick(&shown.chart, Qt::Key_Home);
  shown.settle();
  QVERIFY(near(shown.chart.shown().left(), before.left(), 1e-9));
}

void LineChartTest::crosshairReads() {
  Shown shown;
  const int second = shown.chart.addCurve("validation");
  for (int i = 0; i < 100; i += 25) shown.chart.append(second, i, 7);
  shown.settle();
  const auto lines = shown.chart.readAt(shown.viewport->mapTo(&shown.chart, shown.middle()));
  QCOMPARE(lines.size(), 3);
  const double x = lines[0].section(' ', -1).toDouble();
  QVERIFY(x > 30 && x < 70);
  QCOMPARE(lines[1], QStringLiteral("train  %1").arg(100 - x));
  QVERIFY2(lines[2].startsWith("validation  7"), qPrintable(lines[2]));
  shown.chart.setCurveVisible(0, false);
  QCOMPARE(shown.chart.readAt(shown.viewport->mapTo(&shown.chart, shown.middle())).size(), 2);
  QVERIFY(shown.chart.readAt({1, 1}).isEmpty());
}

void LineChartTest::logarithmicAxisSaysWhatItLeavesOut() {
  Shown shown(0);
  for (int i = 0; i < 50; ++i) shown.chart.append(0, i, i < 3 ? -1 : std::pow(10, i / 10.0));
  shown.settle();
  QVERIFY(shown.chart.note().isEmpty());
  shown.chart.setLogY(true);
  shown.settle();
  QVERIFY2(shown.chart.note().contains("3"), qPrintable(shown.chart.note()));
  QVERIFY(shown.chart.shown().top() > 0);
  shown.chart.setLogX(true);
  shown.settle();
  QVERIFY2(shown.chart.note().contains("4"), qPrintable(shown.chart.note()));  // and the point at 0
  QVERIFY(shown.chart.shown().left() > 0);
  shown.chart.setLogX(false);
  shown.chart.setLogY(false);
  shown.settle();
  QVERIFY(shown.chart.note().isEmpty());
}

void LineChartTest::legendHides() {
  Shown shown;
  shown.chart.append(shown.chart.addCurve("far away"), 50, 1e6);
  shown.settle();
  auto* legend = shown.chart.findChild<QListWidget*>();
  QVERIFY(legend->isVisible());
  QVERIFY(shown.chart.shown().bottom() > 1e6);
  legend->setFocus();
  legend->setCurrentRow(1);
  QTest::keyClick(legend, Qt::Key_Space);
  shown.settle();
  QVERIFY(!shown.chart.curveVisible(1));
  QVERIFY(shown.chart.shown().bottom() < 200);  // what is hidden needs no room
}

void LineChartTest::marksAndColoursArePainted() {
  for (const auto theme : {ThemeName::Light, ThemeName::Dark}) {
    applyTheme(theme);
    Shown shown(0);
    for (int i = 0; i < 300; ++i) shown.chart.append(0, i, 5);
    shown.settle();
    const QImage plain = shown.chart.grab().toImage();
    QVERIFY(pixels(plain, seriesColor(0)) > 200);
    QCOMPARE(plain.pixelColor(5, 30), QApplication::palette().color(QPalette::Base));
    const int before = pixels(plain, warningColor());
    shown.chart.addMark(150, "learning rate x 0.5");
    shown.settle();
    QVERIFY(pixels(shown.chart.grab().toImage(), warningColor()) > before + 50);
  }
  applyTheme(ThemeName::Light);
}

void LineChartTest::exports() {
  TestFolder folder;
  Shown shown;
  const int second = shown.chart.addCurve("a, \"b\"");
  shown.chart.append(second, 0.5, 0.1);
  const auto path = [&](const char* name) { return QString::fromStdString(folder / name); };
  shown.chart.exportPng(path("chart.png"));
  const QImage image(path("chart.png"));
  QVERIFY(image.width() > 1000 && pixels(image, seriesColor(0)) > 300);
  shown.chart.exportSvg(path("chart.svg"));
  QFile svg(path("chart.svg"));
  QVERIFY(svg.open(QFile::ReadOnly));
  const QByteArray drawing = svg.readAll();
  QVERIFY(drawing.contains("<polyline") && drawing.contains("loss") && !drawing.contains("<image"));
  shown.chart.exportCsv(path("chart.csv"));
  QFile csv(path("chart.csv"));
  QVERIFY(csv.open(QFile::ReadOnly));
  const auto lines = csv.readAll().split('\n');
  QCOMPARE(lines[0], QByteArray("step,train,\"a, \"\"b\"\"\""));
  QCOMPARE(lines[1], QByteArray("0,100,"));
  QCOMPARE(lines[2], QByteArray("0.5,,0.1"));
  QCOMPARE(lines[3], QByteArray("1,99,"));
  QCOMPARE(lines.size(), 1 + 101 + 1);
}

void LineChartTest::failedExport() {
  Shown shown;
  VERIFY_CONTAINS(errorText([&] { shown.chart.exportCsv("/nowhere/at/all.csv"); }), "/nowhere/at/all.csv");
}

void LineChartTest::controlsActOnAll() {
  LineChart first("a"), second("b");
  ChartControls controls({&first, &second});
  controls.setSmoothing(0.9);
  QVERIFY(near(first.smoothing(), 0.9, 0.01) && near(second.smoothing(), 0.9, 0.01));
  const std::unique_ptr<QMenu> menu(first.makeMenu());
  for (auto* action : menu->actions())
    if (action->isCheckable() && action->text().contains("y")) action->trigger();
  QVERIFY(first.logY() && !second.logY());
}

void LineChartTest::roundSteps() {
  QCOMPARE(roundStep(100, 10), 10.0);
  QCOMPARE(roundStep(100, 7), 20.0);
  QCOMPARE(roundStep(0.003, 3), 0.001);
  QCOMPARE(roundStep(0, 3), 1.0);
}

// Many points take another way to the picture; what is on it must be the same.
void LineChartTest::crowdsAreDrawnWhereTheyAre() {
  CurveRaster raster(40, 30);
  const QRgb red = qRgb(255, 0, 0), blue = qRgb(0, 0, 255);
  raster.draw(QPolygonF({{-10, 5.5}, {50, 5.5}}), red);                   // across, from rim to rim
  raster.draw(QPolygonF({{10.5, -100}, {10.7, 100}}), blue);              // down, over it
  raster.draw(QPolygonF({{20.5, 20.5}, {22.5, 24.5}, {22.6, 29}}), red);  // a slope, then down
  const QImage image = raster.image();
  const QRgb nothing = 0;
  for (const int x : {0, 9, 11, 39}) QCOMPARE(image.pixel(x, 5), red);
  QCOMPARE(image.pixel(0, 4), nothing);
  QCOMPARE(image.pixel(0, 6), nothing);
  for (const int y : {0, 5, 29}) QCOMPARE(image.pixel(10, y), blue);
  QCOMPARE(image.pixel(20, 20), red);
  QCOMPARE(image.pixel(21, 22), red);
  QCOMPARE(image.pixel(22, 28), red);
  QCOMPARE(image.pixel(23, 28), nothing);
  QCOMPARE(image.pixel(20, 25), nothing);
}

QTEST_MAIN(LineChartTest)
#include "line_chart.moc"
