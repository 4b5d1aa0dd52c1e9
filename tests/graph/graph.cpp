// The graph: every edit has an exact inverse, impossible edits change nothing, and what is not understood is kept.
#include "graph/graph.hpp"

#include <QtTest>

#include "base/error.hpp"
#include "base/random.hpp"
#include "checks.hpp"
#include "graph/graph_json.hpp"
#include "graph/json_text.hpp"
#include "graph/project.hpp"

using namespace blockyard;

namespace {

const char* const kText = R"({
  "format": 1, "name": "Sample", "future": {"a": [1, {"b": null}]},
  "variables": {"hidden": 64},
  "pipelines": {"main": {
    "blocks": {
      "table": {"block": "source/table", "params": {"file": "${data}/a.csv"}, "at": [0, 0]},
      "ghost": {"block": "extractor/of-the-future", "params": {"z": {"deep": [[1], null]}, "a": 1}, "at": [1.5, -2], "shade": "blue"},
      "a": {"block": "extractor/linear", "params": {"out_features": "${hidden}", "bias": false}, "at": [10, 10], "note": "n"},
      "b": {"block": "extractor/linear", "bypassed": true, "title": "B", "at": [20, 10]}
    },
    "wires": ["table.features -> a.x", "a.y -> b.x", "a.y -> b.x", "nobody.y -> b.x", "ghost.out -> a.x"],
    "training": {"epochs": 4, "batch_size": 2},
    "frames": [{"title": "F", "rect": [0, 0, 100, 50], "colour": "red"}, {"text": "a note", "rect": [0, 60, 100, 50]}],
    "zoom": 1.25
  }}})";

Project sample() {
  return projectFromText(kText, "/nowhere/sample.blockyard");
}

// A random edit, often a sensible one, sometimes an impossible one.
class RandomEdits {
 public:
  explicit RandomEdits(uint64_t seed) : random_(seed) {}

  Edit next(const Project& project, int depth = 0) {
    const Graph& graph = project.graph("main");
    switch (below(depth > 1 ? 18 : 20)) {
      case 0:
        return AddNode{{.id = name(graph), .type = "extractor/linear"}, index(graph.nodes().size())};
      case 1:
        return RemoveNode{id(graph)};
      case 2:
      case 3:
        return SetParam{id(graph), word(), value(), index(2)};
      case 4:
        return ClearParam{id(graph), word()};
      case 5:
      case 6:
        return Connect{{{id(graph), word()}, {id(graph), word()}}, index(graph.links().size())};
      case 7:
        return Disconnect{link(graph), below(3) == 0 ? index(graph.links().size()) : -1};
      case 8:
        return Move{id(graph), double(below(1000)) / 8, -double(below(1000))};
      case 9:
        return Rename{id(graph), name(graph)};
      case 10:
        return ChangeType{id(graph), "extractor/" + word()};
      case 11:
        return Bypass{id(graph), below(2) == 0};
      case 12:
        return SetTitle{id(graph), word()};
      case 13:
        return SetNote{id(graph), word() + "\n\"ü\""};
      case 14:
        return AddFrame{{.title = word(), .width = 3}, index(graph.frames().size())};
      case 15:
        return RemoveFrame{index(graph.frames().size())};
      case 16:
        return SetFrame{index(graph.frames().size()), {.text = word()}};
      case 17: {
        if (below(8) == 0) return RequirePurpose{below(2) == 0};
        if (below(2) == 0) return SetVariable{word(), below(3) == 0 ? std::nullopt : std::optional(value()), index(2)};
        return SetTraining{word(), below(3) == 0 ? std::nullopt : std::optional(value()), index(2)};
      }
      default:
        return several(project, depth);
    }
  }

 private:
  // Edits that were drawn one after the other on a copy; the last may be impossible, then nothing of it may stay.
  Edit several(const Project& project, int depth) {
    Project scratch = project;
    Compound out{"several", {}};
    for (int64_t i = below(4); i >= 0; --i) {
      out.edits.push_back(next(scratch, depth + 1));
      try {
        scratch.apply("main", out.edits.back());
      } catch (const Error&) {
        break;
      }
    }
    return out;
  }
  int64_t below(int64_t n) { return int64_t(random_.below(count_++, uint64_t(n))); }
  int64_t index(size_t size) { return below(int64_t(size) + 3) - 1; }
  std::string word() { return std::string(1, char('a' + below(4))); }
  NodeId name(const Graph& graph) { return below(8) == 0 ? id(graph) : NodeId{word() + word()}; }
  NodeId id(const Graph& graph) {
    if (graph.nodes().empty() || below(30) == 0) return {"not there"};
    return graph.nodes()[size_t(below(int64_t(graph.nodes().size())))].id;
  }
  Link link(const Graph& graph) {
    if (graph.links().empty()) return {};
    return graph.links()[size_t(below(int64_t(graph.links().size())))];
  }
  OrderedJson value() {
    const OrderedJson values[] = {1, 2.5, "text", {1, 2}, {{"deep", nullptr}}, true, nullptr};
    return values[below(7)];
  }

  KeyedRandom random_;
  uint64_t count_ = 0;
};

}  // namespace

class GraphTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void undoAndRedoAreExact_data() {
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("edits");
    for (int seed = 1; seed <= 20; ++seed) QTest::addRow("seed %d", seed) << seed << 500;
    QTest::addRow("long") << 99 << 10000;
  }

  void undoAndRedoAreExact() {
    QFETCH(int, seed);
    QFETCH(int, edits);
    Project project = sample();
    const std::string start = projectText(project);
    RandomEdits random(static_cast<uint64_t>(seed));
    std::vector<Edit> undo;
    int refused = 0;
    for (int i = 0; i < edits; ++i) {
      const Edit edit = random.next(project);
      const std::string before = i % 50 == 0 ? projectText(project) : "";
      try {
        undo.push_back(project.apply("main", edit));
      } catch (const Error&) {
        ++refused;
        if (!before.empty()) COMPARE_TEXT(projectText(project), before);
      }
    }
    QVERIFY(refused > 0 && undo.size() > size_t(edits) / 4);
    const std::string end = projectText(project);
    QVERIFY(end != start);
    COMPARE_TEXT(projectText(projectFromText(end, project.file)), end);
    std::vector<Edit> redo;
    while (!undo.empty()) {
      redo.push_back(project.apply("main", undo.back()));
      undo.pop_back();
    }
    COMPARE_TEXT(projectText(project), start);
    while (!redo.empty()) {
      project.apply("main", redo.back());
      redo.pop_back();
    }
    COMPARE_TEXT(projectText(project), end);
  }

  void refusedEditsChangeNothing() {
    Project project = sample();
    RandomEdits random(7);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::string before = projectText(project);
      try {
        project.apply("main", random.next(project));
      } catch (const Error&) {
        ++refused;
        COMPARE_TEXT(projectText(project), before);
      }
    }
    QVERIFY(refused > 50);
  }

  void impossibleEditsSayWhy() {
    Graph graph = sample().graph("main");
    VERIFY_CONTAINS(errorText([&] { graph.apply(RemoveNode{{"tabel"}}); }), "did you mean \"table\"?");
    VERIFY_CONTAINS(errorText([&] { graph.apply(AddNode{{.id = {"a"}}}); }), "another block has this name");
    VERIFY_CONTAINS(errorText([&] { graph.apply(AddNode{{.id = {"nobody"}}}); }), "a wire names this block");
    VERIFY_CONTAINS(errorText([&] { graph.apply(AddNode{{.id = {"a b"}}}); }), "expected a name of letters");
    VERIFY_CONTAINS(errorText([&] { graph.apply(AddNode{{.id = {"training"}}}); }), "is not free");
    VERIFY_CONTAINS(errorText([&] { graph.apply(Rename{{"a"}, {"b"}}); }), "another block has this name");
    VERIFY_CONTAINS(errorText([&] {
                      graph.apply(Connect{{{{"a"}, "y"}, {{"c9"}, "x"}}});
                    }),
                    "there is no block \"c9\"");
    VERIFY_CONTAINS(errorText([&] {
                      graph.apply(Disconnect{{{{"a"}, "y"}, {{"a"}, "x"}}});
                    }),
                    "there is no wire a.y -> a.x");
    VERIFY_CONTAINS(errorText([&] { graph.apply(SetVariable{"v", 1}); }), "whole project");
    VERIFY_CONTAINS(errorText([&] { graph.apply(RequirePurpose{}); }), "whole project");
    VERIFY_CONTAINS(errorText([&] { graph.apply(RemoveFrame{7}); }), "there is no frame number 7");
  }

  void renamingMovesTheWires() {
    Graph graph = sample().graph("main");
    graph.apply(Rename{{"a"}, {"first"}});
    QVERIFY(graph.find({"a"}) == nullptr);
    QCOMPARE(graph.into({"first"}).size(), size_t(2));
    QCOMPARE(graph.outOf({"first"}).size(), size_t(2));
    QCOMPARE(graph.links()[0].text(), std::string("table.features -> first.x"));
  }

  void namesAreReadable() {
    Graph graph;
    const auto add = [&](const char* type) {
      const NodeId id = graph.freeName(type);
      graph.apply(AddNode{{.id = id, .type = type}});
      return id.name;
    };
    QCOMPARE(add("extractor/conv2d"), std::string("conv"));
    QCOMPARE(add("extractor/conv2d"), std::string("conv2"));
    QCOMPARE(add("extractor/conv1d"), std::string("conv3"));
    QCOMPARE(add("source/training"), std::string("training2"));
    QCOMPARE(graph.freeName("conv").name, std::string("conv4"));
    QCOMPARE(graph.freeName("mine").name, std::string("mine"));
    QCOMPARE(graph.freeName("9 9").name, std::string("9_"));
    QCOMPARE(graph.freeName("").name, std::string("block"));
  }

  void copiesAndPastes() {
    Project project = sample();
    const std::string text = copyText(project.graph("main"), {{"a"}, {"b"}, {"ghost"}});
    std::vector<NodeId> pasted;
    const std::string before = projectText(project);
    const Edit undo = project.apply("main", pasteEdit(project.graph("main"), text, 5, 6, &pasted));
    const Graph& graph = project.graph("main");
    QCOMPARE(pasted.size(), size_t(3));
    QCOMPARE(pasted[1].name, std::string("a2"));
    QCOMPARE(graph.node({"a2"}).x, 15.0);
    QCOMPARE(graph.node({"a2"}).note, std::string("n"));
    QCOMPARE(graph.node({"ghost2"}).extra, graph.node({"ghost"}).extra);
    QCOMPARE(graph.into({"b2"}).size(), size_t(2));
    QCOMPARE(graph.into({"a2"})[0].text(), std::string("ghost2.out -> a2.x"));
    project.apply("main", undo);
    COMPARE_TEXT(projectText(project), before);
    VERIFY_CONTAINS(errorText([&] { pasteEdit(graph, "hello", 0, 0); }), "the clipboard");
    VERIFY_CONTAINS(errorText([&] { pasteEdit(graph, "{\"a\": 1}", 0, 0); }), "holds no blocks");
    VERIFY_CONTAINS(errorText([&] { pasteEdit(graph, std::string(100000, '['), 0, 0); }), "the clipboard");
    VERIFY_CONTAINS(errorText([&] { pasteEdit(graph, std::string(9 << 20, ' '), 0, 0); }), "8 MiB");
  }

  void aLargeGraphIsQuick() {
    Graph graph;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 1000; ++i) graph.apply(AddNode{{.id = {"n" + std::to_string(i)}, .type = "extractor/linear"}});
    for (int i = 1; i < 1000; ++i)
      graph.apply(Connect{{{{"n" + std::to_string(i - 1)}, "y"}, {{"n" + std::to_string(i)}, "x"}}});
    QVERIFY2(timer.elapsed() < 1000, "2,000 edits took more than a second");
  }
};

QTEST_GUILESS_MAIN(GraphTest)
#include "graph.moc"
