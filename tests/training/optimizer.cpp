// Optimizers against torch.optim's trajectories in optimizers_reference.json (reference/optimizers.py): 1e-6. And what
// surrounds a step: exact resume, the check for NaN and Inf, the scale of float16, averaged weights.
#include "training/optimizer.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "graph/training_settings.hpp"
#include "training/gradients.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

at::Tensor tensorOf(const Json& numbers, at::IntArrayRef shape) {
  const auto data = numbers.get<std::vector<double>>();
  return at::tensor(data, at::kDouble).to(at::kFloat).view(shape);
}

Values settings(const Json& given) {
  Values values = completeValues(trainingParams(), {});
  values.set("learning_rate", 0.01);
  for (const auto& [name, value] : given.items()) values.set(name, valueFromJson(value, *values.find(name)));
  return values;
}

// The small network of optimizers.py.
struct Problem {
  at::Tensor x, y;
  std::vector<NamedTensor> parameters;

  explicit Problem(const Json& json) : x(tensorOf(json["x"], {16, 4})), y(tensorOf(json["y"], {16, 2})) {
    const Json& start = json["start"];
    parameters = {{"hidden.weight", tensorOf(start["hidden.weight"], {5, 4})},
                  {"hidden.bias", tensorOf(start["hidden.bias"], {5})},
                  {"out.weight", tensorOf(start["out.weight"], {2, 5})},
                  {"out.bias", tensorOf(start["out.bias"], {2})}};
    for (auto& [_, tensor] : parameters) tensor.set_requires_grad(true);
  }
  at::Tensor& operator[](size_t i) { return parameters[i].tensor; }
  at::Tensor loss() {
    const at::Tensor h = at::relu(at::linear(x, (*this)[0], (*this)[1]));
    return at::mse_loss(at::linear(h, (*this)[2], (*this)[3]), y);
  }
  void steps(Optimizer& optimizer, double rate, int count) {
    for (int i = 0; i < count; ++i) {
      optimizer.clearGradients();
      loss().backward();
      optimizer.step(rate);
    }
  }
  bool equals(const Problem& other) const {
    for (size_t i = 0; i < parameters.size(); ++i)
      if (!at::equal(parameters[i].tensor, other.parameters[i].tensor)) return false;
    return true;
  }
};

State copyOf(const State& state) {
  State out{.values = state.values};
  for (const auto& [name, tensor] : state.tensors) out.tensors[name] = tensor.clone();
  return out;
}

double worst(Problem& problem, const Json& want) {
  double out = 0;
  for (auto& [name, tensor] : problem.parameters)
    out = std::max(out, (tensor.detach() - tensorOf(want[name], tensor.sizes())).abs().max().item<double>());
  return out;
}

}  // namespace

class OptimizerTest : public QObject {
  Q_OBJECT
  Json reference_;

 private Q_SLOTS:
  void initTestCase() {
    std::ifstream(BLOCKYARD_TEST_DIR "/training/optimizers_reference.json") >> reference_;
    at::set_num_threads(1);  // waking a second thread costs more than these tensors do
  }

  void trajectoriesEqualTorch() {
    for (const Json& example : reference_["cases"]) {
      Problem problem(reference_["problem"]);
      const Values values = settings(example["settings"]);
      Optimizer optimizer(values, problem.parameters);
      const double rate = values.number("learning_rate");
      problem.steps(optimizer, rate, 5);
      const double early = worst(problem, example["after_5"]);
      problem.steps(optimizer, rate, 15);
      const double late = worst(problem, example["after_20"]);
      QVERIFY2(early < 1e-6 && late < 1e-6,
               QByteArray::fromStdString(example["name"].get<std::string>() + " differs by " +
                                         std::to_string(std::max(early, late) * 1e6) + "e-6"));
    }
  }

  void resumesExactly() {
    for (const Json& example : reference_["cases"]) {
      const Values values = settings(example["settings"]);
      Problem whole(reference_["problem"]), first(reference_["problem"]), second(reference_["problem"]);
      Optimizer unbroken(values, whole.parameters), before(values, first.parameters), after(values, second.parameters);
      whole.steps(unbroken, 0.01, 12);
      first.steps(before, 0.01, 5);
      {
        const at::NoGradGuard no_grad;
        for (size_t i = 0; i < 4; ++i) second[i].copy_(first[i]);
      }
      after.loadState(copyOf(before.state()));
      second.steps(after, 0.01, 7);
      QVERIFY2(whole.equals(second), example["name"].get<std::string>().c_str());
      QVERIFY2(!whole.equals(first), "the steps after the resume must move the weights");
    }
  }

  void aStateThatLacksATensorIsRefused() {
    Problem problem(reference_["problem"]);
    Optimizer optimizer(settings(Json::object()), problem.parameters);
    State state = copyOf(optimizer.state());
    state.tensors.erase("out.bias.exp_avg");
    QVERIFY_EXCEPTION_THROWN(optimizer.loadState(state), Error);
  }

  void aBadStepIsNotMade() {
    for (const char* name : {"sgd", "adam", "adamw", "rmsprop"}) {
      Problem problem(reference_["problem"]), untouched(reference_["problem"]);
      Optimizer optimizer(settings({{"optimizer", name}}), problem.parameters),
          other(settings({{"optimizer", name}}), untouched.parameters);
      problem.steps(optimizer, 0.01, 3);
      untouched.steps(other, 0.01, 3);
      GradientCheck check(problem.parameters);
      optimizer.clearGradients();
      const at::Tensor loss = problem.loss();
      loss.backward();
      QCOMPARE(check.run(loss).item<float>(), 0.0F);
      problem[1].mutable_grad()[2] = std::nan("");
      QCOMPARE(check.run(loss).item<float>(), 1.0F);
      optimizer.step(0.01, check.run(loss));
      QVERIFY2(problem.equals(untouched), name);
      problem.steps(optimizer, 0.01, 2);
      untouched.steps(other, 0.01, 2);
      QVERIFY2(problem.equals(untouched), name);
    }
  }

  void theCheckNamesTheParameter() {
    Problem problem(reference_["problem"]);
    GradientCheck check(problem.parameters);
    const at::Tensor loss = problem.loss();
    loss.backward();
    QVERIFY(check.find(loss).name().empty());
    // A NaN that arose at `out` spreads to everything before it.
    problem[0].mutable_grad().fill_(INFINITY);
    problem[2].mutable_grad()[0][0] = INFINITY;
    QCOMPARE(check.run(loss).item<float>(), 1.0F);
    QCOMPARE(check.find(loss).name(), std::string("out.weight"));
    QVERIFY(!check.find(loss).loss);
    {
      const at::NoGradGuard no_grad;
      problem[1][0] = NAN;
    }
    QCOMPARE(check.find(problem.loss()).name(), std::string("hidden.bias"));
    QVERIFY(check.find(problem.loss()).loss);
    QCOMPARE(check.run(problem.loss()).item<float>(), 1.0F);
  }

  void theCheckChangesNothing() {
    Problem problem(reference_["problem"]);
    GradientCheck check(problem.parameters);
    const at::Tensor loss = problem.loss();
    loss.backward();
    const at::Tensor before = problem[0].grad().clone();
    check.run(loss);
    QVERIFY(at::equal(problem[0].grad(), before));
  }

  void aParameterWithoutGradientRests() {
    Problem problem(reference_["problem"]);
    Optimizer optimizer(settings({{"weight_decay", 0.1}, {"clip_norm", 1.0}}), problem.parameters);
    const at::Tensor before = problem[0].detach().clone();
    at::linear(at::ones({1, 5}), problem[2], problem[3]).sum().backward();
    optimizer.step(0.1);
    QVERIFY(at::equal(problem[0], before));
    QCOMPARE(optimizer.state().tensors.at("hidden.weight.step").item<float>(), 0.0F);
    QCOMPARE(optimizer.state().tensors.at("out.weight.step").item<float>(), 1.0F);
    QVERIFY(optimizer.gradientNorm().item<float>() > 1);
    optimizer.clearGradients();
    optimizer.step(0.1);  // nothing has a gradient
  }

  void channelsLastWeightsKeepTheirLayout() {
    at::Tensor weight = at::randn({8, 4, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor plain = weight.contiguous();
    const at::Tensor x = at::randn({2, 4, 6, 6});
    for (at::Tensor* w : {&weight, &plain}) {
      w->set_requires_grad(true);
      Optimizer optimizer(settings(Json::object()), {{"w", *w}});
      for (int i = 0; i < 3; ++i) {
        optimizer.clearGradients();
        at::conv2d(x, *w).square().mean().backward();
        optimizer.step(0.01);
      }
    }
    QVERIFY(weight.is_contiguous(at::MemoryFormat::ChannelsLast));
    QVERIFY(at::allclose(weight, plain, 1e-4, 1e-5));
  }

  void theScaleGrowsAndBacksOff() {
    GradScaler scaler(at::kCPU);
    QCOMPARE(scaler.scale(), 65536.0);
    scaler.update(at::ones({1}));
    QCOMPARE(scaler.scale(), 32768.0);
    for (int i = 0; i < 1999; ++i) scaler.update(at::zeros({1}));
    GradScaler resumed(at::kCPU);
    resumed.loadState(copyOf(scaler.state()));
    resumed.update(at::zeros({1}));
    QCOMPARE(resumed.scale(), 65536.0);
    for (int i = 0; i < 31; ++i) resumed.update(at::ones({1}));
    QVERIFY(resumed.exhausted());
  }

  void scaledGradientsAreUnscaled() {
    Problem problem(reference_["problem"]), plain(reference_["problem"]);
    GradScaler scaler(at::kCPU);
    GradientCheck check(problem.parameters);
    const at::Tensor loss = problem.loss();
    scaler.scaled(loss).backward();
    QCOMPARE(check.run(loss, scaler.inverse()).item<float>(), 0.0F);
    plain.loss().backward();
    for (size_t i = 0; i < 4; ++i)
      QVERIFY(at::equal(problem[i].grad(), plain[i].grad()));  // the scale is a power of two
  }

  void averagesTheWeights() {
    Problem problem(reference_["problem"]);
    Ema ema(0.95, problem.parameters);
    at::Tensor want = problem[0].detach().clone();
    for (int n = 1; n <= 300; ++n) {
      {
        const at::NoGradGuard no_grad;
        problem[0].add_(0.01);
      }
      ema.update();
      const double decay = std::min(0.95, (1.0 + n) / (10.0 + n));
      want = want * decay + problem[0].detach() * (1 - decay);
    }
    const at::Tensor last = problem[0].detach().clone();
    Ema resumed(0.95, problem.parameters);
    resumed.loadState(copyOf(ema.state()));
    resumed.swap();
    QVERIFY(at::allclose(problem[0], want, 1e-5, 1e-5));
    resumed.swap();
    QVERIFY(at::equal(problem[0], last));
    QVERIFY(problem[0].requires_grad());
  }

  // Weights 28-256-256-1: a step of such a network with 1,024 rows takes some 3 ms.
  void theCheckIsCheap() {
    std::vector<NamedTensor> parameters;
    for (const auto& shape : std::vector<std::vector<int64_t>>{{256, 28}, {256}, {256, 256}, {256}, {1, 256}, {1}}) {
      at::Tensor tensor = at::randn(shape);
      tensor.set_requires_grad(true);
      tensor.mutable_grad() = at::randn(shape);
      parameters.push_back({std::to_string(parameters.size()), tensor});
    }
    GradientCheck check(parameters);
    const at::Tensor loss = at::ones({});
    double best = 1e9;
    for (int repeat = 0; repeat < 20; ++repeat) {
      QElapsedTimer timer;
      timer.start();
      for (int i = 0; i < 100; ++i) check.run(loss);
      best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e5);
    }
    qInfo("check of 73,000 gradients: %.1f us", best);
#ifdef NDEBUG
    QVERIFY(best < 200);
#endif
  }
};

QTEST_GUILESS_MAIN(OptimizerTest)
#include "optimizer.moc"
