// Values: to JSON, to text and back without loss, and refusals that say what was expected.
#include "base/value.hpp"

#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/random.hpp"
#include "checks.hpp"

namespace blockyard {

class ValueTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void throughJson();
  void throughText();
  void everyNumberSurvives();
  void specialNumbers();
  void wantedTypeDecides();
  void refusals();
  void textRefusals();
  void namedValues();
  void nearest();
};

const double kInf = std::numeric_limits<double>::infinity();

std::vector<Value> samples() {
  return {true,
          false,
          0,
          std::numeric_limits<int64_t>::min(),
          std::numeric_limits<int64_t>::max(),
          0.0,
          0.1,
          -1e300,
          3.0,
          kInf,
          "",
          "relu",
          "true",
          "größe \"quoted\"\n",
          Integers{},
          Integers{1, -2, 3},
          Numbers{},
          Numbers{0.5, 2, -kInf},
          Texts{},
          Texts{"a", "b c"}};
}

void ValueTest::throughJson() {
  for (const Value& value : samples()) {
    const nlohmann::json json = parseJson(dumpJson(toJson(value)), "f");
    QVERIFY2(valueFromJson(json, value) == value, value.text().c_str());
  }
  for (const Value& value : {Value(true), Value(-3), Value(0.5), Value(3.0), Value("x"), Value(Integers{1}),
                             Value(Numbers{1.0}), Value(Texts{"x"})})  // also without a wanted type
    QVERIFY2(valueFromJson(parseJson(dumpJson(toJson(value)), "f")) == value, value.text().c_str());
}

void ValueTest::throughText() {
  for (const Value& value : samples()) QVERIFY2(valueFromText(value.text(), value) == value, value.text().c_str());
  QVERIFY(valueFromText("a, 'b' ,\"c\"", Texts{}) == Value(Texts{"a", "b", "c"}));
  QVERIFY(valueFromText("1e3", 0) == Value(1000));
  QVERIFY(valueFromText("on", false) == Value(true));
}

void ValueTest::everyNumberSurvives() {
  const KeyedRandom random(3);
  for (uint64_t i = 0; i < 100000; ++i) {
    const uint64_t bits = random.bits(i);
    double number = 0;
    std::memcpy(&number, &bits, 8);
    if (std::isnan(number)) continue;
    QVERIFY(valueFromText(Value(number).text(), 0.0) == Value(number));
    QVERIFY(valueFromJson(parseJson(dumpJson(toJson(Value(number))), "f"), 0.0) == Value(number));
    const Value integer(static_cast<int64_t>(bits));
    QVERIFY(valueFromText(integer.text(), 0) == integer);
  }
}

void ValueTest::specialNumbers() {
  COMPARE_TEXT(toJson(Value(kInf)).dump(), "\"inf\"");
  COMPARE_TEXT(toJson(Value(-kInf)).dump(), "\"-inf\"");
  QVERIFY(std::isnan(valueFromJson("nan", 0.0).as<double>()));
  QVERIFY(std::isnan(valueFromText("nan", 0.0).as<double>()));
  QVERIFY(valueFromText("-inf", 0.0) == Value(-kInf));
  COMPARE_TEXT(Value(0.1).text(), "0.1");
  COMPARE_TEXT(Value(Numbers{1, 0.5}).text(), "[1, 0.5]");
}

void ValueTest::wantedTypeDecides() {
  QVERIFY(valueFromJson(3, 0.0) == Value(3.0));
  QVERIFY(valueFromJson(3.0, 0) == Value(3));
  QVERIFY(valueFromJson(nlohmann::json::array(), Numbers{}) == Value(Numbers{}));
  QVERIFY(valueFromJson({1, 2}, Numbers{}) == Value(Numbers{1, 2}));
  QVERIFY(valueFromText("3", "") == Value("3"));
  QVERIFY(valueFromText("", Integers{}) == Value(Integers{}));
}

void ValueTest::refusals() {
  const auto text = [](const nlohmann::json& json, const Value& like) {
    return errorText([&] { valueFromJson(json, like); });
  };
  COMPARE_TEXT(text(1, true), "expected true or false, got 1");
  COMPARE_TEXT(text(0.5, 1), "expected an integer, got 0.5");
  COMPARE_TEXT(text(std::numeric_limits<uint64_t>::max(), 1),
               "expected an integer of 64 bits, got 18446744073709551615");
  COMPARE_TEXT(text("x", 1.0), "expected a number, got \"x\"");
  COMPARE_TEXT(text(true, 1.0), "expected a number, got true");
  COMPARE_TEXT(text(1, "x"), "expected a text, got 1");
  COMPARE_TEXT(text(1, Integers{}), "expected a list of integers, got 1");
  COMPARE_TEXT(text({1, 0.5}, Integers{}), "expected an integer, got 0.5");
  COMPARE_TEXT(text({"a", 1}, Texts{}), "expected a text, got 1");
  VERIFY_CONTAINS(text(std::string(100, 'x'), 1), "xxx...");
  COMPARE_TEXT(text("\xff", 1), "expected an integer, got \"\xEF\xBF\xBD\"");
  VERIFY_CONTAINS(errorText([] { valueFromJson(nlohmann::json::object()); }), "expected a flag, a number, a text");
}

void ValueTest::textRefusals() {
  for (const char* bad : {"", "x", "1x", "0.5", " 1", "1e999", "nan", "9223372036854775808"})
    VERIFY_CONTAINS(errorText([&] { valueFromText(bad, 1); }), "expected an integer");
  for (const char* bad : {"", "x", "1.5.", "1,5", "1e999"})
    VERIFY_CONTAINS(errorText([&] { valueFromText(bad, 1.0); }), "expected a number");
  COMPARE_TEXT(errorText([] { valueFromText("maybe", true); }), "expected true or false, got \"maybe\"");
  VERIFY_CONTAINS(errorText([] { valueFromText("1,,2", Integers{}); }), "expected an integer, got \"\"");
}

void ValueTest::namedValues() {
  Values values{{"rate", 0.5}, {"size", 3}, {"name", "relu"}, {"on", true}, {"list", Numbers{0.5, 1.0}}};
  QCOMPARE(values.number("size"), 3.0);
  QVERIFY(values.has("rate") && !values.has("rat"));
  QVERIFY(valuesFromJson(parseJson(dumpJson(toJson(values)), "f")) == values);
  values.remove("rate");
  QVERIFY(values.find("rate") == nullptr);
  VERIFY_CONTAINS(errorText([&] { values.number("rate"); }), "parameter rate: is not set");
  COMPARE_TEXT(errorText([] { valuesFromJson(3); }), "expected an object, got 3");
}

void ValueTest::nearest() {
  COMPARE_TEXT(nearestName("drpout", {"dropout", "conv1d"}), "dropout");
  COMPARE_TEXT(nearestName("convd2", {"conv1d", "conv2d"}), "conv2d");
  COMPARE_TEXT(nearestName("xyz", {"dropout"}), "");
  COMPARE_TEXT(nearestName("a", {}), "");
  COMPARE_TEXT(nearestName("z", {"x", "Z"}), "Z");
  COMPARE_TEXT(nearestName("t", {"x", "y"}), "");
  COMPARE_TEXT(nearestName("zz", {"a"}), "");
  COMPARE_TEXT(nearestName("adm", {"Adam", "sgd"}), "Adam");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::ValueTest)
#include "value.moc"
