// Formulas over columns, step by step as blocks/formula.cpp works them out: missing is NaN, or kMissingCode of a text.
#include "blocks/formula.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "base/error.hpp"
#include "export/onnx/block_rules.hpp"

namespace blockyard::rules {
namespace {

using Op = FormulaStep::Op;

struct Cells {
  enum class Kind { Numbers, Texts, Missing };
  Kind kind = Kind::Numbers;
  OnnxValue value{};                 // double, or int64: a place among the names; [N, 1] or []
  std::vector<std::string> names{};  // Texts
  bool time = false;                 // then float32 is too coarse to compare in
  std::optional<double> constant{};
};

class Machine {
 public:
  explicit Machine(BlockToWrite& block) : block_(block) {}

  Cells run(const std::vector<FormulaStep>& steps) {
    for (const FormulaStep& step : steps) {
      Cells made = result(step);
      stack_.resize(stack_.size() - step.arity);
      stack_.push_back(std::move(made));
    }
    return std::move(stack_.back());
  }

  OnnxValue numbers(const Cells& cells) const {
    if (cells.kind == Cells::Kind::Missing) return missingNumber();
    if (cells.kind == Cells::Kind::Texts) refuse("a text where a number is expected");
    return cells.value;
  }

  // As places in `names`, to which those that are not there are added.
  OnnxValue codes(const Cells& cells, std::vector<std::string>& names) const {
    if (cells.kind == Cells::Kind::Missing) return block_.graph.integer(kMissingCode);
    if (cells.kind == Cells::Kind::Numbers) refuse("a number where a text is expected");
    std::vector<int64_t> places{kUnknownCode, kMissingCode};
    for (const auto& name : cells.names) {
      const auto at = std::find(names.begin(), names.end(), name);
      places.push_back(at - names.begin());
      if (at == names.end()) names.push_back(name);
    }
    const OnnxValue from_0 = block_.op("Add", {cells.value, block_.graph.integer(-kUnknownCode)}, OnnxType::Int64);
    return block_.op("Gather", {block_.graph.integers(places), from_0}, OnnxType::Int64, {{"axis", int64_t{0}}});
  }

 private:
  [[noreturn]] static void refuse(const std::string& what) {
    throw Error({.parameter = "formula"}, "this part of a formula can't be written: " + what,
                "export the bundle, which holds any block");
  }

  const Cells& argument(const FormulaStep& step, size_t i) const { return stack_[stack_.size() - step.arity + i]; }
  OnnxValue number(const FormulaStep& step, size_t i) const { return numbers(argument(step, i)); }

  OnnxValue missingNumber() const { return block_.number(kMissingNumber); }
  OnnxValue made(const char* op, const OnnxValues& inputs) const { return block_.op(op, inputs, OnnxType::Double); }
  OnnxValue truth(const char* op, const OnnxValues& inputs) const { return block_.op(op, inputs, OnnxType::Bool); }
  OnnxValue isMissing(const OnnxValue& x) const { return truth("IsNaN", {x}); }
  OnnxValue where(const OnnxValue& condition, const OnnxValue& yes, const OnnxValue& no) const {
    return block_.op("Where", {condition, yes, no}, yes.type);
  }
  OnnxValue asNumber(const OnnxValue& condition) const { return block_.graph.cast(condition, OnnxType::Double); }
  // What is no finite number is missing.
  OnnxValue finite(const OnnxValue& x) const { return where(truth("IsInf", {x}), missingNumber(), x); }
  OnnxValue missingIf(const OnnxValue& condition, const OnnxValue& x) const {
    return where(condition, missingNumber(), x);
  }
  OnnxValue anyMissing(const OnnxValue& a, const OnnxValue& b) const {
    return truth("Or", {isMissing(a), isMissing(b)});
  }

  Cells both(const FormulaStep& step, const char* op) const {
    return {.value = finite(made(op, {number(step, 0), number(step, 1)}))};
  }

  // Numbers come in as float32: what is written alike is equal in it.
  OnnxValue compared(const char* op, const Cells& a, const Cells& b) const {
    const OnnxValue x = numbers(a), y = numbers(b);
    const OnnxType type = a.time || b.time ? OnnxType::Double : OnnxType::Float;
    const OnnxValue out = truth(op, {block_.graph.cast(x, type), block_.graph.cast(y, type)});
    return missingIf(anyMissing(x, y), asNumber(out));
  }

  // 1 where equal, missing where one is. A class that training has not seen equals nothing.
  OnnxValue equal(const Cells& a, const Cells& b) const {
    if (a.kind != Cells::Kind::Texts && b.kind != Cells::Kind::Texts) return compared("Equal", a, b);
    std::vector<std::string> names;
    const OnnxValue x = codes(a, names), y = codes(b, names);
    const OnnxValue none = block_.graph.integer(kMissingCode), zero = block_.graph.integer(0);
    const OnnxValue same = truth("And", {truth("Equal", {x, y}), truth("GreaterOrEqual", {x, zero})});
    return missingIf(truth("Or", {truth("Equal", {x, none}), truth("Equal", {y, none})}), asNumber(same));
  }

  OnnxValue is(const OnnxValue& x, double value) const { return truth("Equal", {x, block_.number(value)}); }
  // One of them is `decisive`: so is the result. Else missing where one is.
  OnnxValue together(const OnnxValue& a, const OnnxValue& b, double decisive) const {
    const OnnxValue decided = truth("Or", {is(a, decisive), is(b, decisive)});
    return where(decided, block_.number(decisive), missingIf(anyMissing(a, b), block_.number(1 - decisive)));
  }

  OnnxValue missing(const Cells& cells) const {
    if (cells.kind == Cells::Kind::Missing) return block_.graph.constant(at::scalar_tensor(true, at::kBool));
    if (cells.kind == Cells::Kind::Numbers) return isMissing(cells.value);
    return truth("Equal", {cells.value, block_.graph.integer(kMissingCode)});
  }

  // Arguments from `first` on as values of one kind: numbers, or places among names that they share.
  std::pair<OnnxValues, Cells> alike(const FormulaStep& step, size_t first) const {
    Cells out;
    OnnxValues values;
    bool texts = false;
    for (size_t i = first; i < step.arity; ++i) {
      texts = texts || argument(step, i).kind == Cells::Kind::Texts;
      out.time = out.time || argument(step, i).time;
    }
    for (size_t i = first; i < step.arity; ++i)
      values.push_back(texts ? codes(argument(step, i), out.names) : number(step, i));
    if (texts) out.kind = Cells::Kind::Texts;
    return {values, out};
  }

  Cells chosenBy(const FormulaStep& step) const {
    const OnnxValue condition = number(step, 0);
    auto [values, out] = alike(step, 1);
    const OnnxValue picked = where(is(condition, 0), values[1], values[0]);
    const bool texts = out.kind == Cells::Kind::Texts;
    out.value = where(isMissing(condition), texts ? block_.graph.integer(kMissingCode) : missingNumber(), picked);
    return out;
  }

  Cells coalesced(const FormulaStep& step) const {
    auto [values, out] = alike(step, 0);
    out.value = values.back();
    for (size_t i = step.arity - 1; i-- > 0;) out.value = where(missing(argument(step, i)), out.value, values[i]);
    return out;
  }

  Cells extreme(const FormulaStep& step, const char* beyond) const {
    Cells out{.value = number(step, 0)};
    for (size_t i = 1; i < step.arity; ++i) {
      const OnnxValue more = number(step, i);
      out.value = where(truth("Or", {isMissing(more), truth(beyond, {more, out.value})}), more, out.value);
    }
    return out;
  }

  Cells rounded(const FormulaStep& step) const {
    if (step.arity == 1) return {.value = made("Round", {number(step, 0)})};
    const auto digits = argument(step, 1).constant;
    if (!digits) refuse("round to a number of digits that is calculated");
    const OnnxValue factor = block_.number(std::pow(10.0, std::abs(std::nearbyint(*digits))));
    const char *const up = *digits < 0 ? "Div" : "Mul", *const down = *digits < 0 ? "Mul" : "Div";
    return {.value = finite(made(down, {made("Round", {made(up, {number(step, 0), factor})}), factor}))};
  }

  Cells function(const FormulaStep& step) const {
    const OnnxValue x = number(step, 0);
    const std::map<std::string, const char*> plain{{"abs", "Abs"},   {"exp", "Exp"},     {"log", "Log"},
                                                   {"sqrt", "Sqrt"}, {"floor", "Floor"}, {"ceil", "Ceil"},
                                                   {"sin", "Sin"}};
    if (const auto it = plain.find(step.text); it != plain.end()) return {.value = finite(made(it->second, {x}))};
    const auto times = [&](const OnnxValue& value, double by) { return made("Mul", {value, block_.number(by)}); };
    if (step.text == "log2") return {.value = finite(times(made("Log", {x}), std::numbers::log2e))};
    if (step.text == "log10") return {.value = finite(times(made("Log", {x}), std::numbers::log10e))};
    if (step.text == "cos") return {.value = made("Sin", {made("Add", {x, block_.number(std::numbers::pi / 2)})})};
    refuse("the function " + step.text);
  }

  Cells column(const std::string& name) const {
    for (const OnnxColumn& column : block_.columns()) {
      if (column.name != name) continue;
      if (column.type == ColumnType::Text) refuse("the column \"" + name + "\" of texts");
      const bool texts = column.type == ColumnType::Category;
      return {.kind = texts ? Cells::Kind::Texts : Cells::Kind::Numbers,
              .value = block_.single(column),
              .names = column.classes,
              .time = column.type == ColumnType::Time};
    }
    throw Error({.port = "x"}, "there is no column \"" + name + "\"");
  }

  Cells text(const std::string& value) const {
    return {.kind = Cells::Kind::Texts, .value = block_.graph.integer(0), .names = {value}};
  }

  Cells result(const FormulaStep& step) const {
    switch (step.op) {
      case Op::Number:
        return {.value = block_.number(step.number), .constant = step.number};
      case Op::Text:
        return text(step.text);
      case Op::Missing:
        return {.kind = Cells::Kind::Missing};
      case Op::Column:
        return column(step.text);
      case Op::Negate:
        return {.value = made("Neg", {number(step, 0)})};
      case Op::Add:
        return both(step, "Add");
      case Op::Subtract:
        return both(step, "Sub");
      case Op::Multiply:
        return both(step, "Mul");
      case Op::Divide:
        return both(step, "Div");
      case Op::Power:
        return power(step);
      case Op::Less:
        return {.value = compared("Less", argument(step, 0), argument(step, 1))};
      case Op::LessEqual:
        return {.value = compared("LessOrEqual", argument(step, 0), argument(step, 1))};
      case Op::More:
        return {.value = compared("Greater", argument(step, 0), argument(step, 1))};
      case Op::MoreEqual:
        return {.value = compared("GreaterOrEqual", argument(step, 0), argument(step, 1))};
      default:
        return otherResult(step);
    }
  }

  // NaN to the power 0 is 1 to the machine, and missing here.
  Cells power(const FormulaStep& step) const {
    const OnnxValue a = number(step, 0), b = number(step, 1);
    return {.value = missingIf(anyMissing(a, b), finite(made("Pow", {a, b})))};
  }

  Cells otherResult(const FormulaStep& step) const {
    switch (step.op) {
      case Op::Equal:
        return {.value = equal(argument(step, 0), argument(step, 1))};
      case Op::NotEqual:
        return {.value = made("Sub", {block_.number(1), equal(argument(step, 0), argument(step, 1))})};
      case Op::In: {
        OnnxValue out = equal(argument(step, 0), argument(step, 1));
        for (size_t i = 2; i < step.arity; ++i) out = together(out, equal(argument(step, 0), argument(step, i)), 1);
        return {.value = out};
      }
      case Op::And:
        return {.value = together(number(step, 0), number(step, 1), 0)};
      case Op::Or:
        return {.value = together(number(step, 0), number(step, 1), 1)};
      case Op::Not:
        return {.value = made("Sub", {block_.number(1), number(step, 0)})};
      case Op::If:
        return chosenBy(step);
      case Op::Coalesce:
        return coalesced(step);
      case Op::IsMissing:
        return {.value = asNumber(missing(argument(step, 0)))};
      case Op::Min:
        return extreme(step, "Less");
      case Op::Max:
        return extreme(step, "Greater");
      case Op::Round:
        return rounded(step);
      case Op::Function:
        return function(step);
      case Op::Part:
        return {.value = datePart(block_, static_cast<int>(step.number), number(step, 0))};
      default:
        refuse("what looks into texts");
    }
  }

  BlockToWrite& block_;
  std::vector<Cells> stack_;
};

}  // namespace

OnnxBatch formula(BlockToWrite& block) {
  const Table& example = block.example_in.table("x");
  Signature table{.kind = Wire::Table, .shape = {"N"}};
  for (const auto& column : example.columns())
    table.columns.push_back(
        {column->name, column->type, column->classes ? *column->classes : std::vector<std::string>{}});
  const std::string& name = block.values().text("column");
  Machine machine(block);
  const Cells cells = machine.run(parseFormula(block.values().text("formula"), table, "formula").steps);
  const Column& wanted = block.example_out.table("y").column(name);
  OnnxColumn made{.name = name, .type = wanted.type};
  if (wanted.type == ColumnType::Category || wanted.type == ColumnType::Text) {
    made.type = ColumnType::Category;
    if (wanted.classes) made.classes = *wanted.classes;
    made.value = machine.codes(cells, made.classes);
  } else {
    made.value = machine.numbers(cells);
  }
  // A formula without columns gives one number, not one for each row.
  const OnnxValue shape = block.op("Shape", {block.single(block.columns().front())}, OnnxType::Int64);
  made.value = block.op("Expand", {made.value, shape}, made.value.type);
  std::vector<OnnxColumn> out = block.columns();
  const auto old = std::find_if(out.begin(), out.end(), [&](const OnnxColumn& c) { return c.name == name; });
  if (old == out.end())
    out.push_back(std::move(made));
  else
    *old = std::move(made);
  return tableOf(std::move(out));
}

}  // namespace blockyard::rules
