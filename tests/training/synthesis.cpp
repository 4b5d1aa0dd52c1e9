// Synthetic training rows: rare classes filled up, batches mixed as PyTorch computes it, and both repeated bit for bit.
#include <QtTest/QtTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "training/mix_up.hpp"
#include "training/profile.hpp"
#include "training/small_plan.hpp"
#include "training/trained.hpp"

using namespace blockyard;
using namespace blockyard::testing;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/training/mix_up_reference.json"));
  return kAll;
}

// Two clouds, one of them with one row in twenty.
std::string writeRare(const QTemporaryDir& folder, int rows) {
  const std::string path = folder.filePath("rare.csv").toStdString();
  std::ofstream out(path);
  out << "x,y,kind\n";
  const KeyedRandom random(7);
  for (int i = 0; i < rows; ++i) {
    const auto row = static_cast<uint64_t>(i);
    const bool rare = random.key("kind").below(row, 20) == 0;
    out << random.key("x").normal(row) + (rare ? 1.5 : 0) << "," << random.key("y").normal(row) << ","
        << (rare ? "rare" : "usual") << "\n";
  }
  return path;
}

std::vector<std::string> noticesOf(const Plan& plan) {
  std::vector<std::string> out;
  Trainer trainer(plan, {.emit = [&](const Event& event) {
                    if (const auto* notice = std::get_if<Notice>(&event)) out.push_back(notice->text);
                  }});
  trainer.prepareData();
  trainer.train();
  return out;
}

}  // namespace

class TestSynthesis : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string file_;

  Plan plan(const Values& training) const { return cloudsPlan(file_, training); }

 private Q_SLOTS:
  void initTestCase() { file_ = writeRare(folder_, 1200); }

  void sameBytesHoweverItIsDone_data() {
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("value");
    for (const char* how : {"oversample", "smote"}) QTest::addRow("%s", how) << "balance" << how;
    QTest::addRow("mixup") << "mix"
                           << "mixup";
  }
  void sameBytesHoweverItIsDone() {
    QFETCH(QString, setting);
    QFETCH(QString, value);
    const Values training{{setting.toStdString(), value.toStdString()}, {"epochs", 3}};
    const auto with = [&](const std::string& name, int64_t number) {
      Values out = training;
      out.set(name, number);
      return plan(out);
    };
    const std::string once = trained(plan(training));
    QVERIFY(once == trained(plan(training)));
    QVERIFY(once == trained(with("loader_threads", 3)));
    QVERIFY(once == trained(plan(training), 37));
    QVERIFY(once == trained(with("memory_budget", 16)));
    QVERIFY(once != trained(with("seed", 1)));
    QVERIFY(once != trained(plan({{"epochs", 3}})));

    for (const int stop_after : {1, 30, 100}) {
      int batches = 0;
      Trainer first(plan(training), {.poll = [&] { return ++batches >= stop_after; }});
      first.prepareData();
      if (first.train().state != "stopped") continue;
      State kept;
      for (const State live = first.state(); const auto& [name, tensor] : live.tensors)
        kept.tensors.emplace(name, tensor.detach().clone());
      kept.values = first.state().values;
      Trainer second(plan(training), {});
      second.prepareData();
      second.loadState(kept);
      second.train();
      QVERIFY(bytesOf(second.pipeline().state()) == once);
    }
  }

  void rareClassesAreFilledUp() {
    Trainer usual(plan({}), {});
    usual.prepareData();
    Trainer filled(plan({{"balance", "oversample"}}), {}),
        half(plan({{"balance", "smote"}, {"balance_share", 0.5}}), {});
    filled.prepareData(), half.prepareData();
    // Everything that is judged, and what is fitted, stays as it is.
    for (const Part part : {Part::Train, Part::Validation, Part::Test})
      QCOMPARE(filled.data().rows(part).size(), usual.data().rows(part).size());
    const at::Tensor codes = usual.data().columns[1].tensor();
    const RowSet& train = usual.data().rows(Part::Train);
    int64_t rare = 0;
    for (int64_t i = 0; i < train.size(); ++i) rare += codes[train[i]].item<int64_t>() == 0;
    const int64_t other = train.size() - rare;
    QVERIFY(rare < other / 10);
    QCOMPARE(usual.rowsPerEpoch(), train.size());
    QCOMPARE(filled.rowsPerEpoch(), 2 * other);
    QCOMPARE(half.rowsPerEpoch(), other + other / 2);
    QCOMPARE(filled.stepsPerEpoch(), (2 * other + 31) / 32);
    filled.train();
    usual.train();
    const auto fitted = [](const Trainer& trainer) {
      std::string out;
      const State state = trainer.pipeline().state();
      for (const auto& [name, value] : state.values.items())
        if (name.starts_with("standardize.")) out += name + value.text();
      for (const auto& [name, tensor] : state.tensors)
        if (name.starts_with("standardize.")) out += bytesOf({.tensors = {{name, tensor}}});
      return out;
    };
    QVERIFY(!fitted(usual).empty());
    QCOMPARE(fitted(filled), fitted(usual));
  }

  // An epoch of balanced rows has more of them than there are training rows.
  void theProfileTimesWhatTrainingDraws() {
    const auto batch = [&](const char* balance) {
      return profile(plan({{"balance", balance}, {"batch_size", 1000}}), 1).batch_size;
    };
    QVERIFY(batch("none") < 1000);
    QCOMPARE(batch("oversample"), int64_t{1000});
    QCOMPARE(batch("smote"), int64_t{1000});
  }

  void itFindsMoreOfTheRareClass() {
    const auto recall = [&](const std::string& how) {
      Trainer trainer(plan({{"balance", how}, {"restore_best", false}, {"epochs", 10}}), {});
      trainer.prepareData();
      return trainer.train().metrics.at("test").at("recall_macro");
    };
    const double none = recall("none"), oversample = recall("oversample"), smote = recall("smote");
    QVERIFY2(oversample > none + 0.1, qPrintable(QString("%1 %2 %3").arg(none).arg(oversample).arg(smote)));
    QVERIFY2(smote > none + 0.1, qPrintable(QString("%1 %2 %3").arg(none).arg(oversample).arg(smote)));
  }

  void anEpochTellsWhatItDraws() {
    const auto told = [&](const Values& training, const char* text) {
      for (const auto& notice : noticesOf(plan(training)))
        if (notice.find(text) != std::string::npos) return true;
      return false;
    };
    QVERIFY(told({{"balance", "oversample"}, {"epochs", 1}}, "balance: an epoch draws"));
    QVERIFY(told({{"balance", "smote"}, {"epochs", 1}}, "mixed with their neighbours"));
    QVERIFY(told({{"balance", "smote"}, {"balance_share", 0.01}, {"epochs", 1}}, "no class is rare enough"));
    QVERIFY(!told({{"epochs", 1}}, "balance"));
    Trainer trainer(plan({{"balance", "smote"}, {"dry_run", true}}), {});
    trainer.prepareData();
    QCOMPARE(trainer.train().step, int64_t{1});
  }

  void lossesOfPyTorch() {
    for (const Json& one : reference().at("losses")) {
      const auto tensor = [&](const char* name, at::ScalarType type) {
        return at::tensor(one.at(name).get<Numbers>(), at::kDouble).to(type);
      };
      const int64_t width = one.at("width"), classes = one.at("classes"), target_width = one.at("target_width");
      Values values;
      for (const auto& [name, value] : one.at("params").items())
        values.set(name, value.is_string()  ? Value(value.get<std::string>())
                         : value.is_array() ? Value(value.get<Numbers>())
                                            : Value(value.get<double>()));
      Plan plan;
      plan.nodes = {node("table", "source/table", {{"file", "none"}}, {}),
                    node("head", one.at("block"), values, {{"x", 0, "features"}, {"target", 0, "target"}})};
      Pipeline pipeline(plan);
      Signature x{.shape = {Dim("N"), width}},
          target{.kind = Wire::Label, .element = Element::Int64, .shape = {Dim("N")}};
      for (int64_t c = 0; c < classes; ++c) target.classes.push_back(std::to_string(c));
      if (classes == 0) target = {.kind = Wire::Target, .shape = {Dim("N"), target_width}};
      pipeline.nodes()[0].outputs = {{"features", x}, {"target", target}};
      pipeline.makeBlock(1, KeyedRandom(0));
      const std::vector<NamedTensor> parameters = pipeline.parameters();  // weight, bias
      {
        const at::NoGradGuard no_grad;
        parameters[0].tensor.copy_(tensor("weight", at::kFloat).view_as(parameters[0].tensor));
        parameters[1].tensor.copy_(tensor("bias", at::kFloat));
      }
      at::Tensor wanted = tensor("target", classes > 0 ? at::kLong : at::kFloat);
      if (classes == 0) wanted = wanted.view({-1, target_width});
      Flow flow(2);
      flow[0] = {{"features", tensor("x", at::kFloat).view({-1, width})}, {"target", wanted}};
      BatchMix mix(MixHow::MixUp, one.at("lambda").get<double>(), tensor("partners", at::kLong));
      pipeline.run(1, flow, true, KeyedRandom(0), {}, 0, &mix);
      const at::Tensor loss = flow[1]["loss"];
      loss.backward();
      const double off = std::abs(loss.item<double>() - one.at("loss").get<double>());
      QVERIFY2(off < 1e-6, qPrintable(QString::number(off)));
      QVERIFY(at::allclose(parameters[0].tensor.grad().flatten(), tensor("weight_gradient", at::kFloat), 1e-5, 1e-6));
      // Without a mix, and where nothing is trained, nothing is mixed.
      pipeline.run(1, flow, true, KeyedRandom(0));
      QVERIFY(std::abs(flow[1]["loss"].item<double>() - loss.item<double>()) > 1e-4);
    }
  }

  void lambdaIsBeta() {
    constexpr int kDraws = 20'000;
    for (const Json& one : reference().at("betas")) {
      std::vector<double> draws;
      for (uint64_t i = 0; i < kDraws; ++i)
        draws.push_back(betaNumber(KeyedRandom(3).key(i), one.at("alpha").get<double>()));
      for (size_t q = 0; q < one.at("shares").size(); ++q) {
        const double quantile = one.at("quantiles")[q];
        const auto below = std::count_if(draws.begin(), draws.end(), [&](double v) { return v <= quantile; });
        const double share = static_cast<double>(below) / kDraws, wanted = one.at("shares")[q];
        QVERIFY2(std::abs(share - wanted) < 0.013, qPrintable(QString("%1 for %2").arg(share).arg(wanted)));
      }
    }
    const double tiny = betaNumber(KeyedRandom(1), 0.001);
    QVERIFY(tiny >= 0 && tiny <= 1);
  }

  void boxesOfCutMix() {
    for (const Json& one : reference().at("boxes")) {
      const int64_t width = one.at("width"), height = one.at("height");
      const at::Tensor pictures = at::randn({3, 2, height, width});
      const at::Tensor partners = at::tensor(Integers{2, 0, 1}, at::kLong);
      BatchMix mix(MixHow::CutMix, one.at("lambda").get<double>(), partners, one.at("across").get<double>(),
                   one.at("down").get<double>());
      const at::Tensor before = pictures.clone(), got = mix.mixed(pictures);
      const auto box = one.at("box").get<Integers>();
      at::Tensor want = pictures.clone();
      const auto cut = [&](const at::Tensor& of) { return of.slice(2, box[1], box[3]).slice(3, box[0], box[2]); };
      cut(want).copy_(cut(pictures.index_select(0, partners)));
      QVERIFY(at::equal(got, want));
      QVERIFY(at::equal(pictures, before));
      QVERIFY(std::abs(mix.lambda() - one.at("outside").get<double>()) < 1e-12);
    }
  }

  void whatCannotBeMixedIsRefused() {
    BatchMix mix(MixHow::CutMix, 0.5, at::arange(2));
    QVERIFY_THROWS_EXCEPTION(Error, mix.mixed(at::randn({2, 4})));
    QVERIFY_THROWS_EXCEPTION(Error, mix.mixed(at::ones({2, 1, 4, 4}, at::kLong)));
    Plan numbers = plan({{"balance", "oversample"}});
    numbers.nodes = {node("table", "source/table", {{"file", file_}, {"target", Texts{"y"}}}, {}),
                     node("select", "preprocessor/select", {{"columns", Texts{"x"}}}, {{"x", 0, "features"}}),
                     node("features", "preprocessor/to_features", {}, {{"x", 1, "y"}}),
                     node("linear", "regressor/linear", {}, {{"x", 2, "y"}, {"target", 0, "target"}})};
    Trainer trainer(numbers, {});
    try {
      trainer.prepareData();
      QFAIL("expected an error");
    } catch (const Error& error) {
      QCOMPARE(error.where().parameter, std::string("balance"));
    }
  }
};

QTEST_GUILESS_MAIN(TestSynthesis)
#include "synthesis.moc"
