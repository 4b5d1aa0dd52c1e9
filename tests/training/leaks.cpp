// The leak guard: it finds what makes a result too good, says nothing about honest data, and its fixes work.
#include "training/leaks.hpp"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>
#include <cmath>
#include <fstream>

#include "base/random.hpp"
#include "graph/templates.hpp"

using namespace blockyard;

namespace {

struct Row {
  int number = 0;
  KeyedRandom random{7};
  double normal(const char* key) const { return random.key(key).normal(static_cast<uint64_t>(number)); }
  uint64_t below(const char* key, uint64_t count) const {
    return random.key(key).below(static_cast<uint64_t>(number), count);
  }
};

}  // namespace

class TestLeaks : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;

  // Rows with honest columns x and y, the target "kind" (3 classes) or "price", and one more column.
  Project project(const std::string& name, const std::function<std::string(const Row&)>& more,
                  const std::string& target = "kind", int rows = 1000) {
    std::ofstream out(folder_.filePath("rows.csv").toStdString());
    out << "x,y,kind,price," << name << "\n";
    for (int i = 0; i < rows; ++i) {
      const Row row{i};
      out << row.normal("x") << "," << row.normal("y") << ","
          << "abc"[row.below("kind", 3)] << "," << 100 + row.normal("price") << "," << more(row) << "\n";
    }
    out.close();
    Project made = projectFromTemplate("table", {.name = "rows",
                                                 .data = "rows.csv",
                                                 .target = {target},
                                                 .task = target == "price" ? Task::Number : Task::Label});
    made.file = folder_.filePath("rows.blockyard").toStdString();
    made.apply("", SetTraining{"split", OrderedJson("random")});
    return made;
  }
  static std::vector<Problem> look(const Project& project) {
    const std::string& name = project.defaultPipeline();
    return LeakGuard().look(project, name, check(project, name));
  }
  static std::string textOf(const std::vector<Problem>& problems) {
    std::string out;
    for (const Problem& problem : problems) out += problem.text() + "\n";
    return out;
  }

 private Q_SLOTS:
  void init() { QFile::remove(folder_.filePath("rows.csv")); }

  void findsAndFixes_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("said");  // empty: nothing
    const auto row = [](const char* column, const char* target, const char* said) {
      QTest::newRow(column) << column << target << said;
    };
    row("honest", "kind", "");
    row("honest_price", "price", "");
    row("code", "kind", "the column code alone tells the target (100 % of the errors");
    row("score", "kind", "the column score alone tells the target");
    row("gap", "kind", "the column gap alone tells the target");
    row("taxed", "price", "the column taxed alone tells the target (correlation 1");
    row("log_price", "price", "the column log_price alone tells the target (correlation 1");
    row("band", "price", "");
    row("patient_id", "kind", "rows of one patient_id (296 different ones in the 1000 rows) come to both sides");
    row("row_id", "kind", "");
    row("nothing", "kind", "the column nothing holds no value in the 1000 rows");
    row("kind_id", "kind", "");
    row("day", "kind", "the rows have times (day), and a random split trains on rows that are later");
  }

  void findsAndFixes() {
    QFETCH(QString, column);
    QFETCH(QString, target);
    QFETCH(QString, said);
    const auto cell = [&](const Row& row) -> std::string {
      const auto kind = row.below("kind", 3);
      const double price = 100 + row.normal("price");
      const auto number = static_cast<uint64_t>(row.number);
      if (column == "code") return std::to_string(10 * kind);
      if (column == "score") return std::to_string(5.0 * static_cast<double>(kind) + std::tanh(row.normal("score")));
      if (column == "gap") return kind == 1 ? "" : kind == 0 ? "u" : "v";
      if (column == "taxed") return std::to_string(1.19 * price + 3);
      if (column == "log_price") return std::to_string(std::exp(price / 10));
      if (column == "band") return price > 100 ? "high" : "low";
      if (column == "patient_id") return std::to_string(1000 + row.below("patient", 300));
      if (column == "nothing") return "";
      if (column == "row_id") return std::to_string(number);
      if (column == "kind_id") return std::to_string(row.below("kind_id", 12));
      if (column == "day")
        return "2024-01-" + std::string(row.number % 28 < 9 ? "0" : "") + std::to_string(row.number % 28 + 1);
      return std::to_string(row.normal("honest") + static_cast<double>(kind));
    };
    Project made = project(column.toStdString(), cell, target.toStdString());
    const auto problems = look(made);
    QCOMPARE(problems.size(), size_t{said.isEmpty() ? 0U : 1U});
    if (said.isEmpty()) return;
    QVERIFY2(QString::fromStdString(textOf(problems)).contains(said), textOf(problems).c_str());
    for (const Fix& fix : problems.front().fixes) {
      Project fixed = made;
      fixed.apply("", fix.edit);
      const auto checked = check(fixed, fixed.defaultPipeline());
      QVERIFY2(checked.ok(), textOf(checked.problems).c_str());
      QVERIFY2(look(fixed).empty(), (fix.label + ": " + textOf(look(fixed))).c_str());
    }
  }

  void equalRows() {
    const auto every_third_again = [](const Row& row) { return std::to_string(row.number); };
    Project made = project("n", every_third_again);
    std::string text;
    std::getline(std::ifstream(folder_.filePath("rows.csv").toStdString()), text, '\0');
    std::ofstream(folder_.filePath("rows.csv").toStdString(), std::ios::app)
        << text.substr(text.size() / 2).substr(text.substr(text.size() / 2).find('\n') + 1);
    const auto problems = look(made);
    QCOMPARE(problems.size(), size_t{1});
    QVERIFY2(problems[0].problem.find("rows occur more than once in the 1") != std::string::npos,
             problems[0].problem.c_str());
    made.apply("", SetTraining{"split", OrderedJson("order")});
    QVERIFY(look(made).empty());
  }

  // What ends a training at once, and what gives a part far more or fewer rows than wanted.
  void splitsThatDoNotWork_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("said");
    QTest::newRow("no such column") << "g"
                                    << "group"
                                    << "gg"
                                    << "training, parameter split_column: there is no column";
    QTest::newRow("missing group") << "holes"
                                   << "group"
                                   << "holes"
                                   << "is missing in row 4";
    QTest::newRow("one group") << "same"
                               << "group"
                               << "same"
                               << "leaves no validation rows";
    QTest::newRow("two groups") << "half"
                                << "group"
                                << "half"
                                << "of the rows, not 15 %";
    QTest::newRow("no times") << "text"
                              << "time"
                              << "text"
                              << "expected times or numbers";
    QTest::newRow("equal times") << "day"
                                 << "time"
                                 << "day"
                                 << "leaves no test rows, though 15 %";
    QTest::newRow("many groups") << "g"
                                 << "group"
                                 << "g"
                                 << "";
  }

  void splitsThatDoNotWork() {
    QFETCH(QString, column);
    QFETCH(QString, how);
    QFETCH(QString, name);
    QFETCH(QString, said);
    Project made = project(column.toStdString(), [&](const Row& row) -> std::string {
      if (column == "holes") return row.number == 3 ? "" : std::to_string(row.number % 50);
      if (column == "same") return "7";
      if (column == "half") return std::to_string(row.number % 2);
      if (column == "text") return "x" + std::to_string(row.number);
      if (column == "day") return "2024-01-01";
      return std::to_string(row.below("g", 200));
    });
    made.apply("", SetTraining{"split", OrderedJson(how.toStdString())});
    made.apply("", SetTraining{"split_column", OrderedJson(name.toStdString())});
    const auto problems = look(made);
    QCOMPARE(problems.empty(), said.isEmpty());
    if (said.isEmpty()) return;
    QVERIFY2(QString::fromStdString(textOf(problems)).contains(said), textOf(problems).c_str());
    if (problems.front().severity == Severity::Error) return;
    for (size_t left = problems.size(); left > 0; --left) {  // meant so
      QCOMPARE(look(made).size(), left);
      made.apply("", look(made).front().fixes.back().edit);
    }
    QVERIFY(look(made).empty());
  }

  void timeRunsBackwards() {
    const auto falling = [](const Row& row) { return std::to_string(2100 - row.number) + "-01-01"; };
    Project made = project("day", falling);
    made.apply("", SetTraining{"split", OrderedJson("order")});
    QVERIFY2(textOf(look(made)).find("day does not rise") != std::string::npos, textOf(look(made)).c_str());
    const auto rising = [](const Row& row) { return std::to_string(1970 + row.number) + "-01-01"; };
    made = project("day", rising);
    made.apply("", SetTraining{"split", OrderedJson("order")});
    QVERIFY2(look(made).empty(), textOf(look(made)).c_str());
  }

  void looksAgainOnlyIfTheRowsAreOthers() {
    LeakGuard guard;
    const auto leak = [](const Row& row) { return std::to_string(row.below("kind", 3)); };
    Project made = project("code", leak);
    const auto say = [&] { return guard.look(made, "main", check(made, "main")).size(); };
    QCOMPARE(say(), size_t{1});
    made.apply("", SetTraining{"accepted_warnings", OrderedJson::array({"target:code"})});
    QCOMPARE(say(), size_t{0});
    made.apply("", SetTraining{"accepted_warnings", std::nullopt});
    project(
        "code", [](const Row& row) { return std::to_string(row.normal("other")); }, "kind", 900);
    QCOMPARE(say(), size_t{0});
  }

  void fewRowsAndMissingFilesSayNothing() {
    const auto leak = [](const Row& row) { return std::to_string(row.below("kind", 3)); };
    QVERIFY(look(project("code", leak, "kind", 40)).empty());
    Project made = project("code", leak);
    QFile::remove(folder_.filePath("rows.csv"));
    QVERIFY(look(made).empty());
  }
};

QTEST_GUILESS_MAIN(TestLeaks)
#include "leaks.moc"
