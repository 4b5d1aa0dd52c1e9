// Batches that go through in shards: the step that comes of it is that of the whole batch, and what fails in a shard
// fails as it would in one.
#include <ATen/ATen.h>

#include <QTest>
#include <atomic>
#include <stdexcept>

#include "small_plan.hpp"
#include "trained.hpp"
#include "training/thread_team.hpp"

using namespace blockyard;

namespace {

// The weights after training, in float64 and one after the other.
at::Tensor weightsOf(const Plan& plan) {
  Trainer trainer(plan, {});
  trainer.prepareData();
  trainer.train();
  std::vector<at::Tensor> flat;
  for (const auto& parameter : trainer.pipeline().parameters())
    flat.push_back(parameter.tensor.detach().flatten().to(at::kDouble));
  return at::cat(flat);
}

}  // namespace

class ShardsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void stepIsThatOfTheWhole_data();
  void stepIsThatOfTheWhole();
  void divergenceNamesTheBlock();
  void teamDoesEveryPieceOnce();
  void teamRethrowsTheFirstFailure();

 private:
  // Batches of `rows` rows: shards begin at 1,024.
  Plan plan(int rows, const Values& head = {}) const {
    // Plain steps: by Adam's, rounding alone may turn a weight's direction.
    Plan out = testing::cloudsPlan(
        file_, {{"epochs", 2}, {"batch_size", rows}, {"optimizer", "sgd"}, {"learning_rate", 0.1}, {"threads", 2}});
    out.nodes[6].values.set("rate", 0.0);
    for (const auto& [name, value] : head.items()) out.nodes[7].values.set(name, value);
    return out;
  }

  QTemporaryDir folder_;
  std::string file_;
};

void ShardsTest::initTestCase() {
  file_ = testing::writeClouds(folder_, 6000);
}

void ShardsTest::stepIsThatOfTheWhole_data() {
  QTest::addColumn<QStringList>("head");
  QTest::newRow("plain") << QStringList{};
  QTest::newRow("balanced") << QStringList{"class_weights", "balanced"};
  QTest::newRow("focal") << QStringList{"loss", "focal"};
}

// A step from four batches of 500 rows, none of which is cut, and one from a batch of 2,000 that is: the same rows.
void ShardsTest::stepIsThatOfTheWhole() {
  QFETCH(const QStringList, head);
  Values values;
  if (!head.isEmpty()) values.set(head[0].toStdString(), head[1].toStdString());
  Plan whole = plan(2000, values), parts = plan(500, values);
  parts.training.set("accumulate", 4);
  for (Plan* each : {&whole, &parts}) each->training.set("max_steps", 1), each->training.set("restore_best", false);
  const at::Tensor before = [&] {
    Trainer trainer(whole, {});
    trainer.prepareData();
    std::vector<at::Tensor> flat;
    for (const auto& parameter : trainer.pipeline().parameters())
      flat.push_back(parameter.tensor.detach().flatten().to(at::kDouble));
    return at::cat(flat);
  }();
  const at::Tensor a = weightsOf(whole), b = weightsOf(parts);
  QVERIFY((a - before).abs().max().item<double>() > 1e-3);
  // A mean of means of 500 rows is that of all only where every row weighs the same.
  const double tolerance = values.has("class_weights") ? 1e-3 : 1e-6;
  QVERIFY2((a - b).abs().max().item<double>() < tolerance, std::to_string((a - b).abs().max().item<double>()).c_str());
}

void ShardsTest::divergenceNamesTheBlock() {
  Plan wild = plan(2000);
  wild.training.set("learning_rate", 1000.0), wild.training.set("epochs", 100);
  try {
    testing::trained(wild);
    QFAIL("it did not diverge");
  } catch (const Error& error) {
    QCOMPARE(error.fault(), Fault::Diverged);
    QVERIFY2(!error.where().block.empty(), error.what());
  }
}

void ShardsTest::teamDoesEveryPieceOnce() {
  for (const int threads : {1, 2, 4}) {
    ThreadTeam team(threads);
    QCOMPARE(team.threads(), threads);
    for (const int64_t count : {1, 2, 3, 50}) {
      std::vector<std::atomic<int>> times(static_cast<size_t>(count));
      for (int round = 0; round < 200; ++round)
        team.run(count, [&](int64_t piece) { ++times[static_cast<size_t>(piece)]; });
      for (const auto& each : times) QCOMPARE(each.load(), 200);
    }
  }
}

void ShardsTest::teamRethrowsTheFirstFailure() {
  ThreadTeam team(3);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> done = 0;
    try {
      team.run(9, [&](int64_t piece) {
        ++done;
        if (piece >= 4) throw std::runtime_error(std::to_string(piece));
      });
      QFAIL("nothing was thrown");
    } catch (const std::runtime_error& error) {
      QCOMPARE(std::string(error.what()), std::string("4"));
    }
    QCOMPARE(done.load(), 9);
  }
}

QTEST_GUILESS_MAIN(ShardsTest)
#include "shards.moc"
