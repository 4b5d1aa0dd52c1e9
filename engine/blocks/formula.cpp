#include "blocks/formula.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/error.hpp"
#include "data/calendar.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

using Op = FormulaStep::Op;

// The values of one step: numbers, or codes into names. A value that is missing everywhere may yet be either.
struct Cells {
  enum class Kind { Numbers, Texts, Missing };
  Kind kind = Kind::Numbers;
  std::vector<double> numbers{};
  std::vector<int32_t> codes{};
  Classes names{};
};

double finite(double value) {
  return std::isfinite(value) ? value : kMissingNumber;
}

double power(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? kMissingNumber : std::pow(a, b);
}

Classes oneName(const std::string& text) {
  return std::make_shared<const std::vector<std::string>>(1, text);
}

// For every name of `from` its place in `to`, or `otherwise`.
std::vector<int32_t> placesOf(const std::vector<std::string>& from, const std::vector<std::string>& to,
                              int32_t otherwise) {
  std::vector<int32_t> out(from.size(), otherwise);
  if (from.size() == 1) {
    const auto at = std::find(to.begin(), to.end(), from[0]);
    if (at != to.end()) out[0] = static_cast<int32_t>(at - to.begin());
    return out;
  }
  std::unordered_map<std::string_view, int32_t> places;
  for (size_t i = 0; i < to.size(); ++i) places.emplace(to[i], static_cast<int32_t>(i));
  for (size_t i = 0; i < from.size(); ++i)
    if (const auto at = places.find(from[i]); at != places.end()) out[i] = at->second;
  return out;
}

class Machine {
 public:
  Machine(const Table& table, const std::string& parameter)
      : table_(table), parameter_(parameter), rows_(static_cast<size_t>(table.rows())) {}

  Cells run(const std::vector<FormulaStep>& steps) {
    for (const auto& step : steps) {
      Cells made = result(step);
      stack_.resize(stack_.size() - step.arity);
      stack_.push_back(std::move(made));
    }
    return std::move(stack_.back());
  }

 private:
  // Argument i of the step at hand.
  Cells& argument(const FormulaStep& step, size_t i) { return stack_[stack_.size() - step.arity + i]; }

  std::vector<double>& numbers(Cells& cells) const {
    if (cells.kind == Cells::Kind::Missing) cells = {.numbers = std::vector<double>(rows_, kMissingNumber)};
    if (cells.kind == Cells::Kind::Numbers) return cells.numbers;
    throw Error({.parameter = parameter_}, "expected a number, got a text");
  }

  Cells& texts(Cells& cells) const {
    if (cells.kind == Cells::Kind::Missing) {
      cells = {.kind = Cells::Kind::Texts, .codes = std::vector<int32_t>(rows_, kMissingCode)};
      cells.names = std::make_shared<const std::vector<std::string>>();
    }
    if (cells.kind == Cells::Kind::Texts) return cells;
    throw Error({.parameter = parameter_}, "expected a text, got a number");
  }

  template <class Change>
  Cells each(const FormulaStep& step, Change change) {
    Cells out{.numbers = std::move(numbers(argument(step, 0)))};
    for (double& value : out.numbers) value = change(value);
    return out;
  }

  // Missing where one of them is.
  template <class Join>
  Cells both(const FormulaStep& step, Join join) {
    Cells out{.numbers = std::move(numbers(argument(step, 0)))};
    const std::vector<double>& right = numbers(argument(step, 1));
    for (size_t i = 0; i < rows_; ++i) out.numbers[i] = join(out.numbers[i], right[i]);
    return out;
  }

  template <class Compare>
  Cells compared(const FormulaStep& step, Compare compare) {
    return both(step, [&](double a, double b) {
      return std::isnan(a) || std::isnan(b) ? kMissingNumber : compare(a, b) ? 1.0 : 0.0;
    });
  }

  // Of numbers or texts: 1 where equal, missing where one is.
  std::vector<double> equal(Cells& a, Cells& b) {
    std::vector<double> out(rows_);
    if (a.kind == Cells::Kind::Texts || b.kind == Cells::Kind::Texts) {
      const Cells &left = texts(a), &right = texts(b);
      const std::vector<int32_t> places = placesOf(*right.names, *left.names, -2);
      for (size_t i = 0; i < rows_; ++i) {
        const int32_t x = left.codes[i], y = right.codes[i];
        out[i] = x < 0 || y < 0 ? kMissingNumber : x == places[static_cast<size_t>(y)] ? 1 : 0;
      }
      return out;
    }
    const std::vector<double>&x = numbers(a), &y = numbers(b);
    for (size_t i = 0; i < rows_; ++i)
      out[i] = std::isnan(x[i]) || std::isnan(y[i]) ? kMissingNumber : x[i] == y[i] ? 1 : 0;
    return out;
  }

  Cells isIn(const FormulaStep& step) {
    Cells out{.numbers = equal(argument(step, 0), argument(step, 1))};
    for (size_t k = 2; k < step.arity; ++k) {
      const std::vector<double> more = equal(argument(step, 0), argument(step, k));
      for (size_t i = 0; i < rows_; ++i) out.numbers[i] = either(out.numbers[i], more[i]);
    }
    return out;
  }

  static double either(double a, double b) {
    if (a == 1 || b == 1) return 1;
    return std::isnan(a) || std::isnan(b) ? kMissingNumber : 0;
  }
  static double together(double a, double b) {
    if (a == 0 || b == 0) return 0;
    return std::isnan(a) || std::isnan(b) ? kMissingNumber : 1;
  }

  bool anyTexts(const FormulaStep& step, size_t from) {
    for (size_t i = from; i < step.arity; ++i)
      if (argument(step, i).kind == Cells::Kind::Texts) return true;
    return false;
  }

  // One of the arguments from `first` on, row by row: pick(i) is its number.
  template <class Pick>
  Cells chosen(const FormulaStep& step, size_t first, Pick pick) {
    if (!anyTexts(step, first)) {
      Cells out{.numbers = std::vector<double>(rows_)};
      for (size_t k = first; k < step.arity; ++k) numbers(argument(step, k));
      for (size_t i = 0; i < rows_; ++i) {
        const size_t k = pick(i);
        out.numbers[i] = k < step.arity ? argument(step, k).numbers[i] : kMissingNumber;
      }
      return out;
    }
    std::vector<std::string> names;
    std::vector<std::vector<int32_t>> places(step.arity);
    for (size_t k = first; k < step.arity; ++k) {
      const Cells& cells = texts(argument(step, k));
      places[k] = placesOf(*cells.names, names, -1);
      for (size_t n = 0; n < cells.names->size(); ++n) {
        if (places[k][n] >= 0) continue;
        places[k][n] = static_cast<int32_t>(names.size());
        names.push_back((*cells.names)[n]);
      }
    }
    Cells out{.kind = Cells::Kind::Texts, .codes = std::vector<int32_t>(rows_, kMissingCode)};
    for (size_t i = 0; i < rows_; ++i) {
      const size_t k = pick(i);
      const int32_t code = k < step.arity ? argument(step, k).codes[i] : kMissingCode;
      if (code >= 0) out.codes[i] = places[k][static_cast<size_t>(code)];
    }
    out.names = std::make_shared<const std::vector<std::string>>(std::move(names));
    return out;
  }

  bool missing(const Cells& cells, size_t row) const {
    return cells.kind == Cells::Kind::Missing ||
           (cells.kind == Cells::Kind::Texts ? cells.codes[row] < 0 : std::isnan(cells.numbers[row]));
  }

  // A number for each name, then for each row.
  template <class Change>
  Cells ofNames(const FormulaStep& step, Change change) {
    const Cells& cells = texts(argument(step, 0));
    std::vector<double> by_name;
    for (const auto& name : *cells.names) by_name.push_back(change(name));
    Cells out{.numbers = std::vector<double>(rows_, kMissingNumber)};
    for (size_t i = 0; i < rows_; ++i)
      if (cells.codes[i] >= 0) out.numbers[i] = by_name[static_cast<size_t>(cells.codes[i])];
    return out;
  }

  Cells extreme(const FormulaStep& step, double sign) {
    Cells out{.numbers = std::move(numbers(argument(step, 0)))};
    for (size_t k = 1; k < step.arity; ++k) {
      const std::vector<double>& more = numbers(argument(step, k));
      for (size_t i = 0; i < rows_; ++i)
        if (std::isnan(more[i]) || more[i] * sign > out.numbers[i] * sign) out.numbers[i] = more[i];
    }
    return out;
  }

  // Half to even, as NumPy rounds.
  Cells rounded(const FormulaStep& step) {
    if (step.arity == 1) return each(step, [](double a) { return std::nearbyint(a); });
    return both(step, [](double a, double digits) {
      if (std::isnan(digits) || std::abs(digits) > 300) return kMissingNumber;
      const double factor = std::pow(10.0, std::abs(std::nearbyint(digits)));
      return finite(digits < 0 ? std::nearbyint(a / factor) * factor : std::nearbyint(a * factor) / factor);
    });
  }

  Cells column(const std::string& name) const {
    const Column& column = table_.column(name);
    if (column.type == ColumnType::Number || column.type == ColumnType::Time) return {.numbers = column.numbers};
    Cells out{.kind = Cells::Kind::Texts, .codes = column.codes, .names = column.classes};
    if (!out.names) out.names = std::make_shared<const std::vector<std::string>>();
    if (column.type == ColumnType::Category) return out;
    std::vector<std::string> names;
    std::unordered_map<std::string_view, int32_t> codes;
    for (const auto& text : column.texts) {
      const auto [at, fresh] = codes.try_emplace(text, static_cast<int32_t>(names.size()));
      if (fresh && !text.empty()) names.push_back(text);
      out.codes.push_back(text.empty() ? kMissingCode : at->second);
      if (text.empty()) codes.erase(at);
    }
    out.names = std::make_shared<const std::vector<std::string>>(std::move(names));
    return out;
  }

  Cells result(const FormulaStep& step) {
    switch (step.op) {
      case Op::Number:
        return {.numbers = std::vector<double>(rows_, step.number)};
      case Op::Text:
        return {.kind = Cells::Kind::Texts, .codes = std::vector<int32_t>(rows_, 0), .names = oneName(step.text)};
      case Op::Missing:
        return {.kind = Cells::Kind::Missing};
      case Op::Column:
        return column(step.text);
      case Op::Negate:
        return each(step, [](double a) { return -a; });
      case Op::Add:
        return both(step, [](double a, double b) { return finite(a + b); });
      case Op::Subtract:
        return both(step, [](double a, double b) { return finite(a - b); });
      case Op::Multiply:
        return both(step, [](double a, double b) { return finite(a * b); });
      case Op::Divide:
        return both(step, [](double a, double b) { return finite(a / b); });
      case Op::Power:
        return both(step, [](double a, double b) { return finite(power(a, b)); });
      case Op::Less:
        return compared(step, [](double a, double b) { return a < b; });
      case Op::LessEqual:
        return compared(step, [](double a, double b) { return a <= b; });
      case Op::More:
        return compared(step, [](double a, double b) { return a > b; });
      case Op::MoreEqual:
        return compared(step, [](double a, double b) { return a >= b; });
      default:
        return otherResult(step);
    }
  }

  Cells otherResult(const FormulaStep& step) {
    switch (step.op) {
      case Op::Equal:
        return {.numbers = equal(argument(step, 0), argument(step, 1))};
      case Op::NotEqual: {
        Cells out{.numbers = equal(argument(step, 0), argument(step, 1))};
        for (double& value : out.numbers) value = 1 - value;
        return out;
      }
      case Op::In:
        return isIn(step);
      case Op::And:
        return both(step, together);
      case Op::Or:
        return both(step, either);
      case Op::Not:
        return each(step, [](double a) { return 1 - a; });
      case Op::If: {
        const std::vector<double> condition = std::move(numbers(argument(step, 0)));
        return chosen(step, 1, [&](size_t i) -> size_t {
          return std::isnan(condition[i]) ? 3 : condition[i] != 0 ? 1 : 2;
        });
      }
      case Op::Coalesce:
        return chosen(step, 0, [&](size_t i) {
          size_t k = 0;
          while (k < step.arity && missing(argument(step, k), i)) ++k;
          return k;
        });
      case Op::IsMissing: {
        Cells out{.numbers = std::vector<double>(rows_)};
        for (size_t i = 0; i < rows_; ++i) out.numbers[i] = missing(argument(step, 0), i) ? 1 : 0;
        return out;
      }
      case Op::Min:
        return extreme(step, -1);
      case Op::Max:
        return extreme(step, 1);
      case Op::Round:
        return rounded(step);
      case Op::Function:
        return each(step, [&](double a) { return finite(step.function(a)); });
      case Op::Part:
        return each(step, [&](double a) { return datePart(static_cast<DatePart>(static_cast<int>(step.number)), a); });
      default:
        return textResult(step);
    }
  }

  Cells textResult(const FormulaStep& step) {
    if (step.op == Op::ToNumber)
      return ofNames(step, [](const std::string& name) {
        double value = 0;
        return parseNumber(name, '.', value) == NumberText::Finite ? value : kMissingNumber;
      });
    if (step.op == Op::Length)
      return ofNames(step, [](const std::string& name) {
        return static_cast<double>(std::count_if(name.begin(), name.end(), [](char c) { return (c & 0xC0) != 0x80; }));
      });
    const std::string part = (*texts(argument(step, 1)).names)[0];
    const bool begin = step.op == Op::StartsWith;
    return ofNames(step, [&](const std::string& name) {
      return (begin ? name.starts_with(part) : name.find(part) != std::string::npos) ? 1.0 : 0.0;
    });
  }

  const Table& table_;
  const std::string& parameter_;
  size_t rows_;
  std::vector<Cells> stack_;
};

}  // namespace

const char* const kFormulaHelp =
    "Numbers: + - * / ^, abs, exp, log, log2, log10, sqrt, floor, ceil, round, min, max, sin, cos. Comparison: == != < "
    "<= > >=, in (1, 2), not in (...). Truth: and, or, not, if(condition, a, b). Missing values: missing, "
    "is_missing(x), coalesce(a, b). Texts in quotes: ==, contains(x, \"part\"), starts_with(x, \"part\"), length(x), "
    "number(x). Times: year, month, day, weekday (Monday is 0), day_of_year, hour, minute, second, weekend, and "
    "comparison with \"2024-01-31\". A name that is no plain word stands in backticks: `body mass (g)`. What is "
    "computed "
    "from a missing value is missing, and so is what is no finite number (1 / 0).";

Formula::Formula(const std::string& text, const Signature& table, std::string parameter)
    : parameter_(std::move(parameter)) {
  ParsedFormula parsed = parseFormula(text, table, parameter_);
  steps_ = std::move(parsed.steps), type_ = parsed.type;
  free_text_ = parsed.free_text, classes_ = std::move(parsed.classes);
}

ColumnInfo Formula::column(const std::string& name) const {
  switch (type_) {
    case FormulaType::Text:
      if (free_text_) return {name, ColumnType::Text};
      return {name, ColumnType::Category, classes_};
    case FormulaType::Time:
      return {name, ColumnType::Time};
    default:
      return {name, ColumnType::Number};
  }
}

Column Formula::evaluate(const Table& table, const std::string& name) const {
  Cells cells = Machine(table, parameter_).run(steps_);
  Column out{.name = name, .type = column(name).type};
  if (cells.kind == Cells::Kind::Missing)
    cells = {.numbers = std::vector<double>(static_cast<size_t>(table.rows()), kMissingNumber)};
  if (cells.kind == Cells::Kind::Numbers) {
    out.numbers = std::move(cells.numbers);
    return out;
  }
  if (out.type != ColumnType::Text) {
    out.type = ColumnType::Category;
    out.codes = std::move(cells.codes), out.classes = std::move(cells.names);
    return out;
  }
  for (const int32_t code : cells.codes) out.texts.push_back(code < 0 ? "" : (*cells.names)[static_cast<size_t>(code)]);
  return out;
}

std::vector<double> Formula::numbers(const Table& table) const {
  return evaluate(table, {}).numbers;
}

}  // namespace blockyard
