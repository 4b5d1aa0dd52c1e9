// The sections that are pictures: curves, confusion matrices.
#include <algorithm>
#include <cmath>

#include "graph/metric_names.hpp"
#include "report/chart.hpp"
#include "report/markup.hpp"
#include "report/run_html_parts.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostClasses = 30;     // of a matrix that can still be read
constexpr size_t kMostConfusions = 15;  // in the list of the most frequent ones
constexpr size_t kFewClasses = 4;       // the matrix says it all
constexpr double kStrongest = 0.55;     // shade of a cell: text stays readable on it

ChartCurve curveOf(const RunFacts& facts, const std::string& tag, const std::string& name, const char* style) {
  ChartCurve out{.name = name, .style = style};
  if (const auto it = facts.curves.find(tag); it != facts.curves.end())
    for (const auto& point : it->second)
      out.points.push_back({static_cast<double>(point.step), static_cast<double>(point.value)});
  return out;
}

bool drawable(const ChartCurve& curve) {
  return std::any_of(curve.points.begin(), curve.points.end(), [](const ChartPoint& p) { return std::isfinite(p.y); });
}

std::string key(const std::string& style, const std::string& name) {
  return "<span><i class=\"key " + style + "\"></i>" + htmlText(name) + "</span>";
}

std::string figureHtml(const RunFacts& facts, Chart chart, bool with_best = false) {
  std::erase_if(chart.curves, [](const ChartCurve& curve) { return !drawable(curve); });
  if (chart.curves.empty()) return {};
  chart.x_title = "step";
  for (const ReportEvent& event : facts.events)
    chart.marks.push_back({static_cast<double>(event.step), "step " + groupedText(event.step) + ": " + event.text});
  std::string caption = htmlText(chart.title);
  if (chart.curves.size() > 1 || with_best)
    for (const ChartCurve& curve : chart.curves) caption += key(curve.style, curve.name);
  if (with_best) {
    const bool larger = largerIsBetter(chart.title.substr(chart.title.rfind('.') + 1));
    const auto better = [&](const ChartPoint& a, const ChartPoint& b) {
      if (!std::isfinite(a.y) || !std::isfinite(b.y)) return std::isfinite(a.y);
      return larger ? a.y > b.y : a.y < b.y;
    };
    const auto& points = chart.curves.back().points;
    chart.highlights.push_back(*std::min_element(points.begin(), points.end(), better));
    caption += key("dot", "best, " + shortNumberText(chart.highlights.back().y));
  }
  if (!chart.marks.empty()) caption += key("upright", "events");
  return "<figure><figcaption>" + caption + "</figcaption>" + chartSvg(chart) + "</figure>\n";
}

std::string cellHtml(int64_t count, int64_t of_row, bool diagonal) {
  const double share = of_row == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of_row);
  const std::string alpha = shortNumberText(std::round(share * kStrongest * 1000) / 1000);
  return "<td style=\"background: rgba(" + std::string(diagonal ? "0,114,178," : "213,94,0,") + alpha + ")\" title=\"" +
         shortNumberText(std::round(share * 1000) / 10) + " % of the row\">" + groupedText(count) + "</td>";
}

std::string matrixHtml(const ReportHead& head) {
  std::string out =
      "<p class=\"soft\">Rows: true class. Columns: answer. Shade: share of the row.</p><div class=\"wide\"><table "
      "class=\"confusion\"><thead><tr><th></th>";
  for (const ReportClass& each : head.classes) out += "<th>" + htmlText(each.name) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (size_t i = 0; i < head.confusion.size(); ++i) {
    int64_t rows = 0;
    for (const int64_t count : head.confusion[i]) rows += count;
    out += "<tr><th>" + htmlText(head.classes[i].name) + "</th>";
    for (size_t j = 0; j < head.confusion[i].size(); ++j) out += cellHtml(head.confusion[i][j], rows, i == j);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

std::string confusionsHtml(const ReportHead& head) {
  struct Mistake {
    size_t truth, answer;
    int64_t count;
  };
  std::vector<Mistake> mistakes;
  for (size_t i = 0; i < head.confusion.size(); ++i)
    for (size_t j = 0; j < head.confusion[i].size(); ++j)
      if (i != j && head.confusion[i][j] > 0) mistakes.push_back({i, j, head.confusion[i][j]});
  if (mistakes.empty()) return {};
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
  mistakes.resize(std::min(mistakes.size(), kMostConfusions));
  std::string out =
      "<h3>Most frequent mistakes</h3><table><thead><tr><th>true class</th><th>answer</th><th "
      "class=\"n\">rows</th></tr></thead><tbody>";
  for (const Mistake& each : mistakes)
    out += "<tr><td>" + htmlText(head.classes[each.truth].name) + "</td><td>" +
           htmlText(head.classes[each.answer].name) + "</td><td class=\"n\">" + groupedText(each.count) +
           "</td></tr>\n";
  return out + "</tbody></table>";
}

std::string classTableHtml(const ReportHead& head) {
  std::string out =
      "<div class=\"wide\"><table><thead><tr><th>class</th><th class=\"n\">precision</th><th class=\"n\">recall</th>"
      "<th class=\"n\">F1</th><th class=\"n\">ROC-AUC</th><th class=\"n\">rows</th><th "
      "class=\"n\">answered</th></tr></thead><tbody>\n";
  const auto number = [](const std::optional<double>& value) {
    return "<td class=\"n\">" + (value ? shortNumberText(*value) : std::string()) + "</td>";
  };
  for (const ReportClass& each : head.classes)
    out += "<tr><th>" + htmlText(each.name) + "</th>" + number(each.precision) + number(each.recall) + number(each.f1) +
           number(each.roc_auc) + "<td class=\"n\">" + groupedText(each.support) + "</td><td class=\"n\">" +
           groupedText(each.predicted) + "</td></tr>\n";
  return out + "</tbody></table></div>";
}

}  // namespace

std::string curvesHtml(const RunFacts& facts) {
  std::string figures;
  // Where epochs are averaged, the loss of single steps is the ground behind.
  const ChartCurve epochs = curveOf(facts, "train/epoch_loss", "training, epochs", "one");
  const bool averaged = drawable(epochs);
  figures += figureHtml(facts, {.title = "Loss",
                                .curves = {curveOf(facts, "train/loss", "training, steps", averaged ? "faint" : "one"),
                                           epochs, curveOf(facts, "validation/loss", "validation", "two")}});
  if (!facts.monitor.empty())
    figures += figureHtml(facts,
                          {.title = facts.monitor.substr(facts.monitor.find('/') + 1),
                           .curves = {curveOf(facts, facts.monitor, "validation", "two")}},
                          true);
  figures += figureHtml(
      facts, {.title = "Learning rate", .curves = {curveOf(facts, "train/learning_rate", "training", "one")}});
  figures += figureHtml(
      facts, {.title = "Gradient norm", .curves = {curveOf(facts, "train/gradient_norm", "training", "one")}});
  if (figures.empty()) return "<p class=\"nothing\">The run has recorded no curves.</p>";
  std::string out = "<div class=\"charts\">" + figures + "</div>";
  if (facts.events.empty()) return out;
  out += "<h3>Events</h3><table><thead><tr><th class=\"n\">step</th><th>what</th></tr></thead><tbody>";
  for (const ReportEvent& event : facts.events)
    out += "<tr><td class=\"n\">" + groupedText(event.step) + "</td><td>" + htmlText(event.text) + "</td></tr>\n";
  return out + "</tbody></table>";
}

std::string classesHtml(const RunFacts& facts) {
  std::string out;
  for (const ReportHead& head : facts.heads) {
    std::string content;
    if (!head.confusion.empty() && head.classes.size() <= kMostClasses) content += matrixHtml(head);
    if (head.classes.size() > kFewClasses) content += confusionsHtml(head);
    content += "<h3>Class by class</h3>" + classTableHtml(head);
    const bool first = head.part == facts.heads.front().part;  // the part whose scores count
    const std::string name = "On the " + head.part + " rows" + (head.head.empty() ? "" : ", answers of " + head.head);
    out += "<details" + std::string(first ? " open=\"open\"" : "") + "><summary>" + htmlText(name) + "</summary>" +
           content + "</details>\n";
  }
  return out;
}

}  // namespace blockyard
