// The panel that trains: a small table is really trained to its end by mouse, paused, continued and stopped.
#include "widgets/training/training_panel.hpp"

#include <QtTest/QtTest>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <cmath>
#include <filesystem>

#include "checks.hpp"
#include "graph/templates.hpp"
#include "runs/run.hpp"
#include "training/small_plan.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/training/confusion_matrix.hpp"
#include "widgets/training/live_charts.hpp"
#include "widgets/training/weight_view.hpp"

using namespace blockyard;

class TrainingPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void trainsToTheEnd();
  void aProjectCanDemandAPurpose();
  void pauseContinueStopResume();
  void dryRunKeepsNothing();
  void errorsBlockTheButton();
  void unsavedProjectIsRefusedInThePanel();
  void failureIsShownAtItsBlock();
  void confusionMatrix();
};

namespace {

constexpr int kLong = 120000;  // only a training that hangs takes that

struct Yard {
  QTemporaryDir folder;
  EngineLink link;
  std::unique_ptr<Document> document;
  std::unique_ptr<TrainingPanel> panel;
  std::unique_ptr<LiveCharts> charts;

  explicit Yard(int epochs, int rows = 600) {
    blockyard::testing::writeClouds(folder, rows);
    Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
    project.file = folder.filePath("clouds.blockyard").toStdString();
    saveProject(project, project.file);
    document = std::make_unique<Document>(std::move(project));
    applySetting("training.epochs", epochs);
    panel = std::make_unique<TrainingPanel>(link, *document);
    charts = std::make_unique<LiveCharts>(link);
    QObject::connect(panel.get(), &TrainingPanel::learningRateScaled, charts.get(), &LiveCharts::markLearningRate);
    panel->resize(900, 220);
    panel->show();
    charts->resize(900, 500);
    charts->show();
    QSignalSpy checked(document.get(), &Document::checked);
    checked.wait();
  }
  void applySetting(const std::string& name, int value) {
    document->apply(SetTraining{name.substr(name.find('.') + 1), OrderedJson(value)}, "set");
  }
  QPushButton* button(const char* name) const { return panel->findChild<QPushButton*>(QLatin1String(name)); }
  void click(const char* name) const {
    QVERIFY2(button(name)->isEnabled(), name);
    QTest::mouseClick(button(name), Qt::LeftButton);
  }
  std::filesystem::path runs() const { return folder.filePath("runs").toStdString(); }
};

}  // namespace

void TrainingPanelTest::trainsToTheEnd() {
  Yard yard(6);
  QSignalSpy finished(&yard.link, &EngineLink::finished), failed(&yard.link, &EngineLink::failed),
      run_finished(yard.panel.get(), &TrainingPanel::runFinished);
  QVERIFY2(yard.button("train")->isEnabled(), qPrintable(yard.panel->message()));
  QVERIFY(!yard.button("stop")->isEnabled() && !yard.button("pause")->isEnabled());
  QTest::keyClicks(yard.panel->findChild<QLineEdit*>("purpose"), "a first  look");
  yard.click("train");
  QVERIFY(!yard.button("train")->isEnabled() && yard.button("stop")->isEnabled());
  QVERIFY(finished.wait(kLong));
  QCOMPARE(failed.count(), 0);
  QVERIFY(yard.button("train")->isEnabled() && !yard.button("stop")->isEnabled());
  QVERIFY2(yard.panel->message().contains("accuracy"), qPrintable(yard.panel->message()));
  QCOMPARE(run_finished.count(), 1);
  const std::string id = run_finished[0][0].toString().toStdString();
  const Run run = Run::open(yard.folder.path().toStdString(), id);
  QCOMPARE(run.record().purpose, std::string("a first look"));
  QCOMPARE(run.record().epochs, 6);
  QVERIFY(run.record().state == RunState::Done);
  QVERIFY(std::filesystem::exists(run.folder() / "bundle.safetensors"));
  QCOMPARE(yard.charts->loss().curve(1).size(), size_t{6});  // validation, a point per epoch
  QVERIFY(yard.charts->loss().curve(0).size() > 0);
  QVERIFY(yard.charts->metrics().curveCount() > 3);
  QVERIFY(yard.charts->rate().curve(1).size() > 0);  // the norm of the gradient
  WeightView& weights = yard.charts->weights();
  weights.showBlock("hidden");
  QVERIFY2(weights.parameter().startsWith("hidden."), qPrintable(weights.parameter()));
  QVERIFY(!weights.values().slices().empty() && !weights.gradients().slices().empty());
  const auto values = yard.charts->loss().curve(1).raw();
  QVERIFY(values.back() < values.front());
  // The same from the journal: every step, and the same validation.
  LiveCharts later(yard.link);
  QSignalSpy shown(&later, &LiveCharts::runShown);
  later.showRun(QString::fromStdString(run.folder().string()));
  QVERIFY(shown.wait(kLong));
  QCOMPARE(later.loss().curve(0).size(), static_cast<size_t>(run.record().steps));
  QCOMPARE(later.loss().curve(1).size(), size_t{6});
  QVERIFY(later.rate().curve(1).size() > 0);
  later.showBlock("hidden");
  QCOMPARE(later.weights().values().slices().size(), weights.values().slices().size());
  QVERIFY(std::abs(later.loss().curve(1).raw().back() - values.back()) < 1e-5);
}

void TrainingPanelTest::aProjectCanDemandAPurpose() {
  Yard yard(1);
  auto* purpose = yard.panel->findChild<QLineEdit*>("purpose");
  auto* required = yard.panel->findChild<QCheckBox*>("purpose_required");
  QTest::mouseClick(required, Qt::LeftButton, {}, QPoint(8, required->height() / 2));
  QVERIFY(yard.document->project().purpose_required && required->isChecked());
  yard.document->undoStack().undo();
  QVERIFY(!yard.document->project().purpose_required && !required->isChecked());
  yard.document->undoStack().redo();
  QVERIFY(required->isChecked());
  yard.panel->activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(yard.panel.get()));
  yard.click("train");
  QVERIFY(yard.link.state() == EngineLink::State::Idle);
  VERIFY_CONTAINS(yard.panel->message().toStdString(), "what this run is for");
  QVERIFY(purpose->hasFocus());
  yard.click("dry_run");  // nothing is kept, so nothing has to be said
  QSignalSpy finished(&yard.link, &EngineLink::finished);
  QVERIFY(finished.wait(kLong));
  finished.clear();
  purpose->setFocus();
  QTest::keyClicks(purpose, "to see");
  QTest::keyClick(purpose, Qt::Key_Return);
  QVERIFY(finished.wait(kLong));
  QVERIFY2(!yard.panel->message().startsWith("Error"), qPrintable(yard.panel->message()));
}

void TrainingPanelTest::pauseContinueStopResume() {
  Yard yard(100000, 3000);
  yard.applySetting("training.early_stopping", 0);  // it goes on until it is stopped
  QSignalSpy finished(&yard.link, &EngineLink::finished), steps(&yard.link, &EngineLink::stepDone),
      states(&yard.link, &EngineLink::stateChanged);
  yard.click("train");
  QVERIFY(steps.wait(kLong));
  yard.click("halve");
  QCOMPARE(yard.charts->loss().marks().back().text, QStringLiteral("learning rate × 0.5"));
  yard.click("pause");
  QTRY_VERIFY_WITH_TIMEOUT(yard.link.state() == EngineLink::State::Paused, kLong);
  QVERIFY(yard.button("pause")->text().contains("Continue"));
  steps.clear();
  QTest::qWait(300);
  QCOMPARE(steps.count(), 0);
  yard.click("pause");
  QVERIFY(steps.wait(kLong));
  const double rate = qvariant_cast<StepDone>(steps.back()[0]).learning_rate;
  QVERIFY(rate > 0);
  yard.click("stop");
  QVERIFY(finished.wait(kLong));
  QVERIFY2(yard.panel->message().contains("stopped"), qPrintable(yard.panel->message()));
  const Run run = Run::open(yard.folder.path().toStdString(), "last");
  QVERIFY(run.record().state == RunState::Stopped);
  // It goes on where it was, as the same run.
  const auto before = static_cast<double>(run.record().steps);
  finished.clear();
  steps.clear();
  yard.panel->resumeRun(QString::fromStdString(run.id().text));
  QVERIFY(steps.wait(kLong));
  QTRY_VERIFY(!yard.charts->loss().marks().empty());
  QCOMPARE(yard.charts->loss().marks().back().text, QStringLiteral("resumed"));
  QTRY_VERIFY(yard.charts->loss().curve(0).size() > 1);
  QVERIFY(yard.charts->loss().curve(0).xs().front() < before);
  QVERIFY(yard.charts->loss().curve(0).xs().back() > before);
  yard.click("stop");
  QVERIFY(finished.wait(kLong));
  QCOMPARE(listRuns(yard.folder.path().toStdString()).size(), size_t{1});
}

void TrainingPanelTest::dryRunKeepsNothing() {
  Yard yard(50);
  QSignalSpy finished(&yard.link, &EngineLink::finished);
  yard.click("dry_run");
  QVERIFY(finished.wait(kLong));
  QVERIFY2(yard.panel->message().contains("nothing was kept"), qPrintable(yard.panel->message()));
  QVERIFY(!std::filesystem::exists(yard.runs()));
}

void TrainingPanelTest::errorsBlockTheButton() {
  Yard yard(2);
  const auto first = yard.document->graph().nodes().front().id;
  QVERIFY(yard.button("train")->isEnabled());
  yard.document->apply(RemoveNode{first}, "remove");
  QTRY_VERIFY(!yard.button("train")->isEnabled());
  QVERIFY(!yard.button("dry_run")->isEnabled());
  QVERIFY2(yard.panel->message().startsWith("Cannot train"), qPrintable(yard.panel->message()));
  yard.document->undoStack().undo();
  QTRY_VERIFY(yard.button("train")->isEnabled());
  QVERIFY(yard.panel->message().isEmpty());
}

void TrainingPanelTest::unsavedProjectIsRefusedInThePanel() {
  Yard yard(2);
  Project project = yard.document->project();
  project.file.clear();
  for (auto& node : {project.graph("").nodes().front()})
    project.apply("", SetParam{node.id, "file", OrderedJson(yard.folder.filePath("clouds.csv").toStdString())});
  yard.document->setProject(std::move(project));
  QTRY_VERIFY(yard.button("train")->isEnabled());
  QSignalSpy error(yard.panel.get(), &TrainingPanel::errorAt);
  yard.click("train");
  QCOMPARE(error.count(), 1);
  QVERIFY2(yard.panel->message().contains("not saved"), qPrintable(yard.panel->message()));
  QVERIFY(!yard.link.busy());
}

void TrainingPanelTest::failureIsShownAtItsBlock() {
  Yard yard(5);
  // Between the check and the start the file goes away.
  std::filesystem::remove(yard.folder.filePath("clouds.csv").toStdString());
  QSignalSpy error(yard.panel.get(), &TrainingPanel::errorAt);
  yard.click("train");
  QTRY_COMPARE_WITH_TIMEOUT(error.count(), 1, kLong);
  QCOMPARE(error[0][0].toString(), QString::fromStdString(yard.document->graph().nodes().front().id.name));
  QVERIFY(yard.panel->message().contains("clouds.csv"));
  QVERIFY(!yard.link.busy());
}

void TrainingPanelTest::confusionMatrix() {
  applyTheme(ThemeName::Light);
  ConfusionMatrix matrix;
  const std::vector<float> scores = {0.9F, 0.1F, 0.8F, 0.2F, 0.3F, 0.7F, 0.6F, 0.4F};
  const std::vector<int64_t> labels = {0, 0, 1, 1};
  matrix.setMetrics(classMetrics(scores, labels, {"cat", "dog"}));
  matrix.resize(500, 400);
  matrix.show();
  auto* map = matrix.findChild<QTableView*>("map");
  const auto* model = map->model();
  QCOMPARE(model->rowCount(), 2);
  QVERIFY(model->index(0, 0).data().toString().startsWith("2\n100"));
  QVERIFY(model->index(1, 0).data().toString().startsWith("1\n50"));
  QVERIFY(model->index(1, 1).data(Qt::AccessibleTextRole).toString().contains("dog answered as dog"));
  QSignalSpy activated(&matrix, &ConfusionMatrix::cellActivated);
  map->setFocus();
  map->setCurrentIndex(model->index(0, 0));
  QTest::keyClick(map, Qt::Key_Down);
  QTest::keyClick(map, Qt::Key_Return);
  QCOMPARE(activated.count(), 1);
  QCOMPARE(activated[0], QVariantList({1, 0}));
  matrix.clear();
  QVERIFY(!map->isVisible());
}

QTEST_MAIN(TrainingPanelTest)
#include "training_panel.moc"
