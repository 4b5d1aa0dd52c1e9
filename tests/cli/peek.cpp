// `blockyard peek`: the numbers of a port on the command line, for people and for machines.
#include "cli/command.hpp"

using namespace blockyard;

class PeekCommandTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void printsATable();
  void jsonHoldsTheNumbers();
  void settingsAreTriedOut();
  void mistakesAreSaid();

 private:
  Workplace place_;
};

void PeekCommandTest::initTestCase() {
  place_.write("rows.csv", "species,length,island\nA,1,x\nB,2,y\nA,,x\nB,6,y\nA,3,\n");
  place_.write("p.blockyard", R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {
    "data": {"block": "source/table", "params": {"file": "rows.csv", "target": ["species"]}},
    "impute": {"block": "preprocessor/impute", "params": {"numbers": "mean"}},
    "scale": {"block": "preprocessor/standardize"},
    "codes": {"block": "preprocessor/one_hot"},
    "features": {"block": "preprocessor/to_features"},
    "head": {"block": "classifier/softmax"}},
    "wires": ["data.features -> impute.x", "impute.y -> scale.x", "scale.y -> codes.x", "codes.y -> features.x",
      "features.y -> head.x", "data.target -> head.target"]}}})");
}

void PeekCommandTest::printsATable() {
  const Called called = place_.call({"peek", "p", "impute.y"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "length");
  VERIFY_HOLDS(called.out, "x 3, y 2");    // the most frequent class fills
  VERIFY_HOLDS(called.out, "row  class");  // and the rows follow
  VERIFY_HOLDS(called.err, "all 5 rows, fitted on these");
  const Called help = place_.call({"peek", "--help"});
  VERIFY_CODE(help, 0);
  VERIFY_HOLDS(help.out, "--rows N");
  VERIFY_HOLDS(place_.call({"--help"}).out, "peek");
}

void PeekCommandTest::jsonHoldsTheNumbers() {
  const Called called = place_.call({"peek", "p", "scale.y", "--json", "--show", "2"});
  VERIFY_CODE(called, 0);
  const auto json = called.json();
  QCOMPARE(json["rows"].get<int>(), 5);
  const auto& length = json["columns"][0];
  QCOMPARE(length["name"].get<std::string>(), std::string("length"));
  // Filled up with the mean 3: 1 2 3 6 3 has mean 3 and population deviation sqrt(14 / 5).
  QVERIFY(std::abs(length["mean"].get<double>()) < 1e-12);
  QVERIFY(std::abs(length["min"].get<double>() + 2 / std::sqrt(14.0 / 5)) < 1e-12);
  int64_t counted = 0;
  for (const auto& count : length["bins"]["counts"]) counted += count.get<int64_t>();
  QCOMPARE(counted, 5);
  QCOMPARE(json["first_rows"].size(), size_t{2});
  QCOMPARE(json["first_rows"][1]["class"].get<std::string>(), std::string("B"));
  const auto scores = place_.call({"peek", "p", "head", "--json"}).json();
  QCOMPARE(scores["port"].get<std::string>(), std::string("scores"));
  QVERIFY(scores["initial_weights"].get<bool>());
  const auto& first = scores["first_rows"][0]["values"];
  QVERIFY(std::abs(first[0].get<double>() + first[1].get<double>() - 1) < 1e-6);
}

void PeekCommandTest::settingsAreTriedOut() {
  const auto json = place_
                        .call({"peek", "p", "impute.y", "--rows", "4", "--set", "impute.numbers=constant", "--set",
                               "impute.number=-9", "--json"})
                        .json();
  QCOMPARE(json["rows"].get<int>(), 4);
  QVERIFY(!json["all_rows"].get<bool>());
  QCOMPARE(json["columns"][0]["min"].get<double>(), -9.0);
}

void PeekCommandTest::mistakesAreSaid() {
  const std::pair<QStringList, std::pair<int, const char*>> cases[] = {
      {{"peek", "p", "imput.y"}, {3, "did you mean \"impute\""}},
      {{"peek", "p", "impute.x"}, {3, "its outputs: y"}},
      {{"peek", "p"}, {2, "BLOCK.PORT"}},
      {{"peek", "p", "impute.y", "--rows", "0"}, {2, "--rows"}},
      {{"peek", "p", "impute.y", "--show", "20000"}, {2, "--show"}},
      {{"peek", "nothing", "impute.y"}, {3, "no such project"}},
      {{"peek", "p", "scale.y", "--set", "data.file=gone.csv"}, {3, "gone.csv"}}};
  for (const auto& [arguments, expected] : cases) {
    const Called called = place_.call(arguments);
    VERIFY_CODE(called, expected.first);
    VERIFY_HOLDS(called.err, expected.second);
    QVERIFY(called.out.empty());
  }
}

QTEST_GUILESS_MAIN(PeekCommandTest)
#include "peek.moc"
