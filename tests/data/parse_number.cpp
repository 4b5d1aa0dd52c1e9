// Numbers in text: correctly rounded on both paths, and nothing else taken for a number.
#include "data/parse_number.hpp"

#include <QTest>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/random.hpp"
#include "checks.hpp"
#include "data/table.hpp"

namespace blockyard {

class ParseNumberTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void forms();
  void shortPath();
  void roundTrip();
  void times();
};

void ParseNumberTest::forms() {
  double value = 0;
  const auto is = [&](const char* text, double expected) {
    return parseNumber(text, '.', value) == NumberText::Finite && value == expected;
  };
  QVERIFY(is("1", 1) && is("-1", -1) && is("+1", 1) && is("007", 7) && is(".5", 0.5) && is("5.", 5) && is("1e3", 1000));
  QVERIFY(is("1E-2", 0.01) && is("-0.0", 0) && std::signbit(value) && is("1e-400", 0) && is("0e999", 0));
  QVERIFY(is("123456789012345678901234567890", 123456789012345678901234567890.0));
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1 ", " 1", "1,5", "nan", "NaN",
                           "abc", "1f", "--1", "1_000", "12a"})
    QVERIFY2(parseNumber(text, '.', value) == NumberText::None, text);
  for (const char* text : {"inf", "-inf", "+Infinity", "INF", "1e999", "-1e999"})
    QVERIFY2(parseNumber(text, '.', value) == NumberText::Infinite, text);
  QVERIFY(parseNumber("1,5", ',', value) == NumberText::Finite && value == 1.5);
  QVERIFY(parseNumber("1.5", ',', value) == NumberText::None);
  QVERIFY(parseNumber("1,5e2", ',', value) == NumberText::Finite && value == 150);
}

void ParseNumberTest::shortPath() {
  double value = 0;
  const auto behind = [&](const std::string& text) {
    const char* end = parseShortNumber(text.c_str(), '.', value);
    return end ? end - text.c_str() : -1;
  };
  QCOMPARE(behind("12.5,"), 4);
  QCOMPARE(value, 12.5);
  QCOMPARE(behind("-7\n"), 2);
  QCOMPARE(value, -7.0);
  QCOMPARE(behind("-\n"), -1);
  QCOMPARE(behind("\n"), -1);
  QCOMPARE(behind("abc"), -1);
  QCOMPARE(behind("9007199254740993,"), -1);         // 2^53 + 1 is no double
  QCOMPARE(behind("12345678901234567890123,"), -1);  // would overflow
  QCOMPARE(behind("0.1234567890123456789,"), -1);
}

// Random doubles, written with 1 to 17 digits in both forms, read back exactly as the standard library reads them.
void ParseNumberTest::roundTrip() {
  const KeyedRandom random(7);
  for (uint64_t i = 0; i < 200000; ++i) {
    char text[64];
    const double number = i % 2 == 0 ? std::bit_cast<double>(random.bits(i)) : random.normal(i) * 1000;
    // Near the ends of the range the rounded text may be out of it.
    if (!std::isfinite(number) || std::abs(number) < 1e-300 || std::abs(number) > 1e300) continue;
    const int size = std::snprintf(text, sizeof text, i % 4 < 2 ? "%.*g" : "%.*f", static_cast<int>(1 + i % 17),
                                   i % 4 < 2 ? number : std::fmod(number, 1e6));
    double expected = 0, got = 0;
    std::from_chars(text, text + size, expected);
    text[size] = ',';
    const char* const end = parseShortNumber(text, '.', got);
    if (end == text + size) QVERIFY(std::bit_cast<uint64_t>(got) == std::bit_cast<uint64_t>(expected));
    QVERIFY2(parseNumber({text, static_cast<size_t>(size)}, '.', got) == NumberText::Finite, text);
    QVERIFY2(std::bit_cast<uint64_t>(got) == std::bit_cast<uint64_t>(expected), text);
  }
}

void ParseNumberTest::times() {
  // Beyond any calendar: a number, not undefined behaviour.
  COMPARE_TEXT(timeText(1e300), "1e+300");
  COMPARE_TEXT(timeText(-1e18), "-1e+18");
  COMPARE_TEXT(timeText(std::numeric_limits<double>::quiet_NaN()), "");
  QCOMPARE(timeFromText("1970-01-02"), 86400.0);
  QCOMPARE(timeFromText("2012-02-29"), 1330473600.0);
  QVERIFY(std::isnan(timeFromText("2013-02-29")) && std::isnan(timeFromText("2012-04-31")) &&
          std::isnan(timeFromText("2012-13-01")));
  QCOMPARE(timeFromText("2013-01-01T10:00:00Z"), 1357034400.0);
}

}  // namespace blockyard

using blockyard::ParseNumberTest;
QTEST_GUILESS_MAIN(ParseNumberTest)
#include "parse_number.moc"
