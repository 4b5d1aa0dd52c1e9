// Blocks that decide by what answers are worth: the threshold is the best one of all on the validation rows, found here
// by trying every one, and the test rows are judged in value.
#include <QtTest/QtTest>

#include "blocks/try_block.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

struct Rows {
  std::vector<double> probability{};
  std::vector<int64_t> label{};
};

Rows noisyRows(int64_t count) {
  Rows out;
  const KeyedRandom random(5);
  for (uint64_t i = 0; i < static_cast<uint64_t>(count); ++i) {
    out.label.push_back(random.key("label").uniform(i) < 0.2 ? 1 : 0);
    const double logit = 1.5 * static_cast<double>(out.label.back()) - 1 + random.key("logit").normal(i);
    out.probability.push_back(std::round(1000 / (1 + std::exp(-logit))) / 1000);  // with ties
  }
  return out;
}

double thresholdBy(const Values& given, const Rows& rows, int64_t batch = 64) {
  const at::Tensor p = at::tensor(rows.probability, at::kDouble);
  const Batch all{{"scores", at::stack({1 - p, p}, 1)}, {"target", at::tensor(rows.label, at::kLong)}};
  const Signatures inputs = {{"scores", {.shape = {Dim("N"), 2}}}};
  const auto block = fittedBlock("postprocessor/best_threshold", given, inputs, all, batch);
  return block->state().tensors.at("threshold").const_data_ptr<double>()[0];
}

struct Counts {
  double hits = 0, false_alarms = 0, missed = 0, rejected = 0;
  double precision() const { return hits + false_alarms > 0 ? hits / (hits + false_alarms) : 1; }
  double recall() const { return hits / (hits + missed); }
  double f1() const { return 2 * hits / (2 * hits + false_alarms + missed); }
};

Counts countsAt(const Rows& rows, double threshold) {
  Counts out;
  for (size_t i = 0; i < rows.label.size(); ++i) {
    const bool said = rows.probability[i] >= threshold;
    ++(rows.label[i] == 1 ? (said ? out.hits : out.missed) : (said ? out.false_alarms : out.rejected));
  }
  return out;
}

}  // namespace

class TestDecisions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void noOtherThresholdIsBetter() {
    const Rows rows = noisyRows(1000);
    const auto value = [](const Counts& c) {
      return 40 * c.hits - 7 * c.false_alarms - 30 * c.missed + 0.5 * c.rejected;
    };
    const Values worth = {{"goal", "value"},
                          {"value_true_positive", 40.0},
                          {"value_false_positive", -7.0},
                          {"value_false_negative", -30.0},
                          {"value_true_negative", 0.5}};
    const Counts by_f1 = countsAt(rows, thresholdBy({}, rows));
    const Counts by_value = countsAt(rows, thresholdBy(worth, rows));
    const Counts by_precision = countsAt(rows, thresholdBy({{"goal", "precision"}, {"least", 0.7}}, rows));
    const Counts by_recall = countsAt(rows, thresholdBy({{"goal", "recall"}, {"least", 0.8}}, rows));
    QVERIFY(by_precision.precision() >= 0.7 && by_recall.recall() >= 0.8);
    for (int i = 0; i <= 1001; ++i) {
      const Counts other = countsAt(rows, i / 1000.0);
      QVERIFY(other.hits + other.false_alarms == 0 || by_f1.f1() >= other.f1());
      QVERIFY(value(by_value) >= value(other));
      QVERIFY(other.precision() < 0.7 || by_precision.recall() >= other.recall());
      QVERIFY(other.recall() < 0.8 || by_recall.precision() >= other.precision());
    }
    QCOMPARE(thresholdBy(worth, rows, 1), thresholdBy(worth, rows, 1000));
    // A demand that nothing meets: as near as can be.
    QVERIFY(countsAt(rows, thresholdBy({{"goal", "precision"}, {"least", 1.0}}, rows)).precision() == 1);
  }

  void theTestRowsAreJudgedInValue() {
    QTemporaryDir folder;
    Plan plan = cloudsPlan(writeClouds(folder, 600));
    plan.nodes.push_back(node("money", "postprocessor/best_value",
                              {{"values", Texts{"a as b=-20", "b as a=-1"}}, {"right", 3.0}, {"wrong", -5.0}},
                              {{"scores", 7, "scores"}, {"target", 0, "target"}}));
    plan.nodes.push_back(node("alarm", "postprocessor/best_threshold", {{"positive", "b"}, {"goal", "value"}},
                              {{"scores", 7, "scores"}, {"target", 0, "target"}}));
    Trainer trainer(plan, {});
    trainer.prepareData();
    const Finished finished = trainer.train();
    const auto& test = finished.metrics.at("test");
    const auto rows = static_cast<double>(trainer.data().rows(Part::Test).size());
    QVERIFY(std::abs(test.at("money.value") - rows * test.at("money.value_per_row")) < 1e-6);
    QVERIFY(test.at("money.value_per_row") > 1.5 && test.at("money.value_per_row") <= 3);
    QVERIFY(test.at("money.accuracy") > 0.85);
    QVERIFY(test.at("alarm.value") <= 0 && test.at("alarm.value") > -0.2 * rows);
  }

  void linesAreRead_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("said");  // empty: fine
    QTest::newRow("usual") << "ok as broken=-3.5"
                           << "";
    QTest::newRow("as in a name") << "as good as new as ok=2e3"
                                  << "";
    QTest::newRow("unknown") << "ok as brokn=-3"
                             << "there is no class \"brokn\" in \"ok as brokn=-3\" (did you mean \"broken\"?)";
    QTest::newRow("no value") << "ok as broken"
                              << "expected \"TRUE CLASS as ANSWER=VALUE\"";
    QTest::newRow("no number") << "ok as broken=much"
                               << "expected \"TRUE CLASS as ANSWER=VALUE\"";
    QTest::newRow("empty") << ""
                           << "expected \"TRUE CLASS as ANSWER=VALUE\"";
  }

  void linesAreRead() {
    QFETCH(QString, line);
    QFETCH(QString, said);
    const BlockType& type = blockType("postprocessor/best_value");
    const Values values = completeValues(type.schema.params, {{"values", Texts{line.toStdString()}}});
    const Signature scores{.shape = {Dim("N"), 3}, .classes = {"ok", "broken", "as good as new"}};
    QString got;
    try {
      type.infer(values, {{"scores", scores}});
    } catch (const Error& error) {
      got = error.what();
    }
    QVERIFY2(said.isEmpty() ? got.isEmpty() : got.contains(said), qPrintable(got));
  }
};

QTEST_GUILESS_MAIN(TestDecisions)
#include "decisions.moc"
