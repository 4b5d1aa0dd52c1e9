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
svg { display: block; margin: .15rem 0; } .keep { white-space: nowrap; }
.top { display: grid; grid-template-columns: fit-content(22rem) 6rem auto; gap: .1rem .7rem; align-items: center; }
.top span { overflow-wrap: anywhere; }
.share { background: var(--line); height: .6rem; } .share div { background: var(--bar); height: 100%; min-width: 1px; }
</style>
)";

std::string number(double value, int digits = 6) {
  if (std::isnan(value)) return {};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  return text.data();
}

// A number of the data: large ones whole and in groups, "443,867,222", as they are read more easily than powers of ten.
std::string dataNumber(double value, int digits = 6) {
  constexpr double kGrouped = 1e4, kLarge = 1e5, kMost = 1e15;
  const double least = value == std::round(value) ? kGrouped : kLarge;
  if (std::abs(value) < least || !(std::abs(value) < kMost)) return number(value, digits);
  return groupedText(std::llround(value));
}

std::string percent(double share) {
  if (share > 0 && share < 0.0005) return "&lt; 0.1 %";
  return number(std::round(1000 * share) / 10) + " %";
}

double shareOf(int64_t rows, const ColumnProfile& column) {
  return static_cast<double>(rows) / static_cast<double>(std::max<int64_t>(1, column.rows));
}

const char* measureText(const std::string& measure) {
  if (measure == "pearson") return "Pearson's r";
  return measure == "eta" ? "eta" : "Cramér's V";
}

std::string valueText(const ColumnProfile& column, double value) {
  return column.type == "time" && !std::isnan(value) ? timeText(value) : dataNumber(value);
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
  std::string out = "<div class=\"top\">";
  for (const auto& [name, rows] : column.top) {
    const double share = shareOf(rows, column);
    out += "<span>" + htmlText(name) + "</span><div class=\"share\"><div style=\"width:" + number(100 * share) +
           "%\"></div></div><small>" + groupedText(rows) + " (" + percent(share) + ")</small>";
  }
  out += "</div>";
  if (column.distinct > static_cast<int64_t>(column.top.size()))
    out += "<small>and " + groupedText(column.distinct - static_cast<int64_t>(column.top.size())) + " others</small>";
  return out;
}

std::string numbersHtml(const ColumnProfile& column) {
  std::string out = histogramSvg(column) + valueText(column, column.min) + " to " + valueText(column, column.max);
  if (column.type != "time")
    out +=
        "<br><small>mean " + dataNumber(column.mean, 4) + ", deviation " + dataNumber(column.deviation, 4) + "</small>";
  out += "<br><small>";
  for (size_t i = 0; i < column.quantiles.size(); ++i)
    out += (i == 0 ? "" : " &middot; ") + ("<span class=\"keep\">" + number(100 * kQuantiles[i])) +
           " %: " + valueText(column, column.quantiles[i]) + "</span>";
  out += "</small>";
  if (column.outliers > 0)
    out +=
        "<br><small>" + groupedText(column.outliers) + (column.outliers == 1 ? " outlier" : " outliers") + "</small>";
  return out;
}

// `related`: there is a column for what ties it to the target.
std::string rowHtml(const ColumnProfile& column, bool related) {
  std::string values;
  if (!column.histogram.empty())
    values = numbersHtml(column);
  else if (!column.top.empty())
    values = topHtml(column);
  else if (!std::isnan(column.mean_length))
    values = "mean length " + number(column.mean_length) + ", longest " + groupedText(column.longest);
  const std::string tie = column.measure.empty() ? ""
                                                 : number(std::round(1e4 * column.association) / 1e4) + "<br><small>" +
                                                       measureText(column.measure) + "</small>";
  return "<tr><td><b>" + htmlText(column.name) + "</b></td><td>" + htmlText(column.type) + "</td><td class=\"n\">" +
         groupedText(column.missing) +
         (column.missing > 0 ? "<br><small>" + percent(shareOf(column.missing, column)) + "</small>" : "") +
         "</td><td class=\"n\">" + (column.more_distinct ? "about " : "") + groupedText(column.distinct) + "</td>" +
         (related ? "<td class=\"n\">" + tie + "</td>" : "") + "<td>" + values + "</td></tr>\n";
}

}  // namespace

std::string profileHtml(const DataProfile& profile, const std::string& title) {
  std::string out = kHead;
  out += "<title>" + htmlText(title) + "</title></head><body><h1>" + htmlText(title) + "</h1>\n<p>" +
         groupedText(profile.rows) + " rows, " + groupedText(static_cast<int64_t>(profile.columns.size())) +
         " columns, ";
  out += profile.duplicates == 0
             ? "no row occurs twice"
             : std::string(profile.duplicates_estimated ? "about " : "") + groupedText(profile.duplicates) +
                   (profile.duplicates == 1 ? " row occurs" : " rows occur") + " more than once";
  out += ".<br><small>SHA-256 of the data: <code>" + htmlText(profile.fingerprint) + "</code></small></p>\n";
  if (const auto notes = notesOn(profile); !notes.empty()) {
    out += "<h2>To be known</h2><ul>";
    for (const std::string& note : notes) out += "<li>" + htmlText(note) + "</li>";
    out += "</ul>\n";
  }
  const bool related = std::any_of(profile.columns.begin(), profile.columns.end(),
                                   [](const ColumnProfile& column) { return !column.measure.empty(); });
  out += "<h2>Columns</h2><table><thead><tr><th>column</th><th>type</th><th class=\"n\">missing</th>";
  out += std::string("<th class=\"n\">distinct</th>") + (related ? "<th class=\"n\">with the target</th>" : "");
  out += "<th>values</th></tr></thead><tbody>\n";
  for (const ColumnProfile& column : profile.columns) out += rowHtml(column, related);
  out += "</tbody></table>\n<p class=\"soft\"><small>Quantiles, outliers and histograms are exact for up to " +
         groupedText(static_cast<int64_t>(kSketchSize)) + " values and off by at most " + number(100 * kSketchError) +
         " % of the rows beyond that; counts with \"about\" are estimates." +
         (related ? " With the target: Pearson's correlation r, the correlation ratio eta, or Cramér's V." : "") +
         "</small></p></body></html>\n";
  return out;
}

}  // namespace blockyard
