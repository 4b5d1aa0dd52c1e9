#include "report/run_markdown.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/value.hpp"
#include "blocks/catalog.hpp"
#include "data/table.hpp"
#include "graph/metric_names.hpp"
#include "report/markup.hpp"
#include "runs/metric_unit.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostColumns = 200, kMostFiles = 50, kMostMatrixClasses = 20;

// A block of code that nothing in it can end.
std::string indented(const std::string& code) {
  std::string out = "    ";
  for (const char c : code) out += c == '\n' ? "\n    " : c == '\r' ? " " : std::string(1, c);
  return out;
}

class Markdown {
 public:
  void heading(const std::string& text) { out_ += "\n" + text + "\n\n"; }
  void line(const std::string& text) { out_ += text + "\n"; }
  // "- **name:** value"; nothing without a value.
  void fact(const char* name, const std::string& value) {
    if (!value.empty()) out_ += "- **" + std::string(name) + ":** " + markdownText(value) + "\n";
  }
  void code(const char* name, const std::string& value) {
    if (!value.empty()) out_ += "- **" + std::string(name) + ":** " + markdownCode(value) + "\n";
  }
  // Cells are Markdown already. A name that starts with '>' is of a column that is aligned to the right.
  void table(const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& rows) {
    std::string head = "|", rule = "|";
    for (const std::string& name : names) {
      const bool right = name.starts_with('>');
      head += " " + (right ? name.substr(1) : name) + " |", rule += right ? " ---: |" : " --- |";
    }
    out_ += head + "\n" + rule + "\n";
    for (const auto& row : rows) {
      out_ += "|";
      for (const std::string& cell : row) out_ += " " + cell + " |";
      out_ += "\n";
    }
    out_ += "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::vector<std::string> metricsInHeader(const RunFacts& facts) {
  const auto parts = partsOf(facts.record.results);
  return parts.empty() ? std::vector<std::string>{} : mainMetrics(facts.record.results.at(parts.front()));
}

std::string header(const RunFacts& facts) {
  const std::string task = taskOf(facts);
  std::string out = "---\nlibrary_name: blockyard\n";
  if (!task.empty()) out += "pipeline_tag: " + task + "\n";
  out += "tags:\n- blockyard\n";
  for (const std::string& tag : facts.notes.tags) out += "- " + yamlText(tag) + "\n";
  const auto metrics = metricsInHeader(facts);
  if (metrics.empty()) return out + "---\n";
  const std::string part = partsOf(facts.record.results).front();
  const std::string data = facts.project.empty() ? "data" : facts.project;
  out += "metrics:\n";
  for (const std::string& name : metrics) out += "- " + yamlText(name) + "\n";
  out += "model-index:\n- name: " + yamlText(facts.title()) +
         "\n  results:\n  - task:\n      type: " + (task.empty() ? std::string("other") : task) +
         "\n    dataset:\n      name: " + yamlText(data) + "\n      type: " + yamlText(data) +
         "\n      split: " + yamlText(part) + "\n    metrics:\n";
  for (const std::string& name : metrics)
    out += "    - type: " + yamlText(name) + "\n      name: " + yamlText(name + ", " + part) +
           "\n      value: " + nlohmann::json(facts.record.results.at(part).at(name)).dump() + "\n";
  return out + "---\n";
}

void description(Markdown& out, const RunFacts& facts) {
  const RunRecord& record = facts.record;
  out.heading("## Model description");
  if (!facts.notes.text.empty()) out.line(markdownText(facts.notes.text) + "\n");
  out.fact("Project", facts.project);
  out.fact("Pipeline", facts.pipeline);
  out.fact("Task", taskOf(facts));
  out.fact("Parameters", record.parameter_count > 0 ? groupedText(record.parameter_count) : "");
  out.code("Run", record.id.text);
  out.fact("State", nameOf(facts.shown));
  out.fact("Error", record.error);
  if (!facts.graph || facts.graph->nodes().empty()) return;
  out.line("\nThe blocks of the pipeline:\n");
  std::vector<std::vector<std::string>> rows;
  for (const Node& node : facts.graph->nodes()) {
    const BlockType* type = findBlockType(node.type);
    std::string from;
    for (const Link& link : facts.graph->into(node.id))
      from += (from.empty() ? "" : ", ") + markdownCode(link.from.text());
    rows.push_back({markdownCode(node.id.name), markdownText(type == nullptr ? node.type : type->schema.title), from});
  }
  out.table({"block", "what it is", "fed by"}, rows);
}

void data(Markdown& out, const RunFacts& facts) {
  const RunRecord& record = facts.record;
  const DataCard& card = record.card;
  out.heading("## Training data");
  const int64_t rows = record.data.rows > 0 ? record.data.rows : card.rows;
  out.code("Read by", card.source);
  out.fact("Rows", rows > 0 ? groupedText(rows) : "");
  for (const char* part : {"train", "validation", "test"})
    if (const auto used = rowsOf(facts, part)) out.fact((std::string("Rows, ") + part).c_str(), groupedText(*used));
  out.fact("Origin", card.origin);
  out.fact("Licence", card.licence);
  out.code("SHA-256", record.data_fingerprint.empty() ? card.fingerprint : record.data_fingerprint);
  for (const std::string& note : card.notes) out.fact("Known problem", note);
  for (const RowsLeftOut& left : record.data.left_out)
    out.fact("Rows left out", "by " + left.block + ": " + groupedText(left.train) + " training, " +
                                  groupedText(left.validation) + " validation, " + groupedText(left.test) + " test");
  size_t files = 0;
  for (const DataFile& file : record.data.files) {
    if (files++ == kMostFiles) break;
    out.code("File", file.file);
  }
  if (record.data.files.size() > kMostFiles)
    out.fact("More files", groupedText(static_cast<int64_t>(record.data.files.size() - kMostFiles)));
  if (card.columns.empty()) return;
  std::vector<std::vector<std::string>> cells;
  for (size_t i = 0; i < std::min(kMostColumns, card.columns.size()); ++i)
    cells.push_back({markdownText(card.columns[i].name), markdownText(card.columns[i].type),
                     card.columns[i].missing > 0 ? groupedText(card.columns[i].missing) : ""});
  out.line("");
  out.table({"column", "type", ">missing"}, cells);
  if (card.columns.size() > kMostColumns)
    out.line("and " + groupedText(static_cast<int64_t>(card.columns.size() - kMostColumns)) + " more columns\n");
}

void procedure(Markdown& out, const RunFacts& facts) {
  const RunRecord& record = facts.record;
  out.heading("## Training procedure");
  out.fact("Epochs", record.epochs > 0 ? groupedText(record.epochs) : "");
  out.fact("Steps", record.steps > 0 ? groupedText(record.steps) : "");
  out.fact("Training time", record.seconds > 0 ? durationText(record.seconds) : "");
  out.fact("Seed", std::to_string(record.seed));
  std::vector<std::vector<std::string>> changed;
  for (const ReportSettings& place : facts.settings)
    for (const ReportSetting& setting : place.settings)
      if (setting.changed)
        changed.push_back({markdownCode(place.place + "." + setting.name), markdownText(setting.value),
                           markdownText(setting.fallback)});
  if (!changed.empty()) {
    out.line("\nSettings that differ from their defaults:\n");
    out.table({"setting", "value", "default"}, changed);
  }
  if (!record.study.study.empty())
    out.line("It belongs to the study " + markdownText(record.study.study) + ": trial " +
             std::to_string(record.study.trial) + ", seed " + std::to_string(record.study.seed) + ", fold " +
             std::to_string(record.study.fold) + ".");
}

void classes(Markdown& out, const ReportHead& head) {
  if (head.classes.size() > kMostMatrixClasses) return;
  const auto number = [](const std::optional<double>& value) {
    return value ? shortNumberText(*value) : std::string();
  };
  std::vector<std::vector<std::string>> rows;
  for (const ReportClass& each : head.classes)
    rows.push_back({markdownText(each.name), number(each.precision), number(each.recall), number(each.f1),
                    groupedText(each.support)});
  out.line("Class by class, on the " + head.part + " rows" +
           (head.head.empty() ? "" : ", answers of " + markdownText(head.head)) + ":\n");
  out.table({"class", ">precision", ">recall", ">F1", ">rows"}, rows);
  if (head.confusion.empty()) return;
  std::vector<std::string> names{"true class \\ answer"};
  std::vector<std::vector<std::string>> matrix;
  for (size_t i = 0; i < head.confusion.size(); ++i) {
    names.push_back(">" + markdownText(head.classes[i].name));
    auto& row = matrix.emplace_back(1, markdownText(head.classes[i].name));
    for (const int64_t count : head.confusion[i]) row.push_back(groupedText(count));
  }
  out.table(names, matrix);
}

void evaluation(Markdown& out, const RunFacts& facts) {
  out.heading("## Evaluation");
  const Results& results = facts.record.results;
  const auto parts = partsOf(results);
  if (parts.empty()) return out.line("The run has no scores: it did not come to its end.");
  std::vector<std::string> names{"score"}, metrics = mainMetrics(results.at(parts.front()));
  for (const std::string& part : parts) {
    names.push_back(">" + markdownText(part));
    for (const auto& [name, value] : results.at(part))
      if (std::find(metrics.begin(), metrics.end(), name) == metrics.end()) metrics.push_back(name);
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : metrics) {
    auto& row = rows.emplace_back(1, markdownCode(name));
    for (const std::string& part : parts) {
      const auto it = results.at(part).find(name);
      row.push_back(it == results.at(part).end()
                        ? ""
                        : shortNumberText(it->second, 5) + markdownText(unitBehind(facts.record.plan, name)));
    }
  }
  out.table(names, rows);
  for (const ReportHead& head : facts.heads)
    if (head.part == facts.heads.front().part) classes(out, head);
}

// The worst few: a card is short.
void errors(Markdown& out, const RunFacts& facts) {
  constexpr size_t kMostExamples = 5, kMostCells = 6;
  if (!facts.errors || facts.errors->examples.empty()) return;
  const auto& all = facts.errors->examples;
  const bool numbers = std::isnan(all.front().probability);
  const std::string rows_of = groupedText(facts.errors->rows) + " " + facts.errors->part + " rows";
  out.line("\n" +
           markdownText(numbers ? "Of " + rows_of + ", those with the largest error:"
                                : groupedText(facts.errors->wrong) + " of " + rows_of +
                                      " were answered wrong. Those with the largest loss:") +
           "\n");
  std::vector<std::string> names{">row", "true", "answer", numbers ? ">off by" : ">probability"};
  const size_t cells = std::min(kMostCells, all.front().columns.size());
  for (size_t i = 0; i < cells; ++i) names.push_back(markdownText(all.front().columns[i].first));
  std::vector<std::vector<std::string>> rows;
  for (size_t k = 0; k < std::min(kMostExamples, all.size()); ++k) {
    const ErrorExample& each = all[k];
    auto& row = rows.emplace_back(
        std::vector<std::string>{groupedText(each.row + 1), markdownText(each.truth), markdownText(each.answer),
                                 shortNumberText(numbers ? each.wrongness : each.probability)});
    for (size_t i = 0; i < cells; ++i)
      row.push_back(i < each.columns.size() ? markdownText(each.columns[i].second) : "");
  }
  out.table(names, rows);
}

void environment(Markdown& out, const RunFacts& facts) {
  const RunRecord& record = facts.record;
  out.heading("## Environment");
  for (const auto& [name, version] : record.versions) out.fact(name.c_str(), version);
  const Machine& machine = record.machine;
  out.fact("processor", machine.cpu.empty() ? "" : machine.cpu + ", " + std::to_string(machine.cores) + " cores");
  out.fact("memory", machine.memory_bytes > 0 ? sizeText(static_cast<double>(machine.memory_bytes)) : "");
  out.fact("graphics card", machine.gpu);
  out.fact("system", machine.os);
  out.fact("started", record.started);
  out.fact("ended", record.ended);
}

}  // namespace

std::string runMarkdown(const RunFacts& facts) {
  Markdown out;
  out.heading("# " + markdownText(facts.title()));
  description(out, facts);
  data(out, facts);
  procedure(out, facts);
  evaluation(out, facts);
  errors(out, facts);
  environment(out, facts);
  out.heading("## How to repeat it");
  if (facts.command.empty())
    out.line("No command is known that repeats this run.");
  else
    out.line("In the folder of the project, with the same data and the same versions:\n\n" + indented(facts.command));
  for (const std::string& text : facts.missing) out.line("\nCould not be read: " + markdownText(text));
  return header(facts) + out.take();
}

}  // namespace blockyard
