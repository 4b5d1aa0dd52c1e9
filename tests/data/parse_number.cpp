// Numbers in text: correctly rounded on both paths, and nothing else taken for a number.
#include "data/parse_number.hpp"

#include <QTest>
#include <algorithm>
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
  void eightDigits();
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

// As the other path wherever it answers, and it does answer up to eight digits.
void ParseNumberTest::eightDigits() {
  const auto check = [](const std::string& number, char behind, char point) {
    const std::string text = number + behind + "7.7,7.7,7.7,";
    double value = -1, expected = -1;
    const char* const end = parseEightDigits(text.c_str(), point, value);
    const char* const expected_end = parseShortNumber(text.c_str(), point, expected);
    const auto digits = std::count_if(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (end == nullptr) return expected_end == nullptr || digits > 8;
    return end == expected_end && std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected);
  };
  for (const char* number :
       {"",          "-",         "0",          "-0",        "-0.0",       "7",          "12",    "12345678",
        "123456789", "1234567.8", "12345678.9", "0.1234567", "0.12345678", "-1.2345678", ".5",    "-.5",
        "5.",        ".",         "-.",         "1.2.3",     "1e3",        "1.5e3",      "abc",   "1a",
        "--1",       "00000001",  "000000001",  "99999999",  "9999999.9",  "\xff\xfe",   "1\xff", "1.\xff",
        "12:",       "12/",       ": ",         "nan",       " 1",         "+1"})
    for (const char behind : {',', '\n', '\r', '\t', ';', ' ', '"', '\xb0'}) {
      QVERIFY2(check(number, behind, '.'), number);
      std::string other = number;
      std::replace(other.begin(), other.end(), '.', ',');
      if (behind != ',') QVERIFY2(check(other, behind, ','), number);
    }
  const KeyedRandom random(8);
  for (uint64_t i = 0; i < 200000; ++i) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", static_cast<int>(random.below(3 * i, 8)),
                  random.normal(3 * i + 1) * std::pow(10, static_cast<double>(random.below(3 * i + 2, 7))));
    QVERIFY2(check(text, ',', '.'), text);
  }
  // As many bytes are read as it says, and no more: what follows does not matter.
  const std::string most = "-1234.56780";
  QCOMPARE(static_cast<int64_t>(most.size()), kEightDigitsReach);
  double value = 0;
  QVERIFY(parseEightDigits(most.data(), '.', value) == nullptr);
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
