#include "report/run_html.hpp"

#include "graph/metric_names.hpp"
#include "report/markup.hpp"
#include "report/pipeline_picture.hpp"
#include "report/run_html_parts.hpp"
#include "report/run_html_style.hpp"
#include "runs/metric_unit.hpp"

namespace blockyard {
namespace {

std::string headHtml(const RunFacts& facts) {
  return "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/>"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "img-src data:\"/>"
         "<meta name=\"generator\" content=\"Blockyard\"/><title>" +
         htmlText(facts.title() + " - run " + facts.record.id.text) + "</title><style>" + kRunHtmlStyle +
         "</style></head><body>\n";
}

// The numbers that a reader wants first.
std::string tilesHtml(const RunFacts& facts) {
  std::string out;
  const auto tile = [&](const std::string& value, const std::string& name) {
    out += "<li><b>" + htmlText(value) + "</b><span>" + htmlText(name) + "</span></li>";
  };
  constexpr size_t kMost = 3;
  if (const auto parts = partsOf(facts.record.results); !parts.empty()) {
    const MetricValues& values = facts.record.results.at(parts.front());
    const auto names = mainMetrics(values);
    for (size_t i = 0; i < std::min(kMost, names.size()); ++i)
      tile(shortNumberText(values.at(names[i])) + unitBehind(facts.record.plan, names[i]),
           names[i] + ", " + parts.front());
  }
  if (facts.record.parameter_count > 0) tile(groupedText(facts.record.parameter_count), "parameters");
  if (facts.record.epochs > 0) tile(groupedText(facts.record.epochs), "epochs");
  if (facts.record.seconds > 0) tile(durationText(facts.record.seconds), "training time");
  return out.empty() ? "" : "<ul class=\"tiles\">" + out + "</ul>\n";
}

std::string aboutHtml(const RunFacts& facts) {
  const RunRecord& record = facts.record;
  std::string out = "<header><h1>" + htmlText(facts.title()) + "</h1>\n<p class=\"soft\">Run <code>" +
                    htmlText(record.id.text) + "</code>";
  if (!facts.project.empty()) out += ", pipeline " + htmlText(facts.pipeline) + " of " + htmlText(facts.project);
  if (!record.started.empty()) out += ", started " + htmlText(record.started);
  out += "</p>\n<p><span class=\"state " + std::string(nameOf(facts.shown)) + "\">" + nameOf(facts.shown) + "</span>";
  for (const std::string& tag : facts.notes.tags) out += "<span class=\"tag\">" + htmlText(tag) + "</span>";
  out += "</p>\n";
  if (!record.error.empty()) out += "<p class=\"error\">" + htmlText(record.error) + "</p>\n";
  if (!facts.notes.text.empty()) out += "<div class=\"note\">" + htmlText(facts.notes.text) + "</div>\n";
  return out + tilesHtml(facts) + "</header>\n";
}

std::string pipelineHtml(const RunFacts& facts) {
  const std::string svg = facts.graph ? pipelineSvg(*facts.graph) : "";
  if (svg.empty()) return "<p class=\"nothing\">The run does not say which pipeline it trained.</p>";
  return "<div class=\"wide\">" + svg + "</div>";
}

std::string environmentHtml(const RunFacts& facts) {
  const RunRecord& record = facts.record;
  std::vector<HtmlRow> rows{{"started", record.started}, {"ended", record.ended}};
  rows.push_back({"training time", record.seconds > 0 ? durationText(record.seconds) : ""});
  rows.push_back({"steps", record.steps > 0 ? groupedText(record.steps) : ""});
  rows.push_back({"seed", std::to_string(record.seed)});
  for (const auto& [name, version] : record.versions) rows.push_back({name, version});
  rows.push_back({"processor", record.machine.cpu});
  rows.push_back({"cores", record.machine.cores > 0 ? std::to_string(record.machine.cores) : ""});
  rows.push_back(
      {"memory", record.machine.memory_bytes > 0 ? sizeText(static_cast<double>(record.machine.memory_bytes)) : ""});
  rows.push_back({"graphics card", record.machine.gpu});
  rows.push_back({"system", record.machine.os});
  rows.push_back({"SHA-256 of the settings", record.plan_hash});
  return rowsHtml(rows);
}

std::string repeatHtml(const RunFacts& facts) {
  std::string out;
  if (facts.command.empty())
    out = "<p class=\"nothing\">No command is known that repeats this run.</p>";
  else
    out = "<p>In the folder of the project, with the same data and the same versions:</p><pre>" +
          htmlText(facts.command) + "</pre>";
  const StudyPlace& place = facts.record.study;
  if (!place.study.empty())
    out += "<p>This training belongs to the study <b>" + htmlText(place.study) + "</b>: trial " +
           std::to_string(place.trial) + ", seed " + std::to_string(place.seed) + ", fold " +
           std::to_string(place.fold) + ".</p>";
  return out;
}

}  // namespace

std::string runHtml(const RunFacts& facts) {
  std::string out = headHtml(facts) + aboutHtml(facts);
  const auto section = [&](const char* id, const char* title, const std::string& content) {
    if (!content.empty())
      out += "<section id=\"" + std::string(id) + "\"><h2>" + title + "</h2>\n" + content + "</section>\n";
  };
  section("scores", "Scores", scoresHtml(facts));
  section("pipeline", "Pipeline", pipelineHtml(facts));
  section("data", "Data", dataHtml(facts));
  section("curves", "Curves", curvesHtml(facts));
  section("classes", "Classes", classesHtml(facts));
  section("errors", "What it got wrong", errorsHtml(facts));
  section("settings", "Settings", settingsHtml(facts));
  section("environment", "Environment", environmentHtml(facts));
  section("repeat", "How to repeat it", repeatHtml(facts));
  if (!facts.missing.empty()) {
    std::string list;
    for (const std::string& text : facts.missing) list += "<li>" + htmlText(text) + "</li>";
    section("missing", "What could not be read", "<ul>" + list + "</ul>");
  }
  return out + "</body></html>\n";
}

}  // namespace blockyard
