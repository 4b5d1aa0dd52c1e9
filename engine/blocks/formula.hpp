// Formula: a small typed language over the columns of a table, as in if(age > 60, dose / weight, missing). It is
// checked while wiring, with errors at the character, and then worked out column by column. Torch-free.
//
//   values     12.5  "text"  'text'  missing  true  false  name  `any name`
//   numbers    + - * / ^ and abs exp log log2 log10 sqrt floor ceil round min max sin cos
//   compare    == != < <= > >=   x in (1, 2, 3)   x not in ("a", "b")
//   truth      and or not, if(condition, a, b)
//   missing    is_missing(x), coalesce(a, b, ...): the first that is not missing
//   texts      contains(x, "part"), starts_with(x, "part"), length(x), number(x)
//   times      year month day weekday (Monday = 0) day_of_year hour minute second weekend; x > "2024-01-31"
//
// A missing value makes what is computed from it missing, and so does everything that is no finite number (1 / 0,
// log(-1)); only "false and missing" is false, "true or missing" is true. A truth counts as 1 or 0.
#pragma once
#include <string>
#include <vector>

#include "blocks/signature.hpp"

namespace blockyard {

// Any: of a column that is not known yet, or `missing`.
enum class FormulaType { Number, Truth, Text, Time, Any };

// One step of a formula as it is worked out: takes `arity` values off a stack and puts one on it.
struct FormulaStep {
  enum class Op {
    Number,
    Text,
    Missing,
    Column,
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    More,
    MoreEqual,
    In,
    And,
    Or,
    Not,
    If,
    Coalesce,
    IsMissing,
    Min,
    Max,
    Round,
    Function,
    Part,
    Contains,
    StartsWith,
    Length,
    ToNumber
  };
  Op op = Op::Number;
  size_t arity = 0;
  double number = 0;                     // Number; Part: which; In: how many values; Round: digits are given
  std::string text{};                    // Text; Column, Function: its name
  double (*function)(double) = nullptr;  // Function
};

class Formula {
 public:
  // Throws Error at `parameter` that says where in the text. In a table whose columns are not all known yet, a name
  // that is not there may be of any type.
  Formula(const std::string& text, const Signature& table, std::string parameter);

  FormulaType type() const { return type_; }
  // What evaluate() gives: truths as numbers 1 and 0.
  ColumnInfo column(const std::string& name) const;
  Column evaluate(const Table& table, const std::string& name) const;
  // The same as numbers, NaN where it is missing. Not for texts.
  std::vector<double> numbers(const Table& table) const;

 private:
  std::string parameter_;
  std::vector<FormulaStep> steps_;
  FormulaType type_ = FormulaType::Number;
  bool free_text_ = false;            // a text that is not one of some classes
  std::vector<std::string> classes_;  // of a Text
};

// What the parser makes of a text.
struct ParsedFormula {
  std::vector<FormulaStep> steps{};
  FormulaType type = FormulaType::Number;
  bool free_text = false;
  std::vector<std::string> classes{};
};
ParsedFormula parseFormula(const std::string& text, const Signature& table, const std::string& parameter);

// For help texts of parameters that hold one.
extern const char* const kFormulaHelp;

}  // namespace blockyard
