// Image table: pictures that a table names, with what is to be predicted beside each.
#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "blocks/block.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/source.hpp"
#include "blocks/table_source.hpp"
#include "blocks/table_target.hpp"
#include "data/file_bytes.hpp"
#include "data/path_guard.hpp"

namespace blockyard::source {
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
size_t pathColumn(const TableRows& rows, const SourceSetup& setup) {
  const RowStore& store = rows.store();
  const std::string& wanted = setup.values.text("column");
  std::vector<std::string> names;
  for (const size_t c : rows.features()) {
    const ColumnSpec& column = store.columns()[c];
    names.push_back(column.name);
    const bool texts = column.type == ColumnType::Text || column.type == ColumnType::Category;
    if (column.name == wanted && !texts)
      throw Error({.parameter = "column"},
                  "expected paths of pictures in the column \"" + wanted + "\", got " + nameOf(column.type) + " values",
                  "choose another column");
    if (column.name == wanted) return c;
    if (!wanted.empty() || !texts) continue;
    const Table first = store.read(0, std::min<int64_t>(store.rows(), 1), {c});
    if (first.rows() > 0 && hasPictureEnding(textAt(*first.columns()[0], 0))) return c;
  }
  if (wanted.empty())
    throw Error({.parameter = "column"}, "no column holds names of pictures (that end with .jpg, .png and the like)",
                "name the column with the paths");
  const std::string near = nearestName(wanted, names);
  throw Error({.parameter = "column"}, "there is no column \"" + wanted + "\"",
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

TableSettings settingsFor(const SourceSetup& setup, int64_t most_rows) {
  const Values& values = setup.values;
  // What is expected, and how far the reading is, concern the pictures.
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
    column = rows.store().columns()[pathColumn(rows, setup)].name;
  }
  expect(settings, setup, column);
  return settings;
}

// The files that the rows name, each beside the table that names it.
std::vector<PictureFile> filesOf(const TableRows& rows, size_t column, const SourceSetup& setup) {
  const int64_t count = setup.most_rows > 0 ? std::min(setup.most_rows, rows.store().rows()) : rows.store().rows();
  const Table table = rows.store().read(0, count, {column});
  const Column& paths = *table.columns()[0];
  std::vector<PictureFile> out;
  size_t file = 0;
  int64_t end = rows.roleRows().empty() ? count : rows.roleRows()[0];
  std::vector<std::string> folders;
  for (const auto& [role, part] : kRoles)
    if (!setup.values.text(role).empty() && (setup.all_files || part == Part::Train))
      folders.push_back(std::filesystem::path(pathFrom(setup.folder, setup.values.text(role))).parent_path().string());
  for (int64_t row = 0; row < count; ++row) {
    while (row >= end && file + 1 < rows.roleRows().size()) end += rows.roleRows()[++file];
    const std::string name = textAt(paths, static_cast<size_t>(row));
    out.push_back({name.empty() ? name : dataPath(setup.folder, pathFrom(folders[file], name)), name});
  }
  return out;
}

class ImageTable final : public Source {
 public:
  explicit ImageTable(const SourceSetup& setup)
      : table_(settingsFor(setup, setup.most_rows == 0 ? 0 : std::max(setup.most_rows, kDetectRows))),
        rows_(filesOf(table_, pathColumn(table_, setup), setup), setup) {
    outputs_["image"] = pictureSignature(pictureShape(setup.values));
    fingerprint_ = sha256Hex(table_.fingerprint() + "\n" + rows_.fingerprint());
    if (!table_.targets().empty()) {
      const TableTarget target(table_, setup);
      outputs_["target"] = target.signature();
      target_ = target.packet(table_.store().read(0, table_.store().rows(), table_.targets())).take(rows_.kept());
    }
    describeParts(setup);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  std::vector<Part> givenParts() const override { return parts_; }

  Chunk read(int64_t first, int64_t count) override {
    Chunk chunk{.first_row = first};
    chunk.batch.set("image", rows_.read(first, count));
    if (!target_.empty()) chunk.batch.set("target", readPort("target", first, count));
    return chunk;
  }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "image") return rows_.read(first, count);
    first = std::min(first, rows());
    return target_.slice(first, std::max<int64_t>(0, std::min(count, rows() - first)));
  }

  Table splitColumns(const std::vector<std::string>& names) override {
    return columnsForSplit(table_.store(), names).take(rows_.kept());
  }

 private:
  void describeParts(const SourceSetup& setup) {
    if (table_.roleRows().size() < 2) return;
    std::vector<Part> all;
    size_t file = 0;
    for (const auto& [role, part] : kRoles)
      if (!setup.values.text(role).empty()) all.insert(all.end(), static_cast<size_t>(table_.roleRows()[file++]), part);
    for (const int64_t row : rows_.kept()) parts_.push_back(all[static_cast<size_t>(row)]);
  }

  TableRows table_;
  PictureRows rows_;
  Signatures outputs_;
  std::string fingerprint_;
  Packet target_{};  // of every row
  std::vector<Part> parts_;
};

std::unique_ptr<Source> openImageTable(const SourceSetup& setup) {
  return std::make_unique<ImageTable>(setup);
}

// From the first rows of the table; no picture is opened.
Signatures peekImageTable(const SourceSetup& setup) {
  const TableRows table(settingsFor(setup, kDetectRows));
  pathColumn(table, setup);
  Signatures outputs{{"image", pictureSignature(pictureShape(setup.values))}};
  if (!table.targets().empty()) outputs["target"] = TableTarget(table, setup).signature();
  return outputs;
}

}  // namespace

BlockType image_table() {
  BlockSchema schema{
      .title = "Image table",
      .doc =
          "Pictures (JPEG, PNG, BMP, TIFF, WebP) of any size that a table names: a CSV, TSV, Parquet or Arrow file "
          "with a column of paths, seen from the folder of the table, and what is to be predicted beside them - a "
          "class or numbers. Every picture is turned as its camera noted and brought to one size, on all cores.",
      .outputs = {{"image", "image", "uint8 [N, channels, height, width]"},
                  {"target", "label|target", "class index, or number(s) to predict"}},
      .params = {
          {"file", "", {}, "the table", "", Role::File},
          {"validation_file", "", {}, "its rows are the validation rows (split: given)", "", Role::File},
          {"test_file", "", {}, "its rows are the test rows (split: given)", "", Role::File},
          {"column", "", {}, "the column with the paths; empty: the first one that names pictures", "", Role::Column},
          {"target",
           Texts{},
           {},
           "the column to predict; several make one target with several numbers",
           "",
           Role::Columns},
          {"target_kind", "auto", Choices{"auto", "label", "target"},
           "label: a class; target: a number. auto: label if the column holds texts"},
          {"missing_target", "error", Choices{"error", "drop"}, "what to do with rows without a target"},
          {"unit", "", {}, "unit of the target, shown beside it"}}};
  for (Param& param : pictureParams()) schema.params.push_back(std::move(param));
  return {.schema = std::move(schema), .open = openImageTable, .peek = peekImageTable};
}

}  // namespace blockyard::source
