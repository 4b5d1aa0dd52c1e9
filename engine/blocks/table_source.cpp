#include "blocks/table_source.hpp"

#include <algorithm>
#include <thread>

#include "blocks/table_target.hpp"

namespace blockyard {
namespace {

ColumnType typeNamed(const std::string& name, const std::string& item) {
  for (const ColumnType type : {ColumnType::Number, ColumnType::Category, ColumnType::Text, ColumnType::Time})
    if (name == nameOf(type)) return type;
  throw Error({.parameter = "types"}, "expected \"column=type\", got \"" + item + "\"",
              "the types are number, category, text and time");
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

class TableSource final : public Source {
 public:
  TableSource(const SourceSetup& setup, TableSettings settings) : rows_(std::move(settings)) {
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
  bool partial() const override { return rows_.partial(); }
  Texts notices() const override {
    const int64_t dropped = rows_.droppedRows();
    if (dropped == 0) return {};
    return {std::to_string(dropped) + (dropped == 1 ? " row without a target was" : " rows without a target were") +
            " left out"};
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

}  // namespace

TableSettings tableSettings(const SourceSetup& setup, int64_t most_rows) {
  const Values& values = setup.values;
  TableSettings settings{.targets = values.texts("target"),
                         .target_kind = values.text("target_kind"),
                         .drop_missing_target = values.text("missing_target") == "drop",
                         .memory_budget = setup.memory_budget,
                         .threads = setup.threads,
                         .most_rows = most_rows,
                         .progress = setup.progress,
                         .stop = setup.stop};
  if (settings.threads <= 0) settings.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (setup.expected) expect(settings, *setup.expected);
  settings.may_lack = setup.may_lack;
  return settings;
}

std::unique_ptr<Source> openTableSource(const SourceSetup& setup, TableSettings settings) {
  return std::make_unique<TableSource>(setup, std::move(settings));
}

int64_t rowsToLookAt(const SourceSetup& setup) {
  return setup.most_rows == 0 ? 0 : std::max(setup.most_rows, kDetectRows);
}

std::map<std::string, ColumnType> typesOf(const Texts& settings) {
  std::map<std::string, ColumnType> out;
  for (const std::string& item : settings) {
    const size_t at = item.rfind('=');
    const std::string column = item.substr(0, at);
    if (!out.emplace(column, typeNamed(at == std::string::npos ? "" : item.substr(at + 1), item)).second)
      throw Error({.parameter = "types"}, "the type of \"" + column + "\" is given twice", "give it once");
  }
  return out;
}

std::vector<Param> tableParams() {
  return {
      {"target", Texts{}, {}, "the column to predict; several make one target with several numbers", "", Role::Columns},
      {"target_kind", "auto", Choices{"auto", "label", "target"},
       "label: a class; target: a number. auto: label if the column holds texts"},
      {"positive",
       Texts{},
       {},
       "classes of the target that count as one, against \"other\": all that are left; empty: each counts for itself"},
      {"missing_target", "error", Choices{"error", "drop"}, "what to do with rows without a target"},
      {"unit", "", {}, "unit of the target, shown beside it"},
      {"types", Texts{}, {}, "types that are known: \"column=number\", category, text or time"},
      {"missing", Value(MissingMarkers::usual()), {}, "texts that stand for a missing value"}};
}

}  // namespace blockyard
