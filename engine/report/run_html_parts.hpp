// The larger sections of runHtml's page; for run_html*.cpp alone. Each gives its content without the heading; empty if
// there is nothing to tell.
#pragma once
#include <string>
#include <vector>

#include "report/run_facts.hpp"

namespace blockyard {

struct HtmlRow {
  std::string name{}, value{};  // plain texts
};
// A cell of a table; `style` is a class of the page.
std::string cell(const std::string& text, const char* style = "");
// A table of two columns; rows without a value are left out.
std::string rowsHtml(const std::vector<HtmlRow>& rows);

std::string scoresHtml(const RunFacts& facts);
std::string dataHtml(const RunFacts& facts);
std::string curvesHtml(const RunFacts& facts);
std::string classesHtml(const RunFacts& facts);
std::string errorsHtml(const RunFacts& facts);
std::string settingsHtml(const RunFacts& facts);

}  // namespace blockyard
