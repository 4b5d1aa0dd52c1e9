// PCA: turns features into fewer that hold most of their variance: the principal components of the training rows.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "blocks/block.hpp"
#include "blocks/state_lists.hpp"

namespace blockyard::preprocessor {
namespace {

class Pca final : public Block {
 public:
  explicit Pca(const Setup& setup)
      : components_(setup.values.integer("components")),
        whiten_(setup.values.flag("whiten")),
        features_(setup.size("x", 1)) {
    const int64_t kept = std::min(components_, features_);
    mean_ = at::zeros({features_}, at::kDouble);
    axes_ = at::zeros({kept, features_}, at::kDouble);
    variance_ = at::ones({kept}, at::kDouble);
  }

  // Mean and covariance of one block after the other, merged by Chan's formula, all in float64: the size of the chunks
  // changes nothing.
  void fit(FitRows& rows) override {
    at::Tensor mean = at::zeros({features_}, at::kDouble), squares = at::zeros({features_, features_}, at::kDouble);
    double count = 0;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const at::Tensor x = batch["x"].to(at::kDouble);  // [N, F]
      if (!x.isfinite().all().item<bool>())
        throw Error({.port = "x"}, "expected finite numbers, got NaN or inf",
                    "insert Impute, or Quantile clip, before");
      const auto n = static_cast<double>(x.size(0));
      const at::Tensor middle = x.mean(0), away = x - middle, apart = middle - mean;
      squares += away.t().mm(away) + apart.outer(apart) * (count * n / (count + n));
      mean += apart * (n / (count + n));
      count += n;
    }
    if (count < 2) throw Error({.port = "x"}, "expected at least two training rows, got " + numberText(count));
    auto [values, vectors] = at::linalg_eigh(squares / (count - 1));  // smallest first
    const int64_t kept = axes_.size(0);
    values = values.flip(0).narrow(0, 0, kept).clamp_min(0);
    vectors = vectors.t().flip(0).narrow(0, 0, kept).contiguous();  // [components, F]
    // As scikit-learn's svd_flip: the largest entry of an axis is positive.
    const at::Tensor largest = vectors.gather(1, vectors.abs().argmax(1, true));
    mean_.copy_(mean), axes_.copy_(vectors * largest.sign()), variance_.copy_(values);
  }

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    at::Tensor y = (x.to(at::kDouble) - mean_).mm(axes_.t());
    if (whiten_) y = y / at::where(variance_ > 0, variance_.sqrt(), at::ones_like(variance_));
    auto meaning = std::make_shared<Meaning>();
    for (int64_t i = 0; i < y.size(1); ++i) meaning->columns.push_back("pc" + std::to_string(i + 1));
    return {{"y", Packet(y.to(at::kFloat), std::move(meaning))}};
  }

  State state() const override { return {{{"mean", mean_}, {"axes", axes_}, {"variance", variance_}}, {}}; }
  void loadState(const State& state) override {
    restore(state, "mean", mean_), restore(state, "axes", axes_), restore(state, "variance", variance_);
  }

 private:
  int64_t components_;
  bool whiten_;
  int64_t features_;
  at::Tensor mean_, axes_, variance_;  // [F], [components, F], [components]; float64
};

Signatures inferPca(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  out.element = Element::Float32;
  const int64_t wanted = values.integer("components");
  if (out.shape.at(1).known() && wanted > out.shape[1].size)
    throw Error({.parameter = "components"}, "expected at most as many components as there are features, " +
                                                 std::to_string(out.shape[1].size) + ", got " + std::to_string(wanted));
  out.shape[1] = Dim(wanted);
  return {{"y", out}};
}

}  // namespace

BlockType pca() {
  return {
      .schema = {.title = "PCA",
                 .doc =
                     "Turns features into fewer, which hold as much as possible of the variance of the training rows: "
                     "their principal components, largest first. Features of large numbers weigh more: put "
                     "Standardize before. From the covariance in float64; the sign of a component is such that its "
                     "largest weight is positive.",
                 .inputs = {{"x", "float[N, F]"}},
                 .outputs = {{"y", "float[N, components]"}},
                 .params = {{"components", 2, Range{1, 100000}, "how many features come out"},
                            {"whiten", false, {}, "scale each component to deviation 1"}},
                 .examples = {{.params = {{"components", 1}},
                               .in = {{"x", {{3, 2}, {0, 0, 1, 1, 2, 2}}}},
                               .out = {{"y", {{3, 1}, {-1.41421356, 0, 1.41421356}}}},
                               .tolerance = 1e-6}},
                 .fitted = true},
      .make = make<Pca>,
      .infer = inferPca};
}

}  // namespace blockyard::preprocessor
