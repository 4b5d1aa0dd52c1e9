#include "report/run_facts.hpp"

#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/json.hpp"
#include "blocks/catalog.hpp"
#include "graph/acts.hpp"
#include "graph/metric_names.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"
#include "graph/training_settings.hpp"
#include "report/markup.hpp"
#include "report/pipeline_picture.hpp"
#include "report/run_command.hpp"

namespace blockyard {
namespace {

constexpr const char* kParts[] = {"test", "validation", "train"};
constexpr double kSuddenly = 1.5;    // a learning rate that changes by this factor at once is an event
constexpr size_t kMostChanges = 12;  // more of them are a schedule, which the curve shows

ReportSettings settingsOf(const std::string& place, const std::string& title, const Values& values,
                          const std::vector<Param>& params) {
  ReportSettings out{.place = place, .title = title};
  for (const Param& param : params) {
    const Value* value = values.find(param.name);
    if (value == nullptr) continue;
    out.settings.push_back({param.name, value->text(), param.fallback.text(), !(*value == param.fallback)});
  }
  for (const auto& [name, value] : values.items()) {
    const auto is_it = [&name = name](const Param& param) { return param.name == name; };
    if (std::none_of(params.begin(), params.end(), is_it)) out.settings.push_back({name, value.text(), "", true});
  }
  return out;
}

void takePlan(RunFacts& facts, const Plan& plan) {
  facts.project = plan.project, facts.pipeline = plan.pipeline;
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    facts.settings.push_back(settingsOf(node.id, type == nullptr ? node.type : type->schema.title, node.values,
                                        type == nullptr ? std::vector<Param>{} : type->schema.params));
  }
  facts.settings.push_back(settingsOf("training", "Training", plan.training, trainingParams()));
  if (const Value* monitor = plan.training.find("monitor"); monitor != nullptr && monitor->is<std::string>())
    facts.monitor = "validation/" + monitor->as<std::string>();
}

void takeGraph(RunFacts& facts, const std::optional<Plan>& plan) {
  std::error_code code;
  const auto file = facts.folder / "project.json";  // the snapshot; see training/run_pipeline.hpp
  if (std::filesystem::exists(file, code))
    facts.graph = snapshotFromText(readFile(file), file.string()).graph;
  else if (plan)
    facts.graph = graphOfPlan(*plan);
  if (!facts.graph || facts.graph->nodes().size() < 2) return;
  const Node& first = facts.graph->nodes().front();
  const auto same_place = [&](const Node& node) { return node.x == first.x && node.y == first.y; };
  if (std::all_of(facts.graph->nodes().begin(), facts.graph->nodes().end(), same_place))
    facts.graph->apply(tidying(*facts.graph, {}, pictureSize));
}

void takeRateChanges(RunFacts& facts) {
  const auto rate = facts.curves.find("train/learning_rate");
  if (rate == facts.curves.end()) return;
  std::vector<ReportEvent> changes;
  const auto jumps = [&](size_t at) {
    const double before = rate->second[at - 1].value, now = rate->second[at].value;
    return before > 0 && now > 0 && std::max(before / now, now / before) >= kSuddenly;
  };
  for (size_t i = 1; i < rate->second.size(); ++i) {
    const double before = rate->second[i - 1].value, now = rate->second[i].value;
    // Jump after jump is a schedule on its way.
    if (!jumps(i) || (i > 1 && jumps(i - 1)) || (i + 1 < rate->second.size() && jumps(i + 1))) continue;
    changes.push_back(
        {rate->second[i].step, "learning rate " + shortNumberText(before) + " to " + shortNumberText(now)});
  }
  if (changes.size() <= kMostChanges) facts.events.insert(facts.events.end(), changes.begin(), changes.end());
}

void takeJournal(RunFacts& facts) {
  JournalReader reader(facts.folder);
  reader.update();
  facts.curves = reader.scalars();
  if (const auto events = reader.texts().find("events"); events != reader.texts().end())
    for (const auto& point : events->second) facts.events.push_back({point.step, point.value});
  takeRateChanges(facts);
  std::stable_sort(facts.events.begin(), facts.events.end(),
                   [](const ReportEvent& a, const ReportEvent& b) { return a.step < b.step; });
  const auto has = [&](const std::string& tag) { return facts.curves.count(tag) > 0; };
  if (has(facts.monitor) && facts.monitor != "validation/loss") return;
  std::map<std::string, double> names;  // the loss has a chart of its own: the most telling of the others
  for (const auto& [tag, points] : facts.curves)
    if (tag.starts_with("validation/") && tag != "validation/loss" && !points.empty())
      names[tag.substr(tag.find('/') + 1)] = points.back().value;
  const auto main = mainMetrics(names);
  facts.monitor = main.empty() ? "" : "validation/" + main.front();
}

std::optional<double> numberAt(const JsonPlace& place, const std::string& name) {
  const auto found = place.find(name);
  return found && found->json().is_number() ? std::optional(found->number()) : std::nullopt;
}

void takeHead(RunFacts& facts, const std::string& part, const JsonPlace& place) {
  ReportHead head{.part = part, .head = place.text("head", "")};
  if (const auto names = place.find("classes"))
    for (const std::string& name : names->texts()) head.classes.push_back({.name = name});
  if (const auto scores = place.find("per_class")) {
    const auto items = scores->items();
    for (size_t i = 0; i < std::min(items.size(), head.classes.size()); ++i) {
      ReportClass& to = head.classes[i];
      to.precision = numberAt(items[i], "precision"), to.recall = numberAt(items[i], "recall");
      to.f1 = numberAt(items[i], "f1"), to.roc_auc = numberAt(items[i], "roc_auc");
      to.support = items[i].integer("support", 0), to.predicted = items[i].integer("predicted", 0);
    }
  }
  if (const auto rows = place.find("confusion")) {
    for (const JsonPlace& row : rows->items()) {
      auto& cells = head.confusion.emplace_back();
      for (const JsonPlace& cell : row.items()) cells.push_back(cell.integer());
      if (cells.size() != head.classes.size()) row.expected("a number per class");
    }
    if (head.confusion.size() != head.classes.size()) rows->expected("a row per class");
  }
  if (!head.classes.empty()) facts.heads.push_back(std::move(head));
  if (const auto others = place.find("others"))
    for (const JsonPlace& other : others->items()) takeHead(facts, part, other);
}

void takeMetrics(RunFacts& facts, const std::string& part) {
  const auto file = facts.folder / ("metrics-" + part + ".json");
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return;
  const nlohmann::json json = readJson(file);
  takeHead(facts, part, JsonPlace(json, file.string()));
}

// One thing that cannot be read does not hide the others.
template <class Work>
void attempt(RunFacts& facts, const char* what, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    facts.missing.push_back(std::string(what) + ": " + error.problem());
  }
}

}  // namespace

RunFacts runFacts(const std::filesystem::path& run_folder) {
  RunEntry entry = readRun(run_folder);
  if (!entry.record)
    throw Error({.file = run_folder.string()}, "this run's record cannot be read: " + entry.damage,
                "without it there is nothing to report");
  RunFacts facts{.record = std::move(*entry.record), .notes = entry.notes, .shown = entry.shown, .folder = run_folder};
  std::optional<Plan> plan;
  if (!facts.record.plan.is_null())
    attempt(facts, "settings", [&] {
      plan = planFromJson(facts.record.plan);
      takePlan(facts, *plan);
    });
  attempt(facts, "picture of the pipeline", [&] { takeGraph(facts, plan); });
  attempt(facts, "curves", [&] { takeJournal(facts); });
  for (const char* part : kParts) attempt(facts, "scores of the classes", [&] { takeMetrics(facts, part); });
  attempt(facts, "rows it got wrong", [&] { facts.errors = errorExamplesOf(run_folder); });
  attempt(facts, "command", [&] {
    facts.command = commandOfRun(facts.record, run_folder.parent_path().parent_path(), NameProject::FromItsFolder);
  });
  return facts;
}

std::string RunFacts::title() const {
  if (!record.purpose.empty()) return record.purpose;
  if (!project.empty()) return project + (pipeline.empty() || pipeline == "main" ? "" : ", " + pipeline);
  return "Run " + record.id.text;
}

std::string taskOf(const RunFacts& facts) {
  if (!facts.graph) return {};
  std::string data, answer;
  for (const Node& node : facts.graph->nodes()) {
    const BlockType* type = findBlockType(node.type);
    if (type == nullptr || node.bypassed) continue;
    const std::string name = node.type.substr(node.type.find('/') + 1);
    const auto holds = [&](const char* word) { return name.find(word) != std::string::npos; };
    if (type->schema.kind == Kind::Source && data.empty())
      data = holds("image") || holds("mnist") || holds("picture") ? "image" : holds("text") ? "text" : "tabular";
    if (name.find("tokenize") != std::string::npos) data = "text";
    if (type->schema.kind == Kind::Classifier) answer = "classification";
    if (type->schema.kind == Kind::Regressor && answer.empty()) answer = "regression";
  }
  if (data.empty() || answer.empty() || (data != "tabular" && answer == "regression")) return {};
  return data + "-" + answer;
}

std::optional<int64_t> rowsOf(const RunFacts& facts, const std::string& part) {
  if (const DataSeen& data = facts.record.data; data.rowsUsed() > 0)
    return part == "train" ? data.train : part == "test" ? data.test : data.validation;
  for (const ReportHead& head : facts.heads) {
    if (head.part != part || head.confusion.empty()) continue;
    int64_t rows = 0;
    for (const auto& line : head.confusion)
      for (const int64_t cell : line) rows += cell;
    return rows;
  }
  return {};
}

std::vector<std::string> partsOf(const Results& results) {
  std::vector<std::string> out;
  for (const char* part : kParts)
    if (results.count(part) > 0) out.emplace_back(part);
  for (const auto& [part, numbers] : results)
    if (std::find(out.begin(), out.end(), part) == out.end()) out.push_back(part);
  return out;
}

}  // namespace blockyard
