// The project file: read and written back as it is, variables, bases, settings from the command line, and every way to
// be wrong with its one message.
#include "graph/project.hpp"

#include <QtTest>

#include "base/file.hpp"
#include "checks.hpp"
#include "graph/json_text.hpp"

using namespace blockyard;

namespace {

const char* const kText = R"({
  "format": 1,
  "name": "Sample",
  "doc": "What it is for.",
  "variables": {
    "hidden": 64,
    "name": "run"
  },
  "pipelines": {
    "main": {
      "blocks": {
        "zeta": {"block": "source/table", "params": {"file": "${data}/a.csv", "target": ["species"]}, "at": [0, 0]},
        "alpha": {"block": "extractor/linear", "params": {"out_features": "${hidden}"}, "at": [120, 0.5]}
      },
      "wires": [
        "zeta.features -> alpha.x"
      ],
      "training": {
        "epochs": 40
      }
    }
  },
  "tool": {
    "version": [1, 2]
  }
}
)";

Project fromText(const std::string& text) {
  return projectFromText(text, "/p/sample.blockyard");
}

OrderedJson param(const Project& project, const char* block, const char* name) {
  return project.graph("main").node({block}).params.at(name);
}

}  // namespace

class ProjectTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void textSurvives() {
    const Project project = fromText(kText);
    COMPARE_TEXT(projectText(project), std::string(kText));
    QCOMPARE(project.folder(), std::string("/p"));
    QCOMPARE(project.defaultPipeline(), std::string("main"));
    QCOMPARE(project.graph("").nodes()[0].id.name, std::string("zeta"));
  }

  void filesSurvive() {
    const TestFolder folder;
    const std::filesystem::path file = folder / "a.blockyard";
    saveProject(fromText(kText), file);
    QCOMPARE(readFile(file), std::string(kText));
    QCOMPARE(projectText(loadProject(file)), std::string(kText));
  }

  void everyFormatIsRead() {
    for (int format = 1; format <= kProjectFormat; ++format) {
      const std::string file = BLOCKYARD_TEST_DIR "/formats/" + std::to_string(format) + ".blockyard";
      const Project project = loadProject(file);
      QCOMPARE(project.graph("main").nodes().size(), size_t(3));
      if (format == kProjectFormat) QCOMPARE(projectText(project), readFile(file));
    }
  }

  void wrongFilesAreRefused_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    const auto pipeline = [](const char* body) {
      return QString(R"({"format": 1, "pipelines": {"main": %1}})").arg(body);
    };
    const auto row = [](const char* name, const QString& text, const char* part) {
      QTest::newRow(name) << text << part;
    };
    row("empty", "", "sample.blockyard");
    row("list", "[]", "expected a project as a JSON object");
    row("no format", "{}", "/format: expected the number");
    row("newer", R"({"format": 1000})", "/format: the file has format 1000, this version reads up to");
    row("duplicate", R"({"format": 1, "name": "a", "name": "b"})", "name");
    row("deep", QString(100000, '['), "sample.blockyard");
    row("name", R"({"format": 1, "name": 3})", "/name: expected a text, got 3");
    row("pipelines", R"({"format": 1, "pipelines": []})", "/pipelines: expected an object, got []");
    row("blocks", pipeline(R"({"blocks": 3})"), "/pipelines/main/blocks: expected an object, got 3");
    row("block", pipeline(R"({"blocks": {"a": []}})"), "/pipelines/main/blocks/a: expected an object, got []");
    row("type", pipeline(R"({"blocks": {"a": {"block": 1}}})"),
        "/pipelines/main/blocks/a/block: expected a text, got 1");
    row("params", pipeline(R"({"blocks": {"a": {"params": [1]}}})"),
        "/pipelines/main/blocks/a/params: expected an object");
    row("param", pipeline(R"({"blocks": {"a": {"block": "extractor/linear", "params": {"bias": {}}}}})"),
        "/pipelines/main/blocks/a/params/bias: expected a flag, a number, a text or a list of them, got {}");
    row("at", pipeline(R"({"blocks": {"a": {"block": "b", "at": [1]}}})"),
        "/pipelines/main/blocks/a/at: expected a list of 2 numbers");
    row("block name", pipeline(R"({"blocks": {"a.b": {}}})"), "/pipelines/main/blocks/a.b: expected a name of letters");
    row("wires", pipeline(R"({"wires": {}})"), "/pipelines/main/wires: expected a list, got {}");
    row("wire", pipeline(R"({"wires": ["a.x => b.y"]})"), "/pipelines/main/wires/0: expected a wire as");
    row("frame", pipeline(R"({"frames": [{"rect": ["a"]}]})"),
        "/pipelines/main/frames/0/rect: expected a list of 4 numbers");
    row("training", pipeline(R"({"training": 1})"), "/pipelines/main/training: expected an object, got 1");
  }

  void wrongFilesAreRefused() {
    QFETCH(QString, text);
    QFETCH(QString, part);
    const std::string got = errorText([&] { fromText(text.toStdString()); });
    VERIFY_CONTAINS(got, part.toStdString());
    VERIFY_CONTAINS(got, "sample.blockyard");
  }

  void variablesAreReplaced() {
    qputenv("BLOCKYARD_DATA", "/d");
    const Variables variables({{"n", 3}, {"rate", 0.5}, {"sizes", {1, 2}}, {"root", "${data}/x"}, {"loop", "a${loop}"}},
                              "/p");
    const auto text = [&](const OrderedJson& json) { return variables.replaced(json).dump(); };
    QCOMPARE(text("${n}"), std::string("3"));
    QCOMPARE(text("${sizes}"), std::string("[1,2]"));
    QCOMPARE(text("n = ${n}, ${rate}!"), std::string("\"n = 3, 0.5!\""));
    QCOMPARE(text({"${n}", "${root}/${n}", 7}), std::string("[3,\"/d/x/3\",7]"));
    QCOMPARE(text("${project}/a"), std::string("\"/p/a\""));
    QCOMPARE(text("$${n} $5"), std::string("\"${n} $5\""));
    VERIFY_CONTAINS(errorText([&] { text("${rats}"); }), "did you mean ${rate}?");
    VERIFY_CONTAINS(errorText([&] { text("${loop}"); }), "needs itself");
    VERIFY_CONTAINS(errorText([&] { text("${n"); }), "expected a '}'");
    VERIFY_CONTAINS(errorText([&] { text("x${sizes}"); }), "cannot stand inside a text");
    OrderedJson doubling = {{"v40", "x"}};
    for (int i = 0; i < 40; ++i) {
      const std::string next = "${v" + std::to_string(i + 1) + "}";
      doubling["v" + std::to_string(i)] = next + next;
    }
    VERIFY_CONTAINS(errorText([&] { Variables(doubling, "/p").replaced("${v0}"); }), "more than 10,000 replacements");
  }

  void dataFolderFollowsTheEnvironment() {
    qputenv("BLOCKYARD_DATA", "");
    qputenv("XDG_DATA_HOME", "/x");
    QCOMPARE(dataFolders(), (std::vector<std::string>{"/x/blockyard/data"}));
    qputenv("XDG_DATA_HOME", "");
    qputenv("HOME", "/h");
    QCOMPARE(dataFolders(), (std::vector<std::string>{"/h/.local/share/blockyard/data"}));
  }

  // A set that the first folder lacks is taken from the next one.
  void dataComesFromTheFolderThatHasIt() {
    const TestFolder own, usual;
    std::filesystem::create_directories(usual / "blockyard/data/iris");
    std::ofstream(usual / "blockyard/data/iris/iris.csv") << "a\n1\n";
    qputenv("BLOCKYARD_DATA", own.path().c_str());
    qputenv("XDG_DATA_HOME", usual.path().c_str());
    const Variables variables(OrderedJson::object(), "/p");
    const auto text = [&](const char* json) { return variables.replaced(json).get<std::string>(); };
    QCOMPARE(text("${data}/iris/iris.csv"), usual / "blockyard/data/iris/iris.csv");
    QCOMPARE(text("${data}/wine/wine.csv"), own / "wine/wine.csv");
    VERIFY_CONTAINS(dataHint(own / "wine/wine.csv"), "packaging/data wine brings it");
    QCOMPARE(dataHint(usual / "blockyard/data/iris/iris.csv"), std::string());
    QCOMPARE(dataHint("/elsewhere/x.csv"), std::string());
  }

  void basesAreRefined() {
    const TestFolder folder;
    const auto path = [&](const char* name) { return std::filesystem::path(folder / name); };
    writeDurably(path("base.blockyard"), kText);
    writeDurably(path("fine.blockyard"),
                 R"({"format": 1, "base": "base.blockyard", "name": "Fine", "variables": {"hidden": 8},
      "pipelines": {"main": {"blocks": {"alpha": {"params": {"bias": false}}}, "training": {"epochs": null, "batch_size": 8}}}})");
    Project project = loadProject(path("fine.blockyard"));
    QCOMPARE(project.name, std::string("Fine"));
    QCOMPARE(project.doc, std::string("What it is for."));
    QCOMPARE(project.variables.at("hidden").get<int>(), 8);
    QCOMPARE(param(project, "alpha", "out_features").get<std::string>(), std::string("${hidden}"));
    QCOMPARE(project.graph("main").training().dump(), std::string("{\"batch_size\":8}"));

    // What is saved is the difference, and it reads back as the same.
    project.apply("main", SetParam{{"alpha"}, "out_features", 5});
    project.apply("main", RemoveNode{{"zeta"}});
    saveProject(project, path("fine.blockyard"));
    const std::string text = readFile(path("fine.blockyard"));
    QVERIFY2(text.find("\"zeta\": null") != std::string::npos && text.find("doc") == std::string::npos, text.c_str());
    const Project again = loadProject(path("fine.blockyard"));
    QCOMPARE(param(again, "alpha", "out_features").get<int>(), 5);
    QCOMPARE(again.graph("main").nodes().size(), size_t(1));
    QCOMPARE(projectText(again), text);
  }

  void circlesOfBasesAreRefused() {
    const TestFolder folder;
    const auto path = [&](const char* name) { return std::filesystem::path(folder / name); };
    writeDurably(path("a.blockyard"), R"({"format": 1, "base": "b.blockyard"})");
    writeDurably(path("b.blockyard"), R"({"format": 1, "base": "a.blockyard"})");
    writeDurably(path("c.blockyard"), R"({"format": 1, "base": "none.blockyard"})");
    const std::string got = errorText([&] { loadProject(path("a.blockyard")); });
    VERIFY_CONTAINS(got, "a.blockyard -> b.blockyard -> a.blockyard");
    const std::string missing = errorText([&] { loadProject(path("c.blockyard")); });
    VERIFY_CONTAINS(missing, "none.blockyard");
  }

  void settingsAreApplied() {
    Project project = fromText(kText);
    for (const char* setting :
         {"alpha.out_features=32", "alpha.bias=no", "training.epochs=3", "training.learning_rate=1e-4",
          "variables.hidden=0.5", "variables.name=other", "alpha.bypassed=true"})
      applySet(project, "main", setting);
    QCOMPARE(param(project, "alpha", "out_features").get<int>(), 32);
    QCOMPARE(param(project, "alpha", "bias").get<bool>(), false);
    QCOMPARE(project.graph("main").training().dump(), std::string("{\"epochs\":3,\"learning_rate\":0.0001}"));
    QCOMPARE(project.variables.dump(), std::string("{\"hidden\":0.5,\"name\":\"other\"}"));
    QVERIFY(project.graph("main").node({"alpha"}).bypassed);
    applySet(project, "main", "alpha.out_features=${hidden}");
    QCOMPARE(param(project, "alpha", "out_features").get<std::string>(), std::string("${hidden}"));
  }

  void wrongSettingsAreRefused_data() {
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("part");
    const auto row = [](const char* setting, const char* part) { QTest::newRow(setting) << setting << part; };
    row("epochs=3", "expected block.parameter=value");
    row("training.epochs", "expected block.parameter=value");
    row("training.epoch=3", "training, parameter epoch: there is no such parameter (did you mean \"epochs\"?)");
    row("training.epochs=many", "training, parameter epochs: expected an integer, got \"many\"");
    row("training.epochs=0", "expected an integer from 1");
    row("alhpa.bias=true", "there is no block \"alhpa\" (did you mean \"alpha\"?)");
    row("alpha.biass=true", "did you mean \"bias\"?");
    row("alpha.bias=maybe", "expected true or false");
    row("variables.hiden=3", "did you mean \"hidden\"?");
    row("trainig.epochs=3", "did you mean \"training\"?");
  }

  void wrongSettingsAreRefused() {
    QFETCH(QString, setting);
    QFETCH(QString, part);
    Project project = fromText(kText);
    const std::string got = errorText([&] { applySet(project, "main", setting.toStdString()); });
    VERIFY_CONTAINS(got, part.toStdString());
    COMPARE_TEXT(projectText(project), std::string(kText));
  }

  void configsAreApplied() {
    Project project = fromText(kText);
    const std::string before = projectText(project);
    const Edit undo = project.apply("", editFromConfig(project, "", R"({"alpha": {"out_features": null, "bias": false},
      "training": {"epochs": null, "seed": 3}, "variables": {"hidden": [1, 2]}})",
                                                       "more.json"));
    QVERIFY(!project.graph("").node({"alpha"}).params.contains("out_features"));
    QCOMPARE(project.graph("").training().dump(), std::string("{\"seed\":3}"));
    QCOMPARE(project.variables.at("hidden").dump(), std::string("[1,2]"));
    project.apply("", undo);
    COMPARE_TEXT(projectText(project), before);
    const std::string got =
        errorText([&] { editFromConfig(project, "", R"({"training": {"seed": "x"}})", "more.json"); });
    VERIFY_CONTAINS(got, "more.json: /training/seed: expected an integer, got \"x\"");
  }
};

QTEST_GUILESS_MAIN(ProjectTest)
#include "project.moc"
