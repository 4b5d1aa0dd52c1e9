// The section about the rows that the run was most wrong about.
#include <algorithm>
#include <cmath>

#include "report/markup.hpp"
#include "report/run_html_parts.hpp"

namespace blockyard {
namespace {

constexpr size_t kManyColumns = 10;  // more of them are a list behind each row

// "98 %", "0.02 %".
std::string percentText(double share) {
  return std::isnan(share) ? std::string() : shortNumberText(100 * share, 2) + " %";
}

// A picture of each row with what was said about it.
std::string picturesHtml(const ErrorExamples& errors) {
  std::string out = "<div class=\"pictures\">";
  for (const ErrorExample& each : errors.examples) {
    if (each.picture.empty()) continue;
    const std::string about = "row " + groupedText(each.row + 1);
    out += "<figure><img src=\"data:image/png;base64," + each.picture + "\" alt=\"" +
           htmlText(about + ", truly " + each.truth + ", answered " + each.answer) + "\"/><div><b>" +
           htmlText(each.truth) + "</b> taken for <b>" + htmlText(each.answer) + "</b> " +
           htmlText(percentText(each.probability)) + "<br/><span class=\"soft\">" +
           htmlText(each.name.empty() ? about : about + ", " + each.name) + "</span></div></figure>\n";
  }
  return out + "</div>";
}

std::string columnsHtml(const ErrorExample& example) {
  std::string out = "<td><details><summary>" + groupedText(static_cast<int64_t>(example.columns.size())) +
                    " columns</summary><table><tbody>";
  for (const auto& [name, text] : example.columns) out += "<tr><th>" + htmlText(name) + "</th>" + cell(text) + "</tr>";
  return out + "</tbody></table></details></td>";
}

std::string tableHtml(const ErrorExamples& errors) {
  const ErrorExample& first = errors.examples.front();
  const bool numbers = std::isnan(first.probability);
  const bool wide = first.columns.size() > kManyColumns;
  const bool named = std::any_of(errors.examples.begin(), errors.examples.end(),
                                 [](const ErrorExample& each) { return !each.name.empty(); });
  std::string out = "<div class=\"wide\"><table><thead><tr><th class=\"n\">row</th>" +
                    std::string(named ? "<th>name</th>" : "") + "<th>true</th><th>answer</th>" +
                    (numbers ? "<th class=\"n\">off by</th>"
                             : "<th class=\"n\">probability</th><th class=\"n\">of the true one</th>");
  if (wide) out += "<th>row</th>";
  for (size_t i = 0; !wide && i < first.columns.size(); ++i) out += "<th>" + htmlText(first.columns[i].first) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const ErrorExample& each : errors.examples) {
    out += "<tr>" + cell(groupedText(each.row + 1), "n") + (named ? cell(each.name) : "") + cell(each.truth) +
           cell(each.answer) +
           (numbers ? cell(shortNumberText(each.wrongness), "n")
                    : cell(percentText(each.probability), "n") + cell(percentText(each.truth_probability), "n"));
    if (wide) out += columnsHtml(each);
    for (size_t i = 0; !wide && i < each.columns.size(); ++i) out += cell(each.columns[i].second);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

}  // namespace

std::string errorsHtml(const RunFacts& facts) {
  if (!facts.errors) return {};
  const ErrorExamples& errors = *facts.errors;
  const bool numbers = errors.measure == "absolute error";
  const std::string of = groupedText(errors.rows) + " " + errors.part + " rows";
  if (errors.examples.empty())
    return "<p>" +
           htmlText(numbers ? "All " + of + " were answered exactly." : "None of the " + of + " was answered wrong.") +
           "</p>";
  const std::string count = groupedText(static_cast<int64_t>(errors.examples.size()));
  std::string out =
      "<p>" +
      htmlText(numbers ? "The " + count + " of " + of + " with the largest error, the worst first."
                       : groupedText(errors.wrong) + " of " + of + " were answered wrong. These are the " + count +
                             " with the largest loss, the worst first.") +
      "</p>\n";
  if (!errors.examples.front().picture.empty()) return out + picturesHtml(errors);
  return out + tableHtml(errors);
}

}  // namespace blockyard
