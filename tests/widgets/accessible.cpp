// What a screen reader finds: names for everything that can be used, blocks and wires on the canvas, curves in charts.
#include <QtGui/QAccessible>
#include <QtTest/QtTest>
#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QAbstractSpinBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialog>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTabBar>

#include "app/window/main_window.hpp"
#include "checks.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/charts/line_chart.hpp"

using namespace blockyard;

class AccessibleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void everythingHasAName_data();
  void everythingHasAName();
  void blocksAndPorts();
  void wires();
  void focusFollowsTheSelection();
  void interfacesOutliveWhatTheyShow();
  void chartsTellTheirCurves();

 private:
  CanvasScene& scene() { return window_->canvas().canvas(); }
  QAccessibleInterface* canvas() { return QAccessible::queryAccessibleInterface(&window_->canvas()); }
  QAccessibleInterface* blockNamed(const std::string& id) {
    return QAccessible::queryAccessibleInterface(scene().block({id}));
  }

  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
};

namespace {

bool interactive(const QWidget& widget) {
  return qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
         qobject_cast<const QLineEdit*>(&widget) != nullptr || qobject_cast<const QComboBox*>(&widget) != nullptr ||
         qobject_cast<const QAbstractSpinBox*>(&widget) != nullptr ||
         qobject_cast<const QAbstractItemView*>(&widget) != nullptr ||
         qobject_cast<const QPlainTextEdit*>(&widget) != nullptr || qobject_cast<const QTextEdit*>(&widget) != nullptr;
}

// Parts of a widget that has the name itself: the field of a spin box, the list of a combo box.
bool isPart(const QWidget& widget) {
  for (const QWidget* each = widget.parentWidget(); each != nullptr; each = each->parentWidget())
    if (qobject_cast<const QComboBox*>(each) != nullptr || qobject_cast<const QAbstractSpinBox*>(each) != nullptr ||
        qobject_cast<const QAbstractItemView*>(each) != nullptr || qobject_cast<const QTabBar*>(each) != nullptr ||
        qobject_cast<const QScrollBar*>(each) != nullptr || each->inherits("QComboBoxPrivateContainer") ||
        qobject_cast<const QLineEdit*>(each) != nullptr)
      return true;
  return widget.objectName().startsWith(QLatin1String("qt_"));
}

QString pathOf(const QWidget& widget) {
  QString out;
  for (const QWidget* each = &widget; each != nullptr; each = each->parentWidget())
    out += QStringLiteral(" < ") + each->metaObject()->className() +
           (each->objectName().isEmpty() ? QString() : QLatin1Char('#') + each->objectName());
  return out;
}

QStringList nameless(const QWidget& root) {
  QStringList out;
  for (const QWidget* each : root.findChildren<QWidget*>()) {
    if (!interactive(*each) || isPart(*each)) continue;
    const QAccessibleInterface* found = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(each));
    if (found == nullptr || found->text(QAccessible::Name).trimmed().isEmpty()) out << pathOf(*each);
  }
  return out;
}

}  // namespace

void AccessibleTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(folder_.path());  // settings of its own
  blockyard::testing::writeClouds(folder_, 120);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = folder_.filePath("clouds.blockyard").toStdString();
  saveProject(project, project.file);
  window_ = std::make_unique<MainWindow>();
  window_->resize(1500, 950);
  window_->show();
  QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  QVERIFY(window_->open(QString::fromStdString(project.file.string())));
  QTRY_VERIFY(window_->document().result().ok());
}

void AccessibleTest::everythingHasAName_data() {
  QTest::addColumn<QString>("state");
  for (const char* state : {"nothing selected", "several selected", "about", "shortcuts"})
    QTest::newRow(state) << QString(state);
  for (const Node& node : window_->document().graph().nodes())
    QTest::newRow(node.id.name.c_str()) << QString::fromStdString(node.id.name);
}

// The whole window, in every dock, with whatever is selected.
void AccessibleTest::everythingHasAName() {
  QFETCH(QString, state);
  window_->canvas().selectNothing();
  if (state == "several selected") window_->canvas().selectAll();
  if (scene().block({state.toStdString()}) != nullptr) scene().select({{state.toStdString()}});
  if (state == "about") window_->actions().find("help.about")->trigger();
  if (state == "shortcuts") window_->actions().find("help.shortcuts")->trigger();
  QCoreApplication::processEvents();
  const QStringList found = nameless(*window_);
  QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
  for (auto* dialog : window_->findChildren<QDialog*>()) dialog->close();
}

void AccessibleTest::blocksAndPorts() {
  scene().select({});
  QAccessibleInterface* view = canvas();
  QVERIFY(view != nullptr);
  QCOMPARE(view->role(), QAccessible::Canvas);
  const Graph& graph = window_->document().graph();
  QCOMPARE(view->childCount(), static_cast<int>(graph.nodes().size() + graph.links().size()));
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    QAccessibleInterface* block = view->child(static_cast<int>(i));
    QVERIFY(block != nullptr && block->isValid());
    QCOMPARE(block->parent(), view);
    QCOMPARE(view->indexOfChild(block), static_cast<int>(i));
    VERIFY_CONTAINS(block->text(QAccessible::Name).toStdString(), graph.nodes()[i].id.name);
    QVERIFY(!block->rect().isEmpty());
    QVERIFY(!block->state().selected);
    for (int port = 0; port < block->childCount(); ++port) {
      VERIFY_CONTAINS(block->child(port)->text(QAccessible::Name).toStdString(), graph.nodes()[i].id.name + ".");
      QCOMPARE(block->indexOfChild(block->child(port)), port);
      QCOMPARE(block->child(port)->parent(), block);
      QVERIFY(block->rect().adjusted(-20, -20, 20, 20).contains(block->child(port)->rect().center()));
    }
  }
  const QPoint middle = blockNamed("hidden")->rect().center();
  QCOMPARE(view->childAt(middle.x(), middle.y()), blockNamed("hidden"));
  const QString name = blockNamed("hidden")->text(QAccessible::Name);
  VERIFY_CONTAINS(name.toStdString(), "MLP (hidden), Feature extractor, ready");
  VERIFY_CONTAINS(blockNamed("hidden")->child(0)->text(QAccessible::Name).toStdString(), "hidden.x, float32 [N, ");
  VERIFY_CONTAINS(blockNamed("hidden")->child(0)->text(QAccessible::Name).toStdString(), "wired to features.y");
  // A problem is told, and what is chosen.
  window_->document().apply(SetParam{{"hidden"}, "dropout", 7}, "set");
  QTRY_VERIFY(blockNamed("hidden")->text(QAccessible::Name).contains("has a problem"));
  VERIFY_CONTAINS(blockNamed("hidden")->text(QAccessible::Name).toStdString(), "dropout");
  window_->document().undoStack().undo();
  scene().select({{"hidden"}});
  QVERIFY(blockNamed("hidden")->state().selected);
}

void AccessibleTest::wires() {
  const Graph& graph = window_->document().graph();
  QAccessibleInterface* wire = canvas()->child(static_cast<int>(graph.nodes().size()));
  const Link link = graph.links().front();
  COMPARE_TEXT(wire->text(QAccessible::Name).toStdString(), "Wire from " + link.from.text() + " to " + link.to.text());
  QTRY_VERIFY(!wire->text(QAccessible::Description).isEmpty());  // what it carries
  QCOMPARE(canvas()->indexOfChild(wire), static_cast<int>(graph.nodes().size()));
  QVERIFY(!wire->rect().isEmpty());
  window_->document().apply(Disconnect{link}, "Disconnect");
  QVERIFY(!wire->isValid());
  window_->document().undoStack().undo();
}

void AccessibleTest::focusFollowsTheSelection() {
  window_->activateWindow();
  window_->canvas().setFocus();
  QTRY_VERIFY(window_->canvas().hasFocus());
  scene().select({});
  QCOMPARE(canvas()->focusChild(), canvas());
  scene().select({{"hidden"}});
  QCOMPARE(canvas()->focusChild(), blockNamed("hidden"));
  QVERIFY(blockNamed("hidden")->state().focused);
  window_->canvas().drawWire();  // the port that it would lead to is heard
  QVERIFY(canvas()->focusChild() != blockNamed("hidden"));
  QVERIFY(canvas()->focusChild()->state().focused);
  QTest::keyClick(&window_->canvas(), Qt::Key_Escape);
  QCOMPARE(canvas()->focusChild(), blockNamed("hidden"));
  blockNamed("features")->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
  QCOMPARE(scene().selectedBlocks(), NodeIds{{"features"}});
}

void AccessibleTest::interfacesOutliveWhatTheyShow() {
  const QAccessible::Id port = QAccessible::uniqueId(blockNamed("hidden")->child(0));
  const QAccessible::Id block = QAccessible::uniqueId(blockNamed("hidden"));
  window_->document().apply(RemoveNode{{"hidden"}}, "remove");
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  QVERIFY(QAccessible::accessibleInterface(block) == nullptr);
  QVERIFY(QAccessible::accessibleInterface(port) == nullptr);
  window_->document().undoStack().undo();
  QVERIFY(blockNamed("hidden")->isValid());
}

void AccessibleTest::chartsTellTheirCurves() {
  for (const LineChart* chart : window_->findChildren<LineChart*>())
    QVERIFY(!chart->accessibleName().isEmpty() && !chart->accessibleDescription().isEmpty());
  LineChart chart("Loss");
  chart.show();
  const int train = chart.addCurve("train");
  chart.append(train, 1, 0.5);
  chart.append(train, 2, 0.25);
  QTRY_VERIFY(chart.accessibleDescription().contains("train 0.25"));
}

QTEST_MAIN(AccessibleTest)
#include "accessible.moc"
