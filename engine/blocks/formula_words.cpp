#include "blocks/formula_words.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr size_t kLongest = 20000;

bool isNameByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || (c & 0x80) != 0;
}

}  // namespace

FormulaWords::FormulaWords(const std::string& text, const std::string& parameter) : text_(text), parameter_(parameter) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error({.parameter = parameter}, "no formula is given", "for example: income / persons, or age >= 18");
  if (text.size() > kLongest)
    throw Error({.parameter = parameter}, "the formula is longer than " + std::to_string(kLongest) + " characters");
}

// Characters count as a person does, not in bytes.
void FormulaWords::fail(size_t at, const std::string& problem, const std::string& hint) const {
  const auto begins = [](char c) { return (c & 0xC0) != 0x80; };
  const auto before = std::count_if(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), begins);
  throw Error({.parameter = parameter_}, "at character " + std::to_string(before + 1) + ": " + problem, hint);
}

void FormulaWords::failAtToken(const std::string& expected, const std::string& hint) const {
  fail(token_.at,
       "expected " + expected + ", got " +
           (token_.kind == FormulaToken::Kind::End ? "the end"
                                                   : "\"" + text_.substr(token_.at, next_ - token_.at) + "\""),
       hint);
}

void FormulaWords::advance() {
  while (next_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[next_]))) ++next_;
  token_ = {.at = next_};
  if (next_ == text_.size()) return;
  const char c = text_[next_];
  if (std::isdigit(static_cast<unsigned char>(c)) ||
      (c == '.' && next_ + 1 < text_.size() && std::isdigit(static_cast<unsigned char>(text_[next_ + 1])))) {
    readNumber();
  } else if (c == '"' || c == '\'') {
    readEnclosed(c, FormulaToken::Kind::Text);
  } else if (c == '`') {
    readEnclosed(c, FormulaToken::Kind::Quoted);
  } else if (isNameByte(c)) {
    token_.kind = FormulaToken::Kind::Name;
    while (next_ < text_.size() && isNameByte(text_[next_])) token_.text += text_[next_++];
  } else {
    readSign();
  }
}

void FormulaWords::readNumber() {
  token_.kind = FormulaToken::Kind::Number;
  const char* first = text_.data() + next_;
  const auto [end, problem] = std::from_chars(first, text_.data() + text_.size(), token_.number);
  if (problem != std::errc() || !std::isfinite(token_.number)) fail(next_, "the number is too large or too small");
  next_ += static_cast<size_t>(end - first);
  if (next_ < text_.size() && isNameByte(text_[next_]))
    fail(token_.at, "expected a number, got \"" + text_.substr(token_.at, next_ + 1 - token_.at) + "\"",
         "a name that begins with a digit stands in backticks: `2nd floor`");
}

void FormulaWords::readEnclosed(char mark, FormulaToken::Kind kind) {
  token_.kind = kind;
  for (++next_; next_ < text_.size() && text_[next_] != mark; ++next_) {
    if (text_[next_] == '\\' && next_ + 1 < text_.size()) ++next_;
    token_.text += text_[next_];
  }
  if (next_ == text_.size()) fail(token_.at, std::string("the closing ") + mark + " is missing");
  ++next_;
}

void FormulaWords::readSign() {
  token_.kind = FormulaToken::Kind::Sign;
  static const std::vector<std::string> kSigns = {"==", "!=", "<=", ">=", "**", "&&", "||", "<", ">",
                                                  "+",  "-",  "*",  "/",  "^",  "(",  ")",  ",", "="};
  for (const auto& sign : kSigns) {
    if (text_.compare(next_, sign.size(), sign) != 0) continue;
    token_.text = sign;
    static const std::map<std::string, std::string> kOthers = {{"=", "=="}, {"**", "^"}, {"&&", "and"}, {"||", "or"}};
    if (const auto it = kOthers.find(sign); it != kOthers.end())
      fail(next_, "\"" + sign + "\" is no operator here", "write " + it->second);
    next_ += sign.size();
    return;
  }
  fail(next_, std::string("the character \"") + text_[next_] + "\" has no meaning here",
       "a column with such a name stands in backticks: `my column`");
}

}  // namespace blockyard
