// The fields of the inspector, driven as a person drives them: keys and clicks on a shown form, and what the document
// holds afterwards.
#include "widgets/inspector_fixture.hpp"

#include <QtGui/QClipboard>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QInputDialog>

#include "checks.hpp"
#include "widgets/inspector/param_text.hpp"

using namespace blockyard;

class InspectorTest : public QObject, protected InspectorFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start(); }
  void cleanup() { end(); }
  void typingIsOneActAndUndoFollows();
  void numbersAreNotRounded();
  void wrongInputIsRefusedWithTheReason();
  void halfTypedInputSurvivesOtherEdits();
  void emptyFieldsAndTheButtonGoBackToTheDefault();
  void choicesAndMarks();
  void arrowsStepWithinTheRange();
  void listsOfItems();
  void columnsAreOffered();
  void codeIsTyped();
  void variablesFromTheMenu();
  void newVariables();
  void copyAsSettingReadsBack();
};

void InspectorTest::typingIsOneActAndUndoFollows() {
  showOne("extractor/linear");
  const int before = document_->undoStack().count();
  QCOMPARE(line("out_features")->text(), QString());
  QVERIFY(!line("out_features")->placeholderText().isEmpty());
  type("out_features", "48");
  QCOMPARE(params()["out_features"], OrderedJson(48));
  QCOMPARE(document_->undoStack().count(), before + 1);
  QTest::keyClick(field("out_features"), Qt::Key_Return);  // the act ends here
  QTest::keyClick(field("out_features"), Qt::Key_End);
  QTest::keyClicks(field("out_features"), "0");
  QCOMPARE(params()["out_features"], OrderedJson(480));
  QCOMPARE(document_->undoStack().count(), before + 2);
  document_->undoStack().undo();
  QCOMPARE(line("out_features")->text(), QString("48"));
  QVERIFY(field("out_features")->hasFocus());
  document_->undoStack().undo();
  QVERIFY(!params().contains("out_features"));
  QCOMPARE(line("out_features")->text(), QString());
  document_->undoStack().redo();
  QCOMPARE(line("out_features")->text(), QString("48"));

  // The keys for undo go to the window, also while a field has the focus.
  QAction undo(inspector_.get());
  undo.setShortcut(QKeySequence::Undo);
  inspector_->addAction(&undo);
  connect(&undo, &QAction::triggered, [this] { document_->undoStack().undo(); });
  QTest::keyClick(field("out_features"), Qt::Key_Z, Qt::ControlModifier);
  QVERIFY(!params().contains("out_features"));
  QCOMPARE(line("out_features")->text(), QString());
}

void InspectorTest::numbersAreNotRounded() {
  type("learning_rate", "3.00000000000004e-5");
  QCOMPARE(training()["learning_rate"].get<double>(), 3.00000000000004e-5);
  QVERIFY(training()["learning_rate"].get<double>() != 3e-5);
  document_->apply(SetTraining{"learning_rate", OrderedJson(0.1 + 0.2)}, "elsewhere");
  QCOMPARE(static_cast<QLineEdit*>(field("learning_rate"))->text(), QString("0.30000000000000004"));
}

void InspectorTest::wrongInputIsRefusedWithTheReason() {
  showOne("extractor/dropout");
  type("rate", "0.25");
  QTest::keyClick(field("rate"), Qt::Key_Return);
  const int acts = document_->undoStack().count();
  type("rate", "2");
  QTest::keyClick(field("rate"), Qt::Key_Return);
  QCOMPARE(params()["rate"], OrderedJson(0.25));
  QCOMPARE(document_->undoStack().count(), acts);
  QVERIFY(reason("rate")->isVisible());
  QVERIFY2(reason("rate")->text().contains("0.95"), qPrintable(reason("rate")->text()));
  QVERIFY2(reason("rate")->text().contains("0.25"), qPrintable(reason("rate")->text()));
  QVERIFY(field("rate")->accessibleDescription().contains("0.95"));
  QCOMPARE(reason("rate")->palette().color(QPalette::WindowText), problemColor());
  type("rate", "abc");
  QTRY_VERIFY(reason("rate")->text().contains("abc"));
  QTest::keyClick(field("rate"), Qt::Key_Escape);
  QVERIFY(!reason("rate")->isVisible());
  QCOMPARE(static_cast<QLineEdit*>(field("rate"))->text(), QString("0.25"));
}

void InspectorTest::halfTypedInputSurvivesOtherEdits() {
  showOne("extractor/mlp");
  auto* hidden = static_cast<QLineEdit*>(field("hidden"));
  type("hidden", "64, 3");
  hidden->setCursorPosition(2);
  document_->apply(SetParam{{"b"}, "dropout", 0.5}, "elsewhere");
  QCOMPARE(hidden->text(), QString("64, 3"));
  QCOMPARE(hidden->cursorPosition(), 2);
  QVERIFY(hidden->hasFocus());
  type("hidden", "64, x");
  document_->apply(SetParam{{"b"}, "dropout", 0.6}, "elsewhere");
  QTest::qWait(1);  // the check
  QCOMPARE(hidden->text(), QString("64, x"));
  QCOMPARE(params()["hidden"], OrderedJson::array({64}));
}

void InspectorTest::emptyFieldsAndTheButtonGoBackToTheDefault() {
  showOne("extractor/linear");
  QVERIFY(!resetButton("out_features")->isVisible());
  type("out_features", "7");
  QVERIFY(resetButton("out_features")->isVisible());
  QVERIFY(!row("out_features")->findChild<QLabel*>("mark")->text().isEmpty());
  QTest::mouseClick(resetButton("out_features"), Qt::LeftButton);
  QVERIFY(!params().contains("out_features"));
  QVERIFY(!resetButton("out_features")->isVisible());
  QVERIFY(row("out_features")->findChild<QLabel*>("mark")->text().isEmpty());
  type("out_features", "9");
  QTest::keyClick(field("out_features"), Qt::Key_Backspace);
  QVERIFY(!params().contains("out_features"));
  QTest::keyClicks(field("out_features"), "5");
  QCOMPARE(params()["out_features"], OrderedJson(5));
  while (document_->undoStack().index() > 1) document_->undoStack().undo();
  QVERIFY(params().empty());
}

void InspectorTest::choicesAndMarks() {
  showOne("extractor/mlp");
  auto* norm = qobject_cast<QComboBox*>(field("norm"));
  QVERIFY(norm != nullptr);
  QCOMPARE(norm->currentText(), QString("none"));
  norm->setFocus();
  QTest::keyClick(norm, Qt::Key_Down);
  QCOMPARE(params()["norm"], OrderedJson("batch"));
  document_->undoStack().undo();
  QCOMPARE(norm->currentText(), QString("none"));
  document_->apply(SetParam{{"b"}, "norm", "nonsense"}, "elsewhere");
  QCOMPARE(norm->currentIndex(), -1);
  QCOMPARE(norm->placeholderText(), QString("nonsense"));

  inspector_->showNothing();
  auto* best = qobject_cast<QCheckBox*>(field("restore_best"));
  QVERIFY(best != nullptr && best->isChecked());
  best->setFocus();
  QTest::keyClick(best, Qt::Key_Space);
  QCOMPARE(training()["restore_best"], OrderedJson(false));
  document_->undoStack().undo();
  QVERIFY(best->isChecked());
}

void InspectorTest::arrowsStepWithinTheRange() {
  const auto* range = std::get_if<Range>(&row("epochs")->param().limit);
  QCOMPARE(range->low, 1.0);
  type("epochs", "2");
  QTest::keyClick(field("epochs"), Qt::Key_Up);
  QCOMPARE(training()["epochs"], OrderedJson(3));
  for (int i = 0; i < 5; ++i) QTest::keyClick(field("epochs"), Qt::Key_Down);
  QCOMPARE(training()["epochs"], OrderedJson(1));
  type("epochs", "900000000000");  // more than 32 bits hold
  QCOMPARE(training()["epochs"], OrderedJson(900000000000));
}

void InspectorTest::listsOfItems() {
  showOne("extractor/mlp");
  type("hidden", "128, 32,");
  QCOMPARE(params()["hidden"], (OrderedJson::array({128, 32})));
  type("hidden", "[]");
  QCOMPARE(params()["hidden"], OrderedJson::array());
  type("hidden", "${hidden}, 8");
  QCOMPARE(params()["hidden"], (OrderedJson::array({"${hidden}", 8})));
  QVERIFY(row("hidden")->findChild<QLabel*>("standsFor")->text().contains("64, 8"));
  for (const QStringList& items : {QStringList{}, {""}, {"a"}, {"a,b", "c"}, {" a ", "\"", "[x]"}, {"", "", "é"}})
    QCOMPARE(splitItems(joinItems(items)), items);
}

void InspectorTest::columnsAreOffered() {
  TestFolder folder;
  put(folder / "rows.csv", "age,agility,height,class\n1,2,3,a\n4,5,6,b\n");
  document_->apply(AddNode{.node = {.id = {"t"},
                                    .type = "source/table",
                                    .params = {{"file", folder / "rows.csv"}, {"target", {"class"}}}}},
                   "add");
  showOne("preprocessor/select");
  document_->apply(Connect{{{{"t"}, "features"}, {{"b"}, "x"}}}, "wire");
  auto* columns = static_cast<QLineEdit*>(field("columns"));
  QTRY_COMPARE(columns->completer()->model()->rowCount(), 3);
  type("columns", "height, ag");
  QAbstractItemView* offers = columns->completer()->popup();
  QTRY_VERIFY(offers->isVisible());
  QCOMPARE(offers->model()->rowCount(), 2);
  QTest::keyClick(offers, Qt::Key_Down);
  QTest::keyClick(offers, Qt::Key_Down);
  QTest::keyClick(offers, Qt::Key_Return);
  QCOMPARE(params()["columns"], (OrderedJson::array({"height", "agility"})));
  QCOMPARE(columns->text(), QString("height, agility"));
}

void InspectorTest::codeIsTyped() {
  showOne("extractor/script");
  auto* code = qobject_cast<QPlainTextEdit*>(field("code"));
  QVERIFY(code != nullptr);
  COMPARE_TEXT(code->toPlainText().toStdString(), row("code")->param().fallback.text());
  const int before = document_->undoStack().count();
  code->setFocus();
  QTest::keyClick(code, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(code, "def forward(x: Tensor) -> Tensor:");
  QTest::keyClick(code, Qt::Key_Return);
  QTest::keyClick(code, Qt::Key_Tab);
  QTest::keyClicks(code, "return x * ${k}");
  QCOMPARE(params()["code"], OrderedJson("def forward(x: Tensor) -> Tensor:\n    return x * ${k}"));
  QCOMPARE(document_->undoStack().count(), before + 1);
  const int cursor = code->textCursor().position();
  document_->apply(SetParam{{"b"}, "code", "short"}, "elsewhere");
  QCOMPARE(code->toPlainText(), QString("short"));
  QCOMPARE(code->textCursor().position(), std::min(cursor, 5));
}

void InspectorTest::variablesFromTheMenu() {
  showOne("extractor/mlp");
  QAction* hidden = menuAction("hidden", "hidden = 64");
  QVERIFY(hidden != nullptr && hidden->isEnabled());
  hidden->trigger();
  closeMenu();
  QCOMPARE(params()["hidden"], OrderedJson("${hidden}"));
  QCOMPARE(static_cast<QLineEdit*>(field("hidden"))->text(), QString("${hidden}"));
  auto* stands_for = row("hidden")->findChild<QLabel*>("standsFor");
  QVERIFY(stands_for->isVisible());
  QVERIFY(stands_for->text().contains("64"));
  document_->apply(SetVariable{"hidden", OrderedJson(96)}, "elsewhere");
  QVERIFY(stands_for->text().contains("96"));

  // A choice cannot show a variable: it becomes a line, and a choice again without one. What does not fit is grey.
  QVERIFY(!menuAction("activation", "hidden = 96")->isEnabled());
  closeMenu();
  QAction* curve = menuAction("activation", "curve = \"tanh\"");
  QVERIFY(curve != nullptr && curve->isEnabled());
  curve->trigger();
  closeMenu();
  QCOMPARE(params()["activation"], OrderedJson("${curve}"));
  QVERIFY(qobject_cast<QLineEdit*>(field("activation")) != nullptr);
  type("activation", "${curv}");
  QTRY_VERIFY(reason("activation")->isVisible());
  QVERIFY2(reason("activation")->text().contains("curve"), qPrintable(reason("activation")->text()));
  type("activation", "gelu");
  field("hidden")->setFocus();
  QTRY_VERIFY(qobject_cast<QComboBox*>(field("activation")) != nullptr);
  QCOMPARE(params()["activation"], OrderedJson("gelu"));
  QTest::mouseClick(resetButton("activation"), Qt::LeftButton);
  QCOMPARE(qobject_cast<QComboBox*>(field("activation"))->currentText(), QString("relu"));
}

void InspectorTest::newVariables() {
  showOne("extractor/dropout");
  type("rate", "0.3");
  const int acts = document_->undoStack().count();
  for (const QString& name : {QString("hidden"), QString("share")}) {
    QAction* fresh = menuAction("rate", "New variable...");
    QVERIFY(fresh != nullptr);
    fresh->trigger();
    closeMenu();
    auto* dialog = inspector_->findChild<QInputDialog*>("newVariable");
    QVERIFY(dialog != nullptr);
    dialog->setTextValue(name);
    QTest::keyClick(dialog, Qt::Key_Return);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    if (name == "share") break;
    QVERIFY(reason("rate")->isVisible());  // there is one of that name
    QCOMPARE(document_->undoStack().count(), acts);
  }
  QCOMPARE(document_->project().variables["share"], OrderedJson(0.3));
  QCOMPARE(document_->project().variables["hidden"], OrderedJson(64));
  QCOMPARE(params()["rate"], OrderedJson("${share}"));
  document_->undoStack().undo();
  QVERIFY(!document_->project().variables.contains("share"));
  QCOMPARE(params()["rate"], OrderedJson(0.3));
}

void InspectorTest::copyAsSettingReadsBack() {
  showOne("extractor/mlp");
  type("hidden", "12, 34");
  menuAction("hidden", "Copy as --set")->trigger();
  closeMenu();
  const QString copied = QGuiApplication::clipboard()->text();
  QCOMPARE(copied, QString("b.hidden=12, 34"));
  document_->undoStack().undo();
  Project other = document_->project();
  applySet(other, "main", copied.toStdString());
  QCOMPARE(other.graph("main").node({"b"}).params["hidden"], (OrderedJson::array({12, 34})));
}

QTEST_MAIN(InspectorTest)
#include "inspector.moc"
