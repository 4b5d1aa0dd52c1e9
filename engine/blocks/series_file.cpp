#include "blocks/series_file.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <thread>

#include "blocks/row_pieces.hpp"
#include "blocks/schema.hpp"
#include "data/gather.hpp"

namespace blockyard {
namespace {

TableSettings settingsFor(const SourceSetup& setup, const std::string& path, int64_t most_rows) {
  TableSettings out{.memory_budget = setup.memory_budget, .threads = setup.threads, .most_rows = most_rows};
  out.files = {{path, "file"}};
  out.csv.missing = setup.values.texts("missing");
  if (out.threads <= 0) out.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  out.stop = setup.stop;
  return out;
}

// The type under which a column is read. Throws Error if it cannot be.
ColumnType typeFor(const WantedColumn& wanted, ColumnType found, const std::string& path) {
  if (wanted.as == WantedColumn::As::Class) return ColumnType::Category;
  if (wanted.as == WantedColumn::As::Key) return found == ColumnType::Text ? ColumnType::Category : found;
  if (wanted.as == WantedColumn::As::Answer && (found == ColumnType::Text || found == ColumnType::Category))
    return ColumnType::Category;
  if (found != ColumnType::Number)
    throw Error({.parameter = wanted.parameter, .file = path},
                "expected numbers in the column \"" + wanted.name + "\", got " + nameOf(found) + " values",
                "name other columns, or name the texts that stand for a missing value in `missing`");
  return ColumnType::Number;
}

}  // namespace

SeriesFile::SeriesFile(const SourceSetup& setup, const std::vector<WantedColumn>& wanted, int64_t most_rows)
    : path_(pathOf(setup, "file")) {
  const TableRows look(settingsFor(setup, path_, kDetectRows));
  std::vector<std::string> names;
  for (const ColumnSpec& column : look.store().columns()) names.push_back(column.name);
  TableSettings settings = settingsFor(setup, path_, most_rows);
  settings.progress = setup.progress;
  settings.expected.emplace();
  for (const WantedColumn& one : wanted) {
    const auto at = std::find(names.begin(), names.end(), one.name);
    if (at == names.end()) {
      if (one.may_lack) continue;
      const std::string near = nearestName(one.name, names);
      throw Error({.parameter = one.parameter, .file = path_}, "there is no column \"" + one.name + "\"",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    // A column that two settings name is read once, as the first one says.
    const bool known = std::any_of(settings.expected->begin(), settings.expected->end(),
                                   [&](const ColumnSpec& spec) { return spec.name == one.name; });
    if (known) continue;
    const ColumnType found = look.store().columns()[static_cast<size_t>(at - names.begin())].type;
    settings.expected->push_back({one.name, typeFor(one, found, path_)});
    settings.expected_classes.push_back(one.classes);
  }
  rows_ = std::make_unique<TableRows>(std::move(settings));
}

bool SeriesFile::has(const std::string& name) const {
  const auto& columns = rows_->store().columns();
  return std::any_of(columns.begin(), columns.end(), [&](const ColumnSpec& column) { return column.name == name; });
}

Column SeriesFile::column(const std::string& name) const {
  const auto& columns = rows_->store().columns();
  size_t at = 0;
  while (columns[at].name != name) ++at;
  return *rows_->store().read(0, rows(), {at}).columns().front();
}

at::Tensor sideBySide(const Texts& names, int64_t count, int64_t memory_budget,
                      const std::function<std::vector<float>(const std::string&)>& value) {
  const auto width = static_cast<int64_t>(names.size());
  at::Tensor out = rowTensor({count, width}, at::kFloat, memory_budget);
  float* const to = out.mutable_data_ptr<float>();
  for (int64_t c = 0; c < width; ++c) {
    const std::vector<float> from = value(names[static_cast<size_t>(c)]);
    for (int64_t row = 0; row < count; ++row) to[row * width + c] = from[static_cast<size_t>(row)];
  }
  return out;
}

ClassCodes classCodes(const Column& column, const Texts& known) {
  ClassTable table;
  table.expect(known);
  ClassCodes out;
  for (int64_t row = 0; row < column.rows(); ++row) {
    const std::string name = column.cell(row);
    out.codes.push_back(name.empty() ? kMissingCode : table.code(name));
  }
  table.finish();
  out.classes = known.empty() ? *table.classes() : known;
  for (int32_t& code : out.codes) {
    code = table.sortedCode(code);
    if (code >= static_cast<int32_t>(out.classes.size())) code = kMissingCode;
  }
  return out;
}

Param seriesFileParam() {
  return {"file", "", {}, "the file with the rows: CSV, TSV, Parquet or Arrow", "", Role::File};
}

Param missingParam() {
  return {"missing", Value(MissingMarkers::usual()), {}, "texts that stand for a missing value"};
}

}  // namespace blockyard
