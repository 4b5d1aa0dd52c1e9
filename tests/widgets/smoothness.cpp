// The window stays at hand: while a pipeline trains and every panel follows it, the event loop comes round in time; and
// the first window is there soon. The bounds are wide, since other tests run beside this one; the numbers are printed.
#include <QtTest/QtTest>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QTabWidget>
#include <ctime>

#include "app/window/main_window.hpp"
#include "checks.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/charts/line_chart.hpp"

using namespace blockyard;

class SmoothnessTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void eventLoopComesRoundWhileTraining();
  void firstWindow();
  void manyLongCurves();
};

namespace {

// Ticks as often as it can and keeps the longest time between two ticks.
class Watchdog : public QObject {
 public:
  Watchdog() {
    clock_.start();
    timer_.setInterval(0);
    connect(&timer_, &QTimer::timeout, this,
            [this] { gaps_.push_back(static_cast<double>(clock_.nsecsElapsed()) / 1e6), clock_.restart(); });
    timer_.start();
  }
  double worst() const { return *std::max_element(gaps_.begin(), gaps_.end()); }
  qsizetype longerThan(double ms) const {
    return std::count_if(gaps_.begin(), gaps_.end(), [ms](double gap) { return gap > ms; });
  }

 private:
  QElapsedTimer clock_;
  QTimer timer_;
  std::vector<double> gaps_{0};
};

double threadMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace

void SmoothnessTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("blockyard-test");
  QSettings().clear();
}

void SmoothnessTest::eventLoopComesRoundWhileTraining() {
  const QTemporaryDir folder;
  blockyard::testing::writeClouds(folder, 3000);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = folder.filePath("clouds.blockyard").toStdString();
  saveProject(project, project.file);
  MainWindow window;
  window.resize(1360, 860);
  window.show();
  QVERIFY(QTest::qWaitForWindowExposed(&window));
  QVERIFY(window.open(folder.filePath("clouds.blockyard")));
  // A first run, so that there are answers and a list to show.
  QSignalSpy finished(&window.engine(), &EngineLink::finished);
  window.document().apply(SetTraining{"epochs", OrderedJson(2)}, "epochs");
  QTRY_VERIFY(window.document().result().ok());
  window.actions().find("run.train")->trigger();
  QVERIFY(finished.wait(60000));
  window.document().apply(SetTraining{"epochs", OrderedJson(1000000)}, "epochs");
  window.document().apply(SetTraining{"early_stopping", OrderedJson(0)}, "early stopping");
  QTRY_VERIFY(window.document().result().ok());
  QSignalSpy steps(&window.engine(), &EngineLink::stepDone);
  window.actions().find("run.train")->trigger();
  QVERIFY(steps.wait(60000));
  const Watchdog watchdog;
  auto* tabs = window.findChild<LiveCharts*>()->findChild<QTabWidget*>();
  for (int tab = 0; tab < tabs->count(); ++tab) {
    tabs->setCurrentIndex(tab);
    QTest::qWait(1000);
  }
  window.findChild<PeekPanel*>()->show({{"hidden"}, "y"});
  for (const char* name : {"peek", "confusion", "runs", "compare", "predict"}) {
    window.findChild<QDockWidget*>(QLatin1String(name))->raise();
    for (int i = 0; i < 10; ++i) {
      if (i % 4 == 0) window.findChild<RunsTable*>()->refresh();
      QTest::qWait(100);
    }
  }
  QVERIFY(window.engine().busy());
  window.engine().stop();
  QTRY_VERIFY_WITH_TIMEOUT(!window.engine().busy(), 60000);
  qInfo("longest gap of the event loop: %.0f ms; longer than 50 ms: %d", watchdog.worst(),
        static_cast<int>(watchdog.longerThan(50)));
  QVERIFY2(watchdog.worst() < 500, qPrintable(QString::number(watchdog.worst())));
}

// The real program, from its start until its first window is painted.
void SmoothnessTest::firstWindow() {
  QProcess program;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("BLOCKYARD_QUIT_AFTER_PAINT", "1");
  environment.insert("XDG_CONFIG_HOME", QDir::tempPath() + "/blockyard-first-window");
  program.setProcessEnvironment(environment);
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    program.start(BLOCKYARD_BIN_DIR "/blockyard-window", {});
    QVERIFY(program.waitForFinished(60000));
    QCOMPARE(program.exitCode(), 0);
    const QByteArray said = program.readAllStandardOutput();
    QVERIFY2(said.startsWith("first paint after "), said.constData());
    best = std::min(best, said.split(' ').at(3).toDouble());
  }
  qInfo("first window after %.0f ms", best);
  QVERIFY2(best > 0 && best < 5000, qPrintable(QString::number(best)));
}

void SmoothnessTest::manyLongCurves() {
  constexpr int kCurves = 50, kPoints = 100000, kFrames = 12;
  LineChart chart("curves");
  chart.resize(1200, 700);
  for (int c = 0; c < kCurves; ++c) {
    chart.addCurve(QString::number(c));
    for (int i = 0; i < kPoints; ++i) {
      // Noise as high as half the chart: the worst to draw.
      const double y = 20.0 * c + ((i * 7919LL + c * 104729LL) * 2654435761LL >> 7) % 1000;
      chart.append(c, i, y);
    }
  }
  chart.show();
  QVERIFY(QTest::qWaitForWindowExposed(&chart));
  QTest::qWait(300);
  // What this thread computes for a frame, from the act until it is painted; what others take is not counted.
  const auto frames = [&](const char* what, auto act) {
    double sum = 0, worst = 0;
    for (int i = 0; i < kFrames; ++i) {
      QSignalSpy drawn(&chart, &LineChart::drawn);
      const double before = threadMilliseconds();
      act(i);
      while (drawn.isEmpty()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
      QCoreApplication::processEvents();
      const double ms = threadMilliseconds() - before;
      sum += ms, worst = std::max(worst, ms);
    }
    qInfo("%s: %d curves of %d points, %.1f ms a frame, worst %.1f ms", what, kCurves, kPoints, sum / kFrames, worst);
  };
  frames("all of it, panned", [&](int i) { chart.pan(i % 2 == 0 ? 0.01 : -0.013, 0); });
  chart.zoom(8);
  frames("an eighth, panned", [&](int) { chart.pan(0.01, 0.002); });
  frames("zoomed", [&](int i) { chart.zoom(i % 2 == 0 ? 1.1 : 1 / 1.1); });
  QVERIFY(chart.curveCount() == kCurves);
}

QTEST_MAIN(SmoothnessTest)
#include "smoothness.moc"
