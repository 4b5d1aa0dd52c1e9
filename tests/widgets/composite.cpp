// Composites on the canvas: folded, opened, left, undone from anywhere, kept in the library; and titles typed in place.
#include <QtCore/QMimeData>
#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTreeWidget>

#include "checks.hpp"
#include "graph/composite.hpp"
#include "widgets/canvas/block_library.hpp"
#include "widgets/canvas/breadcrumb.hpp"
#include "widgets/canvas/canvas_view.hpp"
#include "widgets/canvas/palette.hpp"
#include "widgets/inspector/inspector.hpp"

using namespace blockyard;

class CompositeCanvasTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
  void init();
  void foldOpenLeaveUndo();
  void wiresEndAtItsPorts();
  void wiresThatDoNotFitSayWhy();
  void problemsLeadInside();
  void copiesTakeTheCompositeAlong();
  void keptInTheLibrary();
  void titlesAreTypedInPlace();
  void severalBlocksAreSetAtOnce();

 private:
  CanvasScene& scene() { return view_->canvas(); }
  QPoint middleOf(const char* id) { return view_->mapFromScene(scene().block({id})->sceneBoundingRect().center()); }
  std::string wires() const {
    std::string out;
    std::vector<Link> links = document_->graph().links();
    std::sort(links.begin(), links.end());  // that of wires into different ports says nothing
    for (const Link& each : links) out += (out.empty() ? "" : ", ") + each.text();
    return out;
  }

  std::unique_ptr<Document> document_;
  std::unique_ptr<CanvasView> view_;
};

void CompositeCanvasTest::init() {
  Project project{.name = "p"};
  const auto node = [](const char* id, const char* type, double x) {
    return Node{.id = {id}, .type = type, .x = x, .y = 0};
  };
  project.pipelines.push_back(
      {"main",
       Graph({.nodes = {node("a", "extractor/linear", 0), node("b", "extractor/linear", 260),
                        node("c", "extractor/linear", 520), node("d", "extractor/linear", 780)},
              .links = {{{{"a"}, "y"}, {{"b"}, "x"}}, {{{"b"}, "y"}, {{"c"}, "x"}}, {{{"c"}, "y"}, {{"d"}, "x"}}}})});
  view_.reset();
  document_ = std::make_unique<Document>(std::move(project));
  view_ = std::make_unique<CanvasView>(*document_);
  view_->resize(1200, 600);
  view_->show();
  QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
  view_->setFocus();
}

void CompositeCanvasTest::foldOpenLeaveUndo() {
  Breadcrumb crumbs(*document_);
  const std::string before = projectText(document_->project());
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  COMPARE_TEXT(wires(), "a.y -> composite.x, composite.y -> d.x");
  QCOMPARE(scene().selectedBlocks(), NodeIds{{"composite"}});
  QCOMPARE(scene().block({"composite"})->ports().size(), size_t{2});
  QVERIFY(crumbs.isHidden());
  // A double click opens it.
  view_->zoomToFit();
  QTest::mouseDClick(view_->viewport(), Qt::LeftButton, {}, middleOf("composite"));
  QTRY_VERIFY(document_->inComposite());
  QVERIFY(scene().block({"b"}) != nullptr && scene().block({"a"}) == nullptr);
  COMPARE_TEXT(document_->pathOf({"b"}), "composite/b");
  QVERIFY(!crumbs.isHidden());
  document_->apply(SetParam{{"b"}, "out_features", 7}, "Set");
  // The breadcrumb leads back; undo shows the place where the act was done.
  QTest::mouseClick(crumbs.findChild<QPushButton*>(), Qt::LeftButton);
  QVERIFY(!document_->inComposite());
  QVERIFY(scene().block({"a"}) != nullptr && scene().block({"b"}) == nullptr);
  document_->undoStack().undo();
  QVERIFY(document_->inComposite());
  QVERIFY(document_->graph().node({"b"}).params.empty());
  document_->undoStack().undo();
  QVERIFY(!document_->inComposite());
  COMPARE_TEXT(projectText(document_->project()), before);
  document_->undoStack().redo();
  document_->undoStack().redo();
  QVERIFY(document_->inComposite());
  view_->leaveComposite();
  QCOMPARE(scene().selectedBlocks(), NodeIds{{"composite"}});
  view_->unfoldSelection();
  COMPARE_TEXT(wires(), "a.y -> b.x, b.y -> c.x, c.y -> d.x");
  QVERIFY(document_->project().pipelines.size() == 1);
}

void CompositeCanvasTest::wiresEndAtItsPorts() {
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  view_->zoomToFit();
  const auto port = [&](const char* id, const char* name, bool output) {
    return view_->mapFromScene(scene().block({id})->portAt(name, output));
  };
  const QPoint from = port("a", "y", true), to = port("composite", "x", false);
  view_->canvas().select({});
  document_->apply(Disconnect{document_->graph().links().front()}, "Disconnect");
  COMPARE_TEXT(wires(), "composite.y -> d.x");
  QTest::mousePress(view_->viewport(), Qt::LeftButton, {}, from);
  for (const QPoint at : {(from + to) / 2, to}) {
    QMouseEvent move(QEvent::MouseMove, at, view_->viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(view_->viewport(), &move);
  }
  QTest::mouseRelease(view_->viewport(), Qt::LeftButton, {}, to);
  COMPARE_TEXT(wires(), "a.y -> composite.x, composite.y -> d.x");
}

// Before the button is released, as for any other block.
void CompositeCanvasTest::wiresThatDoNotFitSayWhy() {
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  document_->apply(AddNode{.node = {.id = {"kinds"}, .type = "preprocessor/one_hot", .x = 260, .y = 300}}, "Add");
  document_->apply(AddNode{.node = {.id = {"early"}, .type = "preprocessor/standardize", .x = 520, .y = 300}}, "Add");
  view_->zoomToFit();
  view_->canvas().select({});
  const auto port = [&](const char* id, const char* name, bool output) {
    return view_->mapFromScene(scene().block({id})->portAt(name, output));
  };
  QSignalSpy hints(&scene(), &CanvasScene::hint), refused(document_.get(), &Document::refused);
  const auto carry = [&](QPoint from, QPoint to) {
    QTest::mousePress(view_->viewport(), Qt::LeftButton, {}, from);
    for (const QPoint at : {(from + to) / 2, to}) {
      QMouseEvent move(QEvent::MouseMove, at, view_->viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
      QApplication::sendEvent(view_->viewport(), &move);
    }
    const QString said = hints.isEmpty() ? QString() : hints.last().front().toString();
    refused.clear();  // nothing is refused before the button is released
    QTest::mouseRelease(view_->viewport(), Qt::LeftButton, {}, to);
    return refused.count() == 1 ? said : QString();
  };
  const std::string wires_before = wires();
  // From a composite to a block that may not stand behind it, and the other way into a circle.
  const QString behind = carry(port("composite", "y", true), port("early", "x", false));
  VERIFY_CONTAINS(behind.toStdString(), "early.x: ");
  const QString circle = carry(port("d", "y", true), port("composite", "x", false));
  VERIFY_CONTAINS(circle.toStdString(), "cycle");
  COMPARE_TEXT(wires(), wires_before);
}

void CompositeCanvasTest::problemsLeadInside() {
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  document_->openComposite({"composite"});
  document_->apply(SetParam{{"c"}, "no_such", 1}, "Set");
  document_->goUp(0);
  const auto& problems = document_->result().problems;
  const auto found = std::find_if(problems.begin(), problems.end(),
                                  [](const Problem& each) { return each.where.parameter == "no_such"; });
  QVERIFY(found != problems.end());
  COMPARE_TEXT(found->where.block, "composite/c");
  QTRY_COMPARE(scene().block({"composite"})->look().light, Light::Problem);
  view_->goTo({found->where.block});
  QVERIFY(document_->inComposite());
  QCOMPARE(scene().selectedBlocks(), NodeIds{{"c"}});
}

void CompositeCanvasTest::copiesTakeTheCompositeAlong() {
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  view_->copy();
  document_->setProject({.name = "other"});
  view_->paste();
  QCOMPARE(document_->graph().nodes().size(), size_t{1});
  QVERIFY(document_->project().composite("composite") != nullptr);
}

void CompositeCanvasTest::keptInTheLibrary() {
  QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/blocks").removeRecursively();
  BlockLibrary library;
  Palette palette(&library);
  palette.show();
  QSignalSpy chosen(&palette, &Palette::keptChosen), removed(&palette, &Palette::keptRemoved);
  QVERIFY(errorOf([&] { view_->selectedComposite(); }));
  scene().select({{"b"}, {"c"}});
  view_->foldSelection();
  const auto [name, part] = view_->selectedComposite();
  library.keep(name, part);
  library.keep(name, part);  // under a name of its own
  QTRY_COMPARE(palette.tree()->topLevelItem(0)->text(0), QStringLiteral("My blocks"));
  QCOMPARE(palette.tree()->topLevelItem(0)->childCount(), 2);
  QTreeWidgetItem* item = palette.tree()->topLevelItem(0)->child(0);
  item->setText(0, "encoder");  // as its editor does
  QTRY_COMPARE(library.blocks().back().name, QStringLiteral("encoder"));
  QCoreApplication::processEvents();  // the list is filled anew
  // Dropped into another project.
  document_->setProject({.name = "other"});
  QMimeData data;
  data.setData(kKeptMime, library.blocks().back().file.toUtf8());
  QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(view_->viewport(), &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(view_->viewport(), &drop);
  QCOMPARE(document_->graph().nodes().size(), size_t{1});
  QVERIFY(scene().block({"composite"})->ports().size() == 2);
  // Found, chosen, removed and brought back by keyboard.
  QTest::keyClicks(palette.field(), "encod");
  QTest::keyClick(palette.field(), Qt::Key_Return);
  QCOMPARE(chosen.count(), 1);
  QTest::keyClick(palette.tree(), Qt::Key_Delete);
  QCOMPARE(removed.count(), 1);
  QCOMPARE(library.blocks().size(), size_t{1});
  library.bringBack();
  QCOMPARE(library.blocks().size(), size_t{2});
  QVERIFY(errorOf([&] { library.rename(library.blocks()[0].file, library.blocks()[1].name); }));
}

void CompositeCanvasTest::titlesAreTypedInPlace() {
  document_->apply(AddFrame{.frame = {.title = "Old", .x = -40, .y = -80, .width = 600, .height = 240}}, "Frame");
  view_->zoomToFit();
  const QPoint title = view_->mapFromScene(QPointF(250, -70));
  QTest::mouseDClick(view_->viewport(), Qt::LeftButton, {}, title);
  QTRY_VERIFY(view_->titleField() != nullptr);
  QTest::keyClicks(view_->titleField(), "Encoder");  // the old one is selected
  QTest::keyClick(view_->titleField(), Qt::Key_Return);
  COMPARE_TEXT(document_->graph().frames()[0].title, "Encoder");
  QVERIFY(view_->titleField() == nullptr);
  document_->undoStack().undo();
  COMPARE_TEXT(document_->graph().frames()[0].title, "Old");
  // F2 on a block; Escape takes nothing.
  scene().select({{"a"}});
  QTest::keyClick(view_.get(), Qt::Key_F2);
  QVERIFY(view_->titleField() != nullptr);
  QTest::keyClicks(view_->titleField(), "First");
  QTest::keyClick(view_->titleField(), Qt::Key_Escape);
  COMPARE_TEXT(document_->graph().node({"a"}).title, "");
  QTest::keyClick(view_.get(), Qt::Key_F2);
  QTest::keyClicks(view_->titleField(), "First");
  QTest::keyClick(view_->titleField(), Qt::Key_Return);
  COMPARE_TEXT(document_->graph().node({"a"}).title, "First");
}

void CompositeCanvasTest::severalBlocksAreSetAtOnce() {
  document_->apply(SetParam{{"b"}, "out_features", 5}, "Set");
  Inspector inspector(*document_);
  inspector.show();
  inspector.showBlocks({{"a"}, {"b"}, {"c"}});
  const int acts = document_->undoStack().count();
  auto* row = inspector.findChild<ParamRow*>("out_features");
  QVERIFY(row != nullptr);
  row->field()->setFocus();
  QTest::keyClick(row->field(), Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(row->field(), "32");
  for (const char* id : {"a", "b", "c"})
    QCOMPARE(document_->graph().node({id}).params.at("out_features").get<int>(), 32);
  QVERIFY(document_->graph().node({"d"}).params.empty());
  QCOMPARE(document_->undoStack().count(), acts + 1);
  document_->undoStack().undo();
  QVERIFY(document_->graph().node({"a"}).params.empty());
  QCOMPARE(document_->graph().node({"b"}).params.at("out_features").get<int>(), 5);
  // Back to the default for all, also where only some are set.
  inspector.showBlocks({{"a"}, {"b"}});
  row = inspector.findChild<ParamRow*>("out_features");
  QTest::mouseClick(row->findChild<QToolButton*>("reset"), Qt::LeftButton);
  QVERIFY(document_->graph().node({"b"}).params.empty());
}

QTEST_MAIN(CompositeCanvasTest)
#include "composite.moc"
