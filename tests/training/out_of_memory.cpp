// Memory that runs out in the middle of a training: the batch is halved once and the run goes on, or it ends with a
// message.
#include <QtTest/QtTest>

#include "training/cpu_allocator.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class OutOfMemoryTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string file_;

  // Nearly all memory is what one batch of 800 rows makes in the layer.
  Plan wide() const {
    Plan plan = cloudsPlan(file_, {{"batch_size", 800}, {"epochs", 2}, {"validation_share", 0.1}, {"test_share", 0.1}});
    plan.nodes[5].values.set("hidden", Integers{4096});
    plan.nodes[6].values.set("rate", 0.0);  // what is dropped is drawn for each half
    return plan;
  }
  // Weights after the training, and whether the batch was halved.
  std::pair<at::Tensor, bool> trained(int64_t limit) const {
    bool halved = false;
    Trainer trainer(wide(), {.emit = [&](const Event& event) {
                      const auto* notice = std::get_if<Notice>(&event);
                      halved |= notice != nullptr && notice->text.find("two halves") != std::string::npos;
                    }});
    trainer.prepareData();
    limitCpuMemory(limit);
    const auto unlimited = qScopeGuard([] { limitCpuMemory(0); });
    if (trainer.train().state != "done") throw Error({}, "expected it to end");
    return {trainer.pipeline().state().tensors.at("softmax.weight").detach().clone(), halved};
  }

 private Q_SLOTS:
  void initTestCase() {
    if (!installCpuAllocator()) QSKIP("this build has no allocator of its own");
    file_ = writeClouds(folder_, 1000);
  }

  void theBatchIsHalvedOnce() {
    resetCpuMemoryPeak();
    const auto [whole, never] = trained(0);
    QVERIFY(!never);
    const int64_t peak = cpuMemoryUse().peak;
    const auto [halves, once] = trained(peak * 3 / 4);
    QVERIFY(once);
    // The same effective batch: only the order of the sums differs.
    QVERIFY((whole - halves).abs().max().item<double>() < 1e-4);
  }

  void weightsThatNoMachineHolds() {
    Plan plan = wide();
    plan.nodes[5].values.set("hidden", Integers{1 << 22, 1 << 22});  // 64 TiB
    Trainer trainer(plan, {});
    try {
      trainer.prepareData();
      QFAIL("expected an error");
    } catch (const Error& error) {
      QCOMPARE(error.fault(), Fault::OutOfMemory);
      QVERIFY(std::string(error.what()).find("mlp: out of memory: its weights") != std::string::npos);
    }
  }

  void lessThanHalfIsAnError() {
    resetCpuMemoryPeak();
    trained(0);
    try {
      trained(cpuMemoryUse().peak / 4);
      QFAIL("expected an error");
    } catch (const Error& error) {
      QCOMPARE(error.fault(), Fault::OutOfMemory);
      QVERIFY(std::string(error.what()).find("out of memory") != std::string::npos);
      QVERIFY(error.hint().find("batch_size") != std::string::npos);
    }
  }
};

QTEST_GUILESS_MAIN(OutOfMemoryTest)
#include "out_of_memory.moc"
