#include "export/profile_html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/value.hpp"
#include "report/markup.hpp"

namespace blockyard {
namespace {

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; --line: #8884; --bar: #3b82c4; --soft: #8888; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: Canvas; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
rect { fill: var(--bar); } small, .soft { color: GrayText; } li { margin: .2rem 0; } code { word-break: break-all; }
.share { background: var(--line); height: .45rem; width: 6rem; } .share div { background: var(--bar); height: 100%; }
</style>
)";

std::string number(double value) {
  if (std::isnan(value)) return {};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

std::string valueText(const ColumnProfile& column, double value) {
  return column.type == "time" && !std::isnan(value) ? timeText(value) : number(value);
}

std::string histogramSvg(const ColumnProfile& column) {
  constexpr int kWidth = 160, kHeight = 40;
  const int64_t most = *std::max_element(column.histogram.begin(), column.histogram.end());
  const auto bins = static_cast<int>(column.histogram.size());
  std::string out =
      "<svg width=\"160\" height=\"40\" role=\"img\"><title>" +
      htmlText(valueText(column, column.histogram_from) + " to " + valueText(column, column.histogram_to)) + "</title>";
  for (int i = 0; i < bins; ++i) {
    const auto rows = column.histogram[static_cast<size_t>(i)];
    const double height = most == 0 ? 0 : kHeight * static_cast<double>(rows) / static_cast<double>(most);
    out += "<rect x=\"" + number(static_cast<double>(kWidth * i) / bins) + "\" y=\"" + number(kHeight - height) +
           "\" width=\"" + number(static_cast<double>(kWidth) / bins - 1) + "\" height=\"" + number(height) +
           "\"><title>" + groupedText(rows) + " rows</title></rect>";
  }
  return out + "</svg>";
}

std::string topHtml(const ColumnProfile& column) {
  std::string out;
  for (const auto& [name, rows] : column.top) {
    const double share = 100 * static_cast<double>(rows) / static_cast<double>(std::max<int64_t>(1, column.rows));
    out += "<div>" + htmlText(name) + " <small>" + groupedText(rows) + " (" + number(std::round(10 * share) / 10) +
           " %)</small><div class=\"share\"><div style=\"width:" + number(share) + "%\"></div></div></div>";
  }
  if (column.distinct > static_cast<int64_t>(column.top.size()))
    out += "<small>and " + groupedText(column.distinct - static_cast<int64_t>(column.top.size())) + " others</small>";
  return out;
}

std::string numbersHtml(const ColumnProfile& column) {
  std::string out =
      histogramSvg(column) + "<br>" + valueText(column, column.min) + " to " + valueText(column, column.max);
  if (column.type != "time")
    out += "<br><small>mean " + number(column.mean) + ", deviation " + number(column.deviation) + "</small>";
  out += "<br><small>";
  for (size_t i = 0; i < column.quantiles.size(); ++i)
    out += (i == 0 ? "" : " &middot; ") + number(100 * kQuantiles[i]) + " %: " + valueText(column, column.quantiles[i]);
  out += "</small>";
  if (column.outliers > 0) out += "<br><small>" + groupedText(column.outliers) + " outliers</small>";
  return out;
}

std::string rowHtml(const ColumnProfile& column) {
  const double missing =
      column.rows == 0 ? 0 : 100 * static_cast<double>(column.missing) / static_cast<double>(column.rows);
  std::string values;
  if (!column.histogram.empty())
    values = numbersHtml(column);
  else if (!column.top.empty())
    values = topHtml(column);
  else if (!std::isnan(column.mean_length))
    values = "mean length " + number(column.mean_length) + ", longest " + groupedText(column.longest);
  return "<tr><td><b>" + htmlText(column.name) + "</b></td><td>" + htmlText(column.type) + "</td><td class=\"n\">" +
         groupedText(column.missing) +
         (column.missing > 0 ? "<br><small>" + number(std::round(10 * missing) / 10) + " %</small>" : "") +
         "</td><td class=\"n\">" + (column.more_distinct ? "about " : "") + groupedText(column.distinct) +
         "</td><td class=\"n\">" +
         (column.measure.empty()
              ? ""
              : number(std::round(1e4 * column.association) / 1e4) + "<br><small>" + column.measure + "</small>") +
         "</td><td>" + values + "</td></tr>\n";
}

}  // namespace

std::string profileHtml(const DataProfile& profile, const std::string& title) {
  std::string out = kHead;
  out += "<title>" + htmlText(title) + "</title></head><body><h1>" + htmlText(title) + "</h1>\n<p>" +
         groupedText(profile.rows) + " rows, " + groupedText(static_cast<int64_t>(profile.columns.size())) +
         " columns, ";
  out += profile.duplicates == 0 ? "no row occurs twice"
                                 : std::string(profile.duplicates_estimated ? "about " : "") +
                                       groupedText(profile.duplicates) + " rows occur more than once";
  out += ".<br><small>SHA-256 of the data: <code>" + htmlText(profile.fingerprint) + "</code></small></p>\n";
  if (const auto notes = notesOn(profile); !notes.empty()) {
    out += "<h2>To be known</h2><ul>";
    for (const std::string& note : notes) out += "<li>" + htmlText(note) + "</li>";
    out += "</ul>\n";
  }
  out +=
      "<h2>Columns</h2><table><thead><tr><th>column</th><th>type</th><th class=\"n\">missing</th><th class=\"n\">"
      "distinct</th><th class=\"n\">with the target</th><th>values</th></tr></thead><tbody>\n";
  for (const ColumnProfile& column : profile.columns) out += rowHtml(column);
  out += "</tbody></table>\n<p class=\"soft\"><small>Quantiles, outliers and histograms are exact for up to " +
         groupedText(static_cast<int64_t>(kSketchSize)) + " values and off by at most " + number(100 * kSketchError) +
         " % of the rows beyond that; counts with \"about\" are estimates. With the target: Pearson's correlation, the "
         "correlation ratio eta, or Cramer's V.</small></p></body></html>\n";
  return out;
}

}  // namespace blockyard
