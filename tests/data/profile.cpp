// What is said about columns: the numbers of NumPy and SciPy, exact while few, within the stated error when many.
#include "data/profile.hpp"

#include <QtTest/QtTest>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/file.hpp"
#include "base/random.hpp"
#include "blocks/inspect.hpp"

using namespace blockyard;

class TestProfile : public QObject {
  Q_OBJECT

 private:
  nlohmann::json reference_;

 private Q_SLOTS:
  void initTestCase() {
    reference_ = nlohmann::json::parse(readFile(BLOCKYARD_TEST_DIR "/data/profile_reference.json"));
  }

  void quantilesOfFewAreExact() {
    ColumnProfiler profiler("p", "n", "number");
    for (const double value : reference_["numbers"]) profiler.addNumber(value);
    profiler.addNumber(kMissingNumber);
    const ColumnProfile profile = profiler.finish({});
    const auto& expected = reference_["quantiles"];
    QCOMPARE(profile.quantiles.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
      QVERIFY(std::abs(profile.quantiles[i] - expected[i].get<double>()) < 1e-12);
    QCOMPARE(profile.outliers, reference_["outliers"].get<int64_t>());
    QCOMPARE(std::accumulate(profile.histogram.begin(), profile.histogram.end(), int64_t{0}),
             static_cast<int64_t>(reference_["numbers"].size()));
  }

  void quantilesOfManyAreNear_data() {
    QTest::addColumn<int>("order");
    QTest::newRow("as they come") << 0;
    QTest::newRow("rising") << 1;
    QTest::newRow("falling") << 2;
  }

  void quantilesOfManyAreNear() {
    QFETCH(int, order);
    constexpr int64_t kRows = 300000;
    const KeyedPermutation shuffled(kRows, KeyedRandom(4));
    QuantileSketch sketch;
    for (int64_t i = 0; i < kRows; ++i)
      sketch.add(order == 0   ? static_cast<double>(shuffled(static_cast<uint64_t>(i)))
                 : order == 1 ? static_cast<double>(i)
                              : static_cast<double>(kRows - 1 - i));
    QVERIFY(!sketch.exact());
    const auto values = sketch.sorted();
    QVERIFY(values.size() < 3 * kSketchSize + 64);
    int64_t all = 0;
    for (const auto& [value, weight] : values) all += weight;
    QCOMPARE(all, kRows);
    for (double q = 0; q <= 1; q += 0.01) {
      const double off = quantileOf(values, q) / (kRows - 1) - q;
      QVERIFY2(std::abs(off) <= kSketchError, qPrintable(QString("%1 at %2").arg(off).arg(q)));
    }
  }

  void differentValues() {
    for (const int64_t count : {3, 9000, 40000, 1000000}) {
      ColumnProfiler profiler("p", "n", "number");
      for (int64_t i = 0; i < count; ++i) profiler.addNumber(static_cast<double>(i) / 8);
      for (int64_t i = 0; i < 100; ++i) profiler.addNumber(0);
      const ColumnProfile profile = profiler.finish({});
      QCOMPARE(profile.more_distinct, count > kMostDistinct);
      const double off = static_cast<double>(profile.distinct) / static_cast<double>(count) - 1;
      QVERIFY2(std::abs(off) < (count > kMostDistinct ? 0.03 : 1e-9), qPrintable(QString::number(off)));
    }
  }

  void equalRowsAreCounted() {
    DuplicateCount few;
    for (const uint64_t row : {1, 2, 3, 2, 2, 1}) few.add(mixedBits(row));
    QVERIFY(few.exact());
    QCOMPARE(few.count(), int64_t{3});
    DuplicateCount many;  // 3 million rows, a third of them again
    for (uint64_t row = 1; row <= 3000000; ++row) many.add(mixedBits(row));
    for (uint64_t row = 1; row <= 3000000; row += 3) many.add(mixedBits(row));
    QVERIFY(!many.exact());
    QVERIFY(std::abs(static_cast<double>(many.count()) / 1e6 - 1) < 0.01);
  }

  void associationsAreThoseOfSciPy_data() {
    QTest::addColumn<QString>("target");
    QTest::newRow("species") << "species";
    QTest::newRow("mass") << "body_mass_g";
  }

  void associationsAreThoseOfSciPy() {
    QFETCH(QString, target);
    const QByteArray data = qgetenv("BLOCKYARD_DATA");
    const std::string file = data.toStdString() + "/penguins/penguins.csv";
    if (!QFile::exists(QString::fromStdString(file))) QSKIP("the penguins are not here; packaging/data brings them");
    const DataProfile profile = inspectSource(
        "source/table", {{"file", file}, {"target", Texts{target.toStdString()}}, {"missing_target", "drop"}}, {});
    const auto& expected = reference_["penguins"]["by " + target.toStdString()];
    for (const auto& [name, value] : expected.items()) {
      const auto column = std::find_if(profile.columns.begin(), profile.columns.end(),
                                       [&, &wanted = name](const ColumnProfile& each) { return each.name == wanted; });
      QVERIFY(column != profile.columns.end());
      QVERIFY2(std::abs(column->association - value.get<double>()) < 1e-9,
               qPrintable(QString("%1: %2").arg(QString::fromStdString(name)).arg(column->association, 0, 'g', 12)));
    }
  }

  void notesTellWhatMatters() {
    DataProfile profile{.rows = 200, .duplicates = 7};
    profile.columns.push_back({.name = "a", .type = "number", .rows = 200, .missing = 200});
    profile.columns.push_back({.name = "b", .type = "number", .rows = 200, .missing = 30, .distinct = 4});
    profile.columns.push_back({.name = "c", .type = "category", .rows = 200, .distinct = 1});
    profile.columns.push_back(
        {.name = "target", .type = "label", .rows = 200, .distinct = 2, .top = {{"no", 199}, {"yes", 1}}});
    profile.columns.push_back({.name = "fine", .type = "number", .rows = 200, .missing = 2, .distinct = 100});
    const std::vector<std::string> expected = {"7 rows occur more than once", "a: every value is missing",
                                               "b: 15 % missing", "c: always the same value",
                                               "target: the class yes is rare, 0.5 % of the rows"};
    QCOMPARE(notesOn(profile), expected);
  }
};

QTEST_APPLESS_MAIN(TestProfile)
#include "profile.moc"
