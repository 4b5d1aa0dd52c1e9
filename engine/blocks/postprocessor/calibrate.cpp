// Calibrate: probabilities that are as often right as they say, by one number fitted on the validation rows.
#include <ATen/ATen.h>

#include <cmath>

#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

// Far outside of what a network needs: a data set that is told apart without error would else end at 0 degrees.
constexpr double kColdest = 0.01, kHottest = 100;

// How likely the labels are at the inverse temperature b, and the first two derivatives; all per row.
struct Likelihood {
  double loss = 0, slope = 0, curvature = 0;
};

// Guo et al., "On calibration of modern neural networks" (ICML 2017): p_k ~ exp(z_k / T). Sums run over the rows in
// order, so the result is the same for any number of threads.
Likelihood likelihood(const std::vector<at::Tensor>& log_p, const std::vector<at::Tensor>& labels, double b) {
  Likelihood out;
  int64_t rows = 0;
  for (size_t part = 0; part < log_p.size(); ++part) {
    const int64_t classes = log_p[part].size(1);
    const double* z = log_p[part].const_data_ptr<double>();
    const int64_t* label = labels[part].const_data_ptr<int64_t>();
    for (int64_t row = 0; row < log_p[part].size(0); ++row, z += classes) {
      if (label[row] < 0 || label[row] >= classes) continue;
      const double top = *std::max_element(z, z + classes);
      double sum = 0, first = 0, second = 0;
      for (int64_t k = 0; k < classes; ++k) {
        const double weight = std::exp(b * (z[k] - top)), distance = z[k] - top;
        sum += weight, first += weight * distance, second += weight * distance * distance;
      }
      const double mean = first / sum;
      out.loss += std::log(sum) - b * (z[label[row]] - top);
      out.slope += mean - (z[label[row]] - top);
      out.curvature += second / sum - mean * mean;
      ++rows;
    }
  }
  const double n = std::max<double>(1, static_cast<double>(rows));
  return {out.loss / n, out.slope / n, out.curvature / n};
}

class Calibrate final : public Block {
 public:
  // The loss is convex in 1 / T: Newton's method, kept inside a bracket that shrinks with the sign of the slope.
  void fit(FitRows& rows) override {
    std::vector<at::Tensor> log_p, labels;
    for (Batch batch = rows.next(); batch.rows() > 0; batch = rows.next()) {
      if (!batch.has("target"))
        throw Error({.port = "target"}, "expected labels to fit the temperature on, got none",
                    "wire the source's label to this port");
      log_p.push_back(logits(batch["scores"].to(at::kCPU)).contiguous());
      labels.push_back(batch["target"].to(at::kCPU).contiguous());
    }
    if (log_p.empty()) return;
    double low = 1 / kHottest, high = 1 / kColdest, b = 1;
    for (int i = 0; i < 100; ++i) {
      const Likelihood at_b = likelihood(log_p, labels, b);
      (at_b.slope > 0 ? high : low) = b;
      double next = at_b.curvature > 0 ? b - at_b.slope / at_b.curvature : low;
      if (!(next > low && next < high)) next = std::sqrt(low * high);
      if (std::abs(next - b) <= 1e-12 * b) break;
      b = next;
    }
    temperature_.fill_(1 / b);
  }

  Batch forward(const Batch& in, Step&) override {
    const Packet& scores = in.packet("scores");
    const at::Tensor cooled = logits(scores.tensor()) / temperature_.to(scores.tensor().device());
    return {{"scores", Packet(at::softmax(cooled, -1).to(scores.tensor().scalar_type()), scores.sharedMeaning())}};
  }

  State state() const override { return {{{"temperature", temperature_}}, {}}; }
  void loadState(const State& state) override { restore(state, "temperature", temperature_); }

 private:
  // The logarithm of probabilities are logits, up to a constant that softmax does not see.
  static at::Tensor logits(const at::Tensor& scores) { return scores.detach().to(at::kDouble).clamp_min(1e-45).log(); }

  at::Tensor temperature_ = at::ones({}, at::kDouble);
};

}  // namespace

BlockType calibrate() {
  return {
      .schema =
          {.title = "Calibrated probability",
           .doc = "Divides the classifier's outputs by a temperature that makes the labels of the validation rows most "
                  "likely, so that of the answers given with probability 0.8 four in five are right. The order of the "
                  "classes stays.",
           .inputs = {{"scores", "float[N, K]", "probability of each class"},
                      {"target", "label", "the right class of each row; needed to fit", Wires::Optional}},
           .outputs = {{"scores", "like scores"}},
           .examples = {{.in = {{"scores", {{4, 2}, {0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1}}},
                                {"target", {{4}, {0, 0, 0, 1}, Element::Int64}}},
                         .out = {{"scores", {{4, 2}, {0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25}}}}}},
           .fitted = true},
      .make = make<Calibrate>};
}

}  // namespace blockyard::postprocessor
