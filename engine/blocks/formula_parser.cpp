#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/value.hpp"
#include "blocks/formula.hpp"
#include "blocks/formula_words.hpp"
#include "data/calendar.hpp"

namespace blockyard {
namespace {

using Op = FormulaStep::Op;
using Type = FormulaType;

constexpr int kDeepest = 200;

// What a part of the formula gives, and where it stands.
struct Operand {
  Type type = Type::Number;
  size_t at = 0;
  bool literal = false;    // one text or number, the last step
  bool missing = false;    // the word `missing`
  bool free_text = false;  // Text
  std::vector<std::string> classes{};
};

const char* said(Type type) {
  switch (type) {
    case Type::Number:
      return "a number";
    case Type::Truth:
      return "true or false";
    case Type::Text:
      return "a text";
    case Type::Time:
      return "a time";
    default:
      return "any value";
  }
}

std::string contrast(Type wanted, const char* what_for, Type got) {
  std::string out = "expected ";
  return out.append(said(wanted)).append(what_for).append(", got ").append(said(got));
}

const std::map<std::string, double (*)(double)>& functions() {
  static const std::map<std::string, double (*)(double)> kAll = {
      {"abs", std::fabs},  {"exp", std::exp},     {"log", std::log},   {"log2", std::log2}, {"log10", std::log10},
      {"sqrt", std::sqrt}, {"floor", std::floor}, {"ceil", std::ceil}, {"sin", std::sin},   {"cos", std::cos}};
  return kAll;
}

// The functions that are more than one number to one number: what they do, fewest and most arguments.
struct Special {
  Op op;
  size_t fewest, most;
};
const std::map<std::string, Special>& specials() {
  constexpr size_t kMany = 100;
  static const std::map<std::string, Special> kAll = {{"if", {Op::If, 3, 3}},
                                                      {"coalesce", {Op::Coalesce, 2, kMany}},
                                                      {"is_missing", {Op::IsMissing, 1, 1}},
                                                      {"min", {Op::Min, 2, kMany}},
                                                      {"max", {Op::Max, 2, kMany}},
                                                      {"round", {Op::Round, 1, 2}},
                                                      {"contains", {Op::Contains, 2, 2}},
                                                      {"starts_with", {Op::StartsWith, 2, 2}},
                                                      {"length", {Op::Length, 1, 1}},
                                                      {"number", {Op::ToNumber, 1, 1}}};
  return kAll;
}

class Parser : FormulaWords {
 public:
  Parser(const std::string& text, const Signature& table, const std::string& parameter)
      : FormulaWords(text, parameter), table_(table) {
    advance();
  }

  ParsedFormula parse() {
    Operand all = disjunction();
    if (token().kind != FormulaToken::Kind::End) failAtToken("the end of the formula, or an operator such as + or and");
    return {std::move(steps_), all.type, all.free_text, std::move(all.classes)};
  }

 private:
  // --- types

  void need(const Operand& operand, Type type) const {
    if (operand.type == type || operand.type == Type::Any) return;
    if (type == Type::Number && operand.type == Type::Truth) return;
    const std::string hint = type == Type::Truth && operand.type == Type::Number  ? "compare it, as in x != 0"
                             : type == Type::Number && operand.type == Type::Text ? "number(x) reads a text as a number"
                             : type == Type::Number && operand.type == Type::Time
                                 ? "year(x), hour(x) ... are numbers, and so is the difference of two times"
                                 : "";
    fail(operand.at, contrast(type, "", operand.type), hint);
  }

  // A text that is compared with a time is read as one.
  void readAsTime(Operand& operand) {
    if (operand.type != Type::Text || !operand.literal) return;
    FormulaStep& step = literal(operand);
    const double seconds = timeFromText(step.text);
    if (std::isnan(seconds))
      fail(operand.at, "expected a time, got \"" + step.text + "\"",
           "times look like 2024-01-31 or 2024-01-31T08:30:00");
    step = {.op = Op::Number, .number = seconds};
    operand.type = Type::Time;
  }

  FormulaStep& literal(const Operand& operand) { return steps_[places_.at(operand.at)]; }

  // The type of a value that may be any of several.
  Operand joined(std::vector<Operand>& all, size_t from) {
    bool time = false;
    for (size_t i = from; i < all.size(); ++i) time |= all[i].type == Type::Time;
    Operand out{.type = Type::Any, .at = all[from].at};
    for (size_t i = from; i < all.size(); ++i) {
      Operand& next = all[i];
      if (time) readAsTime(next);
      if (next.type == Type::Any) continue;
      if (out.type == Type::Any || (out.type == Type::Truth && next.type == Type::Number)) out.type = next.type;
      if (next.type != out.type && !(out.type == Type::Number && next.type == Type::Truth))
        fail(next.at, contrast(out.type, " as before", next.type),
             "all values that may come out have to be of one type");
      out.free_text |= next.free_text;
      for (const auto& name : next.classes)
        if (std::find(out.classes.begin(), out.classes.end(), name) == out.classes.end()) out.classes.push_back(name);
    }
    return out;
  }

  void needComparable(Operand& a, Operand& b, bool ordered) {
    for (const Operand* each : {&a, &b})
      if (each->missing) fail(each->at, "nothing is equal to missing", "write is_missing(x)");
    if (a.type == Type::Time) readAsTime(b);
    if (b.type == Type::Time) readAsTime(a);
    if (ordered && (a.type == Type::Text || b.type == Type::Text))
      fail((a.type == Type::Text ? a : b).at, "texts have no order: expected == or != between them",
           "number(x) reads a text as a number");
    const auto plain = [](Type type) { return type == Type::Truth ? Type::Number : type; };
    if (a.type == Type::Any || b.type == Type::Any || plain(a.type) == plain(b.type)) return;
    fail(b.at, contrast(a.type, " to compare with", b.type), a.type == Type::Text ? "put a text in quotes: \"1\"" : "");
  }

  // --- grammar, from what binds loosest

  struct Deeper {
    explicit Deeper(Parser& parser) : parser(parser) {
      if (++parser.depth_ > kDeepest)
        parser.fail(parser.token().at, "the formula is nested more than " + std::to_string(kDeepest) + " levels deep",
                    "make two formulas of it");
    }
    ~Deeper() { --parser.depth_; }
    Parser& parser;
  };

  void emit(Op op, size_t arity) { steps_.push_back({.op = op, .arity = arity}); }

  Operand truths(const char* word, Op op, Operand (Parser::*part)()) {
    Operand left = (this->*part)();
    while (atWord(word)) {
      need(left, Type::Truth);
      advance();
      const Operand right = (this->*part)();
      need(right, Type::Truth);
      emit(op, 2);
      left = {.type = Type::Truth, .at = left.at};
    }
    return left;
  }

  Operand disjunction() { return truths("or", Op::Or, &Parser::conjunction); }
  Operand conjunction() { return truths("and", Op::And, &Parser::negation); }

  Operand negation() {
    const size_t at = token().at;
    if (!takeWord("not")) return comparison();
    const Deeper deeper(*this);
    need(negation(), Type::Truth);
    emit(Op::Not, 1);
    return {.type = Type::Truth, .at = at};
  }

  Operand comparison() {
    Operand left = sum();
    static const std::vector<std::pair<const char*, Op>> kOps = {{"==", Op::Equal}, {"!=", Op::NotEqual},
                                                                 {"<", Op::Less},   {"<=", Op::LessEqual},
                                                                 {">", Op::More},   {">=", Op::MoreEqual}};
    for (const auto& [sign, op] : kOps) {
      if (!takeSign(sign)) continue;
      Operand right = sum();
      needComparable(left, right, op != Op::Equal && op != Op::NotEqual);
      emit(op, 2);
      for (const auto& [again, _] : kOps)
        if (atSign(again)) failAtToken("and, or, or the end", "write a < b and b < c");
      return {.type = Type::Truth, .at = left.at};
    }
    if (takeWord("in")) return membership(left);
    if (atWord("not")) {
      advance();
      if (!takeWord("in")) failAtToken("in", "write x not in (1, 2), or not (...)");
      membership(left);
      emit(Op::Not, 1);
      return {.type = Type::Truth, .at = left.at};
    }
    return left;
  }

  Operand membership(Operand& left) {
    needSign("(", "( and a list of values, as in (1, 2, 3)");
    size_t count = 0;
    do {
      Operand value = sum();
      needComparable(left, value, false);
      ++count;
    } while (takeSign(","));
    needSign(")", "a comma or )");
    emit(Op::In, count + 1);
    return {.type = Type::Truth, .at = left.at};
  }

  Operand sum() {
    Operand left = product();
    while (atSign("+") || atSign("-")) {
      const bool plus = atSign("+");
      advance();
      Operand right = product();
      if (left.type == Type::Time) readAsTime(right);
      if (right.type == Type::Time) readAsTime(left);
      const bool times = left.type == Type::Time && right.type == Type::Time;
      const bool moved = left.type == Type::Time && !times;
      if (times && plus) fail(right.at, "two times cannot be added", "their difference is a number of seconds");
      if (!times) need(right, Type::Number);
      if (!times && !moved) need(left, Type::Number);
      emit(plus ? Op::Add : Op::Subtract, 2);
      left = {.type = moved ? Type::Time : Type::Number, .at = left.at};
    }
    return left;
  }

  Operand product() {
    Operand left = unary();
    while (atSign("*") || atSign("/")) {
      const Op op = atSign("*") ? Op::Multiply : Op::Divide;
      advance();
      need(left, Type::Number);
      need(unary(), Type::Number);
      emit(op, 2);
      left = {.type = Type::Number, .at = left.at};
    }
    return left;
  }

  Operand unary() {
    const size_t at = token().at;
    if (!atSign("-") && !atSign("+")) return power();
    const Deeper deeper(*this);
    const bool minus = atSign("-");
    advance();
    need(unary(), Type::Number);
    if (minus) emit(Op::Negate, 1);
    return {.type = Type::Number, .at = at};
  }

  Operand power() {
    Operand base = primary();
    if (!takeSign("^")) return base;
    const Deeper deeper(*this);
    need(base, Type::Number);
    need(unary(), Type::Number);
    emit(Op::Power, 2);
    return {.type = Type::Number, .at = base.at};
  }

  Operand primary() {
    const FormulaToken word = token();
    Operand out{.at = word.at};
    switch (word.kind) {
      case FormulaToken::Kind::Number:
        advance();
        steps_.push_back({.op = Op::Number, .number = word.number});
        return out;
      case FormulaToken::Kind::Text:
        advance();
        places_[word.at] = steps_.size();
        steps_.push_back({.op = Op::Text, .text = word.text});
        out.type = Type::Text, out.literal = true, out.classes = {word.text};
        return out;
      case FormulaToken::Kind::Name:
        return named(word);
      case FormulaToken::Kind::Quoted:
        advance();
        return column(word);
      default:
        break;
    }
    if (!takeSign("(")) failAtToken("a number, a text, a column or (");
    const Deeper deeper(*this);
    out = disjunction();
    needSign(")", "an operator or )");
    out.at = word.at, out.literal = false;
    return out;
  }

  Operand named(const FormulaToken& token) {
    for (const char* word : {"and", "or", "not", "in"})
      if (token.text == word) failAtToken("a number, a text, a column or (");
    advance();
    if (atSign("(")) return call(token);
    if (token.text == "missing") {
      emit(Op::Missing, 0);
      return {.type = Type::Any, .at = token.at, .missing = true};
    }
    if (token.text == "true" || token.text == "false") {
      steps_.push_back({.op = Op::Number, .number = token.text == "true" ? 1.0 : 0.0});
      return {.type = Type::Truth, .at = token.at};
    }
    return column(token);
  }

  Operand column(const FormulaToken& token) {
    steps_.push_back({.op = Op::Column, .text = token.text});
    std::vector<std::string> names;
    for (const ColumnInfo& info : table_.columns) {
      names.push_back(info.name);
      if (info.name != token.text) continue;
      switch (info.type) {
        case ColumnType::Number:
          return {.type = Type::Number, .at = token.at};
        case ColumnType::Time:
          return {.type = Type::Time, .at = token.at};
        case ColumnType::Category:
          return {.type = Type::Text, .at = token.at, .classes = info.classes};
        case ColumnType::Text:
          return {.type = Type::Text, .at = token.at, .free_text = true};
      }
    }
    if (table_.open) return {.type = Type::Any, .at = token.at};
    const std::string near = nearestName(token.text, names);
    fail(token.at, "there is no column \"" + token.text + "\"",
         near.empty() ? "a text stands in quotes: \"" + token.text + "\"" : "did you mean \"" + near + "\"?");
  }

  Operand call(const FormulaToken& name) {
    const auto part = std::find(kDatePartNames.begin(), kDatePartNames.end(), name.text);
    const auto special = specials().find(name.text);
    const auto function = functions().find(name.text);
    if (part == kDatePartNames.end() && special == specials().end() && function == functions().end()) failUnknown(name);
    needSign("(", "(");
    const Deeper deeper(*this);
    std::vector<Operand> arguments;
    if (!atSign(")")) do
        arguments.push_back(disjunction());
      while (takeSign(","));
    needSign(")", "a comma or )");
    const size_t fewest = special == specials().end() ? 1 : special->second.fewest;
    const size_t most = special == specials().end() ? 1 : special->second.most;
    if (arguments.size() < fewest || arguments.size() > most)
      fail(name.at, name.text + " takes " + std::to_string(fewest) +
                        (most == fewest ? ""
                         : most < 10    ? " or " + std::to_string(most)
                                        : " or more") +
                        (most == 1 ? " value, got " : " values, got ") + std::to_string(arguments.size()));
    if (special != specials().end()) return callSpecial(name, special->second.op, arguments);
    if (function != functions().end()) {
      need(arguments[0], Type::Number);
      steps_.push_back({.op = Op::Function, .arity = 1, .text = name.text, .function = function->second});
    } else {
      readAsTime(arguments[0]);
      need(arguments[0], Type::Time);
      steps_.push_back({.op = Op::Part, .arity = 1, .number = static_cast<double>(part - kDatePartNames.begin())});
    }
    return {.type = part != kDatePartNames.end() && name.text == "weekend" ? Type::Truth : Type::Number, .at = name.at};
  }

  [[noreturn]] void failUnknown(const FormulaToken& name) const {
    std::vector<std::string> known(kDatePartNames.begin(), kDatePartNames.end());
    for (const auto& [each, _] : specials()) known.push_back(each);
    for (const auto& [each, _] : functions()) known.push_back(each);
    const std::string near = nearestName(name.text, known);
    fail(name.at, "there is no function \"" + name.text + "\"", near.empty() ? "" : "did you mean \"" + near + "\"?");
  }

  Operand callSpecial(const FormulaToken& name, Op op, std::vector<Operand>& arguments) {
    Operand out{.at = name.at};
    switch (op) {
      case Op::If:
        need(arguments[0], Type::Truth);
        out = joined(arguments, 1);
        break;
      case Op::Coalesce:
        out = joined(arguments, 0);
        break;
      case Op::Min:
      case Op::Max:
        out = joined(arguments, 0);
        if (out.type != Type::Time) need(out, Type::Number), out.type = Type::Number;
        break;
      case Op::IsMissing:
        out.type = Type::Truth;
        break;
      case Op::Round:
        for (const auto& each : arguments) need(each, Type::Number);
        break;
      default:
        for (const auto& each : arguments) need(each, Type::Text);
        out.type = op == Op::Contains || op == Op::StartsWith ? Type::Truth : Type::Number;
        if (out.type == Type::Truth && !arguments[1].literal)
          fail(arguments[1].at, "expected a text in quotes", name.text + "(column, \"part\")");
    }
    out.at = name.at;
    emit(op, arguments.size());
    return out;
  }

  const Signature& table_;
  int depth_ = 0;
  std::vector<FormulaStep> steps_;
  std::map<size_t, size_t> places_;  // of the texts in quotes: step by place in the formula
};

}  // namespace

ParsedFormula parseFormula(const std::string& text, const Signature& table, const std::string& parameter) {
  return Parser(text, table, parameter).parse();
}

}  // namespace blockyard
