// A study from the window: asked for, trained by processes of the command, looked at, and its best settings taken.
#include <QtCore/QSortFilterProxyModel>
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>

#include "checks.hpp"
#include "widgets/clouds_document.hpp"
#include "widgets/study/effect_plot.hpp"
#include "widgets/study/parallel_plot.hpp"
#include "widgets/study/study_dialog.hpp"
#include "widgets/study/study_panel.hpp"
#include "widgets/study/trials_model.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class StudyWidgetTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup();
  void theDialogAsksAndRefuses();
  void aGridIsTrainedAndItsBestIsUsed();
  void anAblationShowsItsEffects();
  void stoppedAndGoneOnWith();
  void anUnsavedProjectIsTold();
  void whatCannotBeTrainedIsTold();

 private:
  template <class T>
  T* child(QWidget& of, const char* name) {
    return of.findChild<T*>(QString::fromLatin1(name));
  }
  std::unique_ptr<CloudsDocument> clouds_;
  Document* document_ = nullptr;
  std::unique_ptr<StudyPanel> panel_;
};

void StudyWidgetTest::init() {
  clouds_ = std::make_unique<CloudsDocument>(200);
  document_ = clouds_->document.get();
  QTRY_VERIFY(document_->rootResult().ok() && document_->rootResult().values.size() > 5);
  panel_ = std::make_unique<StudyPanel>(*document_);
  panel_->setFolder(document_->project().folder());
  panel_->resize(1200, 400);
  panel_->show();
}

void StudyWidgetTest::cleanup() {
  panel_.reset();
  clouds_.reset();
}

void StudyWidgetTest::theDialogAsksAndRefuses() {
  StudyDialog* dialog = panel_->ask();
  QVERIFY(dialog != nullptr);
  auto* summary = child<QLabel>(*dialog, "summary");
  auto* start = child<QPushButton>(*dialog, "start");
  auto* axes = child<QTableWidget>(*dialog, "axes");
  auto* values = qobject_cast<QLineEdit*>(axes->cellWidget(0, 1));
  QVERIFY(start->isEnabled());  // there is an idea from the start
  QVERIFY2(summary->text().contains("3 trials, 9 trainings"), qPrintable(summary->text()));
  values->selectAll();
  QTest::keyClicks(values, "0.1, 0.1");
  QVERIFY(!start->isEnabled());
  VERIFY_CONTAINS(summary->text().toStdString(), "named twice");
  values->selectAll();
  QTest::keyClicks(values, "1e-3..1e-1:log");
  VERIFY_CONTAINS(summary->text().toStdString(), "a grid has no ranges");
  child<QComboBox>(*dialog, "search")->setCurrentIndex(1);
  child<QSpinBox>(*dialog, "trials")->setValue(7);
  child<QSpinBox>(*dialog, "seeds")->setValue(1);
  VERIFY_CONTAINS(summary->text().toStdString(), "7 trials, 7 trainings");
  VERIFY_CONTAINS(summary->text().toStdString(), "chance cannot be told");
  // A second parameter gets an idea from what holds now.
  QTest::mouseClick(child<QPushButton>(*dialog, "add"), Qt::LeftButton);
  qobject_cast<QComboBox*>(axes->cellWidget(1, 0))->setCurrentText("training.batch_size");
  COMPARE_TEXT(qobject_cast<QLineEdit*>(axes->cellWidget(1, 1))->text().toStdString(), "32, 64, 128");
  QVERIFY(start->isEnabled());
  const StudySpec spec = dialog->spec();
  QCOMPARE(spec.axes.size(), size_t{2});
  QVERIFY(spec.axes[0].isRange() && spec.axes[0].logarithmic && !spec.axes[1].isRange());
  QTest::mouseClick(child<QPushButton>(*dialog, "remove"), Qt::LeftButton);
  QCOMPARE(axes->rowCount(), 1);
  child<QComboBox>(*dialog, "search")->setCurrentIndex(3);
  QVERIFY(!start->isEnabled());
  VERIFY_CONTAINS(summary->text().toStdString(), "Tick at least one block");
  dialog->close();
}

void StudyWidgetTest::aGridIsTrainedAndItsBestIsUsed() {
  QSignalSpy ended(panel_.get(), &StudyPanel::ended), compared(panel_.get(), &StudyPanel::compare);
  StudyDialog* dialog = panel_->ask();
  auto* axes = child<QTableWidget>(*dialog, "axes");
  qobject_cast<QLineEdit*>(axes->cellWidget(0, 1))->setText("0.00001, 0.03");
  child<QSpinBox>(*dialog, "seeds")->setValue(2);
  child<QLineEdit>(*dialog, "name")->setText("rates");
  QTest::mouseClick(child<QPushButton>(*dialog, "start"), Qt::LeftButton);
  QVERIFY(ended.wait(kLong));
  auto* table = child<QTableView>(*panel_, "trials");
  QTRY_VERIFY_WITH_TIMEOUT(panel_->message().contains("4 of 4"), 10000);
  QCOMPARE(table->model()->rowCount(), 2);
  COMPARE_TEXT(table->model()->index(0, TrialsModel::Fixed).data().toString().toStdString(), "0.03");
  QVERIFY(!child<QPushButton>(*panel_, "go")->isEnabled());
  // A click on a line selects its trial; its settings become those of the pipeline, in one act.
  table->selectRow(0);
  const std::string before = projectText(document_->project());
  QTest::mouseClick(child<QPushButton>(*panel_, "use"), Qt::LeftButton);
  COMPARE_TEXT(document_->project().graph("main").training()["learning_rate"].dump(), "0.03");
  document_->undoStack().undo();
  COMPARE_TEXT(projectText(document_->project()), before);
  QTest::mouseClick(child<QPushButton>(*panel_, "compare"), Qt::LeftButton);
  QCOMPARE(compared.front().front().toStringList().size(), 2);
  auto* parallel = panel_->findChild<ParallelPlot*>();
  QSignalSpy chosen(parallel, &ParallelPlot::chosen);
  for (int y = 0; y < parallel->height() && chosen.isEmpty(); y += 3)
    QTest::mouseClick(parallel, Qt::LeftButton, {}, {parallel->width() / 2, y});
  QVERIFY(!chosen.isEmpty());
}

void StudyWidgetTest::anAblationShowsItsEffects() {
  QSignalSpy ended(panel_.get(), &StudyPanel::ended);
  StudyDialog* dialog = panel_->ask();
  child<QComboBox>(*dialog, "search")->setCurrentIndex(3);
  auto* blocks = child<QTableWidget>(*dialog, "blocks");
  int ticked = 0;
  for (int row = 0; row < blocks->rowCount(); ++row)
    if (blocks->item(row, 0)->text() == "standardize") blocks->item(row, 0)->setCheckState(Qt::Checked), ++ticked;
  QCOMPARE(ticked, 1);
  child<QSpinBox>(*dialog, "seeds")->setValue(2);
  QTest::mouseClick(child<QPushButton>(*dialog, "start"), Qt::LeftButton);
  QVERIFY(ended.wait(kLong));
  auto* effects = panel_->findChild<EffectPlot*>();
  QTRY_VERIFY_WITH_TIMEOUT(effects->accessibleDescription().contains("without standardize"), 10000);
  QVERIFY(effects->isVisible());
}

void StudyWidgetTest::stoppedAndGoneOnWith() {
  document_->apply(SetTraining{"epochs", OrderedJson(40)}, "set");
  QSignalSpy ended(panel_.get(), &StudyPanel::ended), failed(panel_.get(), &StudyPanel::failed);
  StudySpec spec{.name = "long", .pipeline = "main", .axes = {choicesFromText("hidden.dropout=0,0.1,0.2,0.3")}};
  panel_->link().begin(document_->project(), spec);
  QSignalSpy trained(&panel_->link(), &StudyLink::trained);
  QVERIFY(trained.wait(kLong));
  auto* go = child<QPushButton>(*panel_, "go");
  QTest::mouseClick(go, Qt::LeftButton);  // Stop
  if (ended.isEmpty()) QVERIFY(ended.wait(kLong));
  QTRY_VERIFY_WITH_TIMEOUT(!panel_->link().busy(), 10000);
  QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), 10000);
  ended.clear();
  QTest::mouseClick(go, Qt::LeftButton);  // Go on
  QVERIFY(ended.wait(kLong));
  QTRY_VERIFY_WITH_TIMEOUT(panel_->message().contains("4 of 4"), 10000);
  QVERIFY2(failed.isEmpty(), qPrintable(failed.isEmpty() ? QString() : failed.front().front().toString()));
}

void StudyWidgetTest::anUnsavedProjectIsTold() {
  panel_->setFolder({});
  QSignalSpy failed(panel_.get(), &StudyPanel::failed);
  QVERIFY(panel_->ask() == nullptr);
  QCOMPARE(failed.count(), 1);
}

void StudyWidgetTest::whatCannotBeTrainedIsTold() {
  QSignalSpy failed(panel_.get(), &StudyPanel::failed);
  panel_->link().begin(document_->project(), {.pipeline = "main", .axes = {choicesFromText("hiden.dropout=0,0.1")}});
  QVERIFY(failed.wait(kLong));
  VERIFY_CONTAINS(failed.front().front().toString().toStdString(), "did you mean \"hidden\"");
}

QTEST_MAIN(StudyWidgetTest)
#include "study.moc"
