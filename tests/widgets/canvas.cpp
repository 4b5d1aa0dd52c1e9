// The canvas, with the mouse and the keyboard.
#include "widgets/canvas/canvas_view.hpp"

#include <QtCore/QElapsedTimer>
#include <QtCore/QMimeData>
#include <QtGui/QClipboard>
#include <QtGui/QPainter>
#include <QtTest/QtTest>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>

#include "checks.hpp"
#include "widgets/canvas/palette.hpp"

using namespace blockyard;

class CanvasTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup() { view_.reset(), document_.reset(); }
  void wiresByMouse();
  void wireTakenOffItsPort();
  void refusedWireSaysWhy();
  void wireOnTheCanvasOffersBlocks();
  void dragMovesAsOneAct();
  void buildByKeyboardAlone();
  void dropOnAWireInserts();
  void deleteHealsAndUndoBringsBack();
  void bypassCopyPasteDuplicate();
  void pasteOfRubbishIsRefused();
  void framesAndNotes();
  void paletteFindsAndChooses();
  void followsTheDocument();
  void largeGraphs();
  void staysInViewUntilTouched();

 private:
  std::string wires() const {
    std::string out;
    for (const Link& each : document_->graph().links()) out += (out.empty() ? "" : ", ") + each.text();
    return out;
  }
  BlockItem& block(const char* id) { return *view_->canvas().block({id}); }
  QPoint portOf(const char* id, const char* port, bool output) {
    return view_->mapFromScene(block(id).portAt(port, output));
  }
  QPoint middleOf(const char* id) { return view_->mapFromScene(block(id).sceneBoundingRect().center()); }
  void drag(QPoint from, QPoint to) {
    QWidget* port = view_->viewport();
    QTest::mousePress(port, Qt::LeftButton, {}, from);
    for (int step = 1; step <= 4; ++step) moveTo(from + (to - from) * step / 4);
    QTest::mouseRelease(port, Qt::LeftButton, {}, to);
  }
  void moveTo(QPoint at) {
    QMouseEvent move(QEvent::MouseMove, at, view_->viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(view_->viewport(), &move);
  }

  std::unique_ptr<Document> document_;
  std::unique_ptr<CanvasView> view_;
};

void CanvasTest::init() {
  Project project{.name = "p"};
  const auto node = [](const char* id, const char* type, double x, double y) {
    return Node{.id = {id}, .type = type, .x = x, .y = y};
  };
  project.pipelines.push_back(
      {"main", Graph({.nodes = {node("a", "extractor/linear", 0, 0), node("b", "extractor/dropout", 300, 0),
                                node("c", "extractor/linear", 600, 0), node("t", "source/table", 0, 250)},
                      .links = {}})});
  document_ = std::make_unique<Document>(std::move(project));
  view_ = std::make_unique<CanvasView>(*document_);
  view_->resize(1200, 700);
  view_->show();
  QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
  view_->resetTransform();
  view_->centerOn(400, 150);
  view_->setFocus();
}

void CanvasTest::wiresByMouse() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  COMPARE_TEXT(wires(), "a.y -> b.x");
  drag(portOf("c", "x", false), portOf("b", "y", true));  // from the input backwards
  COMPARE_TEXT(wires(), "a.y -> b.x, b.y -> c.x");
  QVERIFY(view_->canvas().wire(document_->graph().links()[0])->isVisible());
  document_->undoStack().undo();
  COMPARE_TEXT(wires(), "a.y -> b.x");
}

void CanvasTest::wireTakenOffItsPort() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  drag(portOf("b", "x", false), portOf("c", "x", false));
  COMPARE_TEXT(wires(), "a.y -> c.x");
  drag(portOf("c", "x", false), QPoint(600, 500));
  COMPARE_TEXT(wires(), "");
}

void CanvasTest::refusedWireSaysWhy() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  QSignalSpy hints(&view_->canvas(), &CanvasScene::hint), refused(document_.get(), &Document::refused);
  drag(portOf("b", "y", true), portOf("a", "x", false));
  COMPARE_TEXT(wires(), "a.y -> b.x");
  QCOMPARE(refused.count(), 1);
  bool said = false;  // before the button was released
  for (const auto& hint : hints) said |= hint.at(0).toString().contains("cycle");
  QVERIFY(said);
}

void CanvasTest::wireOnTheCanvasOffersBlocks() {
  drag(portOf("a", "y", true), QPoint(500, 560));
  QVERIFY(view_->search().isVisible());
  QTest::keyClicks(view_->search().field(), "mlp");
  QTest::keyClick(view_->search().field(), Qt::Key_Return);
  COMPARE_TEXT(wires(), "a.y -> mlp.x");
  QVERIFY(!view_->search().isVisible());
}

void CanvasTest::dragMovesAsOneAct() {
  const int acts = document_->undoStack().count();
  drag(middleOf("b"), middleOf("b") + QPoint(83, 44));
  QCOMPARE(document_->undoStack().count(), acts + 1);
  QCOMPARE(document_->graph().node({"b"}).x, 380.0);  // snapped
  QCOMPARE(document_->graph().node({"b"}).y, 40.0);
  document_->undoStack().undo();
  QCOMPARE(block("b").pos(), QPointF(300, 0));
}

void CanvasTest::buildByKeyboardAlone() {
  QTest::keyClick(view_.get(), Qt::Key_Right);  // selects the first
  QCOMPARE(view_->canvas().selectedBlocks(), NodeIds{{"a"}});
  QTest::keyClick(view_.get(), Qt::Key_Tab);
  QVERIFY(view_->search().isVisible());
  QTest::keyClicks(view_->search().field(), "dropo");
  QTest::keyClick(view_->search().field(), Qt::Key_Return);
  COMPARE_TEXT(wires(), "a.y -> dropout.x");
  QCOMPARE(view_->canvas().selectedBlocks(), NodeIds{{"dropout"}});
  QTest::keyClick(view_.get(), Qt::Key_Right);
  QTest::keyClick(view_.get(), Qt::Key_Right);
  QCOMPARE(document_->graph().node({"dropout"}).x, 270.0);
  QTest::keyClick(view_.get(), Qt::Key_Left, Qt::AltModifier);
  QCOMPARE(view_->canvas().selectedBlocks(), NodeIds{{"a"}});
  QTest::keyClick(view_.get(), Qt::Key_Slash);
  QTest::keyClick(view_->search().field(), Qt::Key_Escape);
  QVERIFY(!view_->search().isVisible());
}

void CanvasTest::dropOnAWireInserts() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  const QPointF middle = view_->canvas().wire(document_->graph().links()[0])->path().pointAtPercent(0.5);
  auto* data = new QMimeData;
  data->setData(kBlockMime, "extractor/activation");
  const QPoint at = view_->mapFromScene(middle);
  QDragEnterEvent enter(at, Qt::CopyAction, data, Qt::LeftButton, {});
  QApplication::sendEvent(view_->viewport(), &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(at, Qt::CopyAction, data, Qt::LeftButton, {});
  QApplication::sendEvent(view_->viewport(), &drop);
  COMPARE_TEXT(wires(), "activation.y -> b.x, a.y -> activation.x");
  delete data;
}

void CanvasTest::deleteHealsAndUndoBringsBack() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  drag(portOf("b", "y", true), portOf("c", "x", false));
  QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, middleOf("b"));
  view_->removeSelection();
  COMPARE_TEXT(wires(), "a.y -> c.x");
  QVERIFY(view_->canvas().block({"b"}) == nullptr);
  document_->undoStack().undo();
  COMPARE_TEXT(wires(), "a.y -> b.x, b.y -> c.x");
  QVERIFY(view_->canvas().block({"b"}) != nullptr);
}

void CanvasTest::bypassCopyPasteDuplicate() {
  drag(portOf("a", "y", true), portOf("b", "x", false));
  view_->canvas().select({{"a"}, {"b"}});
  view_->bypassSelection();
  QVERIFY(document_->graph().node({"a"}).bypassed && document_->graph().node({"b"}).bypassed);
  view_->bypassSelection();
  QVERIFY(!document_->graph().node({"a"}).bypassed);
  view_->copy();
  QVERIFY(QApplication::clipboard()->text().contains("a.y -> b.x"));
  view_->paste();
  COMPARE_TEXT(wires(), "a.y -> b.x, a2.y -> b2.x");
  QCOMPARE(view_->canvas().selectedBlocks(), (NodeIds{{"a2"}, {"b2"}}));
  view_->duplicate();
  QCOMPARE(document_->graph().nodes().size(), size_t{8});
  view_->cut();
  QCOMPARE(document_->graph().nodes().size(), size_t{6});
}

void CanvasTest::pasteOfRubbishIsRefused() {
  QSignalSpy refused(document_.get(), &Document::refused);
  for (const QString& text :
       {QString("hello"), QString("{\"a\": 1}"), QString(100000, '['), QString(5 << 20, 'x'), QString()}) {
    QApplication::clipboard()->setText(text);
    view_->paste();
  }
  auto* picture = new QMimeData;
  picture->setImageData(QImage(8, 8, QImage::Format_RGB32));
  QApplication::clipboard()->setMimeData(picture);
  view_->paste();
  QCOMPARE(refused.count(), 6);
  QCOMPARE(document_->undoStack().count(), 0);
}

void CanvasTest::framesAndNotes() {
  view_->canvas().select({{"a"}, {"b"}});
  view_->frameSelection();
  view_->addNote();
  QCOMPARE(document_->graph().frames().size(), size_t{2});
  // By its title a frame takes along what lies in it.
  const Frame frame = document_->graph().frames()[0];
  const QPoint title = view_->mapFromScene(QPointF(frame.x + frame.width / 2, frame.y + 10));
  drag(title, title + QPoint(0, 60));
  QCOMPARE(document_->graph().frames()[0].y, std::round((frame.y + 60) / kGrid) * kGrid);
  QCOMPARE(document_->graph().node({"a"}).y, 60.0);
  QCOMPARE(document_->graph().node({"c"}).y, 0.0);
  document_->undoStack().undo();
  QCOMPARE(document_->graph().node({"a"}).y, 0.0);
}

void CanvasTest::paletteFindsAndChooses() {
  Palette palette;
  QSignalSpy chosen(&palette, &Palette::chosen);
  palette.show();
  QTest::keyClicks(palette.field(), "max pool");
  QTest::keyClick(palette.field(), Qt::Key_Return);
  QCOMPARE(chosen.count(), 1);
  QCOMPARE(chosen[0][0].toString(), "extractor/max_pool");
}

void CanvasTest::followsTheDocument() {
  document_->apply(SetTitle{{"a"}, "My layer"}, "title");
  QCOMPARE(block("a").node().title, std::string("My layer"));
  QTRY_COMPARE(block("a").look().light, Light::Problem);
  QVERIFY(!block("a").toolTip().isEmpty());
  document_->setProject({.name = "other"});
  QVERIFY(view_->canvas().block({"a"}) == nullptr);
  QVERIFY(view_->canvas().selectedBlocks().empty());
}

// 1,000 blocks and 1,500 wires: says how long it takes; the times are for the eye, what is drawn is tested.
void CanvasTest::largeGraphs() {
  GraphParts parts;
  for (int i = 0; i < 1000; ++i)
    parts.nodes.push_back({.id = {"n" + std::to_string(i)},
                           .type = i % 3 == 0 ? "extractor/add" : "extractor/linear",
                           .x = (i % 40) * 260.0,
                           .y = (i / 40) * 170.0});
  for (int i = 0; i + 1 < 1000; ++i)
    parts.links.push_back({{{"n" + std::to_string(i)}, "y"}, {{"n" + std::to_string(i + 1)}, "x"}});
  for (int i = 0; i + 7 < 1000 && parts.links.size() < 1500; i += 1)
    if ((i + 7) % 3 == 0)
      parts.links.push_back({{{"n" + std::to_string(i)}, "y"}, {{"n" + std::to_string(i + 7)}, "x"}});
  Project project{.name = "large"};
  project.pipelines.push_back({"main", Graph(std::move(parts))});
  QElapsedTimer clock;
  clock.start();
  document_->setProject(std::move(project));
  qInfo("open: %lld ms", clock.elapsed());
  view_->resize(1920, 1080);
  QImage image(1920, 1080, QImage::Format_ARGB32_Premultiplied);
  for (const double zoom : {0.05, 0.1, 0.2, 0.3, 0.5, 1.0}) {
    view_->resetTransform();
    view_->scale(zoom, zoom);
    view_->centerOn(5200, 2100);
    clock.restart();
    QPainter painter(&image);
    view_->render(&painter);
    painter.end();
    qInfo("zoom %.2f: %lld ms", zoom, clock.elapsed());
    QVERIFY(image.pixelColor(960, 540) != QColor() && view_->items().size() > 10);
  }
}

void CanvasTest::staysInViewUntilTouched() {
  const auto inView = [&] {
    const QRectF shown = view_->mapToScene(view_->viewport()->rect()).boundingRect();
    for (const Node& node : document_->graph().nodes())
      if (!shown.contains(block(node.id.name.c_str()).sceneBoundingRect())) return false;
    return true;
  };
  view_->resize(1200, 700);
  view_->zoomToFit();
  const double wide = view_->zoom();
  QVERIFY(inView());
  view_->resize(400, 300);
  QVERIFY(inView());
  QVERIFY(view_->zoom() < wide);
  QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, QPoint(3, 3));
  const double narrow = view_->zoom();
  view_->resize(1200, 700);
  QCOMPARE(view_->zoom(), narrow);
}

QTEST_MAIN(CanvasTest)
#include "canvas.moc"
