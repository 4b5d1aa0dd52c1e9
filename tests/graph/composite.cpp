// Composites: folded and unfolded, in the file, expanded for checks and plans, and there and back under random edits.
#include "graph/composite.hpp"

#include <QtTest/QtTest>

#include "base/json.hpp"
#include "base/random.hpp"
#include "checks.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"

using namespace blockyard;

namespace {

const char* const kText = R"({
  "format": 1,
  "name": "p",
  "pipelines": {
    "main": {
      "blocks": {
        "table": {"block": "source/table", "params": {"file": "rows.csv", "target": ["kind"]}, "at": [0, 0]},
        "features": {"block": "preprocessor/to_features", "at": [200, 0]},
        "a": {"block": "extractor/linear", "params": {"out_features": 8}, "at": [400, 0]},
        "act": {"block": "extractor/activation", "at": [600, 0]},
        "b": {"block": "extractor/linear", "params": {"out_features": 4}, "at": [800, 0]},
        "cat": {"block": "extractor/concatenate", "at": [1000, 0]},
        "head": {"block": "classifier/softmax", "at": [1200, 0]}
      },
      "wires": [
        "table.features -> features.x",
        "features.y -> a.x",
        "a.y -> act.x",
        "act.y -> b.x",
        "b.y -> cat.x",
        "features.y -> cat.x",
        "act.y -> cat.x",
        "cat.y -> head.x",
        "table.target -> head.target"
      ]
    }
  }
}
)";

// The plan without the names of its blocks: each by its type, its settings and the blocks before it.
std::string shapeOf(const Plan& plan) {
  std::vector<std::string> shapes;
  for (const auto& node : plan.nodes) {
    std::string text = node.type + toJson(node.values).dump() + "(";
    for (const auto& input : node.inputs) text += input.slot + "=" + shapes[input.from] + "." + input.port + ",";
    shapes.push_back(text + ")");
  }
  std::sort(shapes.begin(), shapes.end());
  std::string out;
  for (const auto& shape : shapes) out += shape + "\n";
  return out;
}

}  // namespace

class CompositeTest : public QObject {
  Q_OBJECT

 private:
  TestFolder folder_;
  Project project(const char* text = kText) const { return projectFromText(text, folder_ / "p.blockyard"); }
  static NodeId fold(Project& project, const NodeIds& ids, const std::string& name = "encoder") {
    NodeId made;
    project.apply("main", folding(project, "main", ids, name, made));
    return made;
  }

 private Q_SLOTS:
  void initTestCase() {
    std::string rows = "x,y,kind\n";
    for (int i = 0; i < 60; ++i) rows += std::to_string(i) + "," + std::to_string(i % 5) + "," + "abc"[i % 3] + "\n";
    put(folder_ / "rows.csv", rows);
  }

  // Whatever is folded, what runs is the same: also where a port takes wires from inside and outside.
  void foldingChangesNothingThatRuns() {
    const std::string before = shapeOf(makePlan(project(), ""));
    const std::vector<NodeIds> choices = {
        {{"a"}},          {{"a"}, {"act"}, {"b"}},  {{"act"}, {"cat"}}, {{"b"}, {"cat"}, {"head"}},
        {{"a"}, {"cat"}}, {{"table"}, {"features"}}};
    for (const auto& ids : choices) {
      Project changed = project();
      const Edit undo = [&] {
        NodeId made;
        return changed.apply("main", folding(changed, "main", ids, "encoder", made));
      }();
      QCOMPARE(changed.graph("main").nodes().size(), 7 - ids.size() + 1);
      COMPARE_TEXT(shapeOf(makePlan(changed, "")), before);
      // Through the file, and unfolded again.
      Project again = projectFromText(projectText(changed), changed.file);
      COMPARE_TEXT(projectText(again), projectText(changed));
      NodeIds made;
      again.apply("main", unfolding(again, "main", {"encoder"}, made));
      QCOMPARE(made.size(), ids.size());
      QVERIFY(again.composite("encoder") == nullptr);
      COMPARE_TEXT(shapeOf(makePlan(again, "")), before);
      changed.apply("main", undo);
      COMPARE_TEXT(projectText(changed), std::string(kText));
    }
  }

  void compositesInComposites() {
    const std::string before = shapeOf(makePlan(project(), ""));
    Project changed = project();
    fold(changed, {{"act"}, {"b"}}, "inner");
    fold(changed, {{"a"}, {"inner"}}, "outer");
    const Plan plan = makePlan(changed, "");
    COMPARE_TEXT(shapeOf(plan), before);
    QVERIFY(plan.find("outer/inner/act") != nullptr);
    const Checked inside = checkAt(changed, "main", "outer/inner");
    QVERIFY(inside.ok());
    QVERIFY(inside.outputs.count({"act"}) == 1 && inside.outputs.count({"a"}) == 0);
    QVERIFY(check(changed, "main").outputs.at({"outer"}).size() > 0);
  }

  void portsFollowWhatIsInside() {
    Project changed = project();
    fold(changed, {{"a"}, {"act"}, {"b"}});
    const auto names = [&](bool outputs) {
      std::string out;
      const OuterPorts ports = portsOf(changed, *changed.composite("encoder"));
      for (const auto& port : outputs ? ports.outputs : ports.inputs) out += port.port.name + " ";
      return out;
    };
    COMPARE_TEXT(names(false), "x ");
    COMPARE_TEXT(names(true), "y y2 ");
    changed.apply("encoder", Rename{{"a"}, {"first"}});  // the port keeps its name
    COMPARE_TEXT(names(false), "x ");
    QVERIFY(check(changed, "main").ok());
    changed.apply("encoder", AddNode{.node = {.id = {"more"}, .type = "extractor/linear"}});
    COMPARE_TEXT(names(false), "x more.x ");
    COMPARE_TEXT(names(true), "y y2 more.y ");
    const Edit undo = changed.apply("encoder", RemoveNode{{"first"}});
    COMPARE_TEXT(names(false), "act.x more.x ");
    changed.apply("encoder", undo);
    COMPARE_TEXT(names(false), "x more.x ");
  }

  // A problem names the block inside, and its fix is one of the pipeline that is looked at.
  void problemsPointInside() {
    Project changed = project();
    fold(changed, {{"a"}, {"act"}, {"b"}});
    changed.apply("encoder", SetParam{{"a"}, "out_featurs", 3});
    const Checked outside = check(changed, "main");
    QVERIFY(!outside.ok());
    COMPARE_TEXT(outside.problems.front().where.block, "encoder/a");
    QVERIFY(outside.problems.front().fixes.empty());
    const Checked inside = checkAt(changed, "main", "encoder");
    COMPARE_TEXT(inside.problems.front().where.block, "a");
    QVERIFY(!inside.problems.front().fixes.empty());
    changed.apply("encoder", inside.problems.front().fixes.front().edit);
    QVERIFY(errorText([&] { makePlan(changed, ""); }).find("out_featurs") == std::string::npos);
  }

  void circlesAreRefused() {
    Project changed = project();
    fold(changed, {{"a"}, {"act"}});
    changed.apply("encoder", AddNode{.node = {.id = {"self"}, .type = "composite/encoder"}});
    const Checked checked = check(changed, "main");
    QVERIFY(std::any_of(checked.problems.begin(), checked.problems.end(), [](const Problem& problem) {
      return problem.problem.find("would hold itself") != std::string::npos;
    }));
    VERIFY_CONTAINS(errorText([&] { changed.apply("main", RemoveComposite{"none"}); }), "no composite");
    VERIFY_CONTAINS(errorText([&] { changed.apply("main", AddComposite{.name = "main"}); }), "already");
    VERIFY_CONTAINS(errorText([&] {
                      NodeIds made;
                      unfolding(changed, "main", {"b"}, made);
                    }),
                    "no composite");
    VERIFY_CONTAINS(errorText([&] {
                      NodeId made;
                      folding(changed, "main", {}, "x", made);
                    }),
                    "no blocks");
  }

  void wrongFilesAreRefused() {
    const auto text = [&](const char* composites) {
      return errorText([&] {
        projectFromText(std::string(R"({"format": 1, "pipelines": {"main": {}}, "composites": )") + composites + "}",
                        "p.blockyard");
      });
    };
    const std::pair<const char*, const char*> wrong[] = {
        {"[]", "/composites: expected an object"},
        {R"({"main": {}})", "/composites/main: expected a name of its own"},
        {R"({"c": {"inputs": {"x": "a.x"}}})", "/composites/c/inputs/x: expected a list of ports"},
        {R"({"c": {"outputs": {"y": ["a"]}}})", "/composites/c/outputs/y/0: expected a port"},
        {R"({"c": {"inputs": {"y": ["a.x:-1"]}}})", "/composites/c/inputs/y/0: expected a port"}};
    for (const auto& [composites, part] : wrong) VERIFY_CONTAINS(text(composites), part);
  }

  // To another project and back into one that has it already.
  void travelsToAnotherProject() {
    Project from = project();
    fold(from, {{"a"}, {"act"}, {"b"}});
    const Project part = projectFromText(projectText(extracted(from, "main", {{"encoder"}})), "part");
    QCOMPARE(part.pipelines.size(), size_t{2});
    NodeIds made;
    from.apply("main", pastingProject(from, "main", part, 10, 10, made));
    QCOMPARE(made, (NodeIds{{"encoder2"}}));
    QCOMPARE(from.pipelines.size(), size_t{2});  // shared
    Project other = project();
    fold(other, {{"cat"}});  // another composite of the same name
    made.clear();
    other.apply("main", pastingProject(other, "main", part, 0, 0, made));
    QCOMPARE(other.pipelines.size(), size_t{3});
    COMPARE_TEXT(other.graph("main").node(*made.begin()).type, "composite/encoder2");
    QVERIFY(other.composite("encoder2")->find({"act"}) != nullptr);
  }

  // One instance is set, whatever else the composite stands for, and undo brings every byte back.
  void settingsReachInside() {
    Project changed = project();
    fold(changed, {{"act"}, {"b"}}, "inner");
    fold(changed, {{"a"}, {"inner"}}, "outer");
    const std::string single = projectText(changed);
    const Edit undo_single = changed.apply("", editFromSetting(changed, "", "outer/inner/b.out_features=5"));
    QCOMPARE(changed.composite("inner")->node({"b"}).params["out_features"].get<int>(), 5);
    QCOMPARE(changed.pipelines.size(), size_t{3});
    changed.apply("", undo_single);
    COMPARE_TEXT(projectText(changed), single);

    NodeIds made;
    changed.apply("main", pastingProject(changed, "main", extracted(changed, "main", {{"outer"}}), 0, 90, made));
    changed.apply("main", Connect{{{{"features"}, "y"}, {{"outer2"}, "x"}}});
    changed.apply("main", Connect{{{{"outer2"}, "y"}, {{"cat"}, "x"}}});
    const std::string before = projectText(changed), hash = makePlan(changed, "").hash();
    const Edit undo = changed.apply("", editFromSetting(changed, "", "outer2/inner/b.out_features=5"));
    const Plan plan = makePlan(changed, "");
    QCOMPARE(plan.find("outer/inner/b")->values.number("out_features"), 4.0);
    QCOMPARE(plan.find("outer2/inner/b")->values.number("out_features"), 5.0);
    QVERIFY(plan.hash() != hash);
    changed.apply("", undo);
    COMPARE_TEXT(projectText(changed), before);
    // Several at once, from a file.
    changed.apply("",
                  editFromConfig(changed, "", R"({"outer2/inner/b": {"out_features": 6}, "outer2/a": {"bias": false},
      "outer/a": {"bias": false, "out_features": null}, "outer": {"bypassed": true}})",
                                 "more.json"));
    const Graph flat = expanded(changed, "").graph;
    QCOMPARE(flat.node({"outer2/inner/b"}).params["out_features"].get<int>(), 6);
    QCOMPARE(flat.node({"outer/inner/b"}).params["out_features"].get<int>(), 4);
    QCOMPARE(flat.node({"outer2/a"}).params.dump(), std::string(R"({"out_features":8,"bias":false})"));
    QCOMPARE(flat.node({"outer/a"}).params.dump(), std::string(R"({"bias":false})"));
    QVERIFY(flat.node({"outer/inner/act"}).bypassed && !flat.node({"outer2/a"}).bypassed);
    // The same through the snapshot that a run keeps.
    const Project kept = projectFromText(snapshotText(changed, "main"), changed.file);
    QVERIFY(expanded(kept, "").graph.node({"outer2/inner/b"}).params == flat.node({"outer2/inner/b"}).params);
  }

  void wrongSettingsInside() {
    Project changed = project();
    fold(changed, {{"a"}, {"act"}});
    const std::pair<const char*, const char*> wrong[] = {
        {"encoder/aa.bias=no", "there is no block \"encoder/aa\" (did you mean \"encoder/a\"?)"},
        {"encodr/act.activation=relu", "did you mean \"encoder/act\"?"},
        {"encoder/a.out_featurs=3", "encoder/a, parameter out_featurs: there is no such parameter (did you mean"},
        {"encoder/a.bias=maybe", "expected true or false"},
        {"encoder.out_features=3",
         "is a composite, so it has no parameters of its own (name a block in it: \"encoder/a.out_features\")"},
        {"b/a.bias=no", "there is no block \"b/a\""}};
    const std::string before = projectText(changed);
    for (const auto& [setting, part] : wrong) {
      VERIFY_CONTAINS(errorText([&] { applySet(changed, "", setting); }), part);
      COMPARE_TEXT(projectText(changed), before);
    }
  }

  // A wire to or from a composite is judged by the blocks inside, however deep, before it is drawn.
  void wiresToCompositesAreJudged() {
    Project changed = project();
    changed.apply("main", AddNode{.node = {.id = {"more"}, .type = "source/table", .params = {{"file", "rows.csv"}}}});
    fold(changed, {{"act"}, {"b"}}, "inner");
    fold(changed, {{"a"}, {"inner"}}, "outer");
    const Expanded flat = expanded(changed, "main");
    const Checked checked = check(changed, "main");
    const auto complaint = [&](const Link& link, const std::string& path = {}) {
      const auto problem = complaintOfConnecting(changed, flat, checked, path, link);
      return problem ? problem->text() : std::string();
    };
    VERIFY_CONTAINS(complaint({{{"more"}, "features"}, {{"outer"}, "x"}}), "outer.x: expected float");
    VERIFY_CONTAINS(complaint({{{"outer"}, "y2"}, {{"head"}, "target"}}), "head.target: expected");
    VERIFY_CONTAINS(complaint({{{"cat"}, "y"}, {{"outer"}, "x"}}), "cycle");
    COMPARE_TEXT(complaint({{{"features"}, "y"}, {{"outer"}, "x"}}), std::string());
    COMPARE_TEXT(complaint({{{"outer"}, "y2"}, {{"head"}, "x"}}), std::string());
    VERIFY_CONTAINS(complaint({{{"inner"}, "y"}, {{"a"}, "x"}}, "outer"), "cycle");
  }

  // A run's pipeline opens again with the composites that it had.
  void snapshotsHoldComposites() {
    Project changed = project();
    fold(changed, {{"a"}, {"act"}});
    const Snapshot then = snapshotFromText(snapshotText(changed, "main"), "run");
    Project other = project();
    fold(other, {{"b"}});  // another composite of the same name
    other.apply("main", restoring(other, "main", then));
    COMPARE_TEXT(projectText(other), projectText(changed));
  }

  // Random acts and all of them undone: every byte is as it was.
  void thereAndBack() {
    for (uint64_t seed = 0; seed < 40; ++seed) {
      const KeyedRandom random(seed);
      Project changed = project();
      std::vector<std::pair<std::string, Edit>> undo;
      const auto act = [&](const std::string& pipeline, const Edit& edit) {
        try {
          undo.emplace_back(pipeline, changed.apply(pipeline, edit));
        } catch (const Error&) {  // an act that is impossible changes nothing
        }
      };
      for (uint64_t step = 0; step < 30; ++step) {
        const auto pick = [&](const char* what, size_t count) {
          return static_cast<size_t>(random.key(what).below(step, static_cast<uint64_t>(count)));
        };
        const PipelineGraph& at = changed.pipelines[pick("pipeline", changed.pipelines.size())];
        const std::string name = at.name;
        const auto& nodes = at.graph.nodes();
        if (nodes.empty()) continue;
        const NodeId one = nodes[pick("one", nodes.size())].id, two = nodes[pick("two", nodes.size())].id;
        NodeIds many;
        NodeId made;
        switch (pick("act", 6)) {
          case 0:
          case 1:
            act(name, folding(changed, name, {one, two}, "c", made));
            break;
          case 2:
            if (changed.composite(compositeOf(at.graph.node(one).type)) != nullptr)
              act(name, unfolding(changed, name, one, many));
            break;
          case 3:
            act(name, RemoveNode{one});
            break;
          case 4:
            act(name, Rename{one, {one.name + "_"}});
            break;
          default:
            act(name, pastingProject(changed, name, extracted(changed, name, {one, two}), 10, 10, many));
        }
        static_cast<void>(check(changed, "main", Peek::No));
        static_cast<void>(projectFromText(projectText(changed), changed.file));
      }
      for (auto it = undo.rbegin(); it != undo.rend(); ++it) changed.apply(it->first, it->second);
      COMPARE_TEXT(projectText(changed), std::string(kText));
    }
  }
};

QTEST_GUILESS_MAIN(CompositeTest)
#include "composite.moc"
