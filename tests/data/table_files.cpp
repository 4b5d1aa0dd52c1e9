// The real data sets, cell by cell as pandas reads them (tests/reference/tables.py), from the folder in BLOCKYARD_DATA;
// without it, the files beside this test alone. And every other file format with what it can hold.
#include <QTest>
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "csv_help.hpp"
#include "data/arrow_file.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

class TableFilesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void asPandas();
  void arrowTypes_data();
  void arrowTypes();
  void arrowSettings();
  void parquetComesBack();
  void arrowMistakes();
  void damagedArrow();

 private:
  static std::string sample(const std::string& name) { return std::string(BLOCKYARD_TEST_DIR "/data/samples/") + name; }
  static Table readArrow(const std::string& path, const ArrowOptions& options = {}) {
    const auto reader = openArrowFile(path, options);
    RowStore store(reader->columns(), std::numeric_limits<int64_t>::max());
    RowBlock block;
    while (reader->next(block)) store.append(block);
    store.finish();
    return store.read(0, store.rows());
  }
  TestFolder folder_;
};

std::string digest(const Column& column) {
  Sha256 hash;
  if (column.type == ColumnType::Number || column.type == ColumnType::Time) {
    std::vector<double> numbers = column.numbers;
    for (double& number : numbers)
      number = std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number + 0.0;
    hash.update(numbers.data(), numbers.size() * sizeof(double));
  } else {
    for (int64_t row = 0; row < column.rows(); ++row) hash.update(column.cell(row) + "\n");
  }
  return hash.hex();
}

void TableFilesTest::asPandas() {
  const std::string root = qgetenv("BLOCKYARD_DATA").toStdString();
  const auto facts = nlohmann::json::parse(readFile(BLOCKYARD_TEST_DIR "/data/tables.json"));
  int compared = 0;
  for (const auto& fact : facts) {
    const std::string name = fact["file"], path = std::filesystem::path(root) / name;
    if (root.empty() || !std::filesystem::exists(path)) continue;
    const CsvOptions options{.quotes = name.ends_with(".txt") ? "none" : "auto"};  // as they say of themselves
    for (const int threads : {1, 2}) {
      const Table table =
          readCsv(path, options, {.threads = threads, .block_bytes = threads == 1 ? size_t{1} << 20 : size_t{50000}});
      QCOMPARE(table.rows(), fact["rows"].get<int64_t>());
      QCOMPARE(table.columns().size(), fact["columns"].size());
      for (size_t i = 0; i < table.columns().size(); ++i) {
        const auto& expected = fact["columns"][i];
        const Column& column = *table.columns()[i];
        const std::string type = column.type == ColumnType::Category ? "text" : nameOf(column.type);
        const std::string what = name + ", " + column.name;
        QVERIFY2(column.name == expected["name"].get<std::string>(), what.c_str());
        QVERIFY2(type == expected["type"].get<std::string>(), what.c_str());
        int64_t missing = 0;
        for (int64_t row = 0; row < column.rows(); ++row) missing += column.missing(row);
        QVERIFY2(missing == expected["missing"].get<int64_t>(), what.c_str());
        QVERIFY2(digest(column) == expected["sha256"].get<std::string>(), what.c_str());
      }
    }
    ++compared;
  }
  QVERIFY(root.empty() || compared > 0);
}

void TableFilesTest::arrowTypes_data() {
  QTest::addColumn<QString>("file");
  for (const char* name : {"types.parquet", "types.arrow", "types.feather", "types.arrows"})
    QTest::newRow(name) << name;
}

void TableFilesTest::arrowTypes() {
  QFETCH(QString, file);
  for (const int threads : {1, 2}) {
    const Table table = readArrow(sample(file.toStdString()), {.threads = threads});
    COMPARE_TEXT(
        describe(table),
        "i8:number u64:number f16:number f32:number f64:number bool:number decimal:number date:time stamp:time "
        "zoned:time text:category large:category class:category none:number list:text"
        "|1;1;0.5;0.5;0.1;1;1.25;2012-01-31;2012-01-31T08:30:00;2012-01-31T08:30:00;x;x;b;;[1, 2]"
        "|;2;-1.5;;-2.25;;;;;;;;;;"
        "|-3;9007199254740992;2;;;0;-3.5;2012-02-01;2012-01-31T08:30:00;2012-01-31T08:30:00;z;z;a;;[]");
    QVERIFY((*table.column("class").classes == std::vector<std::string>{"a", "b"}));
  }
}

void TableFilesTest::arrowSettings() {
  COMPARE_TEXT(describe(readArrow(sample("types.parquet"), {.only = {"text", "i8"}})),
               "text:category i8:number|x;1|;|z;-3");
  COMPARE_TEXT(describe(readArrow(sample("types.arrow"), {.only = {"text", "more", "i8"}, .may_lack = {"more"}})),
               "text:category i8:number|x;1|;|z;-3");
  COMPARE_TEXT(
      describe(readArrow(
          sample("types.parquet"),
          {.only = {"i8", "text", "date"},
           .types = {{"i8", ColumnType::Category}, {"text", ColumnType::Text}, {"date", ColumnType::Number}}})),
      "i8:category text:text date:number|1;x;1327968000|;;|-3;z;1328054400");
  COMPARE_TEXT(describe(readArrow(sample("infinite.parquet"), {.missing = {"inf"}})), "x:number|1|");
  const TableRows rows(
      {.files = {{sample("types.parquet"), "file"}}, .targets = {"class"}, .drop_missing_target = true});
  QVERIFY(rows.labelled() && rows.store().rows() == 2 && rows.targets().size() == 1);
}

void TableFilesTest::parquetComesBack() {
  Column number{.name = "number", .numbers = {1.5, kMissingNumber, -0.25}},
      whole{.name = "whole", .numbers = {1, 9007199254740992, kMissingNumber}},
      text{.name = "text", .type = ColumnType::Text, .texts = {"ü", "", "a,b"}},
      stamp{.name = "stamp", .type = ColumnType::Text, .texts = {"2026-11-21T11:45:30Z", "", "2026-11-22T00:00:00Z"}},
      time{.name = "time", .type = ColumnType::Time, .numbers = {0, 86400, kMissingNumber}},
      kind{.name = "kind",
           .type = ColumnType::Category,
           .codes = {1, kMissingCode, 0},
           .classes = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a", "b"})};
  std::vector<Table::Shared> columns;
  for (Column* each : {&number, &whole, &text, &stamp, &time, &kind})
    columns.push_back(std::make_shared<const Column>(std::move(*each)));
  const auto path = folder_ / "back.parquet";
  std::ofstream(path, std::ios::binary) << parquetOf(Table(columns), {.whole = {"whole"}, .times = {"stamp"}});
  COMPARE_TEXT(describe(readArrow(path, {.types = {{"text", ColumnType::Text}}})),
               "number:number whole:number text:text stamp:time time:time kind:category"
               "|1.5;1;ü;2026-11-21T11:45:30;1970-01-01;b|;9007199254740992;;;1970-01-02;"
               "|-0.25;;a,b;2026-11-22;;a");
  // A table without rows is written as well; there is nothing in it to train on, which the reader says.
  std::ofstream(path, std::ios::binary) << parquetOf(Table({std::make_shared<const Column>(Column{.name = "x"})}));
  VERIFY_CONTAINS(errorText([&] { readArrow(path); }), "holds columns but no rows");
}

void TableFilesTest::arrowMistakes() {
  VERIFY_CONTAINS(errorText([] { readArrow(sample("infinite.parquet")); }),
                  "expected a finite number in row 2, got \"inf\"");
  VERIFY_CONTAINS(errorText([] { readArrow(sample("types.parquet"), {.only = {"texts"}}); }), "did you mean \"text\"?");
  VERIFY_CONTAINS(errorText([] {
                    readArrow(sample("types.parquet"), {.types = {{"text", ColumnType::Number}}});
                  }),
                  "column \"text\": expected a finite number in row 1, got \"x\"");
  VERIFY_CONTAINS(errorText([&] { readArrow(writeText(folder_ / "a", "FEA1 and so on")); }),
                  "Feather file of version 1");
  VERIFY_CONTAINS(errorText([&] { readArrow(writeText(folder_ / "a", "PAR1")); }), "the file is damaged: ");
  VERIFY_CONTAINS(errorText([&] { readArrow(folder_ / "none.parquet"); }), "none.parquet");
  // One printable line, whatever the bytes.
  std::string bytes = readFile(sample("types.parquet"));
  for (size_t at = bytes.size() - 200; at < bytes.size() - 8; ++at) bytes[at] = static_cast<char>(at * 7);
  const std::string damage = errorText([&] { readArrow(writeText(folder_ / "bad.parquet", bytes)); });
  VERIFY_CONTAINS(damage, "bad.parquet: the file is damaged: ");
  for (const char c : damage) QVERIFY2(c >= ' ' && c < 127, damage.c_str());
  std::atomic<bool> stop = true;
  VERIFY_CONTAINS(errorText([&] { readArrow(sample("types.parquet"), {.stop = &stop}); }), "stopped");
}

// Files cut short or with wrong bytes: rows or an Error, never a crash.
void TableFilesTest::damagedArrow() {
  for (const char* name : {"types.parquet", "types.arrow", "types.arrows"}) {
    const std::string whole = readFile(sample(name));
    int errors = 0;
    for (uint64_t i = 0; i < 400; ++i) {
      const std::string path = writeText(folder_ / "damaged", damaged(whole, i));
      errors += errorOf([&] { readArrow(path); }).has_value();
    }
    QVERIFY(errors > 50);
  }
}

}  // namespace blockyard

using blockyard::TableFilesTest;
QTEST_GUILESS_MAIN(TableFilesTest)
#include "table_files.moc"
