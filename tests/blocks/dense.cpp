// The dense layer's own gradient against PyTorch's operators: shapes, frozen parts, and gradients that others hold.
#include "blocks/dense.hpp"

#include <ATen/ATen.h>

#include <QTest>
#include <cmath>
#include <functional>
#include <tuple>

using namespace blockyard;

namespace {

using Layer = std::function<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&)>;
using Use = std::function<at::Tensor(const at::Tensor& y)>;

struct Case {
  at::IntArrayRef shape{};
  int64_t out = 0;
  bool relu = false, bias = true;
  bool learn_x = true, learn_weight = true;
  Use use = [](const at::Tensor& y) { return (y * y).sum(); };
};

std::vector<at::Tensor> gradients(const Case& one, const Layer& layer) {
  at::manual_seed(3);
  const auto leaf = [](at::IntArrayRef shape, bool learns) {
    return at::randn(shape, at::kDouble).set_requires_grad(learns);
  };
  const at::Tensor x = leaf(one.shape, one.learn_x), weight = leaf({one.out, one.shape.back()}, one.learn_weight);
  const at::Tensor bias = one.bias ? leaf({one.out}, one.learn_weight) : at::Tensor();
  const at::Tensor loss = one.use(layer(x, weight, bias));
  loss.backward();
  return {loss.detach(), x.grad(), weight.grad(), bias.defined() ? bias.grad() : at::Tensor()};
}

}  // namespace

class DenseTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isWhatPyTorchComputes_data() {
    QTest::addColumn<int>("number");
    for (int i = 0; i < static_cast<int>(cases().size()); ++i) QTest::addRow("%d", i) << i;
  }

  void isWhatPyTorchComputes() {
    QFETCH(int, number);
    const Case one = cases()[static_cast<size_t>(number)];
    const auto ours =
        gradients(one, [&](const auto& x, const auto& w, const auto& b) { return dense(x, w, b, one.relu); });
    const auto theirs = gradients(one, [&](const auto& x, const auto& w, const auto& b) {
      const at::Tensor y = at::linear(x, w, b);
      return one.relu ? at::relu(y) : y;
    });
    for (size_t i = 0; i < ours.size(); ++i) {
      QCOMPARE(ours[i].defined(), theirs[i].defined());
      if (ours[i].defined()) QVERIFY2(at::allclose(ours[i], theirs[i], 1e-12, 1e-12), qPrintable(QString::number(i)));
    }
  }

  // The addition hands one and the same gradient to both layers; neither may change it for the other.
  void layersBesideEachOtherShareAGradient() {
    at::manual_seed(5);
    const auto leaf = [](at::IntArrayRef shape) { return at::randn(shape, at::kDouble).set_requires_grad(true); };
    const at::Tensor x = at::randn({6, 3}, at::kDouble), a = leaf({4, 3}), b = leaf({4, 3}), c = leaf({4});
    const auto run = [&](const Layer& layer) {
      for (const at::Tensor* each : {&a, &b, &c}) each->mutable_grad().reset();
      (layer(x, a, c) + layer(x, b, c)).pow(2).sum().backward();
      return std::vector<at::Tensor>{a.grad(), b.grad(), c.grad()};
    };
    const auto ours = run([](const auto& in, const auto& w, const auto& bias) { return dense(in, w, bias, true); });
    const auto theirs =
        run([](const auto& in, const auto& w, const auto& bias) { return at::relu(at::linear(in, w, bias)); });
    for (size_t i = 0; i < ours.size(); ++i) QVERIFY(at::allclose(ours[i], theirs[i], 1e-12, 1e-12));
  }

  // Sizes at which the products are oneDNN's: few rows and many, in float32 against float64.
  void largeProducts() {
    for (const auto& [rows, in, out] : {std::tuple{64, 600, 512}, {1100, 128, 160}}) {
      at::manual_seed(4);
      const at::Tensor x = at::randn({rows, in}), weight = at::randn({out, in}) / std::sqrt(in),
                       bias = at::randn({out});
      const auto run = [&](at::ScalarType type, const Layer& layer) {
        const auto leaf = [&](const at::Tensor& of) { return of.to(type, false, true).set_requires_grad(true); };
        const at::Tensor one = leaf(x), two = leaf(weight), three = leaf(bias);
        layer(one, two, three).pow(2).mean().backward();
        return std::vector<at::Tensor>{one.grad(), two.grad(), three.grad()};
      };
      const Layer ours = [](const auto& a, const auto& w, const auto& b) { return dense(a, w, b, true); };
      const Layer theirs = [](const auto& a, const auto& w, const auto& b) { return at::relu(at::linear(a, w, b)); };
      const auto found = run(at::kFloat, ours), expected = run(at::kDouble, theirs);
      for (size_t i = 0; i < found.size(); ++i) {
        const double error = (found[i].to(at::kDouble) - expected[i]).abs().max().item<double>();
        QVERIFY2(error < 1e-5 * expected[i].abs().max().item<double>(), qPrintable(QString::number(error)));
      }
    }
  }

  void withoutGradientsItIsLinear() {
    const at::NoGradGuard no_grad;
    const at::Tensor x = at::randn({4, 3}), weight = at::randn({2, 3}).set_requires_grad(true), bias = at::randn({2});
    QVERIFY(at::equal(dense(x, weight, bias), at::linear(x, weight, bias)));
    QVERIFY(at::equal(dense(x, weight, bias, true), at::relu(at::linear(x, weight, bias))));
  }

 private:
  static std::vector<Case> cases() {
    static const int64_t kFlat[] = {7, 5}, kDeep[] = {3, 4, 5}, kWide[] = {7, 70};
    const Use twice = [](const at::Tensor& y) { return (y + y * 3).sum(); };
    // Both get the very same gradient: writing over it would spoil the other one's.
    const Use branch = [](const at::Tensor& y) { return ((y + at::relu(y - 0.5)) * y.detach()).sum(); };
    const Use spread = [](const at::Tensor& y) { return y.sum(); };  // its gradient is one number, expanded
    const Use turned = [](const at::Tensor& y) { return (y.transpose(0, 1) * at::arange(y.size(0))).sum(); };
    return {{.shape = kFlat, .out = 2},
            {.shape = kFlat, .out = 2, .relu = true},
            {.shape = kWide, .out = 9, .relu = true},
            {.shape = kDeep, .out = 2, .relu = true},
            {.shape = kDeep, .out = 6, .bias = false},
            {.shape = kFlat, .out = 2, .relu = true, .learn_x = false},
            {.shape = kFlat, .out = 2, .relu = true, .learn_weight = false},
            {.shape = kFlat, .out = 4, .relu = true, .use = twice},
            {.shape = kFlat, .out = 4, .relu = true, .use = branch},
            {.shape = kFlat, .out = 4, .relu = true, .use = spread},
            {.shape = kFlat, .out = 4, .relu = true, .use = turned}};
  }
};

QTEST_GUILESS_MAIN(DenseTest)
#include "dense.moc"
