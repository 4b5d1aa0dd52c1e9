// Means, intervals and tests, against SciPy (tests/reference/statistics.py), and that chance alone is called an effect
// as rarely as it should be.
#include "runs/statistics.hpp"

#include <QtTest>
#include <cmath>

#include "base/json.hpp"
#include "base/random.hpp"

using namespace blockyard;

namespace {

const nlohmann::json& reference() {
  static const nlohmann::json kJson = readJson(BLOCKYARD_TEST_DIR "/runs/statistics_reference.json");
  return kJson;
}

bool near(double got, double wanted, double tolerance = 1e-10) {
  return std::abs(got - wanted) <= tolerance * std::max(1.0, std::abs(wanted));
}

}  // namespace

class StatisticsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void studentEqualsScipy();
  void intervalsEqualScipy();
  void fewValuesSayNothing();
  void holmEqualsItsDefinition();
  void chanceIsSeldomAnEffect();
};

void StatisticsTest::studentEqualsScipy() {
  for (const auto& each : reference()["two_sided"]) {
    const double p = studentTwoSided(each["t"], each["freedom"]);
    // Tiny probabilities are compared as such, not against 1.
    QVERIFY2(std::abs(p - each["p"].get<double>()) <= 1e-9 * each["p"].get<double>() + 1e-300,
             qPrintable(QString::fromStdString(each.dump())));
  }
  for (const auto& each : reference()["quantiles"])
    QVERIFY2(near(studentQuantile(each["share"], each["freedom"]), each["t"], 1e-9),
             qPrintable(QString::fromStdString(each.dump())));
}

void StatisticsTest::intervalsEqualScipy() {
  for (const auto& each : reference()["intervals"]) {
    const auto values = each["values"].get<std::vector<double>>();
    const Interval got = meanInterval(values);
    QVERIFY(near(got.mean, each["mean"]) && near(got.low, each["low"]) && near(got.high, each["high"]));
    QVERIFY(near(got.p, each["p"]) && near(spreadOf(values).deviation, each["deviation"]));
  }
  for (const auto& each : reference()["paired"])
    QVERIFY(
        near(pairedDifference(each["first"].get<std::vector<double>>(), each["second"].get<std::vector<double>>()).p,
             each["p"]));
}

void StatisticsTest::fewValuesSayNothing() {
  const std::vector<double> none, one{3.0}, same{2.0, 2.0, 2.0}, zeros{0.0, 0.0};
  QCOMPARE(spreadOf(none).count, size_t{0});
  QCOMPARE(spreadOf(one).deviation, 0.0);
  QVERIFY(!meanInterval(one).excludesZero() && std::isinf(meanInterval(one).low) && meanInterval(one).p == 1);
  // Three equal differences are no certainty: a coin falls on one side three times in every fourth row.
  QVERIFY(!meanInterval(same).excludesZero());
  QCOMPARE(meanInterval(same).p, std::pow(0.5, static_cast<double>(same.size()) - 1));
  const std::vector<double> many(8, -2.0);
  QVERIFY(meanInterval(many).excludesZero() && meanInterval(many).p == std::pow(0.5, 7.0));
  QVERIFY(!meanInterval(zeros).excludesZero() && meanInterval(zeros).p == 1);
}

void StatisticsTest::holmEqualsItsDefinition() {
  const auto p = reference()["holm"]["p"].get<std::vector<double>>();
  const auto wanted = reference()["holm"]["adjusted"].get<std::vector<double>>();
  const auto got = holmAdjusted(p);
  for (size_t i = 0; i < wanted.size(); ++i) QVERIFY(near(got[i], wanted[i]));
  QVERIFY(holmAdjusted({}).empty());
}

// 4,000 comparisons of five seeds without any effect: 5 % may look like one (three standard errors: 4 to 6 %), and of
// 800 studies with five ablations each at most 5 % may find any after Holm's correction (3 to 7.3 %).
void StatisticsTest::chanceIsSeldomAnEffect() {
  const KeyedRandom random(11);
  int effects = 0, studies = 0;
  for (uint64_t study = 0; study < 800; ++study) {
    std::vector<double> p;
    for (uint64_t ablation = 0; ablation < 5; ++ablation) {
      std::vector<double> with, without;
      for (uint64_t seed = 0; seed < 5; ++seed) {
        const uint64_t at = (study * 5 + ablation) * 5 + seed;
        const double common = random.key("seed").normal(at);  // what a seed does to both
        with.push_back(common + 0.1 * random.key("with").normal(at));
        without.push_back(common + 0.1 * random.key("without").normal(at));
      }
      const Interval difference = pairedDifference(with, without);
      effects += difference.excludesZero() ? 1 : 0;
      QCOMPARE(difference.excludesZero(), difference.p < 0.05);
      p.push_back(difference.p);
    }
    const auto adjusted = holmAdjusted(p);
    studies += *std::min_element(adjusted.begin(), adjusted.end()) < 0.05 ? 1 : 0;
  }
  QVERIFY2(effects > 0.04 * 4000 && effects < 0.06 * 4000, qPrintable(QString::number(effects)));
  QVERIFY2(studies < 0.073 * 800, qPrintable(QString::number(studies)));
}

QTEST_GUILESS_MAIN(StatisticsTest)
#include "statistics.moc"
