// The whole story by mouse and keyboard: from the start page to blocks, wires, two trainings, their comparison, a
// prediction and an export. With BLOCKYARD_STORY=FOLDER every chapter leaves a picture there; under a real X server
// (xvfb-run -a env BLOCKYARD_STORY=shots test_widgets_story -platform xcb) these are what a user sees.
#include <QtCore/QMimeData>
#include <QtTest/QtTest>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>

#include "app/window/main_window.hpp"
#include "checks.hpp"
#include "graph/plan.hpp"
#include "training/small_plan.hpp"
#include "widgets/predict/export_dialog.hpp"
#include "widgets/predict/row_form.hpp"

using namespace blockyard;

class StoryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void buildsByHand();
  void trains();
  void changesAndTrainsAgain();
  void compares();
  void predicts();
  void exports();

 private:
  template <class T>
  T* dock(const char* name) {
    auto* found = window_->findChild<QDockWidget*>(QLatin1String(name));
    found->show();
    found->raise();
    return found->findChild<T*>();
  }
  QPoint portOf(const char* block, const char* port, bool output) {
    CanvasView& view = window_->canvas();
    return view.mapFromScene(view.canvas().block({block})->portAt(port, output));
  }
  void press(QPoint at) { QTest::mousePress(window_->canvas().viewport(), Qt::LeftButton, {}, at); }
  void moveTo(QPoint at) {
    QWidget* port = window_->canvas().viewport();
    QMouseEvent move(QEvent::MouseMove, at, port->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(port, &move);
  }
  void drag(QPoint from, QPoint to) {
    press(from);
    for (int step = 1; step <= 4; ++step) moveTo(from + (to - from) * step / 4);
    QTest::mouseRelease(window_->canvas().viewport(), Qt::LeftButton, {}, to);
  }
  // From a port to the empty canvas, where the block is chosen that is to follow.
  void follow(const char* from, const char* port, const char* words) {
    window_->canvas().zoomToFit();
    const QPoint start = portOf(from, port, true);
    drag(start, QPoint(start.x() + 30, window_->canvas().viewport()->height() - 30));
    QVERIFY(window_->canvas().search().isVisible());
    QTest::keyClicks(window_->canvas().search().field(), words);
    QTest::keyClick(window_->canvas().search().field(), Qt::Key_Return);
    QVERIFY(!window_->canvas().search().isVisible());
  }
  void set(const char* block, const char* parameter, const QString& text) {
    window_->canvas().goTo({block});
    auto* row = dock<Inspector>("inspector")->findChild<QWidget*>(QLatin1String(parameter));
    QVERIFY2(row != nullptr, parameter);
    QWidget* field = qobject_cast<ParamRow*>(row)->field();
    auto* line =
        qobject_cast<QLineEdit*>(field) != nullptr ? qobject_cast<QLineEdit*>(field) : field->findChild<QLineEdit*>();
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
  }
  void train() {
    QSignalSpy finished(&window_->engine(), &EngineLink::finished), failed(&window_->engine(), &EngineLink::failed);
    QTRY_VERIFY_WITH_TIMEOUT(window_->document().result().ok(), 20000);
    window_->actions().find("run.train")->trigger();
    QVERIFY(finished.wait(120000));
    QVERIFY(failed.isEmpty());
  }
  void picture(const char* name) {
    const QString folder = qEnvironmentVariable("BLOCKYARD_STORY");
    if (folder.isEmpty()) return;
    QTest::qWait(300);
    QDir().mkpath(folder);
    window_->grab().save(folder + QLatin1Char('/') + QLatin1String(name) + QLatin1String(".png"));
  }
  void pictureOf(QWidget& widget, const char* name) {
    const QString folder = qEnvironmentVariable("BLOCKYARD_STORY");
    if (!folder.isEmpty()) widget.grab().save(folder + QLatin1Char('/') + QLatin1String(name) + QLatin1String(".png"));
  }

  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
};

void StoryTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(folder_.path());  // settings of its own
  blockyard::testing::writeClouds(folder_, 400);
  window_ = std::make_unique<MainWindow>();
  window_->resize(1500, 950);
  window_->show();
  QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  picture("1-start");
}

void StoryTest::buildsByHand() {
  window_->actions().find("file.new")->trigger();
  CanvasView& view = window_->canvas();
  QTRY_VERIFY(view.isVisible());
  // The source is dragged out of the palette.
  QMimeData data;
  data.setData(kBlockMime, "source/table");
  const QPoint at(80, 80);
  QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(view.viewport(), &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(view.viewport(), &drop);
  QVERIFY(window_->document().graph().find({"table"}) != nullptr);
  set("table", "file", folder_.filePath("clouds.csv"));
  set("table", "target", "kind");
  // Everything else follows from its wire.
  const char* const chain[][3] = {{"table", "features", "Impute"},     {"impute", "y", "Standardize"},
                                  {"standardize", "y", "One-hot"},     {"one_hot", "y", "To features"},
                                  {"to_features", "y", "MLP"},         {"mlp", "y", "Softmax classifier"},
                                  {"softmax", "scores", "Class label"}};
  for (const auto& [from, port, words] : chain) follow(from, port, words);
  window_->actions().find("arrange.tidy")->trigger();
  view.zoomToFit();
  drag(portOf("table", "target", true), portOf("softmax", "target", false));
  view.selectNothing();
  QTRY_VERIFY2(window_->document().result().ok(), window_->document().result().problems.empty()
                                                      ? ""
                                                      : window_->document().result().problems.front().text().c_str());
  picture("2-built");
}

void StoryTest::trains() {
  window_->document().apply(SetTraining{"epochs", OrderedJson(12)}, "set");
  window_->actions().find("file.save")->trigger();
  auto* dialog = window_->findChild<QFileDialog*>();
  QVERIFY(dialog != nullptr);  // it has no name yet
  Q_EMIT dialog->fileSelected(folder_.filePath("clouds.blockyard"));
  dialog->close();
  QVERIFY(!window_->isWindowModified());
  dock<QWidget>("training");
  train();
  picture("3-trained");
}

void StoryTest::changesAndTrainsAgain() {
  set("mlp", "hidden", "3");
  train();
  auto* runs = dock<QTableView>("runs");
  QTRY_COMPARE(runs->model()->rowCount(), 2);
  picture("4-runs");
}

void StoryTest::compares() {
  auto* runs = dock<QTableView>("runs");
  runs->setFocus();
  runs->selectAll();
  auto* table = window_->findChild<RunsTable*>();
  QPushButton* compare = nullptr;
  for (auto* button : table->findChildren<QPushButton*>())
    if (button->text().remove(u'&').startsWith("Compare")) compare = button;
  QVERIFY(compare != nullptr);
  QTRY_VERIFY(compare->isEnabled());
  QTest::mouseClick(compare, Qt::LeftButton);
  auto* view = window_->findChild<CompareView*>();
  QTRY_VERIFY(view->isVisible());
  const auto differs = [view] {
    for (auto* settings : view->findChildren<QTableView*>())
      for (int row = 0; row < settings->model()->rowCount(); ++row)
        if (settings->model()->index(row, 0).data().toString().contains("hidden")) return true;
    return false;
  };
  QTRY_VERIFY(differs());
  picture("5-compared");
}

void StoryTest::predicts() {
  auto* form = dock<RowForm>("predict");
  QTRY_VERIFY_WITH_TIMEOUT(!window_->findChild<RowForm*>()->columns().empty(), 20000);
  form = window_->findChild<RowForm*>();
  for (const char* column : {"x", "y"}) {
    QWidget* field = form->field(column);
    QVERIFY2(field != nullptr, column);
    field->setFocus();
    QTest::keyClicks(field, "2.5");
  }
  auto* answer = window_->findChild<QLabel*>("answer");
  QTRY_VERIFY_WITH_TIMEOUT(answer->text().contains(QRegularExpression("[abc]")), 20000);
  picture("6-predicted");
}

void StoryTest::exports() {
  window_->actions().find("file.export")->trigger();
  auto* dialog = window_->findChild<ExportDialog*>();
  QVERIFY(dialog != nullptr);
  QVERIFY(QTest::qWaitForWindowExposed(dialog));
  const QString file = folder_.filePath("clouds.safetensors");
  auto* path = dialog->findChild<QLineEdit*>("path");
  path->selectAll();
  QTest::keyClicks(path, file);
  QSignalSpy exported(dialog, &ExportDialog::exported);
  auto* write = dialog->findChild<QPushButton*>("write");
  QTRY_VERIFY(write->isEnabled());
  QTest::mouseClick(write, Qt::LeftButton);
  QVERIFY(exported.wait(20000));
  QVERIFY(QFileInfo(file).size() > 0);
  pictureOf(*dialog, "7-exported");
  dialog->close();
}

QTEST_MAIN(StoryTest)
#include "story.moc"
