// The document: acts, undo and redo, merging, and the check that follows.
#include "widgets/common/document.hpp"

#include <QtTest/QtTest>

#include "base/random.hpp"
#include "blocks/catalog.hpp"
#include "checks.hpp"

using namespace blockyard;

class DocumentTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void undoAndRedo();
  void dragsAndTypingAreOneAct();
  void refusedEditsChangeNothing();
  void manyEditsThereAndBack();
};

namespace {

Project empty() {
  Project out{.name = "p"};
  out.pipelines.push_back({"main", {}});
  return out;
}

AddNode block(const std::string& id, const std::string& type) {
  return {.node = {.id = {id}, .type = type}};
}

}  // namespace

void DocumentTest::undoAndRedo() {
  Document document(empty());
  QSignalSpy changed(&document, &Document::changed);
  QVERIFY(document.apply(block("a", "extractor/linear"), "add"));
  QVERIFY(document.apply(SetParam{{"a"}, "out_features", 7}, "set"));
  const std::string end = projectText(document.project());
  document.undoStack().undo();
  QVERIFY(document.graph().node({"a"}).params.empty());
  document.undoStack().undo();
  QVERIFY(document.graph().nodes().empty());
  document.undoStack().redo();
  document.undoStack().redo();
  QCOMPARE(projectText(document.project()), end);
  QCOMPARE(changed.count(), 6);
  QVERIFY(!document.result().problems.empty());
}

void DocumentTest::dragsAndTypingAreOneAct() {
  Document document(empty());
  document.apply(block("a", "extractor/linear"), "add");
  for (int i = 1; i <= 5; ++i) document.apply(SetParam{{"a"}, "out_features", i}, "set", "a.out_features");
  for (int i = 1; i <= 5; ++i) document.apply(Move{{"a"}, i * 10.0, 0}, "move", "move 1");
  document.endMerge();
  document.apply(Move{{"a"}, 0, 99}, "move", "move 1");
  QCOMPARE(document.undoStack().count(), 4);
  document.undoStack().undo();
  QCOMPARE(document.graph().node({"a"}).x, 50.0);
  document.undoStack().undo();
  QCOMPARE(document.graph().node({"a"}).x, 0.0);
  document.undoStack().undo();
  QVERIFY(document.graph().node({"a"}).params.empty());
  document.undoStack().redo();
  QCOMPARE(document.graph().node({"a"}).params["out_features"].get<int>(), 5);
}

void DocumentTest::refusedEditsChangeNothing() {
  Document document(empty());
  QSignalSpy refused(&document, &Document::refused);
  QVERIFY(!document.apply(Move{{"nobody"}, 1, 1}, "move"));
  QCOMPARE(refused.count(), 1);
  QCOMPARE(document.undoStack().count(), 0);
}

// 10,000 random edits: undo of all gives the first file byte by byte, redo of all the last.
void DocumentTest::manyEditsThereAndBack() {
  Document document(empty());
  const std::string start = projectText(document.project());
  const KeyedRandom random(11);
  const auto& types = catalog();
  uint64_t draw = 0;
  const auto pick = [&](size_t count) { return static_cast<size_t>(random.below(draw++, count)); };
  for (int i = 0; i < 10000; ++i) {
    const auto& nodes = document.graph().nodes();
    const auto any = [&] { return nodes[pick(nodes.size())].id; };
    const auto act = [&]() -> Edit {
      const size_t what = nodes.size() < 4 ? 0 : pick(nodes.size() > 20 ? 9 : 8);
      if (what == 0)
        return AddNode{.node = {.id = document.graph().freeName("b"), .type = types[pick(types.size())].schema.id}};
      if (what == 1) return SetParam{any(), "p" + std::to_string(pick(3)), static_cast<int>(pick(9))};
      if (what == 2) return Move{any(), static_cast<double>(pick(500)), static_cast<double>(pick(500))};
      if (what == 3) return Connect{{{any(), "y"}, {any(), "x"}}};
      if (what == 4) return Bypass{any(), pick(2) == 0};
      if (what == 5) return SetTraining{"epochs", OrderedJson(static_cast<int>(pick(50)))};
      if (what == 6) return Rename{any(), document.graph().freeName("r")};
      if (what == 7) return SetNote{any(), "note " + std::to_string(pick(99))};
      return RemoveNode{any()};
    };
    document.apply(act(), "act");
  }
  const std::string end = projectText(document.project());
  QVERIFY(document.undoStack().count() > 5000);
  while (document.undoStack().canUndo()) document.undoStack().undo();
  QCOMPARE(projectText(document.project()), start);
  while (document.undoStack().canRedo()) document.undoStack().redo();
  QCOMPARE(projectText(document.project()), end);
}

QTEST_MAIN(DocumentTest)
#include "document.moc"
