// What is said about runs and done with them on the command line: tags, notes, the archive, the trash, the baseline,
// the rows on which two disagree, and a run repeated.
#include "cli/command.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class RunsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void tagsAreShownAndFilter();
  void notes();
  void archivedRunsAreLeftOut();
  void deletedRunsComeBack();
  void thePinnedRunComesFirst();
  void disagreementsAreListed();
  void sameAsHasTheSameHash();
  void repeatSaysWhetherItIsEqual();
  void branchesKnowTheirParent();
  void groupsAreCompared();
  void classesAreCompared();

 private:
  Json list(const QStringList& more = {}) { return place_.call(QStringList{"runs", "list", "--json"} + more).json(); }
  void call(const QStringList& arguments, int code) {
    const Called called = place_.call(arguments);
    VERIFY_CODE(called, code);
  }
  Workplace place_;
  QString first_, second_;
};

void RunsTest::initTestCase() {
  place_.write("rows.csv", penguinRows(344));
  call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}, 0);
  call({"train", "--epochs", "20", "-q", "--purpose", "long"}, 0);
  call({"train", "--epochs", "1", "-q", "--set", "training.learning_rate=0.0005"}, 0);
  const Json runs = list()["runs"];
  QCOMPARE(runs.size(), size_t{2});
  first_ = QString::fromStdString(runs[0]["id"]);
  second_ = QString::fromStdString(runs[1]["id"]);
}

void RunsTest::tagsAreShownAndFilter() {
  const Called tagged = place_.call({"runs", "tag", first_, "good", "wide"});
  VERIFY_CODE(tagged, 0);
  QCOMPARE(tagged.out, std::string("good wide\n"));
  VERIFY_HOLDS(place_.call({"runs", "list"}).out, "good wide");
  QCOMPARE(list({"--tag", "good"})["runs"].size(), size_t{1});
  call({"runs", "tag", first_, "wide", "--remove"}, 0);
  QCOMPARE(list()["runs"][0]["tags"], Json({"good"}));
  const Called bad = place_.call({"runs", "tag", first_, "two words"});
  VERIFY_CODE(bad, 2);
  VERIFY_HOLDS(bad.err, "cannot be a tag");
}

void RunsTest::notes() {
  call({"runs", "note", first_, "the", "best so far"}, 0);
  QCOMPARE(place_.call({"runs", "note", first_}).out, std::string("the best so far\n"));
  VERIFY_HOLDS(place_.call({"runs", "show", first_}).out, "the best so far");
  call({"runs", "note", first_, "--remove"}, 0);
  QCOMPARE(place_.call({"runs", "note", first_}).out, std::string());
}

void RunsTest::archivedRunsAreLeftOut() {
  call({"runs", "archive", first_}, 0);
  QCOMPARE(list()["runs"].size(), size_t{1});
  QCOMPARE(list({"--all"})["runs"].size(), size_t{2});
  VERIFY_HOLDS(place_.call({"runs", "list"}).err, "--all");
  call({"runs", "archive", first_, "--undo"}, 0);
  QCOMPARE(list()["runs"].size(), size_t{2});
}

void RunsTest::deletedRunsComeBack() {
  const Called deleted = place_.call({"runs", "delete", second_});
  VERIFY_CODE(deleted, 0);
  VERIFY_HOLDS(deleted.err, "blockyard runs restore");
  VERIFY_HOLDS(deleted.err, "30 days");
  QCOMPARE(list()["runs"].size(), size_t{1});
  VERIFY_HOLDS(place_.call({"runs", "trash"}).out, second_.toStdString());
  call({"runs", "restore", second_}, 0);
  QCOMPARE(list()["runs"].size(), size_t{2});
  call({"train", "--epochs", "1", "-q"}, 0);
  call({"runs", "delete", "latest"}, 0);
  call({"runs", "trash", "--empty"}, 2);  // nobody to ask
  call({"runs", "trash", "--empty", "--yes"}, 0);
  QCOMPARE(place_.call({"runs", "trash", "--json"}).json()["runs"].size(), size_t{0});
  call({"runs", "restore", "last"}, 3);
}

void RunsTest::thePinnedRunComesFirst() {
  call({"runs", "pin", second_}, 0);
  QCOMPARE(place_.call({"runs", "pin"}).out, second_.toStdString() + "\n");
  QCOMPARE(list()["baseline"], Json(second_.toStdString()));
  const Json compared = place_.call({"runs", "compare", first_, second_, "--json"}).json();
  QCOMPARE(compared["runs"][0], Json(second_.toStdString()));
  const Json named = place_.call({"runs", "compare", second_, "--baseline", first_, "--json"}).json();
  QCOMPARE(named["runs"], Json({first_.toStdString(), second_.toStdString()}));
  call({"runs", "pin", "--none"}, 0);
  QCOMPARE(place_.call({"runs", "compare", first_, second_, "--json"}).json()["runs"][0], Json(first_.toStdString()));
}

void RunsTest::disagreementsAreListed() {
  const Called json = place_.call({"runs", "compare", first_, second_, "--disagree", "--json"});
  VERIFY_CODE(json, 0);
  const Json rows = json.json();
  QVERIFY(rows.is_array() && !rows.empty());
  for (const Json& row : rows) {
    QVERIFY(row["first"] != row["second"]);
    QVERIFY(row["row"].get<double>() >= 1 && row["row"].get<double>() <= 344);
    QVERIFY(row["first_probability"].get<double>() <= 1);
  }
  const Called shown = place_.call({"runs", "compare", first_, second_, "--disagree", "--limit", "1"});
  VERIFY_CODE(shown, 0);
  VERIFY_HOLDS(shown.out, "first probability");
  VERIFY_HOLDS(shown.err, "disagree on " + std::to_string(rows.size()) + " of");
  call({"runs", "compare", first_, second_, "--disagree", "-o", "rows.out.csv"}, 0);
  VERIFY_HOLDS(place_.read("rows.out.csv"), "row,truth,first,first_probability,second,second_probability\n");
  call({"runs", "compare", first_, "--disagree"}, 2);
}

// Also when the project has become another one.
void RunsTest::sameAsHasTheSameHash() {
  const Json then = place_.call({"runs", "show", first_, "--json"}).json();
  const std::string before = place_.read("birds.blockyard");
  std::string text = before;
  const auto at = text.find("\"training\"");
  QVERIFY(at != std::string::npos);
  text.insert(text.find('{', at) + 1, "\"weight_decay\": 0.5,");
  place_.write("birds.blockyard", text);
  call({"train", "--same-as", first_, "-q"}, 0);
  place_.write("birds.blockyard", before);
  const Json again = place_.call({"runs", "show", "latest", "--json"}).json();
  QCOMPARE(again["plan_hash"], then["plan_hash"]);
  QCOMPARE(again["results"], then["results"]);
  QVERIFY(again["id"] != then["id"]);
  call({"train", "--same-as", first_, "--epochs", "3"}, 2);
}

void RunsTest::repeatSaysWhetherItIsEqual() {
  const Called equal = place_.call({"runs", "repeat", first_, "-q"});
  VERIFY_CODE(equal, 0);
  VERIFY_HOLDS(equal.out, "equal, weights and scores, byte for byte");
  VERIFY_HOLDS(place_.call({"runs", "show", "latest"}).out, "repeats " + first_.toStdString());
  // Rows that were changed give another result, and the reason is named.
  const std::string rows = place_.read("rows.csv");
  place_.write("rows.csv", penguinRows(344, true, 2));
  const Called other = place_.call({"runs", "repeat", first_, "--json"});
  VERIFY_CODE(other, 1);
  const Json said = Json::parse(other.out.substr(other.out.rfind('\n', other.out.size() - 2) + 1));
  QCOMPARE(said["equal"], Json(false));
  QCOMPARE(said["outcome"][0]["what"], Json("weights"));
  QCOMPARE(said["circumstances"][0]["what"], Json("data"));
  VERIFY_HOLDS(place_.call({"runs", "repeat", first_, "-q"}).out, "not equal");
  place_.write("rows.csv", rows);
}

void RunsTest::branchesKnowTheirParent() {
  call({"train", "-q", "--epochs", "4", "--set", "training.checkpoint_steps=5", "--set", "training.checkpoint_keep=0"},
       0);
  const QString parent = QString::fromStdString(list()["runs"].back()["id"]);
  const Called none = place_.call({"train", "-q", "--branch-of", parent, "--at", "3"});
  VERIFY_CODE(none, 3);
  VERIFY_HOLDS(none.err, "there are those of the steps 4 (the best), 9, 14");
  call({"train", "-q", "--branch-of", parent, "--at", "9", "--set", "training.learning_rate=0.0001", "--epochs", "5"},
       0);
  const Json branch = list()["runs"].back();
  QCOMPARE(branch["parent"], Json({{"run", parent.toStdString()}, {"step", 9}}));
  VERIFY_HOLDS(place_.call({"runs", "list", "--tree"}).out, "└ " + branch["id"].get<std::string>());
  VERIFY_HOLDS(place_.call({"runs", "show", parent}).out, branch["id"].get<std::string>() + " (from step 9)");
  VERIFY_HOLDS(place_.call({"runs", "repeat", "latest", "-q"}).out, "equal, weights and scores");
  // Back to a step, and on from there: the same end.
  const Json before = place_.call({"runs", "show", parent, "--json"}).json();
  call({"train", "-q", "--resume", parent, "--at", "14"}, 0);
  QCOMPARE(place_.call({"runs", "show", parent, "--json"}).json()["weights_sha256"], before["weights_sha256"]);
  call({"train", "--at", "5"}, 2);
  call({"train", "--branch-of", parent, "--at", "soon"}, 2);
  call({"train", "--branch-of", parent, "--resume", parent}, 2);
}

void RunsTest::groupsAreCompared() {
  QStringList runs;
  for (const char* rate : {"0.01", "0.0001"})
    for (const char* seed : {"1", "2", "3"}) {
      call({"train", "-q", "--epochs", "2", "--seed", seed, "--set", QString("training.learning_rate=") + rate}, 0);
      runs << QString::fromStdString(list()["runs"].back()["id"]);
    }
  const QStringList compare = QStringList{"runs", "compare"} + runs;
  const Called shown = place_.call(compare + QStringList{"--group-by", "settings"});
  VERIFY_CODE(shown, 0);
  VERIFY_HOLDS(shown.out, "training.learning_rate=0.01 (baseline)");
  VERIFY_HOLDS(shown.out, "95 % interval");
  const Json json = place_.call(compare + QStringList{"--group-by", "training.learning_rate", "--json"}).json();
  QCOMPARE(json["groups"].size(), size_t{2});
  QCOMPARE(json["groups"][1]["runs"].size(), size_t{3});
  for (const Json& row : json["metrics"]) {
    QCOMPARE(row["values"][0]["n"], Json(3));
    QVERIFY(row["differences"][0].is_null());
    QCOMPARE(row["differences"][1]["pairs"], Json(3));
    const double mean = row["differences"][1]["mean"].get<double>();
    QVERIFY(std::abs(mean - row["values"][1]["mean"].get<double>() + row["values"][0]["mean"].get<double>()) < 1e-9);
    QVERIFY(row["differences"][1]["low"].get<double>() <= mean && row["differences"][1]["high"].get<double>() >= mean);
  }
  call({"runs", "tag", runs[0], "fast"}, 0);
  call({"runs", "tag", runs[3], "slow"}, 0);
  const Json tagged =
      place_.call({"runs", "compare", "--group", "fast", "--group", "slow", "--baseline", "slow", "--json"}).json();
  QCOMPARE(tagged["groups"][0]["name"], Json("slow"));
  QCOMPARE(tagged["groups"][0]["runs"], Json({runs[3].toStdString()}));
  const Called none = place_.call({"runs", "compare", "--group", "fest"});
  VERIFY_CODE(none, 2);
  VERIFY_HOLDS(none.err, "did you mean \"fast\"?");
  call({"runs", "compare", "--group", "fast", "--group-by", "settings"}, 2);
  call({"runs", "compare", "--group-by", "training.learning_rat"}, 2);
}

void RunsTest::classesAreCompared() {
  const Called shown = place_.call({"runs", "compare", first_, second_, "--per-class", "recall"});
  VERIFY_CODE(shown, 0);
  for (const char* name : {"test recall of Adelie", "test recall of Chinstrap", "test recall of Gentoo"})
    VERIFY_HOLDS(shown.out, name);
  const Json json = place_.call({"runs", "compare", first_, second_, "--per-class", "f1", "--json"}).json();
  const Json metrics = Json::parse(place_.read("runs/" + second_.toStdString() + "/metrics-test.json"));
  bool found = false;
  for (const Json& row : json["metrics"]) {
    if (row["part"] != "test" || row["metric"] != "Gentoo") continue;
    found = true;
    const auto& names = metrics["classes"];
    const auto at = static_cast<size_t>(std::find(names.begin(), names.end(), "Gentoo") - names.begin());
    QCOMPARE(row["values"][1], metrics["per_class"][at]["f1"]);
  }
  QVERIFY(found);
  const Called bad = place_.call({"runs", "compare", "--per-class", "speed"});
  VERIFY_CODE(bad, 2);
  VERIFY_HOLDS(bad.err, "expected one of f1, precision, recall, roc_auc, pr_auc");
}

QTEST_GUILESS_MAIN(RunsTest)
#include "runs.moc"
