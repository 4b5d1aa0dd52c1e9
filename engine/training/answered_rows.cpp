#include "training/answered_rows.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "training/evaluate.hpp"

namespace blockyard {
namespace {

void append(std::vector<double>& to, const at::Tensor& values) {
  const at::Tensor plain = values.to(at::kCPU, at::kDouble).contiguous();
  to.insert(to.end(), plain.const_data_ptr<double>(), plain.const_data_ptr<double>() + plain.numel());
}

void append(std::vector<float>& to, const at::Tensor& values) {
  const at::Tensor plain = values.to(at::kCPU, at::kFloat).contiguous();
  to.insert(to.end(), plain.const_data_ptr<float>(), plain.const_data_ptr<float>() + plain.numel());
}

// A head of quantiles answers with its middle one.
at::Tensor oneAnswer(const PipelineNode& head, const at::Tensor& said, const at::Tensor& truth) {
  if (said.size(1) == truth.size(1) || !head.plan.values.has("quantiles")) return said;
  const Numbers& quantiles = head.plan.values.numbers("quantiles");
  const auto middle = std::min_element(quantiles.begin(), quantiles.end(),
                                       [](double a, double b) { return std::abs(a - 0.5) < std::abs(b - 0.5); });
  return said.narrow(1, middle - quantiles.begin(), 1);
}

// One batch of what a classifier said. Two classes may come as one column, the probability of the second.
void addClasses(const Packet& said, const Packet& target, RowAnswers& out) {
  const at::Tensor scores = said.tensor().to(at::kCPU, at::kFloat).reshape({said.rows(), -1});
  const auto add = [&](const at::Tensor& answers, const at::Tensor& truth, const at::Tensor& certainty,
                       const at::Tensor& of_truth) {
    append(out.said, answers), append(out.truth, truth), append(out.probability, certainty);
    append(out.truth_probability, of_truth);
  };
  out.names = said.meaning().classes;
  const at::Tensor above = scores > 0.5;
  const at::Tensor certainty = at::where(above, scores, 1 - scores);
  if (target.tensor().is_floating_point()) {
    out.task = RowAnswers::Task::Labels;
    out.width = scores.size(1);
    const at::Tensor truth = target.tensor().to(at::kCPU, at::kFloat).reshape(scores.sizes());
    add(above, truth, std::get<0>(certainty.min(1)), at::where(truth > 0.5, scores, 1 - scores).prod(1));
    return;
  }
  const at::Tensor truth = target.tensor().to(at::kCPU, at::kLong);
  if (scores.size(1) == 1) {
    add(above, truth, certainty, at::where(truth > 0, scores.squeeze(1), 1 - scores.squeeze(1)));
  } else {
    const auto best = scores.max(1);
    const at::Tensor index = truth.clamp(0, scores.size(1) - 1).unsqueeze(1);
    add(std::get<1>(best), truth, std::get<0>(best), scores.gather(1, index).squeeze(1));
  }
}

void addNumbers(const PipelineNode& head, const Packet& said, const Packet& target, RowAnswers& out) {
  const at::Tensor truth = inOwnUnits(target);
  out.task = RowAnswers::Task::Numbers;
  out.names = target.meaning().columns;
  out.width = truth.size(1);
  append(out.said, oneAnswer(head, inOwnUnits(said), truth));
  append(out.truth, truth);
}

std::string numberText4(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.6g", value);
  return out;
}

}  // namespace

double RowAnswers::error(size_t i) const {
  double sum = 0;
  const auto columns = static_cast<size_t>(width);
  for (size_t k = i * columns; k < (i + 1) * columns; ++k) sum += std::abs(said[k] - truth[k]);
  if (task == Task::Classes) return sum == 0 ? 0 : 1;
  return sum / static_cast<double>(columns);
}

std::string RowAnswers::text(const std::vector<double>& values, size_t i) const {
  const auto columns = static_cast<size_t>(width);
  if (task == Task::Classes) {
    const auto index = static_cast<size_t>(values[i]);
    return index < names.size() ? names[index] : std::to_string(index);
  }
  std::string out;
  for (size_t k = 0; k < columns; ++k) {
    const double value = values[i * columns + k];
    if (task == Task::Labels && value < 0.5) continue;
    const std::string name = k < names.size() ? names[k] : std::to_string(k);
    out += (out.empty() ? "" : ", ") + (task == Task::Labels ? name : numberText4(value));
  }
  return out.empty() ? "none" : out;
}

void addAnswers(const PipelineNode& head, const Batch& in, const Batch& out, RowAnswers& to) {
  if (head.type->schema.kind == Kind::Classifier)
    addClasses(out.packet("scores"), in.packet("target"), to);
  else
    addNumbers(head, out.packet("values"), in.packet("target"), to);
}

}  // namespace blockyard
