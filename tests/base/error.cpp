// The sentence of an Error, and what outer places add to it.
#include "base/error.hpp"

#include <QTest>

#include "checks.hpp"

namespace blockyard {

class ErrorTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void places();
  void sentence();
  void outerPlaceFillsGaps();
  void quotedBytes();
};

void ErrorTest::places() {
  COMPARE_TEXT(Where{}.text(), "");
  COMPARE_TEXT((Where{.block = "conv1", .port = "x"}.text()), "conv1.x");
  COMPARE_TEXT((Where{.port = "x"}.text()), "port x");
  COMPARE_TEXT((Where{.block = "table", .parameter = "file"}.text()), "table, parameter file");
  COMPARE_TEXT((Where{.file = "data.csv", .line = 12, .column = 5}.text()), "data.csv:12:5");
  COMPARE_TEXT((Where{.file = "data.csv", .column = 5}.text()), "data.csv");
  COMPARE_TEXT((Where{.block = "script", .line = 3}.text()), "script, line 3");
  COMPARE_TEXT((Where{.block = "script", .line = 3, .column = 4}.text()), "script, line 3, column 4");
}

void ErrorTest::sentence() {
  COMPARE_TEXT(Error({}, "no").what(), "no");
  COMPARE_TEXT(Error({.block = "b"}, "expected 1, got 2", "try 1").what(), "b: expected 1, got 2 (try 1)");
  QVERIFY(Error({}, "no").fault() == Fault::BadInput);
  QCOMPARE(static_cast<int>(Fault::TryAgain), 75);
}

void ErrorTest::outerPlaceFillsGaps() {
  const Error inner({.parameter = "rate"}, "too large", "try less", Fault::Usage);
  const Error outer = inner.at({.block = "dropout1", .parameter = "other", .file = "p.blockyard", .line = 7});
  COMPARE_TEXT(outer.what(), "dropout1, parameter rate, p.blockyard:7: too large (try less)");
  QVERIFY(outer.fault() == Fault::Usage);
  COMPARE_TEXT(Error({.file = "a", .line = 1}, "x").at({.file = "b", .line = 2}).what(), "a:1: x");
  COMPARE_TEXT(outer.inFile().what(), "p.blockyard:7: too large (try less)");
  COMPARE_TEXT(inner.inFile().what(), inner.what());
}

// What stands in a damaged file may be part of a sentence; who shows or writes it relies on UTF-8.
void ErrorTest::quotedBytes() {
  const auto said = [](const char* text) { return std::string(Error({}, text).what()); };
  COMPARE_TEXT(said("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  COMPARE_TEXT(said("a\xff\xe4z"), "a??z");
  COMPARE_TEXT(said("cut \xe2\x82"), "cut ??");
  COMPARE_TEXT(said("\xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xf5"), "?? ??? ??? ???? ?");
  COMPARE_TEXT(Error({}, "p", "h\x80").hint(), "h?");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::ErrorTest)
#include "error.moc"
