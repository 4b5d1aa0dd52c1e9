#include "data/parse_number.hpp"

#include <strings.h>
#include <charconv>
#include <cstring>
#include <string>

namespace blockyard {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// The form of a number, and whether all digits before an exponent are zero or its exponent is negative: then a number
// out of range is too small, not too large.
struct Form {
  bool valid = false;
  bool small = false;
};

Form formOf(std::string_view text) {
  size_t i = 0, digits = 0;
  bool zero = true;
  const auto run = [&] {
    for (; i < text.size() && isDigit(text[i]); ++i, ++digits) zero = zero && text[i] == '0';
  };
  run();
  const bool fraction_only = zero;
  if (i < text.size() && text[i] == '.') ++i, run();
  if (digits == 0) return {};
  bool negative = false, exponent = false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    negative = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const size_t before = digits;
    const bool mantissa_zero = zero;
    digits = 0;
    run();
    exponent = digits > 0;
    if (!exponent) return {};
    digits = before, zero = mantissa_zero;
  }
  return {.valid = i == text.size(), .small = zero || negative || (!exponent && fraction_only)};
}

}  // namespace

NumberText parseNumber(std::string_view text, char point, double& value) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) negative = text[0] == '-', text.remove_prefix(1);
  const auto same = [&](const char* word) {
    return text.size() == std::strlen(word) && strncasecmp(text.data(), word, text.size()) == 0;
  };
  if (same("inf") || same("infinity")) return NumberText::Infinite;
  std::string dotted;
  if (point != '.') {
    if (text.find('.') != std::string_view::npos) return NumberText::None;
    dotted = text;
    const size_t at = dotted.find(point);
    if (at != std::string::npos) dotted[at] = '.';
    text = dotted;
  }
  const Form form = formOf(text);
  if (!form.valid) return NumberText::None;
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc::result_out_of_range) {
    if (!form.small) return NumberText::Infinite;
    number = 0;
  }
  value = negative ? -number : number;
  return NumberText::Finite;
}

}  // namespace blockyard
