// Rename: gives columns other names.
#include <algorithm>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

// The new name of every column of a table.
Texts renamed(const Values& values, const std::vector<ColumnInfo>& columns, bool open) {
  const Texts &from = values.texts("columns"), &to = values.texts("names");
  if (from.size() != to.size())
    throw Error({.parameter = "names"}, "expected a new name for each of the " + std::to_string(from.size()) +
                                            " columns, got " + std::to_string(to.size()));
  if (setOf(from).size() < from.size()) throw Error({.parameter = "columns"}, "a column is named twice");
  if (!from.empty()) pickColumns(columns, from, kAllColumns, "columns", open);
  Texts out;
  for (const auto& column : columns) {
    const auto at = std::find(from.begin(), from.end(), column.name);
    out.push_back(at == from.end() ? column.name : to[static_cast<size_t>(at - from.begin())]);
    if (out.back().empty()) throw Error({.parameter = "names"}, "the new name of \"" + column.name + "\" is empty");
    if (std::count(out.begin(), out.end(), out.back()) > 1)
      throw Error({.parameter = "names"}, "two columns would be called \"" + out.back() + "\"");
  }
  return out;
}

class Rename final : public Block {
 public:
  explicit Rename(const Values& values) : values_(values) {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    std::vector<ColumnInfo> infos;
    for (const auto& column : table.columns()) infos.push_back({column->name, column->type});
    const Texts names = renamed(values_, infos, false);
    std::vector<Table::Shared> columns = table.columns();
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i]->name == names[i]) continue;
      Column column = *columns[i];
      column.name = names[i];
      columns[i] = std::make_shared<const Column>(std::move(column));
    }
    return {{"y", columns.empty() ? Table(table.rows()) : Table(std::move(columns))}};
  }

 private:
  Values values_;
};

Signatures inferRename(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const Texts names = renamed(values, out.columns, out.open);
  for (size_t i = 0; i < names.size(); ++i) out.columns[i].name = names[i];
  return {{"y", out}};
}

}  // namespace

BlockType rename() {
  return {.schema = {.title = "Rename columns",
                     .doc = "Gives columns other names. Two may change names with each other.",
                     .inputs = {{"x", "table"}},
                     .outputs = {{"y", "table"}},
                     .params = {{"columns", Texts{}, {}, "the columns to rename", "", Role::Columns},
                                {"names", Texts{}, {}, "their new names, in the same order"}},
                     .examples = {{.params = {{"columns", Texts{"a", "b"}}, {"names", Texts{"b", "size"}}},
                                   .in_tables = {{"x", "a,b,c\n1,x,3\n"}},
                                   .out_tables = {{"y", "b,size,c\n1,x,3\n"}}}}},
          .make = make<Rename>,
          .infer = inferRename};
}

}  // namespace blockyard::preprocessor
