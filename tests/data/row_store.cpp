// The row store: the same rows from memory and from a file, and a full disk said so.
#include "data/row_store.hpp"

#include <sys/resource.h>

#include <QTest>
#include <csignal>

#include "base/random.hpp"
#include "csv_help.hpp"

namespace blockyard {

class RowStoreTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void ranges();
  void fullDisk();
  void noFolder();

 private:
  static RowBlock block(int64_t first, int64_t rows) {
    RowBlock out{.rows = rows};
    out.columns.resize(4);
    const KeyedRandom random(1);
    for (int64_t i = first; i < first + rows; ++i) {
      out.columns[0].numbers.push_back(static_cast<double>(i) / 8);
      const int32_t code = static_cast<int32_t>(out.columns[1].classes.size());
      out.columns[1].classes.add("c" + std::to_string(random.below(static_cast<uint64_t>(i), 9)));
      out.columns[1].codes.push_back(i % 5 == 0 ? kMissingCode : code);
      out.columns[3].numbers.push_back(i % 7 == 0 ? kMissingNumber : static_cast<double>(i) / 7);  // takes eight bytes
      out.columns[2].texts.add(i % 3 == 0 ? "" : "text " + std::to_string(i));
    }
    return out;
  }
  static std::vector<ColumnSpec> specs() {
    return {{"n", ColumnType::Number}, {"c", ColumnType::Category}, {"t", ColumnType::Text}, {"m", ColumnType::Number}};
  }
};

void RowStoreTest::ranges() {
  RowStore memory(specs(), int64_t{1} << 30), file(specs(), 500);
  for (const auto& [first, rows] :
       std::vector<std::pair<int64_t, int64_t>>{{0, 10}, {10, 1}, {11, 0}, {11, 500}, {511, 89}}) {
    memory.append(block(first, rows));
    file.append(block(first, rows));
  }
  memory.finish();
  file.finish();
  QVERIFY(!memory.spooled() && memory.memoryBytes() > 0 && file.spooled() && file.memoryBytes() == 0);
  QCOMPARE(memory.rows(), 600);
  const Table whole = memory.read(0, 600);
  QCOMPARE(whole.columns()[0]->numbers[599], 599.0 / 8);
  QCOMPARE(whole.columns()[3]->numbers[599], 599.0 / 7);
  QVERIFY(std::isnan(whole.columns()[3]->numbers[595]));
  QVERIFY(std::is_sorted(whole.columns()[1]->classes->begin(), whole.columns()[1]->classes->end()));
  for (const auto& [first, count] : std::vector<std::pair<int64_t, int64_t>>{
           {0, 600}, {0, 1}, {9, 3}, {10, 1}, {11, 500}, {300, 250}, {599, 1}, {600, 0}, {5, 0}}) {
    COMPARE_TEXT(describe(file.read(first, count)), describe(whole.slice(first, count)));
    COMPARE_TEXT(describe(memory.read(first, count)), describe(whole.slice(first, count)));
  }
  COMPARE_TEXT(describe(file.read(20, 3, {2})), "t:text|text 20||text 22");
}

void RowStoreTest::fullDisk() {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto error = errorOf([] {
    RowStore store(specs(), 1000);
    for (int64_t i = 0; i < 100; ++i) store.append(block(i * 100, 100));
  });
  setrlimit(RLIMIT_FSIZE, &before);
  QVERIFY(error.has_value());
  VERIFY_CONTAINS(error->what(), "cannot write rows to a temporary file there");
  VERIFY_CONTAINS(error->what(), "TMPDIR");
  QVERIFY(error->fault() == Fault::Failed);
}

void RowStoreTest::noFolder() {
  const QByteArray before = qgetenv("TMPDIR");
  qputenv("TMPDIR", "/nowhere/at/all");
  const auto error = errorOf([] {
    RowStore store(specs(), 10);
    store.append(block(0, 100));
  });
  before.isEmpty() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
  QVERIFY(error && error->fault() == Fault::Failed);
  VERIFY_CONTAINS(error->what(), "cannot make a temporary file");
}

}  // namespace blockyard

using blockyard::RowStoreTest;
QTEST_GUILESS_MAIN(RowStoreTest)
#include "row_store.moc"
