// Select: keeps the listed columns of a table, or drops them. Nothing is copied.
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

bool isKept(const Values& values, const std::string& name) {
  return contains(values.texts("columns"), name) == (values.text("mode") == "keep");
}

class Select final : public Block {
 public:
  explicit Select(const Values& values) : values_(values) {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    pickColumns(columnsOf(table), values_.texts("columns"), kAllColumns);
    std::vector<Table::Shared> kept;
    for (const auto& column : table.columns())
      if (isKept(values_, column->name)) kept.push_back(column);
    return {{"y", kept.empty() ? Table(table.rows()) : Table(std::move(kept))}};
  }

 private:
  Values values_;
};

Signatures inferSelect(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  pickColumns(out, values.texts("columns"), kAllColumns);
  std::erase_if(out.columns, [&](const auto& column) { return !isKept(values, column.name); });
  if (out.columns.empty() && !out.open)
    throw Error({.parameter = "columns"}, "expected at least one column to be left, got none");
  return {{"y", out}};
}

}  // namespace

BlockType select() {
  return {
      .schema = {.title = "Select columns",
                 .doc = "Keeps the listed columns, or drops them and keeps all others. The order of the columns stays.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "table"}},
                 .params = {{"columns", Texts{}, {}, "the columns to keep or to drop", "", Role::Columns},
                            {"mode", "keep", Choices{"keep", "drop"}, "what happens to the listed columns"}},
                 .examples = {{.params = {{"columns", Texts{"a", "c"}}},
                               .in_tables = {{"x", "a,b,c\n1,x,3\n2,y,4\n"}},
                               .out_tables = {{"y", "a,c\n1,3\n2,4\n"}}},
                              {.params = {{"columns", Texts{"a"}}, {"mode", "drop"}},
                               .in_tables = {{"x", "a,b\n1,x\n2,\n"}},
                               .out_tables = {{"y", "b\nx\n\"\"\n"}}}}},
      .make = make<Select>,
      .infer = inferSelect};
}

}  // namespace blockyard::preprocessor
