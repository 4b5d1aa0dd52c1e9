// The training as a whole: it learns, it repeats itself bit for bit, it goes on exactly where it stopped, it refuses
// NaN.
#include "training/trainer.hpp"

#include <QtTest/QtTest>

#include "checks.hpp"
#include "data/tensor_cache.hpp"
#include "training/small_plan.hpp"
#include "training/trained.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class TestTrainer : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string file_;

 private Q_SLOTS:
  void initTestCase() { file_ = writeClouds(folder_, 1000); }

  void learns() {
    Trainer trainer(cloudsPlan(file_), {});
    trainer.prepareData();
    const Finished finished = trainer.train();
    QCOMPARE(finished.state, std::string("done"));
    QVERIFY(finished.metrics.at("test").at("accuracy") > 0.95);
    QVERIFY(finished.metrics.at("validation").at("loss") < 0.3);
  }

  void fileThatChangesWhileItIsReadIsNoticed() {
    const std::string file = writeClouds(folder_, 300, "growing.csv");
    bool grown = false;
    TrainerHooks hooks;
    hooks.emit = [&](const Event& event) {
      if (!std::holds_alternative<Preparing>(event) || std::exchange(grown, true)) return;
      std::ofstream(file, std::ios::app) << "1,1,left,a\n";
    };
    Trainer trainer(cloudsPlan(file), hooks);
    VERIFY_CONTAINS(errorText([&] { trainer.prepareData(100); }), "was changed while it was read");
    QVERIFY(grown);
    trained(cloudsPlan(file));  // now it is at rest
  }

  void preparedRowsComeFromTheCache() {
    QTemporaryDir cache;
    qputenv("BLOCKYARD_CACHE", cache.path().toUtf8());
    const auto entries = [] { return CacheFolder().list().size(); };
    Plan plan = cloudsPlan(file_);
    const std::string usual = trained(plan, 100);
    QCOMPARE(entries(), size_t{0});  // quick to prepare
    plan.training.set("row_cache", "always");
    QVERIFY(trained(plan, 100) == usual);
    QCOMPARE(entries(), size_t{1});
    // The entry is really used: with other rows in it, another model comes out.
    const auto kept = TensorCache().find(CacheFolder().list()[0].key);
    QVERIFY(kept && (*kept)[0].size(0) == 1000);
    QVERIFY(trained(plan, 300) == usual);
    QCOMPARE(entries(), size_t{1});
    {
      const auto fake = TensorCache().begin(
          CacheFolder().list()[0].key,
          {{(*kept)[0].scalar_type(), (*kept)[0].sizes().vec()}, {(*kept)[1].scalar_type(), (*kept)[1].sizes().vec()}},
          "");
      fake->tensors()[0].zero_(), fake->tensors()[1].zero_();
      fake->commit();
    }
    QVERIFY(trained(plan, 100) != usual);
    // What changes the rows changes the key.
    plan.training.set("seed", 5);  // other training rows: other means
    trained(plan, 100);
    QCOMPARE(entries(), size_t{2});
    plan.training.set("epochs", 2);  // nothing about the rows
    trained(plan, 100);
    QCOMPARE(entries(), size_t{2});
    // No room for it: the training goes on, and says so.
    QFile(cache.filePath("none")).open(QIODevice::WriteOnly);
    qputenv("BLOCKYARD_CACHE", cache.filePath("none/rows").toUtf8());
    plan = cloudsPlan(file_);
    plan.training.set("row_cache", "always");
    QVERIFY(trained(plan, 100) == usual);
    qunsetenv("BLOCKYARD_CACHE");
  }

  void lossAndMetricMayBeScripts() {
    Plan plan = cloudsPlan(file_);
    const std::string usual = trained(plan);
    PlanNode& head = plan.nodes[7];
    head.values.set("loss_code",
                    "def forward(outputs: Tensor, target: Tensor) -> Tensor:\n"
                    "    return torch.nn.functional.cross_entropy(outputs, target)\n");
    head.values.set("metric_code",
                    "def forward(answers: Tensor, target: Tensor) -> Tensor:\n"
                    "    return (answers.argmax(1) == target).double().mean()\n");
    plan.training.set("monitor", "script");
    Trainer trainer(plan, {});
    trainer.prepareData();
    const Finished finished = trainer.train();
    QCOMPARE(finished.metrics.at("test").at("script"), finished.metrics.at("test").at("accuracy"));
    plan.training.set("monitor", "loss");
    QVERIFY(trained(plan) == usual);
    head.values.set("loss_code",
                    "def forward(outputs: Tensor, target: Tensor) -> Tensor:\n"
                    "    return torch.nn.functional.cross_entropy(outputs, target) * 2\n");
    QVERIFY(trained(plan) != usual);
  }

  void poolingBeforeReluChangesNothing() {
    const auto idx = [&](const char* name, std::string header, int count, auto byte) {
      for (int i = 0; i < count; ++i) header += static_cast<char>(byte(i));
      std::ofstream(folder_.filePath(name).toStdString(), std::ios::binary) << header;
    };
    const KeyedRandom random(1);
    idx("x", std::string("\0\0\10\3\0\0\0\170\0\0\0\10\0\0\0\10", 16), 120 * 64,
        [&](int i) { return random.below(static_cast<uint64_t>(i), 256); });
    idx("y", std::string("\0\0\10\1\0\0\0\170", 8), 120, [](int i) { return i % 3; });
    const auto weights = [&](const Values& activation) {
      Plan plan{.project = "pictures", .pipeline = "main", .folder = folder_.path().toStdString()};
      plan.nodes = {node("images", "source/images", {{"images", "x"}, {"labels", "y"}}, {}),
                    node("scale", "preprocessor/image_scale", {}, {{"x", 0, "image"}}),
                    node("conv", "extractor/conv2d", {{"out_channels", 4}}, {{"x", 1, "y"}}),
                    node("relu", "extractor/activation", activation, {{"x", 2, "y"}}),
                    node("pool", "extractor/max_pool", {{"kernel", Integers{2}}}, {{"x", 3, "y"}}),
                    node("flatten", "extractor/flatten", {}, {{"x", 4, "y"}}),
                    node("softmax", "classifier/softmax", {}, {{"x", 5, "y"}, {"target", 0, "target"}})};
      plan.training = completeValues(trainingParams(), {{"epochs", 3}});
      const Pipeline pipeline(plan);
      const bool moved = activation.text("function") == "relu";
      if (pipeline.nodes()[3].plan.id != (moved ? "pool" : "relu")) throw Error({}, "not the order expected");
      return trained(plan);
    };
    // A slope of 0 makes it a ReLU that is not recognized as one.
    QVERIFY(weights({{"function", "relu"}}) == weights({{"function", "leaky_relu"}, {"slope", 0.0}}));
  }

  void sameSeedSameBytes() {
    const std::string once = trained(cloudsPlan(file_));
    QVERIFY(once == trained(cloudsPlan(file_)));
    QVERIFY(once == trained(cloudsPlan(file_, {{"loader_threads", 4}})));
    QVERIFY(once == trained(cloudsPlan(file_, {{"loader_threads", 0}})));
    QVERIFY(once == trained(cloudsPlan(file_), 37));
    QVERIFY(once != trained(cloudsPlan(file_, {{"seed", 1}})));
  }

  void resumesExactly_data() {
    QTest::addColumn<int>("stop_after");
    for (const int steps : {1, 7, 21, 22, 23, 50, 66}) QTest::addRow("%d batches", steps) << steps;
  }
  void resumesExactly() {
    QFETCH(int, stop_after);
    const Values training = {
        {"ema_decay", 0.9}, {"accumulate", 2}, {"schedule", "one-cycle"}, {"clip_norm", 1.0}, {"early_stopping", 3}};
    const Plan plan = cloudsPlan(file_, training);
    Trainer unbroken(plan, {});
    unbroken.prepareData();
    unbroken.train();

    int batches = 0;
    Trainer first(plan, {.poll = [&] { return ++batches >= stop_after; }});
    first.prepareData();
    QCOMPARE(first.train().state, std::string("stopped"));
    State kept;
    for (const State live = first.state(); const auto& [name, tensor] : live.tensors)
      kept.tensors.emplace(name, tensor.detach().clone());
    kept.values = first.state().values;

    Trainer second(plan, {});
    second.prepareData();
    second.loadState(kept);
    second.train();
    QVERIFY(bytesOf(second.pipeline().state()) == bytesOf(unbroken.pipeline().state()));
    QVERIFY(bytesOf(second.state()) == bytesOf(unbroken.state()));
  }

  void divergenceIsRefused() {
    Trainer trainer(cloudsPlan(file_, {{"optimizer", "sgd"}, {"learning_rate", 1000.0}, {"epochs", 50}}), {});
    trainer.prepareData();
    try {
      trainer.train();
      QFAIL("expected the training to diverge");
    } catch (const Error& error) {
      QCOMPARE(error.fault(), Fault::Diverged);
      QVERIFY(!error.where().block.empty());
    }
    for (const auto& parameter : trainer.pipeline().parameters())
      QVERIFY(at::isfinite(parameter.tensor).all().item<bool>());
  }

  void limits() {
    const auto steps = [&](const Values& training) {
      Trainer trainer(cloudsPlan(file_, training), {});
      trainer.prepareData();
      return trainer.train();
    };
    QCOMPARE(steps({{"max_steps", 3}}).step, int64_t{3});
    QCOMPARE(steps({{"dry_run", true}}).step, int64_t{1});
    QCOMPARE(steps({{"overfit_batches", 2}, {"epochs", 4}}).step, int64_t{8});
    QVERIFY(steps({{"max_seconds", 0.02}, {"epochs", 100000}}).epochs < 100000);
    QVERIFY(steps({{"early_stopping", 2}, {"epochs", 500}}).epochs < 500);
  }

  void unknownMonitorNamesTheNearest() {
    Trainer trainer(cloudsPlan(file_, {{"monitor", "acuracy"}}), {});
    trainer.prepareData();
    try {
      trainer.train();
      QFAIL("expected an error");
    } catch (const Error& error) {
      QVERIFY(error.hint().find("accuracy") != std::string::npos);
    }
  }

  void reducedPrecisionLearns_data() {
    QTest::addColumn<QString>("precision");
    QTest::addRow("bfloat16") << "bfloat16";
    QTest::addRow("float16") << "float16";
  }
  void reducedPrecisionLearns() {
    QFETCH(QString, precision);
    Trainer trainer(cloudsPlan(file_, {{"precision", precision.toStdString()}}), {});
    trainer.prepareData();
    QVERIFY(trainer.train().metrics.at("test").at("accuracy") > 0.95);
  }

  void theMissingDeviceIsNamed() {
    if (at::hasCUDA()) QSKIP("this machine has a GPU");
    try {
      Trainer trainer(cloudsPlan(file_, {{"device", "cuda"}}), {});
      QFAIL("expected an error");
    } catch (const Error& error) {
      QCOMPARE(error.fault(), Fault::NoDevice);
    }
  }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "trainer.moc"
