// The keyboard alone: from the start page to blocks, wires, a setting, a training and its run. Keys go to the window,
// and from there to where the focus is, as those of a person do.
#include <QtGui/QAccessible>
#include <QtTest/QtTest>
#include <QtWidgets/QDialog>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QTableView>

#include "app/window/main_window.hpp"
#include "app/window/start_page.hpp"
#include "checks.hpp"
#include "training/small_plan.hpp"

using namespace blockyard;

class KeyboardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void tabGoesThroughTheStartPage();
  void makesAProject();
  void addsBlocksAndWires();
  void choosesPorts();
  void setsAParameter();
  void trainsAndSeesTheRun();
  void keysOfATableAreItsOwn();
  void goesFromPanelToPanel();

 private:
  // Where keys go: a list of offers that has closed does not give the focus back without a window manager.
  QWindow* target() const {
    QWindow* now = QApplication::focusWindow();
    if (now != nullptr && now->isVisible()) return now;
    for (const auto* dialog : window_->findChildren<QDialog*>())
      if (dialog->isVisible()) return dialog->windowHandle();
    return window_->windowHandle();
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(target(), key, modifiers); }
  void type(const QString& text) {
    for (const QChar letter : text) QTest::sendKeyEvent(QTest::Click, target(), Qt::Key_unknown, QString(letter), {});
  }
  void add(const char* words) {
    press(Qt::Key_Tab);
    QVERIFY(window_->canvas().search().isVisible());
    type(QString::fromLatin1(words));
    press(Qt::Key_Return);
    QVERIFY(!window_->canvas().search().isVisible());
    QVERIFY(window_->canvas().hasFocus());
  }
  const Graph& graph() { return window_->document().graph(); }
  bool wired(const char* from, const char* from_port, const char* to, const char* to_port) {
    const Link link{{{from}, from_port}, {{to}, to_port}};
    return std::find(graph().links().begin(), graph().links().end(), link) != graph().links().end();
  }
  void select(const char* id) {  // along the blocks, with Alt and the arrow keys
    for (int i = 0; i < 30 && window_->canvas().canvas().selectedBlocks() != NodeIds{{id}}; ++i) {
      const NodeIds now = window_->canvas().canvas().selectedBlocks();
      const bool left = now.empty() || graph().node(*now.begin()).x > graph().node({id}).x;
      press(left ? Qt::Key_Left : Qt::Key_Right, Qt::AltModifier);
    }
    QCOMPARE(window_->canvas().canvas().selectedBlocks(), NodeIds{{id}});
  }

  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
};

void KeyboardTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(folder_.path());  // settings of its own
  blockyard::testing::writeClouds(folder_, 200);
  window_ = std::make_unique<MainWindow>();
  window_->resize(1500, 950);
  window_->show();
  window_->activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(window_.get()));
}

void KeyboardTest::tabGoesThroughTheStartPage() {
  auto* page = window_->findChild<StartPage*>();
  QStringList names;
  for (int i = 0; i < 4; ++i) {
    QVERIFY(QApplication::focusWidget() != nullptr && page->isAncestorOf(QApplication::focusWidget()));
    names << QAccessible::queryAccessibleInterface(QApplication::focusWidget())->text(QAccessible::Name);
    press(Qt::Key_Tab);
  }
  QCOMPARE(names, (QStringList{"New project", "Open…", "Sample projects", "Recent projects"}));
  while (QApplication::focusWidget() != page->focusProxy()) press(Qt::Key_Backtab, Qt::ShiftModifier);
}

void KeyboardTest::makesAProject() {
  press(Qt::Key_Space);  // New project
  QTRY_VERIFY(window_->canvas().isVisible());
  QVERIFY(window_->canvas().hasFocus());
}

// Each block is put behind the one before; the wire that is missing then is drawn by hand.
void KeyboardTest::addsBlocksAndWires() {
  add("table");
  press(Qt::Key_Return);  // its settings
  QVERIFY(!window_->canvas().hasFocus());
  type(folder_.filePath("clouds.csv"));
  QCOMPARE(graph().node({"table"}).params["file"].get<std::string>(), folder_.filePath("clouds.csv").toStdString());
  for (int i = 0; i < 40 && QApplication::focusWidget()->accessibleName() != "Target"; ++i) press(Qt::Key_Tab);
  QCOMPARE(QApplication::focusWidget()->accessibleName(), QString("Target"));
  type("kind");
  press(Qt::Key_Return);
  for (int i = 0; i < 3 && !window_->canvas().hasFocus(); ++i) press(Qt::Key_Escape);  // the offers may be open
  QVERIFY(window_->canvas().hasFocus());
  for (const char* words : {"impute", "one-hot", "to features", "mlp", "softmax"}) add(words);
  QVERIFY(wired("table", "features", "impute", "x"));
  QVERIFY(wired("mlp", "y", "softmax", "x"));
  QTRY_VERIFY_WITH_TIMEOUT(window_->document().result().outputs.count({"table"}) > 0, 30000);
}

void KeyboardTest::choosesPorts() {
  CanvasScene& scene = window_->canvas().canvas();
  select("table");
  press(Qt::Key_K, Qt::ControlModifier);
  QVERIFY(scene.wiringByKeys());
  // The first port without a wire, and the only one that takes it.
  QCOMPARE(scene.keyTarget()->end, (End{{"softmax"}, "target"}));
  press(Qt::Key_Left);  // another port, and back
  QVERIFY(scene.keyTarget()->end != (End{{"softmax"}, "target"}));
  press(Qt::Key_Right);
  QCOMPARE(scene.keyTarget()->end, (End{{"softmax"}, "target"}));
  press(Qt::Key_Escape);
  QVERIFY(!scene.wiring() && !wired("table", "target", "softmax", "target"));
  press(Qt::Key_K, Qt::ControlModifier);
  press(Qt::Key_Return);
  QVERIFY(wired("table", "target", "softmax", "target"));
  // Down goes on to the next port that fits, Up back.
  select("to_features");
  press(Qt::Key_K, Qt::ControlModifier);
  press(Qt::Key_Right);
  const auto first = scene.keyTarget();
  press(Qt::Key_Down);
  press(Qt::Key_Up);
  QCOMPARE(scene.keyTarget()->end, first->end);
  press(Qt::Key_Escape);
  // Where nothing takes the wire, Enter offers blocks that do.
  select("softmax");
  press(Qt::Key_K, Qt::ControlModifier);
  QVERIFY(scene.wiringByKeys());
  press(Qt::Key_Return);
  QVERIFY(window_->canvas().search().isVisible());
  type("class label");
  press(Qt::Key_Return);
  QVERIFY(graph().find({"class_label"}) != nullptr);
  QTRY_VERIFY2(window_->document().result().ok(), window_->document().result().problems.empty()
                                                      ? ""
                                                      : window_->document().result().problems.front().text().c_str());
}

void KeyboardTest::setsAParameter() {
  select("mlp");
  press(Qt::Key_Return, Qt::AltModifier);
  for (int i = 0; i < 40 && QApplication::focusWidget()->accessibleName() != "Hidden"; ++i) press(Qt::Key_Tab);
  QCOMPARE(QApplication::focusWidget()->accessibleName(), QString("Hidden"));
  press(Qt::Key_A, Qt::ControlModifier);
  type("4");
  press(Qt::Key_Return);
  QCOMPARE(graph().node({"mlp"}).params["hidden"], OrderedJson({4}));
  press(Qt::Key_Escape);
  QVERIFY(window_->canvas().hasFocus());
  // With nothing selected, Alt and Enter lead to the settings of the training.
  press(Qt::Key_Escape);
  press(Qt::Key_Return, Qt::AltModifier);
  for (int i = 0; i < 40 && QApplication::focusWidget()->accessibleName() != "Epochs"; ++i) press(Qt::Key_Tab);
  press(Qt::Key_A, Qt::ControlModifier);
  type("3");
  press(Qt::Key_Return);
  QCOMPARE(graph().training()["epochs"].get<int>(), 3);
  press(Qt::Key_Escape);
}

void KeyboardTest::trainsAndSeesTheRun() {
  press(Qt::Key_S, Qt::ControlModifier);
  QTRY_VERIFY(qobject_cast<QFileDialog*>(QApplication::activeWindow()) != nullptr);
  press(Qt::Key_A, Qt::ControlModifier);
  type(folder_.filePath("keys.blockyard"));
  press(Qt::Key_Return);
  QTRY_VERIFY(QFileInfo::exists(folder_.filePath("keys.blockyard")));
  QTRY_VERIFY(qobject_cast<QFileDialog*>(QApplication::activeWindow()) == nullptr);
  window_->activateWindow();  // as a window manager does; there is none here
  QVERIFY(QTest::qWaitForWindowActive(window_.get()));
  QSignalSpy finished(&window_->engine(), &EngineLink::finished);
  press(Qt::Key_F5);
  QVERIFY(finished.wait(120000));
  auto* runs = window_->findChild<RunsTable*>()->findChild<QTableView*>();
  QTRY_COMPARE(runs->model()->rowCount(), 1);
  for (int i = 0; i < 12 && !window_->findChild<RunsTable*>()->isAncestorOf(QApplication::focusWidget()); ++i)
    press(Qt::Key_F6, Qt::ControlModifier);
  QVERIFY(runs->isVisible());
  for (int i = 0; i < 12 && QApplication::focusWidget() != runs; ++i) press(Qt::Key_Tab);
  QCOMPARE(QApplication::focusWidget(), runs);
  press(Qt::Key_Down);
  QSignalSpy opened(window_->findChild<RunsTable*>(), &RunsTable::openRun);
  press(Qt::Key_Return);
  QCOMPARE(opened.count(), 1);
}

// Where the focus is in a table, "select all" and "delete" are about its rows, not about the canvas behind it.
void KeyboardTest::keysOfATableAreItsOwn() {
  auto* runs = window_->findChild<RunsTable*>()->findChild<QTableView*>();
  runs->setFocus();
  const NodeIds selected = window_->canvas().canvas().selectedBlocks();
  const size_t blocks = graph().nodes().size();
  runs->clearSelection();
  press(Qt::Key_A, Qt::ControlModifier);
  QCOMPARE(runs->selectionModel()->selectedRows().size(), 1);
  QVERIFY(window_->canvas().canvas().selectedBlocks() == selected);
  press(Qt::Key_Delete);
  QTRY_COMPARE(runs->model()->rowCount(), 0);
  QCOMPARE(graph().nodes().size(), blocks);
  window_->canvas().setFocus();
  press(Qt::Key_A, Qt::ControlModifier);
  QCOMPARE(window_->canvas().canvas().selectedBlocks().size(), blocks);
}

void KeyboardTest::goesFromPanelToPanel() {
  press(Qt::Key_Escape);
  QVERIFY(window_->canvas().hasFocus());
  QSet<QWidget*> docks;
  for (int i = 0; i < 20; ++i) {
    press(Qt::Key_F6, Qt::ControlModifier);
    if (window_->canvas().hasFocus()) break;
    QWidget* dock = QApplication::focusWidget();
    while (dock != nullptr && qobject_cast<QDockWidget*>(dock) == nullptr) dock = dock->parentWidget();
    QVERIFY(dock != nullptr);
    QVERIFY2(!docks.contains(dock), qPrintable(dock->objectName()));
    docks << dock;
  }
  QVERIFY(window_->canvas().hasFocus());
  QVERIFY2(docks.size() >= 8, qPrintable(QString::number(docks.size())));
  press(Qt::Key_F6, Qt::ControlModifier | Qt::ShiftModifier);
  QVERIFY(!window_->canvas().hasFocus());
}

QTEST_MAIN(KeyboardTest)
#include "keyboard.moc"
