// Filter rows: training and judging use only the rows for which a condition is true, or a column says which these are.
#include <cmath>

#include "blocks/columns.hpp"
#include "blocks/formula.hpp"
#include "blocks/leave_out.hpp"

namespace blockyard::preprocessor {
namespace {

Formula conditionOf(const Values& values, const Signature& table) {
  Formula out(values.text("condition"), table, "condition");
  if (out.type() != FormulaType::Truth && out.type() != FormulaType::Any)
    throw Error({.parameter = "condition"}, "expected a condition, which is true or false", "for example: age >= 18");
  return out;
}

bool onlyFlags(const Values& values) {
  return values.text("mode") == "flag";
}

class FilterRows final : public Block {
 public:
  explicit FilterRows(const Setup& setup)
      : condition_(conditionOf(setup.values, setup.inputs.at("x"))),
        applies_(setup.values),
        flag_(onlyFlags(setup.values) ? setup.values.text("flag") : ""),
        use_missing_(setup.values.text("missing") == "use") {}

  Batch forward(const Batch& in, Step&) override {
    if (flag_.empty()) return {{"y", in.packet("x")}};
    const Table& table = in.table("x");
    std::vector<Table::Shared> columns = table.columns();
    columns.push_back(std::make_shared<const Column>(Column{.name = flag_, .numbers = used(table)}));
    return {{"y", Table(std::move(columns))}};
  }

  void chooseRows(const Batch& in, Part* parts) override {
    if (!flag_.empty()) return;
    const std::vector<double> use = used(in.table("x"));
    for (size_t i = 0; i < use.size(); ++i)
      if (use[i] == 0 && applies_(parts[i])) parts[i] = Part::Unused;
  }

 private:
  std::vector<double> used(const Table& table) const {
    std::vector<double> out = condition_.numbers(table);
    for (double& value : out) value = std::isnan(value) ? (use_missing_ ? 1 : 0) : value;
    return out;
  }

  Formula condition_;
  AppliesTo applies_;
  std::string flag_;  // empty: none
  bool use_missing_;
};

Signatures inferFilterRows(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  conditionOf(values, out);
  if (!onlyFlags(values)) return {{"y", out}};
  const std::string& flag = values.text("flag");
  if (flag.empty() || findColumn(out.columns, flag) != nullptr)
    throw Error({.parameter = "flag"}, flag.empty()
                                           ? "the new column needs a name"
                                           : "there is a column \"" + flag + "\" already: choose another name");
  out.columns.push_back({flag});
  return {{"y", out}};
}

}  // namespace

BlockType filter_rows() {
  return {
      .schema =
          {.title = "Filter rows",
           .doc = std::string("Training uses only the rows for which the condition is true. What is fitted behind "
                              "this block never sees the others; their number is told when the training begins. "
                              "A prediction still answers every row. The condition is a formula. ") +
                  kFormulaHelp,
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {{"condition", "", {}, "which rows are used: a formula that is true for them"},
                      {"mode", "leave_out", Choices{"leave_out", "flag"},
                       "leave_out: the other rows are not used; flag: all are, and a new column says 1 for those for "
                       "which the condition is true, else 0"},
                      {"flag", "meets_condition", {}, "name of that column"},
                      {"missing", "leave_out", Choices{"leave_out", "use"},
                       "what happens to rows for which the condition is missing"},
                      appliesToParam()},
           .examples = {{.params = {{"condition", "age >= 18"}, {"mode", "flag"}, {"flag", "adult"}},
                         .in_tables = {{"x", "age,name\n20,x\n,y\n17,x\n"}},
                         .out_tables = {{"y", "age,name,adult\n20,x,1\n,y,0\n17,x,0\n"}}}},
           .leaves_out = true},
      .make = make<FilterRows>,
      .infer = inferFilterRows};
}

}  // namespace blockyard::preprocessor
