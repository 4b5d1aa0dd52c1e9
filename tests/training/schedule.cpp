// Learning rates against torch.optim.lr_scheduler's in schedules_reference.json (reference/schedules.py): 1e-12
// relative.
#include "training/schedule.hpp"

#include <QTest>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "blocks/schema.hpp"
#include "graph/training_settings.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

Values settings(const Json& given, double rate) {
  Values values = completeValues(trainingParams(), {});
  values.set("learning_rate", rate);
  for (const auto& [name, value] : given.items()) values.set(name, valueFromJson(value, *values.find(name)));
  return values;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::abs(b) + 1e-18;
}

}  // namespace

class ScheduleTest : public QObject {
  Q_OBJECT
  Json reference_;
  double rate_ = 0;

 private Q_SLOTS:
  void initTestCase() {
    std::ifstream(BLOCKYARD_TEST_DIR "/training/schedules_reference.json") >> reference_;
    rate_ = reference_["learning_rate"];
  }

  void ratesEqualTorch() {
    for (const Json& example : reference_["cases"]) {
      const auto steps = example["total_steps"].get<int64_t>();
      const Schedule schedule(settings(example["settings"], rate_), example["steps_per_epoch"], steps);
      for (int64_t step = 0; step < steps; ++step) {
        const double want = example["rates"][static_cast<size_t>(step)], got = schedule.at(step);
        QVERIFY2(near(got, want),
                 QByteArray::fromStdString(example["name"].get<std::string>() + ", step " + std::to_string(step) +
                                           ": " + Json(got).dump() + ", expected " + Json(want).dump()));
      }
    }
  }

  void plateausEqualTorch() {
    for (const Json& example : reference_["plateaus"]) {
      const Values values = settings(example["settings"], rate_);
      Schedule schedule(values, 1, 1000);
      const size_t epochs = example["metrics"].size();
      int drops = 0;
      for (size_t e = 0; e < epochs; ++e) {
        QVERIFY(near(schedule.at(static_cast<int64_t>(e)), example["rates"][e]));
        drops += schedule.epochEnded(example["metrics"][e], example["larger"]) ? 1 : 0;
        if (e != epochs / 2) continue;
        // Goes on from its state as if nothing had happened.
        Schedule resumed(values, 1, 1000);
        resumed.loadState(valuesFromJson(Json::parse(toJson(schedule.state()).dump())));
        schedule = resumed;
      }
      QVERIFY(drops > 0);
    }
  }

  void nanIsNoProgress() {
    Schedule schedule(settings({{"schedule", "plateau"}, {"plateau_patience", 0}}, rate_), 1, 10);
    QVERIFY(schedule.epochEnded(std::numeric_limits<double>::quiet_NaN(), false));
    QVERIFY(!schedule.epochEnded(1.0, false));
    QVERIFY(schedule.epochEnded(1.0, false));
  }

  void oddStepCountsStayInRange() {
    for (const char* name : {"cosine", "one-cycle", "step", "exponential", "constant"})
      for (int64_t total : {0, 1, 2, 3})
        for (int64_t warmup : {0, 1, 5}) {
          const Schedule schedule(settings({{"schedule", name}, {"warmup_steps", warmup}}, rate_), 0, total);
          for (int64_t step = 0; step < 8; ++step) {
            const double got = schedule.at(step);
            QVERIFY(std::isfinite(got) && got >= 0 && got <= rate_ * (1 + 1e-12));
          }
        }
  }

  void stopsEarly() {
    EarlyStopping stopping(2, true);
    QVERIFY(!stopping.hasBest());
    QVERIFY(stopping.epochEnded(0, 0.5));
    QVERIFY(stopping.epochEnded(1, 0.6));
    QVERIFY(!stopping.epochEnded(2, 0.6));
    QVERIFY(!stopping.shouldStop());
    EarlyStopping resumed(2, true);
    resumed.loadState(valuesFromJson(Json::parse(toJson(stopping.state()).dump())));
    QVERIFY(!resumed.epochEnded(3, std::numeric_limits<double>::quiet_NaN()));
    QVERIFY(resumed.shouldStop());
    QCOMPARE(resumed.bestEpoch(), 1);
    QCOMPARE(resumed.best(), 0.6);
    EarlyStopping watcher(0, false);
    QVERIFY(watcher.epochEnded(0, 1.0));
    for (int64_t e = 1; e < 9; ++e) QVERIFY(!watcher.epochEnded(e, 1.0 + static_cast<double>(e)));
    QVERIFY(!watcher.shouldStop());
  }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "schedule.moc"
