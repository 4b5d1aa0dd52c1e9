// JSON from outside: what is refused and where, and that what we write is stable and reads back.
#include "base/json.hpp"

#include <QTest>
#include <limits>

#include "checks.hpp"

namespace blockyard {

using Json = nlohmann::json;

class JsonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void refusals_data();
  void refusals();
  void depth();
  void numbersKeepTheirType();
  void brokenBytes();
  void everyCutIsRefused();
  void dumpIsStable();
  void dumpAlwaysSucceeds();
  void places();
  void placesRefuse();
};

void JsonTest::refusals_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("expected");
  QTest::newRow("empty") << QByteArray() << "f.json:1:1: no valid JSON: unexpected end of input";
  QTest::newRow("duplicate") << QByteArray("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}")
                             << "f.json:3:2: the name \"a\" stands here";
  QTest::newRow("nested duplicate") << QByteArray("{\"a\": {\"x\": [{}], \"x\": 1}}") << "f.json:1:19: the name \"x\"";
  QTest::newRow("comma") << QByteArray("{\n  \"a\": [1, 2,]\n}") << "f.json:2:14: no valid JSON: unexpected ']'";
  QTest::newRow("tail") << QByteArray("{} {}") << "f.json:1:4: no valid JSON";
  QTest::newRow("big integer") << QByteArray("[12345678901234567890123456]")
                               << "expected an integer of at most 64 bits";
  QTest::newRow("big number") << QByteArray("[1e999]") << "f.json:1:6: no valid JSON: number overflow";
  QTest::newRow("column counts characters") << QByteArray("{\"größe\": x}") << "f.json:1:11: no valid JSON";
  QTest::newRow("comment") << QByteArray("// no\n{}") << "f.json:1:1: no valid JSON";
  QTest::newRow("NUL") << QByteArray("{}\0x", 4) << "f.json:1:3: no valid JSON: a NUL byte";
  QTest::newRow("nan") << QByteArray("[NaN]") << "f.json:1:2: no valid JSON";
}

void JsonTest::refusals() {
  QFETCH(QByteArray, text);
  QFETCH(QString, expected);
  VERIFY_CONTAINS(errorText([&] { parseJson({text.data(), size_t(text.size())}, "f.json"); }), expected.toStdString());
}

void JsonTest::depth() {
  QCOMPARE(parseJson(std::string(64, '[') + std::string(64, ']'), "f").size(), size_t(1));
  VERIFY_CONTAINS(errorText([] { parseJson(std::string(65, '[') + std::string(65, ']'), "f"); }),
                  "f:1:65: expected at most 64 levels of nesting");
  VERIFY_CONTAINS(errorText([] { parseJson(std::string(100000, '['), "f"); }), "levels of nesting");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  VERIFY_CONTAINS(errorText([&] { parseJson(objects, "f"); }), "levels of nesting");
  VERIFY_CONTAINS(errorText([] { parseJson("[1, 2, 3]", "f", 8); }), "expected at most 8 bytes, got 9");
}

void JsonTest::numbersKeepTheirType() {
  const Json json = parseJson("[1, -1, 1.0, 18446744073709551615, -9223372036854775808]", "f");
  QVERIFY(json[0].is_number_unsigned());
  QVERIFY(!json[1].is_number_unsigned());
  QVERIFY(json[2].is_number_float());
  QCOMPARE(json[3].get<uint64_t>(), std::numeric_limits<uint64_t>::max());
  QCOMPARE(json[4].get<int64_t>(), std::numeric_limits<int64_t>::min());
}

void JsonTest::brokenBytes() {
  for (const char* bytes :
       {"[\"\xff\"]", "[\"\xc3\"]", "[\"\xed\xa0\x80\"]", "[\"\xc0\x80\"]", "[\"\xf5\x80\x80\x80\"]"}) {
    const auto error = errorOf([&] { parseJson(bytes, "f"); });
    QVERIFY(error);
    for (const char c : error->problem()) QVERIFY(static_cast<unsigned char>(c) < 0x80);
  }
  COMPARE_TEXT(parseJson("\"\\u00e9\\ud83d\\ude00\"", "f").get<std::string>(), "é😀");
}

void JsonTest::everyCutIsRefused() {
  const std::string whole = R"({"name": "é", "list": [1, 2.5e3, true, null, {"deep": "\n"}], "n": -7})";
  parseJson(whole, "f");
  for (size_t i = 0; i < whole.size(); ++i) QVERIFY(errorOf([&] { parseJson(whole.substr(0, i), "f"); }));
}

void JsonTest::dumpIsStable() {
  Json json;
  json["shape"] = {1, 28, 28};
  json["empty"] = Json::object();
  json["text"] = "line\nbreak";
  json["wires"] = {{{"from", "a.y"}, {"to", "b.x"}}, {{"from", "b.y"}, {"to", "c.x"}}};
  json["node"] = {{"rate", 0.5}};
  COMPARE_TEXT(dumpJson(json), R"({
  "empty": {},
  "node": {
    "rate": 0.5
  },
  "shape": [1, 28, 28],
  "text": "line\nbreak",
  "wires": [
    {"from": "a.y", "to": "b.x"},
    {"from": "b.y", "to": "c.x"}
  ]
}
)");
  Json longer = Json::array();
  for (int i = 0; i < 40; ++i) longer.push_back("item " + std::to_string(i));
  json["longer"] = longer;
  QVERIFY(parseJson(dumpJson(json), "f") == json);
  for (const Json& plain : {Json(nullptr), Json(1.0), Json("x"), Json::array(), Json(true)})
    QVERIFY(parseJson(dumpJson(plain), "f") == plain);
  COMPARE_TEXT(dumpJson(0.1), "0.1\n");
}

void JsonTest::dumpAlwaysSucceeds() {
  const double inf = std::numeric_limits<double>::infinity();
  COMPARE_TEXT(dumpJson({inf, -inf, std::numeric_limits<double>::quiet_NaN()}), "[\"inf\", \"-inf\", \"nan\"]\n");
  COMPARE_TEXT(dumpJson("a\xff"
                        "b"),
               "\"a\xEF\xBF\xBD"
               "b\"\n");
}

void JsonTest::places() {
  const Json json = parseJson(R"({"a/b": [{"n": 3, "x": "nan", "t": "hi", "f": true, "l": ["p", "q"]}]})", "f.json");
  const JsonPlace item = JsonPlace(json, "f.json")["a/b"].items().at(0);
  COMPARE_TEXT(item.pointer(), "/a~1b/0");
  QCOMPARE(item["n"].integer(), int64_t(3));
  QCOMPARE(item["n"].count(), uint64_t(3));
  QCOMPARE(item["n"].number(), 3.0);
  QVERIFY(std::isnan(item["x"].number()));
  QVERIFY(item["f"].flag());
  COMPARE_TEXT(item.text("t", ""), "hi");
  COMPARE_TEXT(item.text("none", "other"), "other");
  QCOMPARE(item.integer("none", 5), int64_t(5));
  QCOMPARE(item["l"].texts(), (std::vector<std::string>{"p", "q"}));
}

void JsonTest::placesRefuse() {
  const Json json =
      parseJson(R"({"n": -1, "big": 1e300, "t": "hi", "o": {}, "half": 0.5, "huge": 18446744073709551615})", "f.json");
  const JsonPlace root(json, "f.json");
  COMPARE_TEXT(errorText([&] { root["x"]; }), "f.json: \"x\" is missing");
  COMPARE_TEXT(errorText([&] { root["o"]["y"]; }), "f.json: /o: \"y\" is missing");
  COMPARE_TEXT(errorText([&] { root["n"].count(); }), "f.json: /n: expected an integer from 0 up, got -1");
  COMPARE_TEXT(errorText([&] { root["t"].integer(); }), "f.json: /t: expected an integer, got \"hi\"");
  QVERIFY(errorOf([&] { root["big"].integer(); }));
  QVERIFY(errorOf([&] { root["half"].integer(); }));
  QVERIFY(errorOf([&] { root["huge"].integer(); }));
  COMPARE_TEXT(errorText([&] { root["o"].text(); }), "f.json: /o: expected a text, got an object");
  COMPARE_TEXT(errorText([&] { root["t"]["z"]; }), "f.json: /t: expected an object, got \"hi\"");
  COMPARE_TEXT(errorText([&] {
                 root.allowOnly({"n", "bog", "t", "o", "half", "huge"});
               }),
               "f.json: \"big\" is not known here (did you mean \"bog\"?)");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::JsonTest)
#include "json.moc"
