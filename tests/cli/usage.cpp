// The command's manners: help, exit codes, nearest names, clean output.
#include "cli/command.hpp"

using namespace blockyard;

class UsageTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void helpOfTheCommandListsAllVerbs();
  void everyVerbExplainsItself_data();
  void everyVerbExplainsItself();
  void versionIsData();
  void noVerbIsAMistake();
  void mistakesNameTheNearest_data();
  void mistakesNameTheNearest();
  void errorsAreJsonIfAskedFor();
  void blocksListsAndExplains();
  void blocksHaveNoColorsInAPipe();
  void doctorTellsVersions();

 private:
  Workplace place_;
};

namespace {
const char* const kVerbs[] = {"new",  "check",   "blocks",    "inspect", "train",  "evaluate", "predict",
                              "runs", "profile", "benchmark", "export",  "doctor", "open"};
}

void UsageTest::helpOfTheCommandListsAllVerbs() {
  for (const QStringList& arguments : {QStringList{"--help"}, QStringList{"-h"}, QStringList{"help"}}) {
    const Called called = place_.call(arguments);
    VERIFY_CODE(called, 0);
    QCOMPARE(called.err, std::string());
    for (const char* verb : kVerbs) VERIFY_HOLDS(called.out, std::string("\n  ") + verb + " ");
    QVERIFY(called.out.find("Examples") < called.out.find("Verbs"));
  }
}

void UsageTest::everyVerbExplainsItself_data() {
  QTest::addColumn<QStringList>("verb");
  for (const char* verb : kVerbs) QTest::newRow(verb) << QStringList{verb};
  for (const char* verb :
       {"list", "show", "compare", "resume", "tag", "note", "archive", "pin", "delete", "restore", "trash"})
    QTest::newRow(verb) << QStringList{"runs", verb};
}

void UsageTest::everyVerbExplainsItself() {
  QFETCH(QStringList, verb);
  const Called called = place_.call(verb + QStringList{"--help"});
  VERIFY_CODE(called, 0);
  QCOMPARE(called.err, std::string());
  VERIFY_HOLDS(called.out, "  blockyard " + verb.join(' ').toStdString());
  const size_t examples = called.out.find("Examples");
  QVERIFY(examples != std::string::npos && examples < called.out.find("--json"));
  QCOMPARE(place_.call(QStringList{"help"} + verb).out, called.out);
}

void UsageTest::versionIsData() {
  const Called called = place_.call({"--version"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "blockyard 0.");
  QCOMPARE(called.err, std::string());
}

void UsageTest::noVerbIsAMistake() {
  const Called called = place_.call({});
  VERIFY_CODE(called, 2);
  QCOMPARE(called.out, std::string());
  VERIFY_HOLDS(called.err, "Verbs");
}

void UsageTest::mistakesNameTheNearest_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::addColumn<QString>("problem");
  QTest::addColumn<QString>("hint");
  QTest::newRow("verb") << QStringList{"trian"} << "unknown verb \"trian\""
                        << "did you mean \"train\"?";
  QTest::newRow("inner verb") << QStringList{"runs", "lst"} << "unknown verb \"lst\""
                              << "did you mean \"list\"?";
  QTest::newRow("no inner verb") << QStringList{"runs"} << "wants a verb"
                                 << "blockyard runs --help";
  QTest::newRow("option") << QStringList{"train", "--epoch", "3"} << "unknown option --epoch"
                          << "did you mean --epochs?";
  QTest::newRow("option with value") << QStringList{"train", "--seeds=3"} << "unknown option --seeds"
                                     << "did you mean --seed?";
  QTest::newRow("too much") << QStringList{"doctor", "now"} << "unexpected argument \"now\""
                            << "blockyard doctor --help";
  QTest::newRow("missing") << QStringList{"predict"} << "TRAINED"
                           << "blockyard predict --help";
  QTest::newRow("block") << QStringList{"blocks", "extractor/convd2"} << "extractor/convd2"
                         << "extractor/conv2d";
  QTest::newRow("kind") << QStringList{"blocks", "--kind", "extractr"} << "extractr"
                        << "did you mean \"extractor\"?";
}

void UsageTest::mistakesNameTheNearest() {
  QFETCH(QStringList, arguments);
  QFETCH(QString, problem);
  QFETCH(QString, hint);
  const Called called = place_.call(arguments);
  VERIFY_CODE(called, 2);
  QCOMPARE(called.out, std::string());
  QVERIFY(called.err.starts_with("error: "));
  VERIFY_HOLDS(called.err, problem.toStdString());
  VERIFY_HOLDS(called.err, "\n  hint: ");
  VERIFY_HOLDS(called.err, hint.toStdString());
}

void UsageTest::errorsAreJsonIfAskedFor() {
  for (const QStringList& arguments :
       {QStringList{"train", "nothing-here", "--json"}, QStringList{"--json", "train", "nothing-here"}}) {
    const Called called = place_.call(arguments);
    VERIFY_CODE(called, 3);
    QCOMPARE(called.out, std::string());
    const auto json = nlohmann::json::parse(called.err);
    QCOMPARE(json["error"]["exit"].get<int>(), 3);
    QCOMPARE(json["error"]["where"]["file"].get<std::string>(), std::string("nothing-here"));
    QVERIFY(!json["error"]["hint"].get<std::string>().empty());
  }
}

void UsageTest::blocksListsAndExplains() {
  const Called list = place_.call({"blocks", "--json"});
  VERIFY_CODE(list, 0);
  const auto blocks = list.json()["blocks"];
  QVERIFY(blocks.size() > 20);
  // What the list says and what the reference says is the same.
  for (const auto& block : blocks) {
    if (block["kind"] != "classifier") continue;
    const Called one = place_.call({"blocks", QString::fromStdString(block["id"].get<std::string>()), "--json"});
    VERIFY_CODE(one, 0);
    QCOMPARE(one.json(), block);
  }
  const Called dropout = place_.call({"blocks", "dropout"});
  VERIFY_CODE(dropout, 0);
  for (const char* part :
       {"extractor/dropout", "Inputs", "Outputs", "Parameters", "rate = 0.5", "0 to 0.95", "Example"})
    VERIFY_HOLDS(dropout.out, part);
  const Called training = place_.call({"blocks", "training"});
  VERIFY_CODE(training, 0);
  for (const char* name : {"epochs", "batch_size", "loader_threads", "one of"}) VERIFY_HOLDS(training.out, name);
  const Called several = place_.call({"blocks", "linear"});
  VERIFY_CODE(several, 2);
  VERIFY_HOLDS(several.err, "extractor/linear, regressor/linear");
  const Called kind = place_.call({"blocks", "--kind", "regressor", "--json"});
  const auto listed = kind.json();
  for (const auto& block : listed["blocks"]) QCOMPARE(block["kind"].get<std::string>(), std::string("regressor"));
}

void UsageTest::blocksHaveNoColorsInAPipe() {
  place_.setEnvironment("TERM", "xterm-256color");
  const Called called = place_.call({"blocks"});
  QVERIFY(called.out.find('\x1b') == std::string::npos);
  QVERIFY(called.err.find('\x1b') == std::string::npos);
}

void UsageTest::doctorTellsVersions() {
  const Called called = place_.call({"doctor", "--json"});
  VERIFY_CODE(called, 0);
  const auto json = called.json();
  for (const char* name : {"blockyard", "libtorch", "arrow", "compiler"})
    QVERIFY(!json["versions"][name].get<std::string>().empty());
  QVERIFY(json["machine"]["cores"].get<int>() >= 1);
  const auto cpu = json["devices"][0];
  QVERIFY(cpu["id"] == "cpu" && cpu["state"] == "ok" && cpu["checks"].size() >= 3);
  for (const auto& check : cpu["checks"]) QVERIFY(check["ok"].get<bool>());
  QVERIFY(json["devices"].size() >= 2);
  const Called shown = place_.call({"doctor"});
  VERIFY_CODE(shown, 0);
  VERIFY_HOLDS(shown.out, "matrix product: ok, deviation ");
}

QTEST_GUILESS_MAIN(UsageTest)
#include "usage.moc"
