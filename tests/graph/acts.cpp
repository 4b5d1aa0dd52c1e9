// What a hand does on a canvas, as edits: each is one act, and undone as one.
#include "graph/acts.hpp"

#include <QtTest>

#include "checks.hpp"
#include "graph/graph_json.hpp"

using namespace blockyard;

class ActsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void connectingReplaces();
  void removingHeals();
  void removingAHeadCutsTheWire();
  void insertingKeepsTheOrderOfWires();
  void addingWiresTheBestPort();
  void pastingFindsFreeNames();
  void aligningAndTidying();
  void suggestionsFit();
};

namespace {

Node node(const std::string& id, const std::string& type, double x = 0, double y = 0) {
  return {.id = {id}, .type = type, .x = x, .y = y};
}
Link wire(const std::string& from, const std::string& to, const std::string& in = "x", const std::string& out = "y") {
  return {{{from}, out}, {{to}, in}};
}
// a -> b -> c, and a second wire into add.
Graph chain() {
  return Graph({.nodes = {node("a", "extractor/linear"), node("b", "extractor/dropout"), node("c", "extractor/linear"),
                          node("sum", "extractor/add")},
                .links = {wire("a", "b"), wire("b", "c"), wire("a", "sum"), wire("c", "sum")}});
}
std::string wiresOf(const Graph& graph) {
  std::string out;
  for (const Link& each : graph.links()) out += (out.empty() ? "" : ", ") + each.text();
  return out;
}
// Applies, and makes sure that undo gives the graph back as it was.
Graph after(Graph graph, const Edit& edit) {
  const GraphParts before{graph.nodes(), graph.links(), graph.frames()};
  Graph out = graph;
  const Edit inverse = out.apply(edit);
  Graph back = out;
  back.apply(inverse);
  if (back.nodes() != before.nodes || back.links() != before.links || back.frames() != before.frames)
    throw Error({}, "undo does not give the graph back");
  return out;
}
Size box(const Node&) {
  return {100, 50};
}

}  // namespace

void ActsTest::connectingReplaces() {
  const Graph graph = chain();
  COMPARE_TEXT(wiresOf(after(graph, connecting(graph, wire("a", "c")))),
               "a.y -> b.x, a.y -> sum.x, c.y -> sum.x, a.y -> c.x");
  // A port that takes many keeps what it has.
  COMPARE_TEXT(wiresOf(after(graph, connecting(graph, wire("b", "sum")))),
               "a.y -> b.x, b.y -> c.x, a.y -> sum.x, c.y -> sum.x, b.y -> sum.x");
  const Checked checked = check(graph, {.peek = Peek::No});
  QVERIFY(!complaintOfConnecting(graph, checked, wire("a", "c")));
  VERIFY_CONTAINS(complaintOfConnecting(graph, checked, wire("c", "a"))->text(), "cycle");
}

void ActsTest::removingHeals() {
  const Graph graph = chain();
  COMPARE_TEXT(wiresOf(after(graph, removing(graph, {{"b"}}))), "a.y -> sum.x, c.y -> sum.x, a.y -> c.x");
  COMPARE_TEXT(wiresOf(after(graph, removing(graph, {{"b"}, {"c"}}))), "a.y -> sum.x, a.y -> sum.x");
  COMPARE_TEXT(wiresOf(after(graph, removing(graph, {{"a"}}))), "b.y -> c.x, c.y -> sum.x");
}

void ActsTest::removingAHeadCutsTheWire() {
  const Graph graph({.nodes = {node("a", "extractor/linear"), node("head", "classifier/softmax"),
                               node("label", "postprocessor/class_label")},
                     .links = {wire("a", "head"), wire("head", "label", "scores", "scores")}});
  COMPARE_TEXT(wiresOf(after(graph, removing(graph, {{"head"}}))), "");
}

void ActsTest::insertingKeepsTheOrderOfWires() {
  const Graph graph = chain();
  const Checked checked = check(graph, {.peek = Peek::No});
  const Graph out = after(graph, inserting(graph, checked, node("d", "extractor/dropout"), wire("a", "sum")));
  COMPARE_TEXT(wiresOf(out), "a.y -> b.x, b.y -> c.x, d.y -> sum.x, c.y -> sum.x, a.y -> d.x");
  VERIFY_CONTAINS(errorText([&] { inserting(graph, checked, node("t", "source/table"), wire("a", "b")); }), "no input");
}

void ActsTest::addingWiresTheBestPort() {
  const Graph graph = chain();
  const Checked checked = check(graph, {.peek = Peek::No});
  const Graph out = after(graph, adding(graph, checked, node("head", "classifier/softmax"), {{"c"}, "y"}));
  VERIFY_CONTAINS(wiresOf(out), "c.y -> head.x");
}

void ActsTest::pastingFindsFreeNames() {
  const Graph graph = chain();
  NodeIds names;
  const Graph out = after(graph, pasting(graph, copied(graph, {{"a"}, {"b"}}), 10, 20, names));
  QCOMPARE(names.size(), size_t{2});
  QCOMPARE(out.nodes().size(), size_t{6});
  VERIFY_CONTAINS(wiresOf(out), "a2.y -> b2.x");
  QCOMPARE(out.node({"a2"}).x, 10.0);
  QCOMPARE(out.node({"a2"}).y, 20.0);
}

void ActsTest::aligningAndTidying() {
  Graph graph({.nodes = {node("a", "extractor/linear", 300, 7), node("b", "extractor/dropout", 0, 90),
                         node("c", "extractor/linear", 50, 33)},
               .links = {wire("a", "b"), wire("b", "c")}});
  const Graph left = after(graph, aligning(graph, {{"a"}, {"b"}, {"c"}}, Side::Left, box));
  for (const Node& each : left.nodes()) QCOMPARE(each.x, 0.0);
  const Graph bottom = after(graph, aligning(graph, {{"a"}, {"c"}}, Side::Bottom, box));
  QCOMPARE(bottom.node({"a"}).y, 33.0);
  const Graph tidy = after(graph, tidying(graph, {}, box));
  QVERIFY(tidy.node({"a"}).x + 100 < tidy.node({"b"}).x && tidy.node({"b"}).x + 100 < tidy.node({"c"}).x);
  // What goes round in a circle is laid out, too.
  graph.apply(Connect{wire("c", "a")});
  QCOMPARE(after(graph, tidying(graph, {}, box)).nodes().size(), size_t{3});
}

void ActsTest::suggestionsFit() {
  const Graph graph({.nodes = {node("scale", "preprocessor/image_scale"), node("conv", "extractor/conv2d"),
                               node("head", "classifier/softmax")},
                     .links = {}});
  Checked checked = check(graph, {.peek = Peek::No});
  checked.outputs[{"conv"}]["y"] = {.shape = {"N", 8, 12, 12}};
  const auto types = [&](const End& end, bool output) {
    std::string out;
    for (const Suggestion& each : blocksThatFit(graph, checked, end, output)) out += each.type + "." + each.port + " ";
    return out;
  };
  const std::string behind = types({{"conv"}, "y"}, true);
  VERIFY_CONTAINS(behind, "extractor/max_pool.x ");
  VERIFY_CONTAINS(behind, "extractor/conv2d.x ");
  QVERIFY(behind.find("preprocessor/") == std::string::npos);  // no preprocessor stands behind the model
  QVERIFY(behind.find("extractor/embedding") == std::string::npos);
  const std::string before = types({{"head"}, "x"}, false);
  VERIFY_CONTAINS(before, "extractor/mlp.y ");
}

QTEST_GUILESS_MAIN(ActsTest)
#include "acts.moc"
