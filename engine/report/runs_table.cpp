#include "report/runs_table.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "runs/compare.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// "nodes.conv1.values.channels" is what a person calls conv1.channels; empty for what is no setting (a wire, a type).
std::string columnName(const std::string& path) {
  constexpr std::string_view kNodes = "nodes.", kValues = ".values.";
  if (path.starts_with("training.")) return path == "training.seed" ? "" : path;  // the seed has its column
  const size_t at = path.find(kValues);
  if (!path.starts_with(kNodes) || at == std::string::npos) return {};
  return path.substr(kNodes.size(), at - kNodes.size()) + "." + path.substr(at + kValues.size());
}

std::string cellText(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class Columns {
 public:
  explicit Columns(const std::vector<RunEntry>& runs) {
    for (const RunEntry& run : runs)
      if (run.record) runs_.push_back(&run);
  }

  void text(const char* name, const std::function<std::string(const RunEntry&)>& cell) {
    Column column{.name = name, .type = ColumnType::Text};
    for (const RunEntry* run : runs_) column.texts.push_back(cell(*run));
    add(std::move(column));
  }
  // UTC, as ISO 8601.
  void time(const char* name, const std::function<std::string(const RunEntry&)>& cell) {
    types_.times.insert(name);
    text(name, cell);
  }
  void whole(const char* name, const std::function<double(const RunRecord&)>& cell) {
    types_.whole.insert(name);
    number(name, cell);
  }
  void number(const char* name, const std::function<double(const RunRecord&)>& cell) {
    Column column{.name = name};
    for (const RunEntry* run : runs_) column.numbers.push_back(cell(*run->record));
    add(std::move(column));
  }
  // Numbers if all values are; settings that a run does not have are missing.
  void setting(const std::string& name, const std::vector<Json>& values) {
    const bool numbers =
        std::all_of(values.begin(), values.end(), [](const Json& v) { return v.is_null() || v.is_number(); });
    Column column{.name = name, .type = numbers ? ColumnType::Number : ColumnType::Text};
    if (std::all_of(values.begin(), values.end(), [](const Json& v) { return v.is_null() || v.is_number_integer(); }))
      types_.whole.insert(name);
    for (const Json& value : values) {
      if (numbers)
        column.numbers.push_back(value.is_null() ? kMissingNumber : value.get<double>());
      else
        column.texts.push_back(cellText(value));
    }
    add(std::move(column));
  }
  void score(const MetricRow& row) {
    Column column{.name = row.part + "/" + row.metric};
    for (const auto& value : row.values) column.numbers.push_back(value.value_or(kMissingNumber));
    add(std::move(column));
  }
  std::vector<RunRecord> records() const {
    std::vector<RunRecord> out;
    for (const RunEntry* run : runs_) out.push_back(*run->record);
    return out;
  }
  RunsTable take() { return {Table(std::move(columns_)), std::move(types_)}; }

 private:
  void add(Column column) { columns_.push_back(std::make_shared<const Column>(std::move(column))); }
  std::vector<const RunEntry*> runs_;
  std::vector<Table::Shared> columns_;
  ParquetTypes types_;
};

}  // namespace

RunsTable runsTable(const std::vector<RunEntry>& runs) {
  Columns out(runs);
  const auto of_study = [](const RunRecord& run, int64_t value) {
    return run.study.study.empty() ? kMissingNumber : static_cast<double>(value);
  };
  out.text("run", [](const RunEntry& run) { return run.id.text; });
  out.text("state", [](const RunEntry& run) { return nameOf(run.shown); });
  out.time("started", [](const RunEntry& run) { return run.record->started; });
  out.number("seconds", [](const RunRecord& run) { return run.seconds; });
  out.whole("epochs", [](const RunRecord& run) { return static_cast<double>(run.epochs); });
  out.whole("steps", [](const RunRecord& run) { return static_cast<double>(run.steps); });
  out.whole("parameters", [](const RunRecord& run) { return static_cast<double>(run.parameter_count); });
  out.whole("seed", [](const RunRecord& run) { return static_cast<double>(run.seed); });
  out.text("purpose", [](const RunEntry& run) { return run.record->purpose; });
  out.text("tags", [](const RunEntry& run) {
    std::string text;
    for (const std::string& tag : run.notes.tags) text += (text.empty() ? "" : " ") + tag;
    return text;
  });
  out.text("study", [](const RunEntry& run) { return run.record->study.study; });
  out.whole("trial", [&](const RunRecord& run) { return of_study(run, run.study.trial); });
  out.whole("fold", [&](const RunRecord& run) { return of_study(run, run.study.fold); });
  const auto of_part = [](const RunRecord& run, int64_t rows) {
    return run.data.rowsUsed() == 0 ? kMissingNumber : static_cast<double>(rows);
  };
  out.whole("train_rows", [&](const RunRecord& run) { return of_part(run, run.data.train); });
  out.whole("validation_rows", [&](const RunRecord& run) { return of_part(run, run.data.validation); });
  out.whole("test_rows", [&](const RunRecord& run) { return of_part(run, run.data.test); });
  out.text("data", [](const RunEntry& run) { return run.record->data_fingerprint; });
  const RunComparison comparison = compareRuns(out.records());
  for (const SettingRow& row : comparison.settings)
    if (const std::string name = columnName(row.path); !name.empty()) out.setting(name, row.values);
  for (const MetricRow& row : comparison.metrics) out.score(row);
  return out.take();
}

}  // namespace blockyard
