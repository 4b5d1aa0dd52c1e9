#include "blocks/path_table.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "blocks/row_pieces.hpp"
#include "blocks/table_source.hpp"
#include "blocks/table_target.hpp"
#include "data/file_bytes.hpp"
#include "data/path_guard.hpp"

namespace blockyard {
namespace {

constexpr std::array<std::pair<const char*, Part>, 3> kRoles = {
    {{"file", Part::Train}, {"validation_file", Part::Validation}, {"test_file", Part::Test}}};

// Predicting: the column of the paths, and the target if it is there.
void expect(TableSettings& settings, const SourceSetup& setup, const std::string& column) {
  const auto target = setup.expected->find("target");
  if (target == setup.expected->end()) settings.targets.clear();
  settings.expected.emplace();
  settings.expected->push_back({column, ColumnType::Text});
  settings.expected_classes.emplace_back();
  for (const std::string& name : settings.targets) {
    const bool label = target->second.kind == Wire::Label;
    settings.target_kind = label ? "label" : "target";
    settings.expected->push_back({name, label ? ColumnType::Category : ColumnType::Number});
    settings.expected_classes.push_back(label ? target->second.classes : std::vector<std::string>{});
  }
}

std::string textAt(const Column& column, size_t row) {
  if (column.type == ColumnType::Text) return column.texts[row];
  const int32_t code = column.codes[row];
  return code < 0 ? std::string() : (*column.classes)[static_cast<size_t>(code)];
}

// The column that holds the paths, by its number in the store.
size_t pathColumn(const TableRows& rows, const SourceSetup& setup, const FileKind& kind) {
  const RowStore& store = rows.store();
  const std::string& wanted = setup.values.text("column");
  std::vector<std::string> names;
  for (const size_t c : rows.features()) {
    const ColumnSpec& column = store.columns()[c];
    names.push_back(column.name);
    const bool texts = column.type == ColumnType::Text || column.type == ColumnType::Category;
    if (column.name == wanted && !texts)
      throw Error({.parameter = "column"},
                  "expected paths of " + kind.plural + " in the column \"" + wanted + "\", got " + nameOf(column.type) +
                      " values",
                  "choose another column");
    if (column.name == wanted) return c;
    if (!wanted.empty() || !texts) continue;
    const Table first = store.read(0, std::min<int64_t>(store.rows(), 1), {c});
    if (first.rows() > 0 && kind.is(textAt(*first.columns()[0], 0))) return c;
  }
  if (wanted.empty())
    throw Error({.parameter = "column"},
                "no column holds names of " + kind.plural + " (" + kind.formats + " files, by their endings)",
                "name the column with the paths");
  const std::string near = nearestName(wanted, names);
  throw Error({.parameter = "column"}, "there is no column \"" + wanted + "\"",
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

TableSettings settingsFor(const SourceSetup& setup, int64_t most_rows, const FileKind& kind) {
  const Values& values = setup.values;
  // What is expected, and how far the reading is, concern the files that are named.
  SourceSetup of_table = setup;
  of_table.expected = nullptr, of_table.progress = {};
  TableSettings settings = tableSettings(of_table, most_rows);
  pathOf(setup, "file");  // throws if none is named
  for (const auto& [role, part] : kRoles)
    if (!values.text(role).empty() && (setup.all_files || part == Part::Train))
      settings.files.push_back({dataPath(setup.folder, values.text(role)), role});
  if (setup.expected == nullptr) return settings;
  std::string column = values.text("column");
  if (column.empty()) {
    TableSettings look = settings;
    look.targets.clear(), look.most_rows = kDetectRows, look.files.resize(1);
    const TableRows rows(look);
    column = rows.store().columns()[pathColumn(rows, setup, kind)].name;
  }
  expect(settings, setup, column);
  return settings;
}

// Where a look takes its rows: enough to tell types.
int64_t mostRows(const SourceSetup& setup) {
  return setup.most_rows == 0 ? 0 : std::max(setup.most_rows, kDetectRows);
}

}  // namespace

std::vector<Param> pathTableParams(const FileKind& kind) {
  return {
      {"file", "", {}, "the table", "", Role::File},
      {"validation_file", "", {}, "its rows are the validation rows (split: given)", "", Role::File},
      {"test_file", "", {}, "its rows are the test rows (split: given)", "", Role::File},
      {"column", "", {}, "the column with the paths; empty: the first one that names " + kind.plural, "", Role::Column},
      {"target", Texts{}, {}, "the column to predict; several make one target with several numbers", "", Role::Columns},
      {"target_kind", "auto", Choices{"auto", "label", "target"},
       "label: a class; target: a number. auto: label if the column holds texts"},
      {"missing_target", "error", Choices{"error", "drop"}, "what to do with rows without a target"},
      {"unit", "", {}, "unit of the target, shown beside it"}};
}

PathTable::PathTable(const SourceSetup& setup, const FileKind& kind)
    : rows_(settingsFor(setup, mostRows(setup), kind)), column_(pathColumn(rows_, setup, kind)) {}

std::vector<FolderFile> PathTable::files(const SourceSetup& setup) const {
  const int64_t count = setup.most_rows > 0 ? std::min(setup.most_rows, rows_.store().rows()) : rows_.store().rows();
  const Table table = rows_.store().read(0, count, {column_});
  const Column& paths = *table.columns()[0];
  std::vector<FolderFile> out;
  size_t file = 0;
  int64_t end = rows_.roleRows().empty() ? count : rows_.roleRows()[0];
  std::vector<std::string> folders;
  for (const auto& [role, part] : kRoles)
    if (!setup.values.text(role).empty() && (setup.all_files || part == Part::Train))
      folders.push_back(std::filesystem::path(pathFrom(setup.folder, setup.values.text(role))).parent_path().string());
  for (int64_t row = 0; row < count; ++row) {
    while (row >= end && file + 1 < rows_.roleRows().size()) end += rows_.roleRows()[++file];
    const std::string name = textAt(paths, static_cast<size_t>(row));
    out.push_back({name.empty() ? name : dataPath(setup.folder, pathFrom(folders[file], name)), name});
  }
  return out;
}

Signature PathTable::targetSignature(const SourceSetup& setup) const {
  return TableTarget(rows_, setup).signature();
}

Packet PathTable::target(const SourceSetup& setup, const std::vector<int64_t>& rows) const {
  const RowStore& store = rows_.store();
  return TableTarget(rows_, setup).packet(store.read(0, store.rows(), rows_.targets())).take(rows);
}

std::vector<Part> PathTable::parts(const SourceSetup& setup, const std::vector<int64_t>& rows) const {
  if (rows_.roleRows().size() < 2) return {};
  std::vector<Part> all, out;
  size_t file = 0;
  for (const auto& [role, part] : kRoles)
    if (!setup.values.text(role).empty()) all.insert(all.end(), static_cast<size_t>(rows_.roleRows()[file++]), part);
  for (const int64_t row : rows) out.push_back(all[static_cast<size_t>(row)]);
  return out;
}

bool PathTable::hasColumn(const std::string& name) const {
  const auto& columns = rows_.store().columns();
  return std::any_of(columns.begin(), columns.end(), [&](const ColumnSpec& column) { return column.name == name; });
}

Table PathTable::columns(const std::vector<std::string>& names, const std::vector<int64_t>& rows) const {
  return columnsForSplit(rows_.store(), names).take(rows);
}

Signatures PathTable::peek(const SourceSetup& setup, const FileKind& kind) {
  const TableRows rows(settingsFor(setup, kDetectRows, kind));
  pathColumn(rows, setup, kind);
  Signatures out;
  if (!rows.targets().empty()) out["target"] = TableTarget(rows, setup).signature();
  return out;
}

}  // namespace blockyard
