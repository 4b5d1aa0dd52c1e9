#include "report/markup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace blockyard {
namespace {

constexpr const char* kReplacement = "\xef\xbf\xbd";

bool isControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

template <class... Numbers>
std::string printed(const char* format, Numbers... numbers) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, numbers...);
  return text.data();
}

}  // namespace

std::string htmlText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (isControl(c))
      out += kReplacement;
    else
      out += c;
  }
  return out;
}

std::string markdownText(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_{}[]|~$^", kMarksAtTheStart = "#+!-=.";
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '\n' || c == '\t')
      out += ' ';
    else if (isControl(c))
      out += kReplacement;
    else if (kMarks.find(c) != std::string_view::npos || (i == 0 && kMarksAtTheStart.find(c) != std::string_view::npos))
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string markdownCode(std::string_view text) {
  size_t longest = 0, row = 0;
  std::string clean;
  for (const char c : text) {
    longest = std::max(longest, row = c == '`' ? row + 1 : 0);
    clean += c == '\n' || c == '\t' ? std::string(" ") : isControl(c) ? kReplacement : std::string(1, c);
  }
  const std::string fence(longest + 1, '`');
  return longest == 0 ? fence + clean + fence : fence + " " + clean + " " + fence;
}

std::string yamlText(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string shortNumberText(double value, int digits) {
  if (std::isnan(value)) return {};
  if (value == std::round(value) && std::abs(value) < 1e6) return printed("%.0f", value);
  return printed("%.*g", digits, value);
}

std::string groupedText(int64_t value) {
  std::string text = std::to_string(value);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string durationText(double seconds) {
  if (seconds < 1) return printed("%.0f ms", seconds * 1000);
  if (seconds < 60) return printed("%.1f s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 3600) return printed("%lld min %02lld s", whole / 60, whole % 60);
  return printed("%lld h %02lld min", whole / 3600, whole % 3600 / 60);
}

std::string sizeText(double bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) bytes /= 1000, ++unit;
  return printed(unit == 0 || bytes >= 99.5 ? "%.0f %s" : "%.3g %s", bytes, kUnits[unit]);
}

}  // namespace blockyard
