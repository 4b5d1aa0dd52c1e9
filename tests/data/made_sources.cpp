// Rows that no file of rows holds: those of a database query, and made-up ones.
#include <ATen/ATen.h>
#include <sqlite3.h>

#include <QTest>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class MadeSourcesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void queryAsTable();
  void queryTypes();
  void queryPredicting();
  void queriesThatAreRefused_data();
  void queriesThatAreRefused();
  void damagedDatabases();
  void rowsFollowFromTheirNumber();
  void shapes_data();
  void shapes();
  void friedmanIsItsFormula();
  void bestPossibleFit();

 private:
  std::unique_ptr<Source> open(const std::string& id, const Values& values, const Signatures* expected = nullptr) {
    values_ = completeValues(blockType(id).schema.params, values);
    return blockType(id).open({.values = values_, .folder = folder_.path(), .expected = expected});
  }
  std::unique_ptr<Source> query(const std::string& text, Values more = {}, const Signatures* expected = nullptr) {
    more.set("file", "shop # 1.db");
    more.set("query", text);
    return open("source/sqlite", more, expected);
  }
  std::string rows(const std::string& text, const Values& more = {}) {
    const auto source = query(text, more);
    return describe(source->read(0, source->rows()).batch.table("features"));
  }
  static void run(const std::string& file, const std::string& sql) {
    sqlite3* database = nullptr;
    sqlite3_open(file.c_str(), &database);
    char* problem = nullptr;
    sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &problem);
    sqlite3_close(database);
    if (problem != nullptr) qFatal("%s", problem);
  }

  TestFolder folder_;
  Values values_;
};

void MadeSourcesTest::initTestCase() {
  run(folder_ / "shop # 1.db",
      "create table orders(id integer, price real, day text, kind text, note text, paid integer, picture blob);"
      "insert into orders values (1, 2.5, '2024-01-31', 'a', 'x', 1, x'00'), (2, null, '2024-02-01T10:00:00', 'b', "
      "'NA', 0, null),"
      " (3, 4, null, 'a', '', 1, null);");
}

void MadeSourcesTest::queryAsTable() {
  COMPARE_TEXT(
      rows("select id, price, day, kind, note, null as none from orders order by id desc"),
      "id:number price:number day:time kind:category note:category none:number|3;4;;a;;|2;;2024-02-01T10:00:00;b;;"
      "|1;2.5;2024-01-31;a;x;");
  const auto source = query("select price, kind from orders where id < 3;  ",
                            {{"target", Texts{"kind"}}, {"target_kind", "label"}, {"types", Texts{"price=number"}}});
  QCOMPARE(source->rows(), 2);
  QCOMPARE(source->outputs().at("target").kind, Wire::Label);
  QVERIFY(source->fingerprint() != query("select price from orders")->fingerprint());
}

void MadeSourcesTest::queryTypes() {
  COMPARE_TEXT(rows("select id, kind from orders limit 1", {{"types", Texts{"id=category", "kind=text"}}}),
               "id:category kind:text|1;a");
  // More rows than are looked at, one of which is not what the first ones were.
  const std::string many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000) select ";
  QCOMPARE(query(many + "i from n")->rows(), 30000);
  const std::string problem = errorText([&] { query(many + "case when i = 20000 then 'odd' else i end as v from n"); });
  QVERIFY2(problem.find("column \"v\": expected a finite number in row 20000 of the query, got \"odd\"") !=
               std::string::npos,
           problem.c_str());
}

void MadeSourcesTest::queryPredicting() {
  const Signatures known = query("select price, kind, paid from orders", {{"target", Texts{"paid"}}})->outputs();
  const auto source = query("select 'z' as kind, 1 as more, 9.5 as price", {{"target", Texts{"paid"}}}, &known);
  COMPARE_TEXT(describe(source->read(0, 1).batch.table("features")), "price:number kind:category|9.5;z");
}

void MadeSourcesTest::queriesThatAreRefused_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("problem");
  const char* const only =
      "SQLite says: not authorized (only a SELECT may run here: nothing is written, attached or set)";
  const auto row = [](const char* text, const char* problem) { QTest::newRow(text) << text << problem; };
  row("", "no query is given (for example: select * from customers)");
  row("select * from customers", "SQLite says: no such table: customers");
  row("selec 1", "SQLite says: near \"selec\": syntax error");
  row("delete from orders", only);
  row("attach 'other.db' as other", only);
  row("pragma journal_mode = delete", only);
  row("create table t(a)", only);
  row("select load_extension('x')", "SQLite says: not authorized to use function: load_extension");
  row("select 1; select 2", "expected one SELECT, got more behind it");
  row("select id, id from orders",
      "two columns are named \"id\" (name one of them anew: select a.id, b.id as other_id)");
  row("select picture from orders", "the column \"picture\" holds bytes, not numbers or texts");
  row("select id from orders where id > 9", "the query gives no rows");
  row("select cast(x'ff41' as text) as t", "is not UTF-8");
  row("select 9e999 as big from orders", "expected a finite number");
}

void MadeSourcesTest::queriesThatAreRefused() {
  QFETCH(QString, text);
  QFETCH(QString, problem);
  const std::string said = errorText([&] { query(text.toStdString()); });
  QVERIFY2(said.find(problem.toStdString()) != std::string::npos, said.c_str());
}

void MadeSourcesTest::damagedDatabases() {
  writeText(folder_ / "not.db", "a,b\n1,2\n");
  const Values none{{"file", "not.db"}, {"query", "select 1 as a"}};
  COMPARE_TEXT(
      errorText([&] { open("source/sqlite", none); }),
      "parameter file, " + folder_ / "not.db" +
          ": expected an SQLite database, got another kind of file (source/table reads CSV, Parquet and Arrow)");
  const std::string bytes = readFile(folder_ / "shop # 1.db");
  for (uint64_t i = 1; i < 200; ++i) {
    writeText(folder_ / "bad.db", damaged(bytes, i));
    try {
      open("source/sqlite", {{"file", "bad.db"}, {"query", "select id, price, day, kind from orders"}});
    } catch (const Error&) {
    }
  }
  writeText(folder_ / "open.db", bytes);
  writeText(folder_ / "open.db-wal", "something");
  const std::string said = errorText([&] {
    open("source/sqlite", {{"file", "open.db"}, {"query", "select id from orders"}});
  });
  QVERIFY2(said.find("a part of the data is still in") != std::string::npos, said.c_str());
}

void MadeSourcesTest::rowsFollowFromTheirNumber() {
  for (const std::string shape : {"blobs", "spirals", "friedman1", "time_series"}) {
    const Values values{{"shape", shape}, {"features", 5}, {"rows", 300}, {"seed", 3}};
    const auto source = open("source/synthetic", values);
    const Batch all = source->read(0, 300).batch;
    const auto longer =
        open("source/synthetic", {{"shape", shape}, {"features", 5}, {"rows", 1000000000}, {"seed", 3}});
    for (const int64_t first : {0, 7, 123}) {
      const Batch part = longer->read(first, 50).batch;
      QVERIFY(part["target"].equal(all["target"].narrow(0, first, 50)));
      QCOMPARE(describe(part.table("features")), describe(all.table("features").slice(first, 50)));
    }
    QCOMPARE(longer->read(999999999, 50).batch.rows(), 1);
    QVERIFY(source->fingerprint() != longer->fingerprint());
    const auto other = open("source/synthetic", {{"shape", shape}, {"features", 5}, {"rows", 300}, {"seed", 4}});
    QVERIFY(!other->read(0, 300).batch["target"].equal(all["target"]));
  }
}

void MadeSourcesTest::shapes_data() {
  QTest::addColumn<QString>("shape");
  QTest::addColumn<int>("classes");
  QTest::newRow("blobs") << "blobs" << 3;
  QTest::newRow("moons") << "moons" << 2;
  QTest::newRow("circles") << "circles" << 2;
  QTest::newRow("spirals") << "spirals" << 3;
}

// Without noise every point lies on the curve of its class, and the classes are about equally frequent.
void MadeSourcesTest::shapes() {
  QFETCH(QString, shape);
  QFETCH(int, classes);
  const auto source =
      open("source/synthetic", {{"shape", shape.toStdString()}, {"rows", 3000}, {"noise", 0.0}, {"features", 2}});
  QCOMPARE(source->outputs().at("target").classes.size(), static_cast<size_t>(classes));
  const Batch batch = source->read(0, 3000).batch;
  const at::Tensor counts = batch["target"].bincount();
  QVERIFY(counts.min().item<int64_t>() > 3000 / classes * 9 / 10);
  const Table& table = batch.table("features");
  for (size_t i = 0; i < 3000; ++i) {
    const double x = table.column("x1").numbers[i], y = table.column("x2").numbers[i];
    const auto kind = batch["target"][static_cast<int64_t>(i)].item<int64_t>();
    if (shape == "circles") QVERIFY(std::abs(std::hypot(x, y) - (kind == 0 ? 1 : 0.5)) < 1e-12);
    if (shape == "moons") QVERIFY(std::abs(kind == 0 ? std::hypot(x, y) - 1 : std::hypot(x - 1, y - 0.5) - 1) < 1e-12);
    if (shape == "moons") QVERIFY(kind == 0 ? y >= 0 : y <= 0.5);
    if (shape == "spirals") QVERIFY(std::hypot(x, y) <= 1);
  }
}

void MadeSourcesTest::friedmanIsItsFormula() {
  const auto source =
      open("source/synthetic", {{"shape", "friedman1"}, {"rows", 200}, {"noise", 0.0}, {"features", 7}});
  const Batch batch = source->read(0, 200).batch;
  for (size_t i = 0; i < 200; ++i) {
    double x[7];
    for (size_t j = 0; j < 7; ++j) x[j] = batch.table("features").columns()[j]->numbers[i];
    const double y =
        10 * std::sin(3.14159265358979324 * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];
    QVERIFY(std::abs(batch["target"][static_cast<int64_t>(i)].item<double>() - y) < 1e-5);
  }
  COMPARE_TEXT(errorText([&] {
                 open("source/synthetic", {{"shape", "friedman1"}});
               }),
               "parameter features: expected at least 5 for friedman1, got 2");
}

// The noise of a regression is what is left once the weights are known.
void MadeSourcesTest::bestPossibleFit() {
  const auto source =
      open("source/synthetic",
           {{"shape", "regression"}, {"rows", 2000}, {"noise", 2.0}, {"features", 4}, {"informative", 3}});
  const Batch batch = source->read(0, 2000).batch;
  at::Tensor x = at::empty({2000, 4}, at::kDouble);
  for (int64_t j = 0; j < 4; ++j)
    x.select(1, j).copy_(at::tensor(batch.table("features").columns()[static_cast<size_t>(j)]->numbers, at::kDouble));
  const at::Tensor y = batch["target"].to(at::kDouble);
  const at::Tensor weights = at::linalg_solve(x.t().mm(x), x.t().mv(y));
  QVERIFY(std::abs((y - x.mv(weights)).std().item<double>() - 2) < 0.1);
  QVERIFY(std::abs(weights[3].item<double>()) < 0.2);  // this one says nothing
  QVERIFY(weights[0].item<double>() > 1);
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::MadeSourcesTest)
#include "made_sources.moc"
