// Table: rows of a CSV, Parquet or Arrow file, with the target on a port of its own.
#include <ATen/ATen.h>

#include <algorithm>
#include <thread>

#include "blocks/block.hpp"
#include "blocks/source.hpp"
#include "blocks/table_target.hpp"
#include "data/file_bytes.hpp"
#include "data/file_list.hpp"

namespace blockyard::source {
namespace {

ColumnType typeNamed(const std::string& name, const std::string& item) {
  for (const ColumnType type : {ColumnType::Number, ColumnType::Category, ColumnType::Text, ColumnType::Time})
    if (name == nameOf(type)) return type;
  throw Error({.parameter = "types"}, "expected \"column=type\", got \"" + item + "\"",
              "the types are number, category, text and time");
}

CsvOptions csvOptions(const Values& values) {
  CsvOptions options{.delimiter = values.text("delimiter"),
                     .decimal = values.text("decimal"),
                     .encoding = values.text("encoding"),
                     .header = values.text("header"),
                     .quotes = values.text("quotes"),
                     .missing = values.texts("missing")};
  for (const std::string& item : values.texts("types")) {
    const size_t at = item.rfind('=');
    options.types[item.substr(0, at)] = typeNamed(at == std::string::npos ? "" : item.substr(at + 1), item);
  }
  return options;
}

// Predicting: the columns, types and classes that the trained pipeline knows.
void expect(TableSettings& settings, const Signatures& expected) {
  settings.expected.emplace();
  if (const auto features = expected.find("features"); features != expected.end()) {
    for (const ColumnInfo& column : features->second.columns) {
      settings.expected->push_back({column.name, column.type});
      settings.expected_classes.push_back(column.classes);
    }
  }
  const auto target = expected.find("target");
  if (target == expected.end()) {
    settings.targets.clear();
    return;
  }
  const bool label = target->second.kind == Wire::Label;
  settings.target_kind = label ? "label" : "target";
  for (const std::string& name : settings.targets) {
    settings.expected->push_back({name, label ? ColumnType::Category : ColumnType::Number});
    settings.expected_classes.push_back(label ? target->second.classes : std::vector<std::string>{});
  }
}

// With `most_rows`, only so many of the first file.
TableSettings settingsFor(const SourceSetup& setup, int64_t most_rows) {
  const Values& values = setup.values;
  TableSettings settings{.format = values.text("format"),
                         .csv = csvOptions(values),
                         .targets = values.texts("target"),
                         .target_kind = values.text("target_kind"),
                         .drop_missing_target = values.text("missing_target") == "drop",
                         .memory_budget = setup.memory_budget,
                         .threads = setup.threads,
                         .most_rows = most_rows,
                         .progress = setup.progress,
                         .stop = setup.stop};
  if (settings.threads <= 0) settings.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (values.text("file").empty())
    throw Error({.parameter = "file"}, "no file is named", "name a CSV, Parquet or Arrow file");
  for (const char* role : {"file", "validation_file", "test_file"}) {
    if (values.text(role).empty() || (role != std::string("file") && !setup.all_files)) continue;
    try {
      for (auto& [path, folders] : listFiles(pathFrom(setup.folder, values.text(role))))
        settings.files.push_back({path, role, folders});
    } catch (const Error& error) {
      throw error.at({.parameter = role});
    }
  }
  if (setup.expected) expect(settings, *setup.expected);
  return settings;
}

class TableSource final : public Source {
 public:
  TableSource(const SourceSetup& setup, int64_t most_rows) : rows_(settingsFor(setup, most_rows)) {
    const RowStore& store = rows_.store();
    Signature& features = outputs_["features"];
    features = {.kind = Wire::Table, .shape = {"N"}, .open = rows_.partial()};
    for (const size_t c : rows_.features()) {
      const ColumnSpec& column = store.columns()[c];
      const bool classes = column.type == ColumnType::Category;
      features.columns.push_back(
          {column.name, column.type, classes ? *store.classTable(c).classes() : std::vector<std::string>{}});
    }
    if (!rows_.targets().empty()) {
      target_.emplace(rows_, setup);
      outputs_["target"] = target_->signature();
    }
    const std::vector<int64_t>& counts = rows_.roleRows();
    if (counts.size() < 2) return;
    parts_.assign(static_cast<size_t>(counts[0]), Part::Train);
    if (!setup.values.text("validation_file").empty())
      parts_.insert(parts_.end(), static_cast<size_t>(counts[1]), Part::Validation);
    parts_.resize(static_cast<size_t>(rows()), Part::Test);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.store().rows(); }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<Part> givenParts() const override { return parts_; }

  Chunk read(int64_t first, int64_t count) override {
    Chunk chunk{.first_row = first};
    chunk.batch.set("features", readPort("features", first, count));
    if (!rows_.targets().empty()) chunk.batch.set("target", readPort("target", first, count));
    return chunk;
  }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    if (port == "features") return rows_.store().read(first, count, rows_.features());
    return target_->packet(rows_.store().read(first, count, rows_.targets()));
  }

  Table splitColumns(const std::vector<std::string>& names) override { return columnsForSplit(rows_.store(), names); }

 private:
  TableRows rows_;
  Signatures outputs_;
  std::optional<TableTarget> target_{};
  std::vector<Part> parts_;
};

std::unique_ptr<Source> openTable(const SourceSetup& setup) {
  // For a look, types and classes are found as the checks find them, so that it agrees with what stands on the wires.
  return std::make_unique<TableSource>(setup, setup.most_rows == 0 ? 0 : std::max(setup.most_rows, kDetectRows));
}

Signatures peekTable(const SourceSetup& setup) {
  return TableSource(setup, kDetectRows).outputs();
}

}  // namespace

BlockType table() {
  return {
      .schema =
          {.title = "Table",
           .doc =
               "Rows of a CSV, TSV, Parquet, Arrow or Feather file (CSV also packed as .gz or .zst). Delimiter, "
               "decimal "
               "comma, encoding, header and column types are found out from the first rows; what is found wrong can "
               "be set. A folder, or a pattern such as data/*.csv or data/**/*.parquet, stands for all of its files as "
               "one table, sorted by name; folders such as year=2024 become columns. The target leaves on a port of "
               "its own. Empty fields, and those that `missing` names, are "
               "missing values.",
           .outputs = {{"features", "table", "every column but the target"},
                       {"target", "label|target", "class index, or number(s) to predict"}},
           .params = {{"file", "", {}, "the file with the rows; or a folder, or a pattern: data/*.csv", "", Role::File},
                      {"validation_file", "", {}, "its rows are the validation rows (split: given)", "", Role::File},
                      {"test_file", "", {}, "its rows are the test rows (split: given)", "", Role::File},
                      {"target",
                       Texts{},
                       {},
                       "the column to predict; several make one target with several numbers",
                       "",
                       Role::Columns},
                      {"target_kind", "auto", Choices{"auto", "label", "target"},
                       "label: a class; target: a number. auto: label if the column holds texts"},
                      {"missing_target", "error", Choices{"error", "drop"}, "what to do with rows without a target"},
                      {"unit", "", {}, "unit of the target, shown beside it"},
                      {"types", Texts{}, {}, "types that are known: \"column=number\", category, text or time"},
                      {"missing", Value(MissingMarkers::usual()), {}, "texts that stand for a missing value"},
                      {"format", "auto", Choices{"auto", "csv", "parquet", "arrow"},
                       "auto: by the first bytes of the file"},
                      {"delimiter", "auto", {}, "of CSV: auto, one character, tab, or none if a line is one field"},
                      {"decimal", "auto", Choices{"auto", ".", ","}, "decimal point of CSV"},
                      {"encoding", "auto",
                       Choices{"auto", "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin-1"}, "of CSV"},
                      {"header", "auto", Choices{"auto", "yes", "no"}, "does the first row of CSV name the columns"},
                      {"quotes", "auto", Choices{"auto", "double", "none"},
                       "are fields of CSV in double quotes, or are quotes plain text"}}},
      .open = openTable,
      .peek = peekTable};
}

}  // namespace blockyard::source
