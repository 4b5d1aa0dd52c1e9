// Metrics against scikit-learn's values in metrics_reference.json (written by reference/metrics.py): 1e-12 relative.
#include "training/metrics.hpp"

#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/value.hpp"
#include "training/ranking.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b));
}

// Empty if `got` holds exactly what `want` says; null stands for NaN.
std::string difference(const std::map<std::string, double>& got, const Json& want) {
  for (const auto& [name, value] : want.items()) {
    const auto it = got.find(name);
    if (it == got.end()) return name + " is missing";
    const bool same = value.is_null() ? std::isnan(it->second) : near(it->second, value.get<double>());
    if (!same) return name + " is " + std::to_string(it->second) + ", expected " + value.dump();
  }
  for (const auto& [name, _] : got)
    if (!want.contains(name)) return name + " is one too many";
  return {};
}

std::map<std::string, double> numbersOf(const ClassScore& c) {
  return {{"precision", c.precision},
          {"recall", c.recall},
          {"f1", c.f1},
          {"roc_auc", c.roc_auc},
          {"pr_auc", c.pr_auc},
          {"support", static_cast<double>(c.support)},
          {"predicted", static_cast<double>(c.predicted)}};
}

std::vector<std::string> namesFor(const Json& example) {
  std::vector<std::string> out;
  for (int64_t i = 0; i < example["classes"].get<int64_t>(); ++i) out.push_back("c" + std::to_string(i));
  return out;
}

}  // namespace

class MetricsTest : public QObject {
  Q_OBJECT
  Json reference_;

 private Q_SLOTS:
  void initTestCase() { std::ifstream(BLOCKYARD_TEST_DIR "/training/metrics_reference.json") >> reference_; }

  void classesEqualScikitLearn() {
    for (const Json& example : reference_["classes"]) {
      const auto scores = example["scores"].get<std::vector<float>>();
      const auto labels = example["labels"].get<std::vector<int64_t>>();
      const Metrics got = classMetrics(scores, labels, namesFor(example));
      const std::string name = example["name"];
      const std::string wrong = difference(got.numbers, example["numbers"]);
      QVERIFY2(wrong.empty(), (name + ": " + wrong).c_str());
      QVERIFY(Json(got.confusion) == example["confusion"]);
      QCOMPARE(got.per_class.size(), example["per_class"].size());
      for (size_t c = 0; c < got.per_class.size(); ++c) {
        const std::string bad = difference(numbersOf(got.per_class[c]), example["per_class"][c]);
        QVERIFY2(bad.empty(), (name + ", class " + std::to_string(c) + ": " + bad).c_str());
      }
    }
  }

  void labelsEqualScikitLearn() {
    for (const Json& example : reference_["labels"]) {
      const Metrics got = labelMetrics(example["scores"].get<std::vector<float>>(),
                                       example["targets"].get<std::vector<float>>(), namesFor(example));
      const std::string wrong = difference(got.numbers, example["numbers"]);
      QVERIFY2(wrong.empty(), (example["name"].get<std::string>() + ": " + wrong).c_str());
    }
  }

  void numbersEqualScikitLearn() {
    for (const Json& example : reference_["numbers"]) {
      const Metrics got =
          numberMetrics(example["predictions"].get<std::vector<double>>(),
                        example["targets"].get<std::vector<double>>(), example["columns"].get<int64_t>());
      const std::string wrong = difference(got.numbers, example["numbers"]);
      QVERIFY2(wrong.empty(), (example["name"].get<std::string>() + ": " + wrong).c_str());
    }
  }

  void quantilesEqualScikitLearn() {
    for (const Json& example : reference_["quantiles"]) {
      const auto quantiles = example["quantiles"].get<std::vector<double>>();
      const Metrics got = quantileMetrics(example["predictions"].get<std::vector<double>>(),
                                          example["targets"].get<std::vector<double>>(), quantiles);
      double sum = 0;
      for (size_t q = 0; q < quantiles.size(); ++q) {
        const double want = example["pinball"][q];
        QVERIFY(near(got.number("pinball_" + Value(quantiles[q]).text()), want));
        sum += want;
      }
      QVERIFY(near(got.number("pinball"), sum / static_cast<double>(quantiles.size())));
      QVERIFY(got.numbers.count("mae") == 1);
    }
  }

  void batchesAddUpToThePart() {
    const Json& example = reference_["classes"][11];
    const auto scores = example["scores"].get<std::vector<float>>();
    const auto labels = example["labels"].get<std::vector<int64_t>>();
    const size_t k = example["classes"].get<size_t>();
    auto parts = MetricsAccumulator::forClasses(namesFor(example));
    for (size_t at = 0; at < labels.size(); at += 7) {
      const size_t rows = std::min<size_t>(7, labels.size() - at);
      parts.add(std::span(scores).subspan(at * k, rows * k), std::span(labels).subspan(at, rows));
    }
    const std::string wrong = difference(parts.finish().numbers, example["numbers"]);
    QVERIFY2(wrong.empty(), wrong.c_str());
    parts.clear();
    QVERIFY(parts.finish().numbers.empty());
  }

  void floatAnswersOfNumbersAndLabels() {
    const std::vector<float> answers = {1, 2, 3}, targets = {1, 2, 5};
    auto numbers = MetricsAccumulator::forNumbers();
    numbers.add(std::span(answers), std::span(targets));
    QCOMPARE(numbers.finish().number("max_error"), 2.0);
    auto labels = MetricsAccumulator::forLabels({"a"});
    labels.add(std::vector<float>{0.9F, 0.2F}, std::vector<float>{1, 1});
    QCOMPARE(labels.finish().number("hamming"), 0.5);
    auto quantiles = MetricsAccumulator::forQuantiles({0.5});
    quantiles.add(std::span(answers), std::span(targets));
    QCOMPARE(quantiles.finish().number("pinball"), 1.0 / 3);
  }

  void survivesJson() {
    for (const Json& example : reference_["classes"]) {
      const Metrics got = classMetrics(example["scores"].get<std::vector<float>>(),
                                       example["labels"].get<std::vector<int64_t>>(), namesFor(example));
      const Json json = toJson(got);
      QVERIFY(toJson(metricsFromJson(Json::parse(json.dump()))) == json);
      QCOMPARE(json["numbers"].contains("roc_auc"), !std::isnan(got.number("roc_auc")));
    }
  }

  void everyNameIsKnown() {
    const auto known = metricNames();
    for (const char* group : {"classes", "labels", "numbers"})
      for (const Json& example : reference_[group])
        for (const auto& [name, _] : example["numbers"].items())
          QVERIFY2(std::find(known.begin(), known.end(), name) != known.end(), name.c_str());
    QVERIFY(!largerIsBetter("loss"));
    QVERIFY(!largerIsBetter("pinball_0.5"));
    QVERIFY(largerIsBetter("f1_macro"));
    QVERIFY(largerIsBetter("r2"));
  }

  void aStrayLabelIsRefused() {
    const std::vector<float> scores = {0.5F, 0.5F, 0.5F, 0.5F};
    QVERIFY_EXCEPTION_THROWN(classMetrics(scores, std::vector<int64_t>{0, 2}, {"a", "b"}), Error);
    QVERIFY_EXCEPTION_THROWN(classMetrics(scores, std::vector<int64_t>{-1, 0}, {"a", "b"}), Error);
  }

  void aMatrixOfThousandsIsNotKept() {
    constexpr size_t kClasses = 1001;
    std::vector<float> scores(2 * kClasses, 0.0F);
    scores[7] = scores[kClasses + 9] = 1;
    const Metrics got = classMetrics(scores, std::vector<int64_t>{7, 8}, std::vector<std::string>(kClasses, "t"));
    QVERIFY(got.confusion.empty() && got.number("accuracy") == 0.5);
    QVERIFY(got.per_class[7].recall == 1 && got.per_class[8].support == 1 && got.per_class[9].predicted == 1);
  }

  void aScoreThatIsNanHasNoRank() {
    const std::vector<float> scores = {0.1F, NAN, 0.3F};
    const RankingScores got = rankingScores(scores, 1, 0, [](int64_t row) { return row == 0; });
    QVERIFY(std::isnan(got.roc_auc) && std::isnan(got.pr_auc));
  }

  // The radix sort of many rows gives what counting pairs gives, negative scores and both zeros included.
  void manyRowsAreRankedRight() {
    const KeyedRandom random(5);
    constexpr size_t kRows = 4000;
    std::vector<float> scores(kRows);
    std::vector<char> hit(kRows);
    for (size_t i = 0; i < kRows; ++i) {
      scores[i] = static_cast<float>(std::round(random.normal(i) * 200) / 8) * (i % 2 == 0 ? 1.0F : -1.0F);
      hit[i] = random.uniform(i + kRows) < 0.3 ? 1 : 0;
    }
    double won = 0, pairs = 0;
    for (size_t i = 0; i < kRows; ++i)
      for (size_t j = 0; j < kRows; ++j)
        if (hit[i] && !hit[j]) pairs += 1, won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
    const auto got = rankingScores(scores, 1, 0, [&](int64_t row) { return hit[static_cast<size_t>(row)] != 0; });
    QVERIFY(near(got.roc_auc, won / pairs));
  }

  void ranksAHundredThousandRowsQuickly() {
    const KeyedRandom random(6);
    constexpr size_t kRows = 100000;
    std::vector<float> scores(kRows);
    for (size_t i = 0; i < kRows; ++i) scores[i] = static_cast<float>(random.uniform(i));
    qint64 best = 1 << 30;
    for (int repeat = 0; repeat < 5; ++repeat) {
      QElapsedTimer timer;
      timer.start();
      rankingScores(scores, 1, 0, [](int64_t row) { return row % 3 == 0; });
      best = std::min(best, timer.nsecsElapsed() / 1000);
    }
    qInfo("ROC-AUC and PR-AUC of 100,000 rows: %lld us", static_cast<long long>(best));
#ifdef NDEBUG
    QVERIFY(best < 20000);
#endif
  }
};

QTEST_GUILESS_MAIN(MetricsTest)
#include "metrics.moc"
