// Checks of names and settings: blocks, their parameters, and the training.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "graph/checker.hpp"
#include "graph/metric_names.hpp"
#include "graph/settle.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

std::string nearestParam(const std::vector<Param>& params, const std::string& name) {
  return nearestName(name, namesOf(params));
}

// The settings that `given` makes of `params`: variables replaced, types and ranges checked, defaults filled in. Calls
// report(name, problem, hint) for each wrong one; nullopt if there was any.
template <class Report>
std::optional<Values> settle(const std::vector<Param>& params, const OrderedJson& given, const Variables& variables,
                             Report report) {
  Values values;
  bool right = true;
  for (const auto& [name, json] : given.items()) {
    const Param* param = findParam(params, name);
    try {
      if (param == nullptr) throw Error({}, "there is no such parameter", didYouMean(name, namesOf(params)));
      // A "${" in code is the code's own.
      values.set(name, settledValue(*param, param->role == Role::Code ? json : variables.replaced(json)));
    } catch (const Error& error) {
      report(name, error.problem(), error.hint());
      right = false;
    }
  }
  if (!right) return std::nullopt;
  return completeValues(params, values);
}

}  // namespace

void Checker::checkBlocks() {
  for (auto& entry : entries_) {
    if (entry.type != nullptr) {
      checkParams(entry);
      continue;
    }
    std::vector<std::string> ids;
    for (const auto& type : catalog()) ids.push_back(type.schema.id);
    const std::string near = nearestName(entry.node->type, ids);
    Problem& problem =
        report(Severity::Error, {.block = entry.node->id.name}, "there is no block \"" + entry.node->type + "\"",
               near.empty() ? "it is kept as it is" : didYouMean(entry.node->type, ids));
    if (!near.empty()) problem.fixes.push_back({"change to " + near, ChangeType{entry.node->id, near}});
  }
}

void Checker::checkParams(Entry& entry) {
  const NodeId& id = entry.node->id;
  const auto& params = entry.type->schema.params;
  auto values =
      settle(params, entry.node->params, variables_,
             [&](const std::string& name, const std::string& problem, const std::string& hint) {
               Problem& found = report(Severity::Error, {.block = id.name, .parameter = name}, problem, hint);
               const std::string near = nearestParam(params, name);
               if (findParam(params, name) != nullptr) {
                 found.fixes.push_back({"back to the default", ClearParam{id, name}});
               } else if (!near.empty() && !entry.node->params.contains(near)) {
                 const Edit clear = ClearParam{id, name}, set = SetParam{id, near, entry.node->params.at(name)};
                 found.fixes.push_back({"rename to " + near, Compound{"Rename parameter", {clear, set}}});
               } else {
                 found.fixes.push_back({"remove it", ClearParam{id, name}});
               }
             });
  if (values) out_.values.emplace(id, std::move(*values));
}

namespace {

bool isDevice(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  return text.starts_with("cuda:") && text.size() > 5 && text.size() < 9 &&
         text.find_first_not_of("0123456789", 5) == std::string::npos;
}

// What single settings cannot say: pairs that do not go together.
std::vector<Problem> complaintsOfPairs(const Values& values) {
  std::vector<Problem> out;
  const auto add = [&](Severity severity, const char* name, const std::string& problem, const std::string& hint) {
    out.push_back({severity, {.block = "training", .parameter = name}, problem, hint, {}});
  };
  const double shares = values.number("validation_share") + values.number("test_share");
  if (shares > 0.95)
    add(Severity::Error, "validation_share",
        "validation_share and test_share take " + Value(std::round(1000 * shares) / 10).text() + " % of the rows",
        "leave at least 5 % to train on");
  const std::string& split = values.text("split");
  if ((split == "time" || split == "group") && values.text("split_column").empty())
    add(Severity::Error, "split_column", "expected the column with the " + split + ", got none",
        "the split is by " + split);
  const int64_t folds = values.integer("folds");
  if (folds == 1) add(Severity::Error, "folds", "expected 0 (off) or at least 2, got 1", "");
  if (folds > 1 && values.integer("fold") >= folds)
    add(Severity::Error, "fold",
        "expected a number below folds = " + std::to_string(folds) + ", got " + std::to_string(values.integer("fold")),
        "folds count from 0");
  const std::string& monitor = values.text("monitor");
  const std::vector<std::string> metrics = metricNames();
  const bool of_a_head = monitor.find('.') != std::string::npos || monitor.starts_with("pinball_");
  if (!of_a_head && std::find(metrics.begin(), metrics.end(), monitor) == metrics.end()) {
    const std::string near = nearestName(monitor, metrics);
    add(Severity::Error, "monitor", "there is no metric \"" + monitor + "\"",
        near.empty() ? "loss, accuracy, f1_macro, roc_auc, rmse and r2 are some" : "did you mean \"" + near + "\"?");
  }
  if (!isDevice(values.text("device")))
    add(Severity::Error, "device", "expected auto, cpu, cuda or cuda:N, got \"" + values.text("device") + "\"", "");
  if (split != "given" && folds == 0 && values.number("validation_share") == 0 && values.integer("early_stopping") > 0)
    add(Severity::Warning, "early_stopping", "there are no validation rows to watch", "set validation_share");
  return out;
}

}  // namespace

void Checker::checkTraining() {
  const auto& params = trainingParams();
  auto values = settle(params, graph_.training(), variables_,
                       [&](const std::string& name, const std::string& problem, const std::string& hint) {
                         Problem& found =
                             report(Severity::Error, {.block = "training", .parameter = name}, problem, hint);
                         const std::string near = nearestParam(params, name);
                         const Edit clear = SetTraining{name, std::nullopt};
                         if (findParam(params, name) == nullptr && !near.empty() && !graph_.training().contains(near)) {
                           const Edit set = SetTraining{near, graph_.training().at(name)};
                           found.fixes.push_back({"rename to " + near, Compound{"Rename setting", {clear, set}}});
                         } else {
                           found.fixes.push_back({"back to the default", clear});
                         }
                       });
  if (!values) return;
  for (auto& problem : complaintsOfPairs(*values)) out_.problems.push_back(std::move(problem));
  checkDevice(values->text("device"));
  out_.training = std::move(*values);
}

// The project is not wrong, this machine lacks something: a warning, for it may be meant for another one.
void Checker::checkDevice(const std::string& device) {
  if (!device.starts_with("cuda") || !isDevice(device)) return;
  PeekCache own;
  PeekCache& cache = options_.cache == nullptr ? own : *options_.cache;
  if (!cache.driver) {
    if (options_.peek == Peek::No) return;
    cache.driver = askDriver();
  }
  const GpuDriver& driver = *cache.driver;
  const size_t index = device == "cuda" ? 0 : std::stoul(device.substr(device.find(':') + 1));
  if (index < driver.gpus.size()) return;
  report(Severity::Warning, {.block = "training", .parameter = "device"},
         "expected a GPU for \"" + device + "\", " +
             (driver.problem.empty() ? "found " + std::to_string(driver.gpus.size()) + " (numbers start at 0)"
                                     : "but " + driver.problem),
         "this machine cannot train it as it is")
      .fixes.push_back({"train on the CPU", SetTraining{"device", OrderedJson("cpu")}});
}

}  // namespace blockyard
