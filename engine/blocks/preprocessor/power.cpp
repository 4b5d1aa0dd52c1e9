// Power: makes skewed number columns more even: log(1 + x), square root, or a power that is fitted to each column.
#include <cmath>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

using Weighted = std::vector<std::pair<double, int64_t>>;

// Box and Cox 1964; Yeo and Johnson 2000.
double boxCox(double x, double lambda) {
  if (!(x > 0)) return kMissingNumber;
  return lambda == 0 ? std::log(x) : std::expm1(lambda * std::log(x)) / lambda;
}
double yeoJohnson(double x, double lambda) {
  if (x >= 0) return lambda == 0 ? std::log1p(x) : std::expm1(lambda * std::log1p(x)) / lambda;
  return lambda == 2 ? -std::log1p(-x) : -std::expm1((2 - lambda) * std::log1p(-x)) / (2 - lambda);
}

double changed(const std::string& method, double x, double lambda) {
  if (method == "box_cox") return boxCox(x, lambda);
  if (method == "yeo_johnson") return yeoJohnson(x, lambda);
  const double out = method == "log1p" ? std::log1p(x) : std::sqrt(x);
  return std::isfinite(out) ? out : kMissingNumber;
}

struct MeanAndDeviation {
  double mean = 0, deviation = 0;
};

MeanAndDeviation spreadOf(const std::string& method, const Weighted& values, double lambda) {
  double count = 0, sum = 0, squares = 0;
  for (const auto& [x, n] : values) {
    const double y = changed(method, x, lambda);
    if (std::isnan(y)) continue;
    count += static_cast<double>(n), sum += static_cast<double>(n) * y;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  for (const auto& [x, n] : values) {
    const double y = changed(method, x, lambda);
    if (!std::isnan(y)) squares += static_cast<double>(n) * (y - mean) * (y - mean);
  }
  return {mean, std::sqrt(squares / count)};
}

// How much less likely the values are with this power, up to a constant and divided by their number; inf if it is too
// large for them.
double loss(const std::string& method, const Weighted& values, double lambda) {
  double count = 0, logs = 0;
  for (const auto& [x, n] : values) {
    count += static_cast<double>(n);
    logs += static_cast<double>(n) * (method == "box_cox" ? std::log(x) : std::copysign(std::log1p(std::abs(x)), x));
  }
  const double out = std::log(spreadOf(method, values, lambda).deviation) - (lambda - 1) * logs / count;
  return std::isfinite(out) ? out : std::numeric_limits<double>::infinity();
}

// The best power: a coarse look at -10 to 10, then golden sections around the best.
double bestLambda(const std::string& method, const Weighted& values) {
  if (values.front().first == values.back().first) return 1;  // constant: nothing to choose by
  double best = 1, least = loss(method, values, 1);
  for (int step = -20; step <= 20; ++step) {
    const double at = loss(method, values, 0.5 * step);
    if (at < least) least = at, best = 0.5 * step;
  }
  constexpr double kGolden = 0.6180339887498949;
  double low = best - 0.5, high = best + 0.5;
  double a = high - kGolden * (high - low), b = low + kGolden * (high - low);
  double at_a = loss(method, values, a), at_b = loss(method, values, b);
  while (high - low > 1e-9) {
    if (at_a <= at_b) {
      high = b, b = a, at_b = at_a;
      a = high - kGolden * (high - low), at_a = loss(method, values, a);
    } else {
      low = a, a = b, at_a = at_b;
      b = low + kGolden * (high - low), at_b = loss(method, values, b);
    }
  }
  return (low + high) / 2;
}

class Power final : public Block {
 public:
  explicit Power(const Values& values)
      : wanted_(values.texts("columns")), method_(values.text("method")), standardize_(values.flag("standardize")) {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Quantiles>(rows, wanted_, kNumberColumns, [](const Column&) { return Quantiles(); });
    learned_.columns = found.names;
    for (const char* name : {"lambda", "mean", "deviation"}) learned_.numbers[name].assign(found.names.size(), 1);
    forEachColumn(found.names.size(), Quantiles::kExact, [&](size_t c) { learn(c, found.sketches[c]); });
  }

  Batch forward(const Batch& in, Step&) override {
    const Numbers &lambdas = learned_.numbers["lambda"], &means = learned_.numbers["mean"],
                  &deviations = learned_.numbers["deviation"];
    return {{"y", withNumbers(in.table("x"), learned_.columns, [&](double* values, int64_t rows, size_t column) {
               for (int64_t i = 0; i < rows; ++i) {
                 values[i] = std::isnan(values[i]) ? values[i] : changed(method_, values[i], lambdas[column]);
                 if (standardize_) values[i] = (values[i] - means[column]) / deviations[column];
               }
             })}};
  }

  State state() const override { return learned_.state(); }
  void loadState(const State& state) override { learned_.load(state, {"lambda", "mean", "deviation"}); }

 private:
  void learn(size_t c, const Quantiles& sketch) {
    const Weighted values = sketch.weighted();
    const std::string& name = learned_.columns[c];
    if (values.empty()) return;
    for (const double end : {values.front().first, values.back().first})
      if (std::isinf(end))
        throw Error({.port = "x"}, "expected finite numbers in column \"" + name + "\", got an infinite one");
    if (method_ == "box_cox" && values.front().first <= 0)
      throw Error(
          {.parameter = "method"},
          "box_cox takes numbers above 0, and column \"" + name + "\" holds " + numberText(values.front().first),
          "use yeo_johnson, which takes any number");
    const bool fitted = method_ == "box_cox" || method_ == "yeo_johnson";
    const double lambda = fitted ? bestLambda(method_, values) : 1;
    // Of equal values the deviation would be what rounding leaves of 0.
    const bool constant = values.front().first == values.back().first;
    const MeanAndDeviation spread = constant ? MeanAndDeviation{changed(method_, values.front().first, lambda), 0}
                                             : spreadOf(method_, values, lambda);
    learned_.numbers["lambda"][c] = lambda;
    learned_.numbers["mean"][c] = spread.mean;
    learned_.numbers["deviation"][c] = spread.deviation > 0 ? spread.deviation : 1;
  }

  Texts wanted_;
  std::string method_;
  bool standardize_;
  Learned learned_{.numbers = {{"lambda", {}}, {"mean", {}}, {"deviation", {}}}};
};

Signatures inferPower(const Values& values, const Signatures& inputs) {
  pickColumns(inputs.at("x"), values.texts("columns"), kNumberColumns);
  return {{"y", inputs.at("x")}};
}

}  // namespace

BlockType power() {
  return {
      .schema =
          {.title = "Power transform",
           .doc = "Makes skewed number columns more even: log(1 + x), the square root, or the power that makes the "
                  "training values look most like a normal distribution (Box-Cox for numbers above 0, Yeo-Johnson for "
                  "any; by maximum likelihood, exact up to 65,536 values a column). A value that has no logarithm "
                  "or root becomes missing; missing values stay missing.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("number"),
                      {"method", "yeo_johnson", Choices{"yeo_johnson", "box_cox", "log1p", "sqrt"}, "which transform"},
                      {"standardize", true, {}, "then shift and scale to mean 0 and deviation 1"}},
           .examples = {{.params = {{"method", "sqrt"}, {"standardize", false}},
                         .in_tables = {{"x", "a,b\n4,x\n9,y\n-1,x\n,y\n"}},
                         .out_tables = {{"y", "a,b\n2,x\n3,y\n,x\n,y\n"}}}},
           .fitted = true},
      .make = make<Power>,
      .infer = inferPower};
}

}  // namespace blockyard::preprocessor
