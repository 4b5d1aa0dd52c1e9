// What a trained run has come to, for other people and programs: a page, a model card, a table, MLflow's store.
#include <QtCore/QXmlStreamReader>
#include <filesystem>

#include "cli/command.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class ReportTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void pageHasEverySection();
  void cardHasItsHeader();
  void commandOfThePageRepeatsTheRun();
  void tableHasTheSettingsThatDiffer();
  void parquetHoldsTheSame();
  void examplesCanBeLeftOut();
  void mlflowStoreIsWritten();
  void mistakesAreTold_data();
  void mistakesAreTold();

 private:
  void call(const QStringList& arguments) {
    const Called called = place_.call(arguments);
    VERIFY_CODE(called, 0);
  }
  Workplace place_;
  std::string first_;
};

void ReportTest::initTestCase() {
  std::string rows = penguinRows(200);
  rows.replace(rows.find("sex"), 3, "<script>sex</script>");  // the last column
  place_.write("rows.csv", rows);
  call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"});
  call({"train", "--epochs", "3", "-q", "--purpose", "a <b>bold</b> try"});
  call({"train", "--epochs", "2", "-q", "--set", "training.learning_rate=0.002"});
  first_ = place_.call({"runs", "list", "--json"}).json()["runs"][0]["id"];
}

void ReportTest::pageHasEverySection() {
  const Called called = place_.call({"runs", "report", QString::fromStdString(first_)});
  VERIFY_CODE(called, 0);
  const std::string page = place_.read("report-" + first_ + ".html");
  VERIFY_HOLDS(called.err, "report-" + first_ + ".html");
  QXmlStreamReader reader(QString::fromStdString(page));
  QStringList sections;
  int charts = 0;
  while (!reader.atEnd()) {
    if (reader.readNext() != QXmlStreamReader::StartElement) continue;
    QVERIFY(reader.name() != QStringLiteral("script"));
    if (reader.name() == QStringLiteral("section")) sections << reader.attributes().value("id").toString();
    charts += reader.attributes().value("class") == QStringLiteral("chart") ? 1 : 0;
  }
  QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
  QCOMPARE(sections.join(' '),
           QStringLiteral("scores pipeline data curves classes errors settings environment repeat"));
  QVERIFY(charts >= 3);
  QVERIFY(page.find("class=\"nothing\"") == std::string::npos);
  VERIFY_HOLDS(page, "&lt;script&gt;sex&lt;/script&gt;");
  VERIFY_HOLDS(page, "<th>Chinstrap</th>");
  VERIFY_HOLDS(page, "rows.csv");
}

void ReportTest::cardHasItsHeader() {
  const Called called = place_.call({"runs", "report", "-o", "README.md", "--json"});
  VERIFY_CODE(called, 0);
  QCOMPARE(called.json()["report"], Json("README.md"));
  const std::string card = place_.read("README.md");
  QVERIFY(card.starts_with("---\nlibrary_name: blockyard\npipeline_tag: tabular-classification\n"));
  VERIFY_HOLDS(card, "| `training.learning_rate` | 0.002 |");
  VERIFY_HOLDS(card, "## Evaluation");
  QVERIFY(card.find("<script>") == std::string::npos);
}

void ReportTest::commandOfThePageRepeatsTheRun() {
  const std::string card = (call({"runs", "report", "-o", "second.md"}), place_.read("second.md"));
  const size_t at = card.find("    blockyard train");
  QVERIFY(at != std::string::npos);
  const std::string line = card.substr(at + 4, card.find('\n', at) - at - 4);
  const auto process = place_.start("/bin/sh", {"-c", QString::fromStdString(BLOCKYARD_BIN_DIR "/" + line + " -q")});
  VERIFY_CODE(place_.finish(*process), 0);
  const Json runs = place_.call({"runs", "list", "--json"}).json()["runs"];
  QCOMPARE(runs.size(), size_t{3});
  QCOMPARE(runs[2]["plan_hash"], runs[1]["plan_hash"]);
  QCOMPARE(runs[2]["results"], runs[1]["results"]);
  call({"runs", "delete", QString::fromStdString(runs[2]["id"])});
}

void ReportTest::tableHasTheSettingsThatDiffer() {
  const Called csv = place_.call({"runs", "export"});
  VERIFY_CODE(csv, 0);
  QVERIFY(csv.out.starts_with("run,state,started,seconds,"));
  QCOMPARE(std::count(csv.out.begin(), csv.out.end(), '\n'), 3);
  call({"runs", "export", "-o", "runs.json"});
  const Json runs = Json::parse(place_.read("runs.json"), nullptr, false);
  QCOMPARE(runs.size(), size_t{2});
  QCOMPARE(runs[0]["run"], Json(first_));
  QCOMPARE(runs[0]["training.epochs"].get<double>(), 3.0);
  QCOMPARE(runs[1]["training.learning_rate"].get<double>(), 0.002);
  QVERIFY(!runs[0].contains("training.batch_size"));
  const Json shown = place_.call({"runs", "show", QString::fromStdString(first_), "--json"}).json();
  QCOMPARE(runs[0]["test/accuracy"], shown["results"]["test"]["accuracy"]);
}

// What comes back is what the table of the same runs as CSV says.
void ReportTest::parquetHoldsTheSame() {
  call({"runs", "export", "-o", "runs.parquet"});
  const std::string bytes = place_.read("runs.parquet");
  QVERIFY(bytes.starts_with("PAR1") && bytes.ends_with("PAR1"));
  const Json found = place_.call({"inspect", "runs.parquet", "--json"}).json();
  call({"runs", "export", "-o", "runs.json"});
  const Json runs = Json::parse(place_.read("runs.json"));
  QCOMPARE(found["rows"], Json(runs.size()));
  QCOMPARE(found["columns"].size(), runs[0].size());
}

void ReportTest::examplesCanBeLeftOut() {
  const QString run = QString::fromStdString(first_);
  const Json shown = place_.call({"runs", "show", run, "--json"}).json();
  QVERIFY(shown["errors"]["rows"].get<int>() > 0);
  QCOMPARE(shown["data"]["parts"]["test"], shown["errors"]["rows"]);
  call({"runs", "report", run, "-o", "private.html", "--no-examples"});
  QVERIFY(place_.read("private.html").find("id=\"errors\"") == std::string::npos);
  const std::string text = place_.call({"runs", "show", run}).out;
  VERIFY_HOLDS(text, " training, ");
  if (shown["errors"]["wrong"].get<int>() > 0) VERIFY_HOLDS(text, "most wrong row");
}

void ReportTest::mlflowStoreIsWritten() {
  const Called called = place_.call({"runs", "mlflow", "--to", "mlruns", "--json"});
  VERIFY_CODE(called, 0);
  QCOMPARE(called.json()["runs"].get<int>(), 2);
  const std::filesystem::path run =
      std::filesystem::path(place_.path(called.json()["folder"].get<std::string>())) / first_;
  for (const char* name : {"meta.yaml", "metrics/train/loss", "metrics/validation/loss", "metrics/final/test/accuracy",
                           "params/training.epochs", "tags/mlflow.runName", "artifacts/bundle.safetensors"})
    QVERIFY2(std::filesystem::exists(run / name), name);
}

void ReportTest::mistakesAreTold_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::addColumn<QString>("told");
  QTest::newRow("ending") << QStringList{"report", "-o", "x.pdf"} << ".html or .md";
  QTest::newRow("no such run") << QStringList{"report", "1999"} << "1999";
  QTest::newRow("parquet") << QStringList{"export", "--format", "parquet"} << "Parquet goes into a file";
  QTest::newRow("a file") << QStringList{"mlflow", "--to", "rows.csv"} << "expected a folder";
  QTest::newRow("nowhere") << QStringList{"mlflow"} << "--to";
}

void ReportTest::mistakesAreTold() {
  QFETCH(QStringList, arguments);
  QFETCH(QString, told);
  const Called called = place_.call(QStringList{"runs"} + arguments);
  QVERIFY(called.code == 2 || called.code == 3);
  VERIFY_HOLDS(called.err, told.toStdString());
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report.moc"
