// The pages of the inspector: the head of a block, its problems and ports, the form of every block, the training.
#include "widgets/inspector_fixture.hpp"

#include <QtWidgets/QPushButton>
#include <set>

#include "blocks/catalog.hpp"
#include "checks.hpp"
#include "graph/training_settings.hpp"
#include "widgets/inspector/memory_slider.hpp"
#include "widgets/inspector/param_text.hpp"

using namespace blockyard;

class InspectorPagesTest : public QObject, protected InspectorFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start(); }
  void cleanup() { end(); }
  void renamingAndItsUndo();
  void titleNoteAndBypass();
  void problemsStandAtTheirParameterWithFixes();
  void signaturesOfThePorts();
  void everyBlockHasAForm();
  void trainingSettingsAreAllThere();
  void memoryIsChosenWithASlider();
  void severalAndUnknownBlocks();
  void findsSettingsByWords();
  void followsTheTheme();
};

void InspectorPagesTest::renamingAndItsUndo() {
  document_->apply(AddNode{.node = {.id = {"other"}, .type = "extractor/linear"}}, "add");
  showOne("extractor/linear");
  auto* name = inspector_->findChild<QLineEdit*>("name");
  auto* why = inspector_->findChild<QLabel*>("nameReason");
  name->setFocus();
  name->selectAll();
  QTest::keyClicks(name, "other");
  QTest::keyClick(name, Qt::Key_Return);
  QVERIFY(document_->graph().find({"b"}) != nullptr);
  QVERIFY(why->isVisible());
  QVERIFY2(why->text().contains("another block"), qPrintable(why->text()));
  name->selectAll();
  QTest::keyClicks(name, "layer");
  QTest::keyClick(name, Qt::Key_Return);
  QVERIFY(!why->isVisible());
  QVERIFY(document_->graph().find({"layer"}) != nullptr);
  COMPARE_TEXT(inspector_->block()->name, "layer");
  type("out_features", "11");
  QCOMPARE(document_->graph().node({"layer"}).params["out_features"], OrderedJson(11));
  document_->undoStack().undo();
  document_->undoStack().undo();
  COMPARE_TEXT(inspector_->block()->name, "b");
  QCOMPARE(name->text(), QString("b"));
  type("out_features", "12");
  QCOMPARE(params()["out_features"], OrderedJson(12));
  document_->apply(RemoveNode{{"b"}}, "remove");
  QVERIFY(!inspector_->block());
}

void InspectorPagesTest::titleNoteAndBypass() {
  showOne("extractor/linear");
  const int before = document_->undoStack().count();
  auto* title = inspector_->findChild<QLineEdit*>("title");
  auto* note = inspector_->findChild<QPlainTextEdit*>("note");
  auto* bypass = inspector_->findChild<QCheckBox*>("bypass");
  title->setFocus();
  QTest::keyClicks(title, "First layer");
  note->setFocus();
  QTest::keyClicks(note, "wider?");
  bypass->setFocus();
  QTest::keyClick(bypass, Qt::Key_Space);
  const Node node = document_->graph().node({"b"});
  COMPARE_TEXT(node.title, "First layer");
  COMPARE_TEXT(node.note, "wider?");
  QVERIFY(node.bypassed);
  QCOMPARE(document_->undoStack().count(), before + 3);
  for (int i = 0; i < 3; ++i) document_->undoStack().undo();
  QCOMPARE(title->text() + note->toPlainText(), QString());
  QVERIFY(!bypass->isChecked());
}

void InspectorPagesTest::problemsStandAtTheirParameterWithFixes() {
  showOne("extractor/mlp");
  document_->apply(SetParam{{"b"}, "dropout", 7}, "elsewhere");
  document_->apply(SetParam{{"b"}, "activaton", "tanh"}, "elsewhere");
  QTRY_VERIFY(row("dropout")->findChild<QPushButton*>() != nullptr);
  QVERIFY(row("norm")->findChild<QPushButton*>() == nullptr);
  QCOMPARE(problemText({.where = {.parameter = "code", .line = 3}, .problem = "no"}, NamePlace::Yes),
           QString("code: line 3: no"));
  QTest::mouseClick(row("dropout")->findChild<QPushButton*>(), Qt::LeftButton);
  QVERIFY(!params().contains("dropout"));
  QTRY_VERIFY(row("dropout")->findChild<QPushButton*>() == nullptr);
  QPushButton* rename = nullptr;  // no row is to blame for a parameter that is not there
  for (auto* button : inspector_->findChildren<QPushButton*>())
    if (button->text() == "Rename to activation") rename = button;
  QVERIFY(rename != nullptr);
  QTest::mouseClick(rename, Qt::LeftButton);
  QCOMPARE(params(), (OrderedJson{{"activation", "tanh"}}));
}

void InspectorPagesTest::signaturesOfThePorts() {
  TestFolder folder;
  put(folder / "rows.csv", "age,height,class\n1,2,a\n3,4,b\n");
  showOne("source/table");
  document_->apply(SetParam{{"b"}, "file", folder / "rows.csv"}, "set");
  document_->apply(SetParam{{"b"}, "target", {"class"}}, "set");
  const auto shown = [&](const QString& text) {
    const auto labels = inspector_->findChild<PortPanel*>()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](QLabel* label) { return label->text() == text; });
  };
  QTRY_VERIFY(shown("table (2 columns)"));
  QVERIFY(shown("label (2 classes)"));
  document_->apply(ClearParam{{"b"}, "file"}, "clear");
  QTRY_VERIFY(!shown("table (2 columns)"));
}

void InspectorPagesTest::everyBlockHasAForm() {
  QVERIFY(catalog().size() > 30);
  for (const auto& type : catalog()) {
    const BlockSchema& schema = type.schema;
    document_->apply(AddNode{.node = {.id = {"b"}, .type = schema.id}}, "add");
    inspector_->showBlock({"b"});
    COMPARE_TEXT(inspector_->findChild<QLabel*>("typeTitle")->text().toStdString(), schema.title);
    for (const auto& param : schema.params) {
      QVERIFY2(row(param.name.c_str()) != nullptr, param.name.c_str());
      const QWidget* editor = field(param.name.c_str());
      QVERIFY2(editor->isVisible() && editor->width() >= 12 && editor->height() >= 10, param.name.c_str());
      COMPARE_TEXT(editor->accessibleName().toStdString(), readableName(param.name).toStdString());
      VERIFY_CONTAINS(editor->toolTip().toStdString(), param.name);
      VERIFY_CONTAINS(editor->accessibleDescription().toStdString(), param.doc);
    }
    document_->apply(RemoveNode{{"b"}}, "remove");
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
}

void InspectorPagesTest::memoryIsChosenWithASlider() {
  inspector_->showNothing();
  auto* slider = row("memory_budget")->findChild<MemorySlider*>();
  QVERIFY(slider != nullptr);
  QCOMPARE(slider->mebibytes(), 1024);  // as the fallback has it
  slider->setFocus();
  QTest::keyClick(slider, Qt::Key_PageDown);
  QCOMPARE(training().value("memory_budget", 0), 512);
  QCOMPARE(line("memory_budget")->text(), QStringLiteral("512"));
  type("memory_budget", "2048");
  QCOMPARE(slider->mebibytes(), 2048);
  QCOMPARE(training().value("memory_budget", 0), 2048);
  // A drag is one act, however many steps it passes.
  const int before = document_->undoStack().count();
  slider->setSliderDown(true);
  for (int step = slider->value(); step > 4; step -= 4) slider->setSliderPosition(step - 4);
  slider->setSliderDown(false);
  QVERIFY(training().value("memory_budget", 0) < 64);
  QVERIFY(document_->undoStack().count() <= before + 1);
  while (document_->undoStack().canUndo()) document_->undoStack().undo();
  QVERIFY(!training().contains("memory_budget"));
  QCOMPARE(slider->mebibytes(), 1024);
}

void InspectorPagesTest::trainingSettingsAreAllThere() {
  std::multiset<std::string> shown, wanted;
  for (const auto* one : inspector_->findChildren<ParamRow*>()) shown.insert(one->param().name);
  for (const auto& param : trainingParams()) wanted.insert(param.name);
  QVERIFY(shown == wanted);
  for (const auto& section : trainingSections()) QVERIFY(section.title != ParamForm::tr("More"));
  QVERIFY(inspector_->focusParameter("fold"));
  QVERIFY(field("fold")->hasFocus());
  QVERIFY(!inspector_->focusParameter("nothing"));
}

void InspectorPagesTest::severalAndUnknownBlocks() {
  showOne("extractor/linear");
  document_->apply(AddNode{.node = {.id = {"odd"}, .type = "extractor/oddity", .params = {{"a", 3}}}}, "add");
  const auto says = [&](const QString& text) {
    const auto labels = inspector_->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](QLabel* label) { return label->isVisible() && label->text().contains(text); });
  };
  inspector_->showBlocks({{"b"}, {"odd"}});
  QVERIFY(says("2 block"));
  QVERIFY(says("b, odd"));
  QVERIFY(!inspector_->block());
  inspector_->showBlock({"odd"});
  QVERIFY(says("a = 3"));
  QVERIFY(says("does not know this block"));
  inspector_->showBlock({"gone"});
  QVERIFY(!inspector_->block());
  QVERIFY(row("epochs") != nullptr || inspector_->findChild<ParamForm*>() != nullptr);
}

void InspectorPagesTest::findsSettingsByWords() {
  auto* find = inspector_->findChild<QLineEdit*>("find");
  find->setFocus();
  QTest::keyClicks(find, "momentum");
  QVERIFY(row("momentum")->isVisible());
  QVERIFY(!row("epochs")->isVisible());
  find->clear();
  QVERIFY(row("epochs")->isVisible());
}

void InspectorPagesTest::followsTheTheme() {
  showOne("extractor/dropout");
  type("rate", "2");
  QTest::keyClick(field("rate"), Qt::Key_Return);
  std::set<QRgb> colors;
  for (const auto theme : {ThemeName::Light, ThemeName::Dark}) {
    applyTheme(theme);
    QCoreApplication::processEvents();
    QCOMPARE(reason("rate")->palette().color(QPalette::WindowText), problemColor());
    colors.insert(problemColor().rgb());
  }
  QCOMPARE(colors.size(), size_t(2));
}

QTEST_MAIN(InspectorPagesTest)
#include "inspector_pages.moc"
