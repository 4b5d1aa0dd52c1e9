#include "training/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace blockyard {
namespace {

using Json = nlohmann::json;

Json numberJson(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
double numberFrom(const Json& json) {
  return json.is_null() ? kNoScore : json.get<double>();
}

template <class T, class U>
void append(std::vector<T>& to, std::span<const U> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

double Metrics::number(const std::string& name) const {
  const auto it = numbers.find(name);
  return it == numbers.end() ? kNoScore : it->second;
}

Json toJson(const Metrics& metrics) {
  Json out = {{"numbers", Json::object()}};
  for (const auto& [name, value] : metrics.numbers)
    if (std::isfinite(value)) out["numbers"][name] = value;
  if (!metrics.head.empty()) out["head"] = metrics.head;
  for (const Metrics& other : metrics.others) out["others"].push_back(toJson(other));
  if (!metrics.classes.empty()) out["classes"] = metrics.classes;
  if (!metrics.confusion.empty()) out["confusion"] = metrics.confusion;
  for (const ClassScore& c : metrics.per_class)
    out["per_class"].push_back({{"precision", numberJson(c.precision)},
                                {"recall", numberJson(c.recall)},
                                {"f1", numberJson(c.f1)},
                                {"roc_auc", numberJson(c.roc_auc)},
                                {"pr_auc", numberJson(c.pr_auc)},
                                {"support", c.support},
                                {"predicted", c.predicted}});
  return out;
}

Metrics metricsFromJson(const Json& json) {
  Metrics out;
  out.numbers = json.at("numbers").get<std::map<std::string, double>>();
  if (json.contains("head")) out.head = json["head"].get<std::string>();
  if (json.contains("others"))
    for (const Json& other : json["others"]) out.others.push_back(metricsFromJson(other));
  if (json.contains("classes")) out.classes = json["classes"].get<std::vector<std::string>>();
  if (json.contains("confusion")) out.confusion = json["confusion"].get<std::vector<std::vector<int64_t>>>();
  if (json.contains("per_class"))
    for (const Json& c : json["per_class"])
      out.per_class.push_back({.precision = numberFrom(c.at("precision")),
                               .recall = numberFrom(c.at("recall")),
                               .f1 = numberFrom(c.at("f1")),
                               .roc_auc = numberFrom(c.at("roc_auc")),
                               .pr_auc = numberFrom(c.at("pr_auc")),
                               .support = c.at("support").get<int64_t>(),
                               .predicted = c.at("predicted").get<int64_t>()});
  return out;
}

MetricsAccumulator MetricsAccumulator::forClasses(std::vector<std::string> classes) {
  MetricsAccumulator out(Task::Classes);
  out.classes_ = std::move(classes);
  return out;
}

MetricsAccumulator MetricsAccumulator::forLabels(std::vector<std::string> classes) {
  MetricsAccumulator out(Task::Labels);
  out.classes_ = std::move(classes);
  return out;
}

MetricsAccumulator MetricsAccumulator::forNumbers(int64_t columns) {
  MetricsAccumulator out(Task::Regression);
  out.columns_ = columns;
  return out;
}

MetricsAccumulator MetricsAccumulator::forQuantiles(std::vector<double> quantiles) {
  MetricsAccumulator out(Task::Quantiles);
  out.quantiles_ = std::move(quantiles);
  return out;
}

void MetricsAccumulator::add(std::span<const float> scores, std::span<const int64_t> labels) {
  append(scores_, scores);
  append(labels_, labels);
}

void MetricsAccumulator::add(std::span<const float> answers, std::span<const float> targets) {
  if (task_ == Task::Labels) {
    append(scores_, answers);
    append(score_targets_, targets);
  } else {
    append(numbers_, answers);
    append(number_targets_, targets);
  }
}

void MetricsAccumulator::add(std::span<const double> answers, std::span<const double> targets) {
  append(numbers_, answers);
  append(number_targets_, targets);
}

Metrics MetricsAccumulator::finish() const {
  switch (task_) {
    case Task::Classes:
      return classMetrics(scores_, labels_, classes_);
    case Task::Labels:
      return labelMetrics(scores_, score_targets_, classes_);
    case Task::Regression:
      return numberMetrics(numbers_, number_targets_, columns_);
    case Task::Quantiles:
      return quantileMetrics(numbers_, number_targets_, quantiles_);
  }
  return {};
}

void MetricsAccumulator::clear() {
  scores_.clear();
  score_targets_.clear();
  labels_.clear();
  numbers_.clear();
  number_targets_.clear();
}

}  // namespace blockyard
