// Standardize tensor: brings each place of a row to mean 0 and deviation 1, as they are in the training rows.
#include <ATen/ATen.h>

#include "blocks/columns.hpp"
#include "blocks/state_lists.hpp"

namespace blockyard::preprocessor {
namespace {

class StandardizeTensor final : public Block {
 public:
  explicit StandardizeTensor(const Setup& setup) : each_(setup.values.text("each")) {
    for (size_t axis = 1; axis < setup.inputs.at("x").shape.size(); ++axis)
      shape_.push_back(setup.size("x", static_cast<int64_t>(axis)));
  }

  void fit(FitRows& rows) override {
    std::vector<Moments> moments;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const at::Tensor values = grouped(batch["x"]);  // [G, values]
      moments.resize(static_cast<size_t>(values.size(0)));
      const double* const data = values.const_data_ptr<double>();
      for (size_t g = 0; g < moments.size(); ++g)
        moments[g].add(data + static_cast<int64_t>(g) * values.size(1), values.size(1));
    }
    if (moments.empty()) throwNoRows();
    Numbers mean, deviation;
    for (const Moments& one : moments) {
      mean.push_back(one.mean());
      deviation.push_back(one.deviation() > 0 ? one.deviation() : 1);
    }
    mean_ = tensorOf(mean), deviation_ = tensorOf(deviation);
  }

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor& x = in["x"];
    const at::Tensor y = (x.to(at::kDouble) - spread(mean_)) / spread(deviation_);
    return {{"y", Packet(y.to(at::kFloat), in.packet("x").sharedMeaning())}};
  }

  State state() const override { return {.tensors = {{"mean", mean_}, {"deviation", deviation_}}}; }

  void loadState(const State& state) override {
    mean_ = at::empty({groups()}, at::kDouble), deviation_ = at::empty({groups()}, at::kDouble);
    restore(state, "mean", mean_);
    restore(state, "deviation", deviation_);
  }

 private:
  int64_t groups() const {
    int64_t all = 1;
    for (const int64_t size : shape_) all *= size;
    return each_ == "place" ? all : each_ == "last" ? shape_.back() : shape_.front();
  }

  // What is standardized together, side by side: [G, values].
  at::Tensor grouped(const at::Tensor& x) const {
    const at::Tensor values = x.to(at::kDouble);
    if (each_ == "place") return values.flatten(1).t().contiguous();
    if (each_ == "last") return values.reshape({-1, x.size(-1)}).t().contiguous();
    return values.transpose(0, 1).reshape({x.size(1), -1}).contiguous();
  }

  at::Tensor spread(const at::Tensor& values) const {
    if (each_ == "place") return values.view(shape_);
    if (each_ == "last") return values;
    std::vector<int64_t> shape(shape_.size(), 1);
    shape.front() = values.size(0);
    return values.view(shape);
  }

  std::string each_;
  std::vector<int64_t> shape_;  // of a row
  at::Tensor mean_ = at::zeros({0}, at::kDouble), deviation_ = at::zeros({0}, at::kDouble);
};

}  // namespace

BlockType standardize_tensor() {
  return {
      .schema =
          {.title = "Standardize tensor",
           .doc = "Takes the mean away and divides by the standard deviation, as they are in the training rows: for "
                  "windows of series, spectra and other rows that are no table. What never changes becomes 0.",
           .inputs = {{"x", "float[N, ..., F]"}},
           .outputs = {{"y", "like x"}},
           .params = {{"each", "last", Choices{"last", "first", "place"},
                       "what has a mean of its own: every place of the last axis (features of [N, L, F]), of the first "
                       "behind the rows (channels of [N, C, W]), or every place of a row"}},
           .examples = {{.in = {{"x", {{2, 2, 2}, {1, 5, 3, 5, 1, 7, 3, 7}}}},
                         .out = {{"y", {{2, 2, 2}, {-1, -1, 1, -1, -1, 1, 1, 1}}}}}},
           .fitted = true},
      .make = make<StandardizeTensor>};
}

}  // namespace blockyard::preprocessor
