// Short numbers: those that go into four bytes come back bit for bit, and all others are refused.
#include "data/short_numbers.hpp"

#include <QTest>
#include <bit>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "data/parse_number.hpp"
#include "data/table.hpp"

namespace blockyard {

class ShortNumbersTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void places_data();
  void places();
  void anyLength();
  void randomDecimals();
};

// How many places they are packed with, -1 for not at all; what is packed must come back, the missing ones too.
int packedPlaces(const std::vector<double>& numbers) {
  std::vector<int32_t> packed;
  const auto places = packNumbers(numbers, packed);
  if (!places) return -1;
  std::vector<double> back(numbers.size());
  unpackNumbers(*places, packed.data(), back);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const bool same = std::isnan(numbers[i]) ? std::isnan(back[i])
                                             : std::bit_cast<uint64_t>(back[i]) == std::bit_cast<uint64_t>(numbers[i]);
    if (!same) return -2;
  }
  return *places;
}

void ShortNumbersTest::places_data() {
  QTest::addColumn<QList<double>>("numbers");
  QTest::addColumn<int>("expected");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  QTest::newRow("none") << QList<double>{} << 0;
  QTest::newRow("integers") << QList<double>{0, 1, -7, 2147483646, -2147483646} << 0;
  QTest::newRow("decimals") << QList<double>{1.5, -0.25, 3, 1.75994} << 5;
  QTest::newRow("more places later") << QList<double>{0, 1, 2, 1, 0.000000001} << 9;
  QTest::newRow("missing") << QList<double>{kMissingNumber, 0.5, kMissingNumber, -kMissingNumber} << 1;
  QTest::newRow("only missing") << QList<double>{kMissingNumber} << 0;
  QTest::newRow("minus zero") << QList<double>{1, -0.0} << -1;
  QTest::newRow("too large") << QList<double>{2147483648} << -1;
  QTest::newRow("too large with its places") << QList<double>{0.125, 30000000} << -1;
  QTest::newRow("too many places") << QList<double>{1, 0.0000000001} << -1;
  QTest::newRow("no decimal") << QList<double>{0.5, 1.0 / 3} << -1;
  QTest::newRow("next to a decimal") << QList<double>{std::nextafter(0.1, 1)} << -1;
  QTest::newRow("infinite") << QList<double>{1, kInfinity} << -1;
  QTest::newRow("huge") << QList<double>{1e300} << -1;
  QTest::newRow("tiny") << QList<double>{5e-324} << -1;
}

void ShortNumbersTest::places() {
  QFETCH(const QList<double>, numbers);
  QFETCH(const int, expected);
  QCOMPARE(packedPlaces({numbers.begin(), numbers.end()}), expected);
}

// Numbers are looked at four by four, and 256 by 256; one that does not fit is found at every place.
void ShortNumbersTest::anyLength() {
  for (size_t size : {1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 259, 511, 1000}) {
    std::vector<double> numbers(size, 0.75);
    QCOMPARE(packedPlaces(numbers), 2);
    for (const size_t at : {size_t{0}, size / 2, size - 1}) {
      numbers[at] = 0.0625;
      QCOMPARE(packedPlaces(numbers), 4);
      numbers[at] = 1.0 / 3;
      QCOMPARE(packedPlaces(numbers), -1);
      numbers[at] = 0.75;
    }
  }
}

// Any integer below 2^31 over any power of ten that is held is rounded once, so it comes back.
void ShortNumbersTest::randomDecimals() {
  const KeyedRandom random(3);
  for (int places = 0; places <= kMostPlaces; ++places) {
    std::vector<double> numbers(50000);
    for (size_t i = 0; i < numbers.size(); ++i) {
      const auto integer = static_cast<double>(1 + random.below(i, 2147483646));
      numbers[i] = (i % 2 == 0 ? integer : -integer) / kExactPowers[places];
    }
    const int found = packedPlaces(numbers);
    QVERIFY2(found == places, qPrintable(QString("%1 instead of %2").arg(found).arg(places)));
  }
}

}  // namespace blockyard

using blockyard::ShortNumbersTest;
QTEST_GUILESS_MAIN(ShortNumbersTest)
#include "short_numbers.moc"
