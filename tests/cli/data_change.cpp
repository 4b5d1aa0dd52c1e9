// What a run has read, and whether it is still the same: files that come to a folder or a pattern, the second table of
// a join, and rows that blocks leave out.
#include "cli/command.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class DataChangeTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void aFileThatComes_data();
  void aFileThatComes();
  void theSecondTable();
  void theSecondTableInTheRowCache();
  void rowsThatAreLeftOut();
  void rowsWithoutATarget();

 private:
  // The sample pipeline, with a block between the source and what follows it.
  void writeProject(const std::string& name, const std::string& type, const Json& params) {
    Json project = Json::parse(place_.read("birds.blockyard"));
    Json& main = project["pipelines"]["main"];
    main["blocks"]["more"] = {{"block", type}, {"params", params}};
    for (Json& wire : main["wires"])
      if (wire == "data.features -> fill.x") wire = "more.y -> fill.x";
    main["wires"].push_back("data.features -> more.x");
    place_.write(name, project.dump());
  }
  Called train(const QString& project, const QStringList& more = {}) {
    return place_.call(QStringList{"train", project, "--epochs", "1", "-q"} + more);
  }
  std::string check(const QString& project, const QStringList& more = {}) {
    const Called called = place_.call(QStringList{"check", project} + more);
    return called.out + called.err;
  }
  Json lastRun(const QString& project) {
    return place_.call({"runs", "show", "latest", "--project", project, "--json"}).json();
  }
  static constexpr const char* kLookedUp = "island,height\nDream,1\nBiscoe,2\nTorgersen,3\n";
  static constexpr const char* kChanged = "the data has changed since run ";
  Workplace place_;
};

void DataChangeTest::initTestCase() {
  place_.setEnvironment("BLOCKYARD_CACHE", QString::fromStdString(place_.path("cache")));
  place_.write("rows.csv", penguinRows(300));
  VERIFY_CODE(place_.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  QVERIFY(QDir().mkdir(QString::fromStdString(place_.path("rows"))));
}

void DataChangeTest::aFileThatComes_data() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("said");
  QTest::newRow("folder") << "data.file=rows"
                          << "rows has ";
  QTest::newRow("pattern") << "data.file=rows/*.csv"
                           << "b.csv is new";
}

void DataChangeTest::aFileThatComes() {
  QFETCH(const QString, file);
  QFETCH(const QString, said);
  const QStringList set = {"--set", file};
  const QString second = QString::fromStdString(place_.path("rows/b.csv"));
  place_.write("rows/a.csv", penguinRows(200));
  VERIFY_CODE(train("birds.blockyard", set), 0);
  QVERIFY(check("birds.blockyard", set).find(kChanged) == std::string::npos);
  place_.write("rows/b.csv", penguinRows(50, true, 2));
  const std::string text = check("birds.blockyard", set);
  VERIFY_HOLDS(text, kChanged);
  VERIFY_HOLDS(text, said.toStdString());
  VERIFY_HOLDS(text, "250 rows, 200 then");
  const std::string shown = place_.call({"runs", "show", "latest", "--project", "birds.blockyard"}).out;
  VERIFY_HOLDS(shown, file.endsWith("csv") ? "rows/b.csv is new" : "rows has been written since");
  QVERIFY(QFile::remove(second));
  QVERIFY(check("birds.blockyard", set).find(kChanged) == std::string::npos);
  if (file.endsWith("csv")) {  // one goes, another comes: the same bytes
    QVERIFY(QFile::rename(QString::fromStdString(place_.path("rows/a.csv")), second));
    QVERIFY(check("birds.blockyard", set).find(kChanged) == std::string::npos);
    QVERIFY(QFile::remove(second));
  }
}

void DataChangeTest::theSecondTable() {
  writeProject("joined.blockyard", "preprocessor/join", {{"file", "islands.csv"}, {"key", "island"}});
  place_.write("islands.csv", kLookedUp);
  VERIFY_CODE(train("joined.blockyard"), 0);
  const Json first = lastRun("joined.blockyard");
  QCOMPARE(first["data"]["files"].size(), size_t{2});
  QCOMPARE(first["data"]["files"][1]["file"], Json("islands.csv"));
  QVERIFY(check("joined.blockyard").find(kChanged) == std::string::npos);
  QTest::qWait(20);
  place_.write("islands.csv", kLookedUp);  // written again, with the same words
  QVERIFY(check("joined.blockyard").find(kChanged) == std::string::npos);
  place_.write("islands.csv", "island,height\nDream,1\nBiscoe,2\nTorgersen,4\n");
  const std::string text = check("joined.blockyard");
  VERIFY_HOLDS(text, kChanged);
  VERIFY_HOLDS(text, "islands.csv was changed");
  VERIFY_CODE(train("joined.blockyard"), 0);
  QVERIFY(lastRun("joined.blockyard")["data_fingerprint"] != first["data_fingerprint"]);
  place_.write("islands.csv", kLookedUp);
  VERIFY_CODE(train("joined.blockyard"), 0);
  QCOMPARE(lastRun("joined.blockyard")["data_fingerprint"], first["data_fingerprint"]);
}

void DataChangeTest::theSecondTableInTheRowCache() {
  writeProject("cached.blockyard", "preprocessor/join",
               {{"file", "cached.csv"}, {"key", "island"}, {"columns", {"height"}}});
  const QStringList cached = {"--set", "training.row_cache=always"};
  const auto entries = [&] { return place_.call({"cache", "--json"}).json()["entries"].size(); };
  const size_t before = entries();
  place_.write("cached.csv", kLookedUp);
  for (int again = 0; again < 2; ++again) {
    VERIFY_CODE(train("cached.blockyard", cached), 0);
    QCOMPARE(entries(), before + 1);
  }
  // Not even a column that is not used goes unnoticed: the fingerprint is part of the key.
  place_.write("cached.csv", "island,height,more\nDream,1,0\nBiscoe,2,0\nTorgersen,3,1\n");
  VERIFY_CODE(train("cached.blockyard", cached), 0);
  QCOMPARE(entries(), before + 2);
}

void DataChangeTest::rowsThatAreLeftOut() {
  writeProject("filtered.blockyard", "preprocessor/filter_rows",
               {{"condition", "body_mass_g > 3500"}, {"applies_to", "all"}});
  VERIFY_CODE(train("filtered.blockyard"), 0);
  const Json left_out = lastRun("filtered.blockyard")["data"]["left_out"];
  QCOMPARE(left_out.size(), size_t{1});
  QCOMPARE(left_out[0]["block"], Json("more"));
  // What the rows themselves say, whatever they are for.
  int64_t light = 0;
  std::istringstream rows(place_.read("rows.csv"));
  std::string line;
  for (std::getline(rows, line); std::getline(rows, line);) {
    std::istringstream fields(line);
    std::string mass;
    for (int i = 0; i < 6; ++i) std::getline(fields, mass, ',');
    light += mass.empty() || std::stod(mass) <= 3500 ? 1 : 0;
  }
  const auto count = [&](const char* part) { return left_out[0][part].get<int64_t>(); };
  QCOMPARE(count("train") + count("validation") + count("test"), light);
  QVERIFY(count("train") > count("test") && count("test") > 0);
  const std::string shown = place_.call({"runs", "show", "latest", "--project", "filtered.blockyard"}).out;
  VERIFY_HOLDS(shown, "left out");
  VERIFY_HOLDS(shown, "by more: " + std::to_string(count("train")) + " training, " +
                          std::to_string(count("validation")) + " validation, " + std::to_string(count("test")) +
                          " test rows");
}

void DataChangeTest::rowsWithoutATarget() {
  place_.write("gaps.csv", penguinRows(100) + ",Dream,40,18,190,3700,male\n");
  VERIFY_CODE(train("birds.blockyard", {"--set", "data.file=gaps.csv", "--set", "data.missing_target=drop"}), 0);
  VERIFY_HOLDS(place_.call({"runs", "show", "latest", "--project", "birds.blockyard"}).out,
               "1 row without a target was left out");
}

QTEST_GUILESS_MAIN(DataChangeTest)
#include "data_change.moc"
