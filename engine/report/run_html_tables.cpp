// The sections that are tables: scores, data, settings.
#include <algorithm>
#include <map>

#include "base/value.hpp"
#include "data/table.hpp"
#include "graph/metric_names.hpp"
#include "report/markup.hpp"
#include "report/run_html_parts.hpp"
#include "runs/metric_unit.hpp"

namespace blockyard {
namespace {

constexpr size_t kManyRows = 30;  // longer tables are folded
constexpr size_t kFewScores = 4;  // beside the main ones, that need not be folded

std::string numberCell(const std::string& text) {
  return cell(text, "n");
}

std::string folded(const std::string& summary, const std::string& content, bool fold = true) {
  return fold ? "<details><summary>" + htmlText(summary) + "</summary>" + content + "</details>\n" : content;
}

std::string columnsHtml(const DataCard& card) {
  if (card.columns.empty()) return {};
  const bool missing = std::any_of(card.columns.begin(), card.columns.end(),
                                   [](const CardColumn& column) { return column.missing > 0; });
  std::string out = "<table><thead><tr><th>column</th><th>type</th>" +
                    std::string(missing ? "<th class=\"n\">missing</th>" : "") + "</tr></thead><tbody>";
  for (const CardColumn& column : card.columns)
    out += "<tr><th>" + htmlText(column.name) + "</th>" + cell(column.type) +
           (missing ? numberCell(column.missing > 0 ? groupedText(column.missing) : "") : "") + "</tr>\n";
  out += "</tbody></table>";
  if (missing)
    out += "<p class=\"soft\">Missing values are counted in the first " + groupedText(card.looked_at) + " rows.</p>";
  const std::string count = groupedText(static_cast<int64_t>(card.columns.size()));
  return "<h3>Columns</h3>" + folded(count + " columns", out, card.columns.size() > kManyRows);
}

std::string filesHtml(const DataSeen& data) {
  if (data.files.empty()) return {};
  std::string out = "<table><thead><tr><th>file</th><th class=\"n\">size</th><th>last written</th></tr></thead><tbody>";
  for (const DataFile& file : data.files)
    out += "<tr>" + cell(file.file) +
           numberCell(file.bytes < 0 ? "not there" : sizeText(static_cast<double>(file.bytes))) +
           cell(file.bytes < 0 ? "" : timeText(static_cast<double>(file.modified / 1'000'000'000))) + "</tr>\n";
  out += "</tbody></table>";
  const std::string count = groupedText(static_cast<int64_t>(data.files.size()));
  return "<h3>Files</h3>" + folded(count + " files", out, data.files.size() > kManyRows);
}

std::string leftOutHtml(const DataSeen& data) {
  std::string out;
  for (const RowsLeftOut& rows : data.left_out)
    out += "<tr><th>" + htmlText(rows.block) + "</th>" + numberCell(groupedText(rows.train)) +
           numberCell(groupedText(rows.validation)) + numberCell(groupedText(rows.test)) + "</tr>\n";
  if (out.empty()) return {};
  return "<h3>Rows left out</h3><table><thead><tr><th>by</th><th class=\"n\">training</th><th "
         "class=\"n\">validation</th><th class=\"n\">test</th></tr></thead><tbody>" +
         out + "</tbody></table>";
}

std::string settingRow(const std::string& name, const ReportSetting& setting) {
  return "<tr><th>" + htmlText(name) + "</th>" + cell(setting.value, "value") + cell(setting.fallback, "value") +
         "</tr>\n";
}

std::string scoreRow(const RunRecord& record, const std::vector<std::string>& parts, const std::string& name) {
  std::string out = "<tr><th>" + htmlText(name) + "</th>";
  for (const std::string& part : parts) {
    const MetricValues& values = record.results.at(part);
    const auto it = values.find(name);
    out += numberCell(it == values.end() ? "" : shortNumberText(it->second, 4) + unitBehind(record.plan, name));
  }
  return out + cell(largerIsBetter(name.substr(name.rfind('.') + 1)) ? "larger" : "smaller", "soft") + "</tr>\n";
}

constexpr const char* kSettingsHead =
    "<table><thead><tr><th>setting</th><th>value</th><th>default</th></tr></thead><tbody>";

}  // namespace

std::string cell(const std::string& text, const char* style) {
  return "<td" + (*style == 0 ? std::string() : " class=\"" + std::string(style) + "\"") + ">" + htmlText(text) +
         "</td>";
}

std::string rowsHtml(const std::vector<HtmlRow>& rows) {
  std::string out;
  for (const HtmlRow& row : rows)
    if (!row.value.empty()) out += "<tr><th>" + htmlText(row.name) + "</th>" + cell(row.value) + "</tr>\n";
  return out.empty() ? out : "<table><tbody>" + out + "</tbody></table>\n";
}

std::string scoresHtml(const RunFacts& facts) {
  const Results& results = facts.record.results;
  const auto parts = partsOf(results);
  if (parts.empty()) return "<p class=\"nothing\">The run has no scores: it did not come to its end.</p>";
  std::vector<std::string> names = mainMetrics(results.at(parts.front()));
  const size_t main = names.size();
  for (const std::string& part : parts)
    for (const auto& [name, value] : results.at(part))
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  const auto table = [&](size_t from, size_t to) {
    std::string out = "<div class=\"wide\"><table><thead><tr><th>score</th>";
    for (const std::string& part : parts) out += "<th class=\"n\">" + htmlText(part) + "</th>";
    out += "<th>better is</th></tr></thead><tbody>";
    for (size_t i = from; i < to; ++i) out += scoreRow(facts.record, parts, names[i]);
    return out + "</tbody></table></div>";
  };
  const size_t others = names.size() - main;
  if (others <= kFewScores) return table(0, names.size());
  return table(0, main) + folded(std::to_string(others) + " further scores", table(main, names.size()));
}

std::string dataHtml(const RunFacts& facts) {
  const RunRecord& record = facts.record;
  const DataCard& card = record.card;
  const int64_t rows = record.data.rows > 0 ? record.data.rows : card.rows;
  std::vector<HtmlRow> about{{"read by", card.source}, {"rows", rows > 0 ? groupedText(rows) : ""}};
  for (const char* part : {"train", "validation", "test"})
    if (const auto used = rowsOf(facts, part)) about.push_back({std::string("rows, ") + part, groupedText(*used)});
  about.push_back({"origin", card.origin});
  about.push_back({"licence", card.licence});
  about.push_back(
      {"SHA-256 of the data", record.data_fingerprint.empty() ? card.fingerprint : record.data_fingerprint});
  std::string out = rowsHtml(about);
  if (!card.notes.empty()) {
    out += "<h3>Known problems</h3><ul>";
    for (const std::string& note : card.notes) out += "<li>" + htmlText(note) + "</li>";
    out += "</ul>";
  }
  out += leftOutHtml(record.data) + filesHtml(record.data) + columnsHtml(card);
  return out.empty() ? "<p class=\"nothing\">The run does not say what it has read.</p>" : out;
}

std::string settingsHtml(const RunFacts& facts) {
  if (facts.settings.empty()) return "<p class=\"nothing\">The run does not say how it was set.</p>";
  std::string changed, all;
  int64_t count = 0;
  for (const ReportSettings& place : facts.settings) {
    if (place.settings.empty()) continue;
    std::string rows;
    for (const ReportSetting& setting : place.settings) {
      rows += settingRow(setting.name, setting);
      ++count;
      if (setting.changed) changed += settingRow(place.place + "." + setting.name, setting);
    }
    all += "<h3>" + htmlText(place.place) +
           (place.place == "training" ? "" : " <span class=\"soft\">" + htmlText(place.title) + "</span>") +
           "</h3><div class=\"wide\">" + kSettingsHead + rows + "</tbody></table></div>\n";
  }
  std::string out =
      changed.empty()
          ? "<p>Everything has its default.</p>"
          : "<details open=\"open\"><summary>Settings that differ from their defaults</summary><div class=\"wide\">" +
                (kSettingsHead + changed) + "</tbody></table></div></details>\n";
  return out + folded("All " + groupedText(count) + " settings", all);
}

}  // namespace blockyard
