// What is wrong with a project is told all at once, before any training.
#include "cli/command.hpp"

using namespace blockyard;

class CheckTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void newProjectsThatCheckAccepts();
  void newProjectsAreRight_data();
  void newProjectsAreRight();
  void newRefusesWhatIsThere();
  void tellsAllProblemsAtOnce();
  void brokenFiles_data();
  void brokenFiles();
  void looksIntoTheFiles_data();
  void looksIntoTheFiles();
  void brokenGraphs_data();
  void brokenGraphs();
  void settingsAreTriedOut();
  void findsTheProjectOfAFolder();
};

namespace {

// A project around `blocks` and `wires`, as JSON texts.
std::string project(const std::string& blocks, const std::string& wires, const std::string& training = "{}") {
  return R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {)" + blocks + R"(}, "wires": [)" + wires +
         R"(], "training": )" + training + "}}}";
}

const std::string kTable =
    R"("data": {"block": "source/table", "params": {"file": "rows.csv", "target": ["species"]}})";

}  // namespace

void CheckTest::newProjectsAreRight_data() {
  QTest::addColumn<QString>("target");
  QTest::addColumn<QString>("head");
  QTest::newRow("classes") << "species"
                           << "classifier/softmax";
  QTest::newRow("numbers") << "body_mass_g"
                           << "regressor/linear";
}

void CheckTest::newProjectsAreRight() {
  QFETCH(QString, target);
  QFETCH(QString, head);
  const Workplace place;
  std::string rows = penguinRows(100);
  place.write("rows.csv", rows);
  const Called made = place.call({"new", "birds", "--data", "rows.csv", "--target", target});
  VERIFY_CODE(made, 0);
  QCOMPARE(made.out, std::string());
  VERIFY_HOLDS(place.read("birds/birds.blockyard"), head.toStdString());
  VERIFY_HOLDS(place.read("birds/birds.blockyard"), "../rows.csv");
  // Some birds were not weighed.
  QCOMPARE(made.err.find("such rows are left out") != std::string::npos, target != "species");
  const Called checked = place.call({"check", "birds"});
  VERIFY_CODE(checked, 0);
  VERIFY_HOLDS(checked.out, "birds/main: ok");
  QCOMPARE(place.call({"check", "birds", "--json"}).json()["ok"].get<bool>(), true);
}

void CheckTest::newRefusesWhatIsThere() {
  const Workplace place;
  place.write("rows.csv", penguinRows(50));
  VERIFY_CODE(place.call({"new", "a.blockyard", "--template", "empty"}), 0);
  const std::string before = place.read("a.blockyard");
  const Called again = place.call({"new", "a.blockyard", "--data", "rows.csv", "--target", "species"});
  VERIFY_CODE(again, 2);
  QCOMPARE(place.read("a.blockyard"), before);
  const Called wrong = place.call({"new", "b", "--template", "tabel"});
  VERIFY_CODE(wrong, 2);
  VERIFY_HOLDS(wrong.err, "did you mean \"table\"?");
  const Called missing = place.call({"new", "b", "--data", "nothing.csv"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "nothing.csv");
  QVERIFY(!QFile::exists(QString::fromStdString(place.path("b"))));
}

void CheckTest::tellsAllProblemsAtOnce() {
  const Workplace place;
  place.write("rows.csv", penguinRows(50));
  place.write("p.blockyard", project(kTable + R"(, "drop": {"block": "extractor/dropout", "params": {"rate": 2}},
      "mlp": {"block": "extractor/mpl"}, "head": {"block": "classifier/softmax"})",
                                     R"("data.features -> drop.x", "drop.y -> head.x", "data.target -> head.target")",
                                     R"({"epoch": 3})"));
  const Called called = place.call({"check"});
  VERIFY_CODE(called, 3);
  QCOMPARE(called.err, std::string());
  VERIFY_HOLDS(called.out, "drop, parameter rate");
  VERIFY_HOLDS(called.out, "extractor/mlp");  // offered
  VERIFY_HOLDS(called.out, "epochs");         // offered
  const auto json = place.call({"check", "--json"}).json();
  QCOMPARE(json["ok"].get<bool>(), false);
  QVERIFY(json["problems"].size() >= 3);
  for (const auto& problem : json["problems"]) QVERIFY(!problem["problem"].get<std::string>().empty());
}

void CheckTest::brokenFiles_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("said");
  QTest::newRow("empty") << QByteArray("") << "broken.blockyard";
  QTest::newRow("no JSON") << QByteArray("hello") << "broken.blockyard:1:1";
  QTest::newRow("cut short") << QByteArray("{\"format\": 1, \"pipelines\": {") << "broken.blockyard:1";
  QTest::newRow("name twice") << QByteArray("{\"format\": 1,\n \"name\": \"a\", \"name\": \"b\"}") << "name";
  QTest::newRow("depth 100,000") << QByteArray(100000, '[') << "64 levels";
  QTest::newRow("wrong type") << QByteArray(R"({"format": 1, "name": "a", "pipelines": []})") << "pipelines";
  QTest::newRow("newer format") << QByteArray(R"({"format": 99, "pipelines": {}})") << "99";
  QTest::newRow("no pipelines") << QByteArray(R"({"format": 1, "name": "a", "pipelines": {}})") << "pipeline";
}

void CheckTest::brokenFiles() {
  QFETCH(QByteArray, text);
  QFETCH(QString, said);
  const Workplace place;
  place.write("broken.blockyard", text.toStdString());
  for (const char* verb : {"check", "train"}) {
    const Called called = place.call({verb, "broken.blockyard"});
    VERIFY_CODE(called, 3);
    QVERIFY(called.err.starts_with("error: "));
    VERIFY_HOLDS(called.err, said.toStdString());
    QVERIFY(called.err.size() < 2000);
  }
}

void CheckTest::brokenGraphs_data() {
  QTest::addColumn<QString>("blocks");
  QTest::addColumn<QString>("wires");
  QTest::addColumn<QString>("said");
  const QString table = QString::fromStdString(kTable);
  const QString head = R"(, "head": {"block": "classifier/softmax"})";
  QTest::newRow("unknown block") << table + R"(, "a": {"block": "extractor/conv2"})"
                                 << ""
                                 << "extractor/conv2d";
  QTest::newRow("unknown parameter") << table + R"(, "a": {"block": "extractor/dropout", "params": {"rat": 0.1}})"
                                     << ""
                                     << "rate";
  QTest::newRow("wrong type") << table + R"(, "a": {"block": "extractor/dropout", "params": {"rate": "much"}})"
                              << ""
                              << "rate";
  QTest::newRow("cycle") << table + R"(, "a": {"block": "extractor/dropout"}, "b": {"block": "extractor/dropout"})"
                         << R"("a.y -> b.x", "b.y -> a.x")"
                         << "cycle";
  QTest::newRow("dangling wire") << table + head << R"("data.features -> nobody.x")"
                                 << "nobody";
  QTest::newRow("no such port") << table + head << R"("data.feature -> head.x")"
                                << "features";
  QTest::newRow("shape") << table + head << R"("data.features -> head.x", "data.target -> head.target")"
                         << "head.x";
  QTest::newRow("no source") << R"("head": {"block": "classifier/softmax"})"
                             << ""
                             << "head.x";
  QTest::newRow("missing file")
      << R"("data": {"block": "source/table", "params": {"file": "gone.csv", "target": ["species"]}})"
      << ""
      << "gone.csv";
  QTest::newRow("missing target")
      << R"("data": {"block": "source/table", "params": {"file": "rows.csv", "target": ["spezies"]}})"
      << ""
      << "species";
}

// What the first rows and the headers tell is told before the training.
void CheckTest::looksIntoTheFiles_data() {
  QTest::addColumn<QString>("more");
  QTest::addColumn<QString>("rows");
  QTest::addColumn<QString>("said");
  QTest::newRow("constant target") << ""
                                   << "a,y\n1,3\n2,3\n4,3\n"
                                   << "in every row";
  QTest::newRow("target left empty") << ""
                                     << "a,y\n1,3\n2,\n4,5\n"
                                     << "missing in line 3";
  QTest::newRow("test file without the target") << R"(, "test_file": "test.csv")"
                                                << "a,y\n1,3\n2,4\n4,5\n"
                                                << "test.csv";
  QTest::newRow("good") << ""
                        << "a,y\n1,3\n2,4\n4,5\n"
                        << "";
}

void CheckTest::looksIntoTheFiles() {
  QFETCH(QString, more);
  QFETCH(QString, rows);
  QFETCH(QString, said);
  const Workplace place;
  place.write("rows.csv", rows.toStdString());
  place.write("test.csv", "a\n1\n2\n");
  place.write("p.blockyard",
              project(R"("data": {"block": "source/table", "params": {"file": "rows.csv", "target": ["y"])" +
                          more.toStdString() + R"(}}, "features": {"block": "preprocessor/to_features"},
                                         "answer": {"block": "regressor/linear"})",
                      R"("data.features -> features.x", "features.y -> answer.x",
                                        "data.target -> answer.target")"));
  const Called checked = place.call({"check"});
  VERIFY_CODE(checked, said.isEmpty() ? 0 : 3);
  VERIFY_HOLDS(checked.out, said.toStdString());
}

void CheckTest::brokenGraphs() {
  QFETCH(QString, blocks);
  QFETCH(QString, wires);
  QFETCH(QString, said);
  const Workplace place;
  place.write("rows.csv", penguinRows(50));
  place.write("p.blockyard", project(blocks.toStdString(), wires.toStdString()));
  const Called checked = place.call({"check"});
  VERIFY_CODE(checked, 3);
  VERIFY_HOLDS(checked.out, said.toStdString());
  const Called trained = place.call({"train"});
  VERIFY_CODE(trained, 3);
  QCOMPARE(trained.out, std::string());
  QVERIFY(trained.err.starts_with("error: "));
  QVERIFY(!QFile::exists(QString::fromStdString(place.path("runs"))));
}

void CheckTest::settingsAreTriedOut() {
  const Workplace place;
  place.write("rows.csv", penguinRows(50));
  VERIFY_CODE(place.call({"new", "p.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  const std::string before = place.read("p.blockyard");
  VERIFY_CODE(place.call({"check", "--set", "hidden.hidden=[8,8]", "--epochs", "3"}), 0);
  QCOMPARE(place.read("p.blockyard"), before);
  const Called block = place.call({"check", "--set", "hiden.hidden=[8]"});
  VERIFY_CODE(block, 2);
  VERIFY_HOLDS(block.err, "did you mean \"hidden\"?");
  const Called parameter = place.call({"check", "--set", "hidden.dropot=0.1"});
  VERIFY_CODE(parameter, 2);
  VERIFY_HOLDS(parameter.err, "dropout");
  const Called value = place.call({"train", "--epochs", "many"});
  VERIFY_CODE(value, 2);
  VERIFY_HOLDS(value.err, "epochs");
  place.write("more.json", R"({"training": {"epochs": 2}, "hidden": {"dropout": 0.1}})");
  VERIFY_CODE(place.call({"check", "--config", "more.json"}), 0);
  const Called missing = place.call({"check", "--config", "less.json"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "less.json");
}

void CheckTest::findsTheProjectOfAFolder() {
  const Workplace place;
  const Called none = place.call({"check"});
  VERIFY_CODE(none, 3);
  VERIFY_HOLDS(none.err, "blockyard new");
  VERIFY_CODE(place.call({"new", "a.blockyard", "--template", "empty"}), 0);
  VERIFY_CODE(place.call({"new", "b.blockyard", "--template", "empty"}), 0);
  const Called two = place.call({"check"});
  VERIFY_CODE(two, 3);
  VERIFY_HOLDS(two.err, "a.blockyard, b.blockyard");
  const Called missing = place.call({"train", "c"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "there is no such project");
}

// Free texts, several columns of yes or no, names that look like variables.
void CheckTest::newProjectsThatCheckAccepts() {
  const Workplace place;
  std::string text = "a,${memo},note,t1,t2\n";
  for (int i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",memo no. " + number + ",said by " + number + (i % 2 == 0 ? ",1" : ",0") +
            (i % 3 == 0 ? ",1\n" : ",0\n");
  }
  place.write("${rows}.csv", text);
  const QStringList data = {"--data", "${rows}.csv", "--task"};
  VERIFY_CODE(place.call(QStringList{"new", "tags.blockyard"} + data +
                         QStringList{"classes", "--target", "t1", "--target", "t2"}),
              0);
  VERIFY_CODE(place.call(QStringList{"new", "one.blockyard"} + data + QStringList{"classes", "--target", "t1"}), 0);
  VERIFY_CODE(place.call(QStringList{"new", "numbers.blockyard"} + data + QStringList{"numbers", "--target", "a"}), 0);
  for (const char* name : {"tags.blockyard", "one.blockyard", "numbers.blockyard"}) {
    VERIFY_CODE(place.call({"check", name}), 0);
    VERIFY_HOLDS(place.read(name), "$${memo}");
  }
  VERIFY_CODE(place.call({"train", "tags.blockyard", "-q", "--epochs", "1"}), 0);
  const Called answers = place.call({"predict", "tags.blockyard", "${rows}.csv"});
  VERIFY_CODE(answers, 0);
  QCOMPARE(answers.out.substr(0, answers.out.find('\n')), std::string("t1,t2"));
}

QTEST_GUILESS_MAIN(CheckTest)
#include "check.moc"
