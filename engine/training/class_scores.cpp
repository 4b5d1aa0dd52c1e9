#include "training/class_scores.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/json.hpp"

namespace blockyard {
namespace {

struct Named {
  const char* name;
  double ClassScore::*score;
};
constexpr Named kScores[] = {{"f1", &ClassScore::f1},
                             {"precision", &ClassScore::precision},
                             {"recall", &ClassScore::recall},
                             {"roc_auc", &ClassScore::roc_auc},
                             {"pr_auc", &ClassScore::pr_auc}};

void add(const Metrics& metrics, const std::string& before, double ClassScore::*score, MetricValues& out) {
  for (size_t i = 0; i < std::min(metrics.classes.size(), metrics.per_class.size()); ++i)
    if (const double value = metrics.per_class[i].*score; !std::isnan(value)) out[before + metrics.classes[i]] = value;
}

}  // namespace

const Texts& classScoreNames() {
  static const Texts kNames = [] {
    Texts out;
    for (const Named& each : kScores) out.emplace_back(each.name);
    return out;
  }();
  return kNames;
}

MetricValues classScores(const Metrics& metrics, const std::string& score) {
  MetricValues out;
  for (const Named& each : kScores) {
    if (score != each.name) continue;
    add(metrics, "", each.score, out);
    for (const Metrics& other : metrics.others) add(other, other.head + ".", each.score, out);
    return out;
  }
  std::string list;
  for (const std::string& name : classScoreNames()) list += (list.empty() ? "" : ", ") + name;
  throw Error({}, "classes have no score \"" + score + "\"", "expected one of " + list, Fault::Usage);
}

std::optional<Metrics> metricsOfRun(const std::filesystem::path& run_folder, const std::string& part) {
  const auto file = run_folder / ("metrics-" + part + ".json");
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return {};
  try {
    return metricsFromJson(readJson(file));
  } catch (const nlohmann::json::exception& problem) {
    throw Error({.file = file.string()}, std::string("these are no scores of a run: ") + problem.what());
  }
}

RunRecord withClassScores(RunRecord record, const std::filesystem::path& run_folder, const std::string& score) {
  record.results.clear();
  for (const char* part : {"test", "validation"})
    if (const auto metrics = metricsOfRun(run_folder, part))
      if (MetricValues values = classScores(*metrics, score); !values.empty()) record.results[part] = std::move(values);
  return record;
}

}  // namespace blockyard
