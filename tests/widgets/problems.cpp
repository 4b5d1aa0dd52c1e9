// The list of problems with keys and clicks, and the help page of every block.
#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>

#include "blocks/catalog.hpp"
#include "checks.hpp"
#include "widgets/inspector/block_picture.hpp"
#include "widgets/inspector/help_html.hpp"
#include "widgets/inspector/help_page.hpp"
#include "widgets/inspector/problem_list.hpp"

using namespace blockyard;

class ProblemsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void emptyStateAndCount();
  void errorsComeFirst();
  void keysGoToThePlace();
  void fixesAreButtonsAndMenu();
  void theCursorStaysOnItsProblem();
  void everyBlockHasAHelpPage();
  void helpGoesToTheParameter();
  void examplesAsTables();
};

namespace {

// A right pipeline but for what the tests do to it.
Project project() {
  Project out{.name = "p"};
  Graph graph;
  graph.apply(AddNode{.node = {.id = {"mlp"}, .type = "extractor/mlp", .params = {{"dropout", 7}}}});
  graph.apply(AddNode{.node = {.id = {"drop"}, .type = "extractor/dropout", .params = {{"rat", 0.1}}}});
  out.pipelines.push_back({"main", std::move(graph)});
  return out;
}

int rowOf(const ProblemList& list, const QString& text) {
  const auto* model = list.view()->model();
  for (int i = 0; i < model->rowCount(); ++i)
    if (model->index(i, 0).data().toString().contains(text)) return i;
  return -1;
}

// The first of the fixes; those of the problem before are about to be deleted.
QPushButton* shownButton(const ProblemList& list) {
  for (auto* button : list.findChildren<QPushButton*>())
    if (button->isVisible()) return button;
  return nullptr;
}

void show(QWidget& widget) {
  widget.resize(600, 300);
  widget.show();
  widget.activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(&widget));
}

}  // namespace

void ProblemsTest::emptyStateAndCount() {
  Document document(Project{.name = "p"});
  ProblemList list(document);
  QSignalSpy counts(&list, &ProblemList::countChanged);
  show(list);
  const int before = list.errors();
  document.apply(SetTraining{"momentum", OrderedJson(7)}, "set");
  QTRY_COMPARE(list.errors(), before + 1);
  QCOMPARE(counts.last().at(0).toInt(), before + 1);
  QCOMPARE(counts.last().at(1).toInt(), list.warnings());
  QVERIFY(list.view()->isVisible());
  QVERIFY(!list.findChild<QLabel*>("none")->isVisible());
  QCOMPARE(list.errors() + list.warnings(), list.view()->model()->rowCount());

  auto* model = static_cast<ProblemModel*>(list.view()->model());
  QVERIFY(model->setProblems({}));
  QVERIFY(!model->setProblems({}));
  QCOMPARE(model->rowCount(), 0);
}

void ProblemsTest::errorsComeFirst() {
  ProblemModel model;
  const auto problem = [](Severity severity, const char* text) {
    return Problem{severity, {.block = "b"}, text, "do it", {}};
  };
  model.setProblems({problem(Severity::Warning, "w1"), problem(Severity::Error, "e1"), problem(Severity::Warning, "w2"),
                     problem(Severity::Error, "e2")});
  QStringList texts;
  for (int i = 0; i < model.rowCount(); ++i) texts.push_back(model.index(i).data().toString());
  QCOMPARE(texts, (QStringList{"b: e1\ndo it", "b: e2\ndo it", "b: w1\ndo it", "b: w2\ndo it"}));
  QVERIFY(model.index(0).data(Qt::AccessibleTextRole).toString().startsWith("Error"));
  QVERIFY(model.index(3).data(Qt::AccessibleTextRole).toString().startsWith("Warning"));
  const auto picture = [&](int row) { return model.index(row).data(Qt::DecorationRole).value<QIcon>().pixmap(16); };
  QVERIFY(picture(0).toImage() == picture(1).toImage());
  QVERIFY(picture(0).toImage() != picture(2).toImage());
}

void ProblemsTest::keysGoToThePlace() {
  Document document(project());
  ProblemList list(document);
  show(list);
  QSignalSpy went(&list, &ProblemList::goTo);
  list.view()->setFocus();
  const int wanted = rowOf(list, "drop, parameter rat");
  QVERIFY(wanted >= 0);
  for (int i = 0; i < list.view()->model()->rowCount(); ++i) QTest::keyClick(list.view(), Qt::Key_Up);
  for (int i = 0; i < wanted; ++i) QTest::keyClick(list.view(), Qt::Key_Down);
  QTest::keyClick(list.view(), Qt::Key_Return);
  QCOMPARE(went.count(), 1);
  QCOMPARE(went.last(), (QList<QVariant>{"drop", "", "rat"}));
  const QRect place = list.view()->visualRect(list.view()->model()->index(rowOf(list, "mlp, parameter"), 0));
  QTest::mouseClick(list.view()->viewport(), Qt::LeftButton, {}, place.center());
  QTest::mouseDClick(list.view()->viewport(), Qt::LeftButton, {}, place.center());
  QVERIFY(went.count() >= 2);
  QCOMPARE(went.last(), (QList<QVariant>{"mlp", "", "dropout"}));
}

void ProblemsTest::fixesAreButtonsAndMenu() {
  Document document(project());
  ProblemList list(document);
  show(list);
  list.view()->setCurrentIndex(list.view()->model()->index(rowOf(list, "drop, parameter rat"), 0));
  QTRY_VERIFY(shownButton(list) != nullptr);
  QPushButton* button = shownButton(list);
  QCOMPARE(button->text(), QString("Rename to rate"));
  QTest::mouseClick(button, Qt::LeftButton);
  QCOMPARE(document.graph().node({"drop"}).params, (OrderedJson{{"rate", 0.1}}));
  QTRY_COMPARE(rowOf(list, "drop, parameter rat"), -1);
  QCOMPARE(document.undoStack().undoText(), QString("Rename to rate"));

  const int row = rowOf(list, "mlp, parameter dropout");
  QVERIFY(row >= 0);
  const QRect place = list.view()->visualRect(list.view()->model()->index(row, 0));
  Q_EMIT list.view()->customContextMenuRequested(place.center());
  auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
  QVERIFY(menu != nullptr);
  QAction *fix = nullptr, *copy = nullptr;
  for (QAction* action : menu->actions()) {
    if (action->text() == "Fix: Back to the default") fix = action;
    if (action->text() == "Copy text") copy = action;
  }
  QVERIFY(fix != nullptr && copy != nullptr);
  copy->trigger();
  QVERIFY(QGuiApplication::clipboard()->text().contains("0.95"));
  fix->trigger();
  menu->close();
  QVERIFY(document.graph().node({"mlp"}).params.empty());
  QTRY_COMPARE(rowOf(list, "mlp, parameter dropout"), -1);
  document.undoStack().undo();
  QTRY_VERIFY(rowOf(list, "mlp, parameter dropout") >= 0);
}

void ProblemsTest::theCursorStaysOnItsProblem() {
  Document document(project());
  ProblemList list(document);
  show(list);
  list.view()->setCurrentIndex(list.view()->model()->index(rowOf(list, "drop, parameter rat"), 0));
  document.apply(ClearParam{{"mlp"}, "dropout"}, "clear");
  QTRY_COMPARE(rowOf(list, "mlp, parameter dropout"), -1);
  QVERIFY(list.view()->currentIndex().data().toString().contains("drop, parameter rat"));
}

void ProblemsTest::everyBlockHasAHelpPage() {
  HelpPage page;
  show(page);
  QVERIFY(catalog().size() > 30);
  for (const auto& type : catalog()) {
    const BlockSchema& schema = type.schema;
    page.showBlock(schema.id);
    const std::string text = page.toPlainText().toStdString();
    VERIFY_CONTAINS(text, schema.title);
    VERIFY_CONTAINS(text, schema.id);
    for (const auto& param : schema.params) VERIFY_CONTAINS(text, param.name);
    for (const auto& port : schema.outputs) VERIFY_CONTAINS(text, port.pattern);
    QCOMPARE(text.find("Examples") != std::string::npos, !schema.examples.empty());
    // The picture is there and not blank: the colour of the kind is in it.
    const auto picture = page.document()->resource(QTextDocument::ImageResource, QUrl("block.png")).value<QPixmap>();
    QVERIFY2(!picture.isNull(), schema.id.c_str());
    const QImage image = picture.toImage();
    bool colored = false;
    for (int i = 0; i < image.width() * image.height() && !colored; ++i)
      colored = image.pixelColor(i % image.width(), i / image.width()).rgb() == colorOf(schema.kind).rgb();
    QVERIFY2(colored, schema.id.c_str());
  }
  page.showBlock("extractor/oddity");
  VERIFY_CONTAINS(page.toPlainText().toStdString(), "extractor/oddity");
}

void ProblemsTest::helpGoesToTheParameter() {
  HelpPage page;
  show(page);
  page.showTraining();
  QCOMPARE(page.verticalScrollBar()->value(), 0);
  page.showTraining("memory_budget");
  QVERIFY(page.verticalScrollBar()->value() > 0);
}

void ProblemsTest::examplesAsTables() {
  const auto cells = cellsOfCsv("a,b=x\n1,\"x, y\"\n\"\",z\n");
  QCOMPARE(cells.size(), size_t(3));
  QCOMPARE(cells[1], (QStringList{"1", "x, y"}));
  QCOMPARE(cells[2], (QStringList{"", "z"}));
  const QString html = blockHtml(blockType("preprocessor/one_hot").schema, {10, 10});
  QVERIFY(html.contains("b=(missing)"));
  QVERIFY(html.contains("missing = column"));
}

QTEST_MAIN(ProblemsTest)
#include "problems.moc"
