#include "blocks/answers.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/value.hpp"

namespace blockyard {

Classes classNames(const Packet& scores) {
  std::vector<std::string> names = scores.meaning().classes;
  const auto count = static_cast<size_t>(scores.tensor().size(1));
  if (names.size() != count) {
    names.clear();
    for (size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  }
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

Table::Shared labelColumn(const std::string& name, const at::Tensor& index, const Classes& classes) {
  Column out{.name = name, .type = ColumnType::Category, .classes = classes};
  const at::Tensor codes = index.to(at::kInt).contiguous();
  out.codes.assign(codes.const_data_ptr<int32_t>(), codes.const_data_ptr<int32_t>() + codes.numel());
  return std::make_shared<const Column>(std::move(out));
}

Table::Shared numberColumn(const std::string& name, const at::Tensor& values) {
  Column out{.name = name, .type = ColumnType::Number};
  const at::Tensor numbers = values.contiguous();
  out.numbers.assign(numbers.const_data_ptr<double>(), numbers.const_data_ptr<double>() + numbers.numel());
  return std::make_shared<const Column>(std::move(out));
}

Signature answerOf(std::vector<ColumnInfo> columns, const Signature& from) {
  Signature out;
  out.kind = Wire::Table;
  out.shape = {from.shape.at(0)};
  out.columns = std::move(columns);
  out.open = from.open;
  return out;
}

int64_t positiveIndex(const std::string& name, const std::vector<std::string>& classes) {
  if (name.empty()) return static_cast<int64_t>(classes.size()) - 1;
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found != classes.end()) return found - classes.begin();
  std::string all;
  for (const auto& one : classes) all += (all.empty() ? "" : ", ") + one;
  const std::string near = nearestName(name, classes);
  throw Error({.parameter = "positive"}, "expected one of the classes " + all + ", got \"" + name + "\"",
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

Thresholded thresholded(const at::Tensor& scores, int64_t positive, const at::Tensor& threshold) {
  const at::Tensor given = scores.detach().to(at::kCPU, at::kDouble);
  Thresholded out{.probability = given.select(1, positive)};
  at::Tensor others = given.clone();
  others.select(1, positive).fill_(-1);
  out.reached = out.probability >= threshold;
  out.label = at::where(out.reached, positive, others.argmax(-1));
  return out;
}

Signatures thresholdOutputs(const Values& values, const Signatures& inputs) {
  const Signature& scores = inputs.at("scores");
  if (scores.shape[1].known() && scores.shape[1].size < 2)
    throw Error({.port = "scores"}, "expected probabilities of at least 2 classes, got " + scores.text());
  if (!scores.classes.empty() && !scores.open) positiveIndex(values.text("positive"), scores.classes);
  return {{"answer",
           answerOf({{"label", ColumnType::Category, scores.classes}, {"probability", ColumnType::Number}}, scores)}};
}

}  // namespace blockyard
