// Formula: adds a column that is worked out from others, or replaces one.
#include "blocks/formula.hpp"

#include <algorithm>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

const std::string& nameOfNew(const Values& values) {
  const std::string& name = values.text("column");
  if (name.empty()) throw Error({.parameter = "column"}, "the new column needs a name");
  return name;
}

class FormulaColumn final : public Block {
 public:
  explicit FormulaColumn(const Setup& setup)
      : name_(nameOfNew(setup.values)), formula_(setup.values.text("formula"), setup.inputs.at("x"), "formula") {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    auto made = std::make_shared<const Column>(formula_.evaluate(table, name_));
    std::vector<Table::Shared> columns = table.columns();
    const auto old = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c->name == name_; });
    if (old == columns.end())
      columns.push_back(std::move(made));
    else
      *old = std::move(made);
    return {{"y", Table(std::move(columns))}};
  }

 private:
  std::string name_;
  Formula formula_;
};

Signatures inferFormula(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const std::string& name = nameOfNew(values);
  const ColumnInfo made = Formula(values.text("formula"), out, "formula").column(name);
  if (ColumnInfo* old = findColumn(out.columns, name))
    *old = made;
  else
    out.columns.push_back(made);
  return {{"y", out}};
}

}  // namespace

BlockType formula() {
  return {.schema = {.title = "Formula",
                     .doc = std::string("Adds a column that a formula over the other columns gives, or replaces the "
                                        "column of that name. ") +
                            kFormulaHelp,
                     .inputs = {{"x", "table"}},
                     .outputs = {{"y", "table"}},
                     .params = {{"column", "new", {}, "name of the new column, or of the one to replace"},
                                {"formula", "", {}, "what it holds, as in if(age > 60, dose / weight, missing)"}},
                     .examples = {{.params = {{"column", "bmi"}, {"formula", "round(kg / (cm / 100) ^ 2, 1)"}},
                                   .in_tables = {{"x", "kg,cm\n80,180\n,170\n60,0\n"}},
                                   .out_tables = {{"y", "kg,cm,bmi\n80,180,24.7\n,170,\n60,0,\n"}}},
                                  {.params = {{"column", "size"},
                                              {"formula",
                                               "if(is_missing(cm), \"unknown\", if(cm >= 175 and sex == \"m\", "
                                               "\"tall\", \"other\"))"}},
                                   .in_tables = {{"x", "cm,sex\n180,m\n,m\n180,f\n"}},
                                   .out_tables = {{"y", "cm,sex,size\n180,m,tall\n,m,unknown\n180,f,other\n"}}}}},
          .make = make<FormulaColumn>,
          .infer = inferFormula};
}

}  // namespace blockyard::preprocessor
