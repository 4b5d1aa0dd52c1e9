// Texts of others - names of columns and classes, notes - as parts of a page, and numbers as a person reads them.
// Pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace blockyard {

// For HTML, SVG and XML, within quotes too. Control characters, which XML refuses, become U+FFFD.
std::string htmlText(std::string_view text);
// For a line of Markdown: nothing in it is a mark, a tag or a cell's end; breaks of lines become spaces.
std::string markdownText(std::string_view text);
// As code in Markdown, whatever quotes it holds.
std::string markdownCode(std::string_view text);

// In double quotes: a JSON string is a YAML string.
std::string yamlText(const std::string& text);

// "0.9731", "1.23e-05"; empty for NaN.
std::string shortNumberText(double value, int digits = 4);
// Digits in groups of three: "12,345".
std::string groupedText(int64_t value);
// "85 ms", "2.1 s", "3 min 20 s", "1 h 02 min".
std::string durationText(double seconds);
// "3.4 MB", in steps of a thousand.
std::string sizeText(double bytes);

}  // namespace blockyard
