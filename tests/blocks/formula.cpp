// Formulas against pandas (tests/reference/formula.py), and what they say of bad input; rows that are left out by them.
#include "blocks/formula.hpp"

#include <QTest>
#include <nlohmann/json.hpp>

#include "blocks/columns.hpp"
#include "blocks/example.hpp"
#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/formula_reference.json"));
  return kAll;
}

Table referenceTable() {
  std::vector<Table::Shared> columns;
  for (const char* name : {"a", "b"}) {
    Column column{.name = name};
    for (const auto& cell : reference().at(name))
      column.numbers.push_back(cell.is_null() ? kMissingNumber : cell.get<double>());
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  Column word{.name = "word", .type = ColumnType::Text}, when{.name = "when", .type = ColumnType::Time};
  for (const auto& cell : reference().at("word")) word.texts.push_back(cell.is_null() ? "" : cell.get<std::string>());
  for (const auto& cell : reference().at("when"))
    when.numbers.push_back(cell.is_null() ? kMissingNumber : timeFromText(cell.get<std::string>()));
  columns.push_back(std::make_shared<const Column>(std::move(word)));
  columns.push_back(std::make_shared<const Column>(std::move(when)));
  return Table(std::move(columns));
}

// The text column as classes.
Table categorized(const Table& table) {
  std::vector<Table::Shared> columns = table.columns();
  for (auto& shared : columns) {
    if (shared->type != ColumnType::Text) continue;
    Column column{.name = shared->name, .type = ColumnType::Category};
    column.classes = std::make_shared<const Texts>(Texts{"unused", "bee", "12.5", "ant"});
    for (const auto& text : shared->texts) {
      const auto at = std::find(column.classes->begin(), column.classes->end(), text);
      column.codes.push_back(text.empty() ? kMissingCode : static_cast<int32_t>(at - column.classes->begin()));
    }
    shared = std::make_shared<const Column>(std::move(column));
  }
  return Table(std::move(columns));
}

std::string refusal(const std::string& formula, const std::string& csv = "age,name:category,t:time\n1,x,2024-01-31\n") {
  return errorText([&] { Formula(formula, signatureOf(tableFromText(csv)), "formula"); });
}

std::string numbersText(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) out += (out.empty() ? "" : " ") + (std::isnan(value) ? "?" : numberText(value));
  return out;
}

// Which of the rows of a table are still for what they were.
std::string chosen(const std::string& id, const Values& params, const Table& table, std::vector<Part> parts,
                   int64_t at_once) {
  const auto block = madeBlock(id, params, {{"x", signatureOf(table)}});
  for (int64_t first = 0; first < table.rows(); first += at_once)
    block->chooseRows({{"x", table.slice(first, std::min(at_once, table.rows() - first))}}, parts.data() + first);
  std::string out;
  for (const Part part : parts) out += "tve-"[static_cast<size_t>(part)];
  return out;
}

}  // namespace

class TestFormula : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbersAsPandas_data();
  void numbersAsPandas();
  void textsKeepTheirClasses();
  void openTablesTakeAnyColumn();
  void missingIsThreeValued();
  void mistakesAreExplained_data();
  void mistakesAreExplained();
  void hostileTextsAreRefused();
  void filterLeavesRowsOut();
  void duplicatesAreFoundOnce();
};

void TestFormula::numbersAsPandas_data() {
  QTest::addColumn<size_t>("index");
  for (size_t i = 0; i < reference().at("cases").size(); ++i)
    QTest::newRow(reference()["cases"][i]["formula"].get<std::string>().c_str()) << i;
}

void TestFormula::numbersAsPandas() {
  QFETCH(size_t, index);
  const Json& item = reference()["cases"][index];
  const Table text = referenceTable();
  for (const Table& table : {text, categorized(text)}) {
    const Formula formula(item["formula"], signatureOf(table), "formula");
    const std::vector<double> got = formula.numbers(table);
    QCOMPARE(got.size(), item["value"].size());
    for (size_t i = 0; i < got.size(); ++i) {
      QVERIFY2(std::isnan(got[i]) == item["value"][i].is_null(), qPrintable(QString("row %1").arg(i)));
      if (std::isnan(got[i])) continue;
      const double wanted = item["value"][i];
      QVERIFY2(
          std::abs(got[i] - wanted) <= 1e-12 * std::max(1.0, std::abs(wanted)),
          qPrintable(QString("row %1: expected %2, got %3").arg(i).arg(wanted, 0, 'g', 17).arg(got[i], 0, 'g', 17)));
    }
  }
}

void TestFormula::textsKeepTheirClasses() {
  const Table table = tableFromText("n,c\n1,x\n,y\n3,\n");
  const Formula formula("if(n > 2, \"big\", coalesce(c, \"none\"))", signatureOf(table), "formula");
  const ColumnInfo info = formula.column("new");
  QCOMPARE(nameOf(info.type), "category");
  QCOMPARE(info.classes, (Texts{"big", "x", "y", "none"}));
  const Column column = formula.evaluate(table, "new");
  QCOMPARE(*column.classes, info.classes);
  QCOMPARE(column.codes, (std::vector<int32_t>{1, -1, 0}));
}

void TestFormula::openTablesTakeAnyColumn() {
  Signature open = signatureOf(tableFromText("a\n1\n"));
  open.open = true;
  const Formula formula("a + later", open, "formula");
  COMPARE_TEXT(numbersText(formula.numbers(tableFromText("a,later\n1,2\n"))), "3");
  COMPARE_TEXT(errorText([&] { formula.numbers(tableFromText("a,later\n1,x\n")); }),
               "parameter formula: expected a number, got a text");
}

void TestFormula::missingIsThreeValued() {
  const Table table = tableFromText("t,f,m\n1,0,\n");
  const auto value = [&](const std::string& formula) {
    return numbersText(Formula(formula, signatureOf(table), "formula").numbers(table));
  };
  COMPARE_TEXT(value("f == 1 and m == 1"), "0");
  COMPARE_TEXT(value("m == 1 or t == 1"), "1");
  COMPARE_TEXT(value("m == 1 and t == 1"), "?");
  COMPARE_TEXT(value("not m == 1"), "?");
  COMPARE_TEXT(value("if(m > 0, 1, 2)"), "?");
  COMPARE_TEXT(value("if(t > 0, missing, 2)"), "?");
  COMPARE_TEXT(value("m ^ 0"), "?");
  COMPARE_TEXT(value("t / f"), "?");
  COMPARE_TEXT(value("log(f)"), "?");
}

void TestFormula::mistakesAreExplained_data() {
  QTest::addColumn<QString>("formula");
  QTest::addColumn<QString>("problem");
  const auto row = [](const char* formula, const char* problem) {
    QTest::newRow(formula) << formula << QString("parameter formula: ") + problem;
  };
  row("", "no formula is given (for example: income / persons, or age >= 18)");
  row("age +", "at character 6: expected a number, a text, a column or (, got the end");
  row("agee + 1", "at character 1: there is no column \"agee\" (did you mean \"age\"?)");
  row("1 + zebra", "at character 5: there is no column \"zebra\" (a text stands in quotes: \"zebra\")");
  row("age = 1", "at character 5: \"=\" is no operator here (write ==)");
  row("name + 1", "at character 1: expected a number, got a text (number(x) reads a text as a number)");
  row("name == 1", "at character 9: expected a text to compare with, got a number (put a text in quotes: \"1\")");
  row("name < \"b\"",
      "at character 1: texts have no order: expected == or != between them (number(x) reads a text as a number)");
  row("age and age > 1", "at character 1: expected true or false, got a number (compare it, as in x != 0)");
  row("1 < age < 3", "at character 9: expected and, or, or the end, got \"<\" (write a < b and b < c)");
  row("age == missing", "at character 8: nothing is equal to missing (write is_missing(x))");
  row("(age", "at character 5: expected an operator or ), got the end");
  row("age 2", "at character 5: expected the end of the formula, or an operator such as + or and, got \"2\"");
  row("logg(age)", "at character 1: there is no function \"logg\" (did you mean \"log\"?)");
  row("if(age > 1, 2)", "at character 1: if takes 3 values, got 2");
  row("log()", "at character 1: log takes 1 value, got 0");
  row("if(age > 1, 2, \"x\")",
      "at character 16: expected a number as before, got a text (all values that may come out have to be of one type)");
  row("\"abc", "at character 1: the closing \" is missing");
  row("größe + 1", "at character 1: there is no column \"größe\" (a text stands in quotes: \"größe\")");
  row("\"ä\" + $",
      "at character 7: the character \"$\" has no meaning here (a column with such a name stands in "
      "backticks: `my column`)");
  row("t > \"yesterday\"",
      "at character 5: expected a time, got \"yesterday\" (times look like 2024-01-31 or 2024-01-31T08:30:00)");
  row("t + t", "at character 5: two times cannot be added (their difference is a number of seconds)");
  row("3rd",
      "at character 1: expected a number, got \"3r\" (a name that begins with a digit stands in backticks: `2nd "
      "floor`)");
  row("1e999", "at character 1: the number is too large or too small");
  row("contains(name, name)", "at character 16: expected a text in quotes (contains(column, \"part\"))");
}

void TestFormula::mistakesAreExplained() {
  QFETCH(QString, formula);
  QFETCH(QString, problem);
  COMPARE_TEXT(refusal(formula.toStdString()), problem.toStdString());
}

void TestFormula::hostileTextsAreRefused() {
  const auto many = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  for (const std::string& deep :
       {many("(", 9000), many("-", 9000), many("not ", 4000), many("abs(", 4000), many("2^", 9000)})
    QVERIFY2(refusal(deep).find("nested more than 200 levels deep") != std::string::npos, refusal(deep).c_str());
  QVERIFY(refusal(many("1+", 20000)).find("longer than") != std::string::npos);
  // Long, but flat: no depth of ours.
  const Table table = tableFromText("age\n1\n");
  COMPARE_TEXT(numbersText(Formula(many("age+", 4000) + "age", signatureOf(table), "formula").numbers(table)), "4001");
  COMPARE_TEXT(numbersText(Formula(many("(", 150) + "age" + many(")", 150), signatureOf(table), "f").numbers(table)),
               "1");
  const KeyedRandom random(5);
  const std::string alphabet = "age()+-*/^<>=!\"'`,. 1e9notandif\x80\xff\n";
  for (uint64_t i = 0; i < 20000; ++i) {
    std::string text;
    for (uint64_t k = 0; k < 1 + random.key(i).below(0, 30); ++k)
      text += alphabet[random.key(i).below(k + 1, alphabet.size())];
    try {
      Formula(text, signatureOf(table), "formula").evaluate(table, "y");
    } catch (const Error&) {
    }
  }
}

void TestFormula::filterLeavesRowsOut() {
  const Table table = tableFromText("age\n20\n10\n\"\"\n30\n5\n6\n");
  const std::vector<Part> parts{Part::Train, Part::Train, Part::Train, Part::Validation, Part::Test, Part::Unused};
  const auto said = [&](const Values& more) {
    Values params{{"condition", "age >= 18"}};
    for (const auto& [name, value] : more.items()) params.set(name, value);
    return chosen("preprocessor/filter_rows", params, table, parts, 2);
  };
  COMPARE_TEXT(said({}), "t--ve-");
  COMPARE_TEXT(said({{"missing", "use"}}), "t-tve-");
  COMPARE_TEXT(said({{"applies_to", "all"}}), "t--v--");
  COMPARE_TEXT(said({{"mode", "flag"}}), "tttve-");
  COMPARE_TEXT(errorText([&] {
                 said({{"condition", "age + 1"}});
               }),
               "parameter condition: expected a condition, which is true or false (for example: age >= 18)");
  COMPARE_TEXT(errorText([&] {
                 said({{"mode", "flag"}, {"flag", "age"}});
               }),
               "parameter flag: there is a column \"age\" already: choose another name");
}

void TestFormula::duplicatesAreFoundOnce() {
  const Table table = tableFromText("a,b\n1,x\n1,y\n1,x\n-0,\n0,\n1,x\n1,\n");
  const std::vector<Part> all(7, Part::Train);
  for (const int64_t at_once : {1, 2, 100}) {
    COMPARE_TEXT(chosen("preprocessor/drop_duplicates", {}, table, all, at_once), "tt-t--t");
    COMPARE_TEXT(chosen("preprocessor/drop_duplicates", {{"columns", Texts{"a"}}}, table, all, at_once), "t--t---");
  }
  std::vector<Part> mixed(7, Part::Train);
  mixed[0] = mixed[5] = Part::Test;
  COMPARE_TEXT(chosen("preprocessor/drop_duplicates", {}, table, mixed, 3), "ettt-et");
  COMPARE_TEXT(chosen("preprocessor/drop_duplicates", {{"applies_to", "all"}}, table, mixed, 3), "et-t--t");
}

QTEST_GUILESS_MAIN(TestFormula)
#include "formula.moc"
