// The report of a made run: well-formed, complete, and no name in it is taken for a mark.
#include <QtCore/QTemporaryDir>
#include <QtCore/QXmlStreamReader>
#include <QtTest>

#include "checks.hpp"
#include "report/made_run.hpp"
#include "report/run_html.hpp"
#include "report/run_markdown.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class ReportTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void pageIsWellFormed();
  void pageTellsEverything();
  void pageNeedsNothing();
  void examplesOfErrors();
  void cardIsComplete();
  void valuesHaveTheirUnit();
  void damagedFilesAreLeftOut();
  void emptyRunsHaveReports();
  void blocksAtOnePlaceAreLaidOut();
  void noRecordIsAnError();

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Run> run_;
};

namespace {

// The texts of all elements; fails the test where the page is not well-formed.
std::string textOf(const std::string& html, QString& error, QStringList* elements = nullptr) {
  QXmlStreamReader reader(QString::fromStdString(html));
  std::string out;
  while (!reader.atEnd()) {
    const auto token = reader.readNext();
    if (token == QXmlStreamReader::StartElement && elements != nullptr) *elements << reader.name().toString();
    if (token == QXmlStreamReader::Characters) out += reader.text().toString().toStdString();
    if (token == QXmlStreamReader::StartElement || token == QXmlStreamReader::EndElement) out += "\n";
  }
  if (reader.hasError()) error = reader.errorString() + QStringLiteral(" in line %1").arg(reader.lineNumber());
  return out;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

void ReportTest::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  run_ = std::make_unique<Run>(reportedRun(madeProject(*folder_)));
}

void ReportTest::pageIsWellFormed() {
  QString error;
  QStringList elements;
  const std::string html = runHtml(runFacts(run_->folder()));
  const std::string text = textOf(html, error, &elements);
  QVERIFY2(error.isEmpty(), qPrintable(error));
  QVERIFY(!elements.contains(QStringLiteral("script")));
  // The hostile name is there, as text: title, note, column, class, event.
  std::string shown = kHostile;
  shown.replace(shown.find('\x01'), 1, "\xef\xbf\xbd");
  size_t count = 0;
  for (size_t at = text.find(shown); at != std::string::npos; at = text.find(shown, at + 1)) ++count;
  QVERIFY2(count >= 6, std::to_string(count).c_str());
}

void ReportTest::pageTellsEverything() {
  QString error;
  const RunFacts facts = runFacts(run_->folder());
  const std::string html = runHtml(facts), text = textOf(html, error);
  QVERIFY2(facts.missing.empty(), facts.missing.empty() ? "" : facts.missing.front().c_str());
  for (const char* id :
       {"scores", "pipeline", "data", "curves", "classes", "errors", "settings", "environment", "repeat"})
    QVERIFY2(holds(html, "<section id=\"" + std::string(id) + "\">"), id);
  QVERIFY(!holds(html, "class=\"nothing\""));
  for (const char* part : {"good", "1,234,567", "1 min 15 s", "12,345", "rows.csv", "CC BY 4.0", "x: 34 % missing",
                           "clean", "1,234", "0.875", "learning rate 0.01 to 0.001", "1.2.3", "widths", "out_features",
                           "8,001", "3 of 40 test rows were answered wrong", "1,001"})
    QVERIFY2(holds(text, part), part);
  QCOMPARE(facts.curves.at("train/loss").size(), size_t{400});
  QCOMPARE(QString::fromStdString(html).count(QStringLiteral("<svg class=\"chart\"")), 4);
  QVERIFY(holds(text, "blockyard train --purpose") || holds(text, "blockyard train "));
  QVERIFY2(!holds(html, folder_->path().toStdString()), "a page to send on names no folder of this machine");
  // What was set comes first, what was not is there too.
  QVERIFY(text.find("hidden.out_features") < text.find("All "));
}

void ReportTest::pageNeedsNothing() {
  const QString html = QString::fromStdString(runHtml(runFacts(run_->folder())));
  for (const char* part : {"<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import"})
    QVERIFY2(!html.contains(QLatin1String(part)), part);
  QVERIFY(html.contains(QLatin1String("prefers-color-scheme: dark")));
  QVERIFY(html.contains(QLatin1String("@media print")));
}

// Pictures lie in the page, and many columns are folded away.
void ReportTest::examplesOfErrors() {
  RunFacts facts = runFacts(run_->folder());
  auto& examples = facts.errors->examples;
  for (int i = 0; i < 20; ++i) examples[0].columns.emplace_back("c" + std::to_string(i), "v");
  examples[1].columns = examples[2].columns = examples[0].columns;
  QString error;
  VERIFY_CONTAINS(textOf(runHtml(facts), error), "22 columns");
  QVERIFY2(error.isEmpty(), qPrintable(error));
  for (ErrorExample& each : examples) each.columns.clear(), each.picture = "iVBORw0KGgo=";
  const std::string html = runHtml(facts);
  textOf(html, error);
  QVERIFY2(error.isEmpty(), qPrintable(error));
  QCOMPARE(QString::fromStdString(html).count(QStringLiteral("src=\"data:image/png;base64,iVBORw0KGgo=\"")), 3);
  examples.clear();
  facts.errors->wrong = 0;
  VERIFY_CONTAINS(textOf(runHtml(facts), error), "None of the 40 test rows was answered wrong");
  const std::string card = runMarkdown(runFacts(run_->folder()));
  VERIFY_CONTAINS(card, "| 1,001 | a |");
  QVERIFY(!holds(card.substr(card.find("largest loss"), 600), "<script"));
}

void ReportTest::cardIsComplete() {
  const std::string card = runMarkdown(runFacts(run_->folder()));
  QVERIFY(card.starts_with("---\nlibrary_name: blockyard\npipeline_tag: tabular-classification\n"));
  for (const char* part :
       {"\n# wider ", "\n## Model description\n", "\n## Training data\n", "\n## Training procedure\n",
        "\n## Evaluation\n", "\n## Environment\n", "\n## How to repeat it\n", "model-index:", "      value: 0.9\n",
        "| `hidden.out_features` | 8 |", "CC BY 4.0", "| `accuracy` | 0.9 | 0.875 |"})
    QVERIFY2(holds(card, part), (std::string(part) + " in\n" + card).c_str());
  // A tag could only stand in the command, which is indented code, and in the quoted YAML.
  const size_t body = card.find("\n---\n"), command = card.find("    blockyard train");
  QVERIFY(command != std::string::npos);
  QVERIFY(!holds(card.substr(body, command - body), "<script"));
}

void ReportTest::valuesHaveTheirUnit() {
  RunFacts facts = runFacts(run_->folder());
  facts.record.plan["nodes"].push_back({{"id", "money"}, {"values", {{"unit", "k< EUR"}}}});
  facts.record.results["test"]["money.value"] = 1234.5;
  QString error;
  QVERIFY(holds(textOf(runHtml(facts), error), "1234 k< EUR") || holds(textOf(runHtml(facts), error), "1235 k< EUR"));
  QVERIFY2(error.isEmpty(), qPrintable(error));
  QVERIFY(holds(runMarkdown(facts), "| `money.value` | 1234.5 k"));
}

void ReportTest::damagedFilesAreLeftOut() {
  writeDurably(run_->folder() / "metrics-test.json", "{\"classes\": [\"a\"], \"confusion\": [[1, 2]]}");
  writeDurably(run_->folder() / "project.json", "no json");
  const RunFacts facts = runFacts(run_->folder());
  QCOMPARE(facts.missing.size(), size_t{2});
  QString error;
  QVERIFY(holds(textOf(runHtml(facts), error), facts.missing.front()));
  QVERIFY2(error.isEmpty(), qPrintable(error));
}

void ReportTest::emptyRunsHaveReports() {
  const Run run = Run::create(folder_->path().toStdString(), {});
  QString error;
  textOf(runHtml(runFacts(run.folder())), error);
  QVERIFY2(error.isEmpty(), qPrintable(error));
  QVERIFY(holds(runMarkdown(runFacts(run.folder())), "The run has no scores"));
}

void ReportTest::blocksAtOnePlaceAreLaidOut() {
  const RunFacts facts = runFacts(run_->folder());  // the project's file names no places
  QVERIFY(facts.graph.has_value());
  QVERIFY(facts.graph->node({"softmax"}).x > facts.graph->node({"table"}).x + 190);
}

void ReportTest::noRecordIsAnError() {
  std::filesystem::remove(run_->folder() / "run.json");
  VERIFY_CONTAINS(errorText([&] { runFacts(run_->folder()); }), "record");
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report.moc"
