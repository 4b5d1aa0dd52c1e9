// blockyard peek: what flows out of a port, before anything is trained.
#include <algorithm>
#include <cmath>

#include "blocks/catalog.hpp"
#include "column_text.hpp"
#include "graph/check.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "training/preview.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMostColumns = 24;  // of rows that are printed side by side
constexpr int64_t kMostCells = 28;    // of a heat map, across and down

struct Options {
  std::string project{}, output{};
  int64_t rows = kPreviewRows;
  int64_t show = 10;
  Changes changes{};
};

// "BLOCK.PORT", or "BLOCK" for its first output.
End endOf(const std::string& text, const Graph& graph) {
  const size_t dot = text.rfind('.');
  End end{{text.substr(0, dot)}, dot == std::string::npos ? std::string() : text.substr(dot + 1)};
  const Node& node = graph.node(end.node);
  if (end.port.empty()) {
    const auto& outputs = blockType(node.type).schema.outputs;
    if (outputs.empty()) throw Error({.block = end.node.name}, "the block has no outputs");
    end.port = outputs.front().name;
  }
  return end;
}

std::string sparkline(const Bins& bins) {
  static const char* const kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (bins.counts.empty()) return {};
  const auto most = static_cast<double>(*std::max_element(bins.counts.begin(), bins.counts.end()));
  std::string out;
  for (const int64_t count : bins.counts)
    out += kBars[count == 0 ? 0 : std::max(1, static_cast<int>(std::lround(8 * static_cast<double>(count) / most)))];
  return out;
}

std::string classesText(const ColumnProfile& column) {
  std::string out;
  for (const auto& [name, count] : column.top)
    out += (out.empty() ? "" : ", ") + printable(name) + " " + countText(count);
  return column.distinct > static_cast<int64_t>(column.top.size()) && !column.top.empty() ? out + ", ..." : out;
}

std::string statisticsText(const Sample& sample, const Context& context) {
  TextTable table({"column", "type", ">missing", ">min", ">mean", ">deviation", ">max", "distribution"});
  for (const auto& [profile, infinite, bins] : sample.columns) {
    const auto number = [&](double value) {
      if (std::isnan(value)) return std::string();
      return profile.type == "time" ? timeText(value) : shortNumber(value);
    };
    const bool time = profile.type == "time";
    std::string shape = bins.counts.empty() ? classesText(profile) : sparkline(bins);
    if (shape.empty()) shape = valuesText(profile);
    if (infinite > 0) shape += "  " + countText(infinite) + " infinite";
    table.add({printable(profile.name), profile.type, countText(profile.missing), number(profile.min),
               time ? "" : number(profile.mean), time ? "" : number(profile.deviation), number(profile.max), shape});
  }
  return table.text(context.out);
}

// The first rows, side by side.
std::string rowsText(const Sample& sample, int64_t show, const Context& context) {
  const int64_t columns = std::min(sample.shownColumns(), kMostColumns);
  const bool labels = !sample.labels.empty() && sample.signature.kind != Wire::Label;
  std::vector<std::string> header{">row"};
  if (labels) header.push_back("class");
  for (int64_t c = 0; c < columns; ++c) header.push_back(">" + printable(sample.columnName(c)));
  if (columns < sample.shownColumns()) header.push_back("...");
  TextTable table(header);
  for (int64_t row = 0; row < std::min(show, sample.shownRows()); ++row) {
    std::vector<std::string> cells{countText(sample.row_ids[static_cast<size_t>(row)])};
    if (labels) cells.push_back(printable(sample.labels[static_cast<size_t>(row)]));
    for (int64_t c = 0; c < columns; ++c) {
      const bool number = !sample.isTable();
      cells.push_back(number ? shortNumber(sample.numbers[static_cast<size_t>(row * sample.shownColumns() + c)])
                             : printable(sample.cell(row, c)));
    }
    if (columns < sample.shownColumns()) cells.emplace_back();
    table.add(cells);
  }
  return table.text(context.out);
}

// The last two sizes of the first row as a field of numbers; of a large one the means of pieces.
std::string heatText(const Sample& sample, const Context& context) {
  const auto& shape = sample.row_shape;
  const int64_t height = shape[shape.size() - 2], width = shape.back();
  constexpr int kCell = 6;  // characters
  const int64_t room =
      context.out.interactive() ? std::clamp<int64_t>(context.out.width() / kCell, 8, kMostCells) : kMostCells;
  const int64_t step = (std::max(height, width) + room - 1) / room;
  const ColumnProfile& all = sample.columns.front().profile;
  const double most = std::max(std::abs(all.min), std::abs(all.max));
  const int decimals =
      most > 0 && std::isfinite(most) ? std::clamp(2 - static_cast<int>(std::floor(std::log10(most))), 0, 8) : 0;
  std::vector<std::string> header;
  for (int64_t x = 0; x < width; x += step) header.push_back(">" + std::to_string(x));
  TextTable table(header);
  for (int64_t y = 0; y < height; y += step) {
    std::vector<std::string> cells;
    for (int64_t x = 0; x < width; x += step) {
      double sum = 0;
      int64_t count = 0;
      for (int64_t v = y; v < std::min(y + step, height); ++v)
        for (int64_t u = x; u < std::min(x + step, width); ++u)
          sum += sample.numbers[static_cast<size_t>(v * width + u)], ++count;
      const double value = sum / static_cast<double>(count);
      const bool whole = sample.signature.element != Element::Float32 && step == 1;
      char text[32];
      std::snprintf(text, sizeof text, "%.*f", whole || value == 0 ? 0 : decimals, value);
      cells.emplace_back(text);
    }
    table.add(cells);
  }
  std::string what = "row " + std::to_string(sample.row_ids.front());
  if (!sample.labels.empty()) what += " (" + printable(sample.labels.front()) + ")";
  if (shape.size() > 2 && shape[shape.size() - 3] > 1) what += ", the first of " + countText(shape[shape.size() - 3]);
  if (step > 1) what += ", means of " + std::to_string(step) + " x " + std::to_string(step);
  return context.out.bold(what) + "\n" + table.text(context.out);
}

std::string aboutText(const Preview& preview) {
  std::string out = preview.block + "." + preview.port + ": " + preview.sample.signature.text() +
                    (preview.all_rows ? ", all " : ", the first ") + countText(preview.sample.rows) + " rows";
  if (preview.fitted) out += ", fitted on these";
  if (preview.untrained) out += ", with initial weights";
  return out;
}

Json json(const Preview& preview, int64_t show) {
  const Sample& sample = preview.sample;
  Json columns = Json::array(), rows = Json::array();
  for (const auto& [profile, infinite, bins] : sample.columns) {
    Json one = toJson(profile);
    one.erase("port");
    one["infinite"] = infinite;
    if (!bins.counts.empty()) one["bins"] = {{"low", bins.low}, {"high", bins.high}, {"counts", bins.counts}};
    columns.push_back(std::move(one));
  }
  for (int64_t row = 0; row < std::min(show, sample.shownRows()); ++row) {
    Json values = Json::array();
    for (int64_t c = 0; c < sample.shownColumns(); ++c) {
      const ColumnType type =
          sample.isTable() ? sample.table.columns()[static_cast<size_t>(c)]->type : ColumnType::Number;
      if (!sample.isTable())
        values.push_back(jsonNumber(sample.numbers[static_cast<size_t>(row * sample.shownColumns() + c)]));
      else if (sample.table.columns()[static_cast<size_t>(c)]->missing(row))
        values.push_back(nullptr);
      else if (type == ColumnType::Number)
        values.push_back(jsonNumber(sample.table.columns()[static_cast<size_t>(c)]->numbers[static_cast<size_t>(row)]));
      else
        values.push_back(sample.cell(row, c));
    }
    Json one = {{"row", sample.row_ids[static_cast<size_t>(row)]}, {"values", std::move(values)}};
    if (!sample.labels.empty()) one["class"] = sample.labels[static_cast<size_t>(row)];
    rows.push_back(std::move(one));
  }
  return {{"block", preview.block},
          {"port", preview.port},
          {"carries", sample.signature.text()},
          {"shape", sample.row_shape},
          {"rows", sample.rows},
          {"all_rows", preview.all_rows},
          {"fitted_on_these_rows", preview.fitted},
          {"initial_weights", preview.untrained},
          {"columns", columns},
          {"first_rows", rows}};
}

int run(const Options& options, Context& context) {
  if (options.rows < 1 || options.rows > kMostPreviewRows)
    throwUsage("--rows: expected 1 to " + countText(kMostPreviewRows) + ", got " + std::to_string(options.rows));
  if (options.show < 0 || options.show > SampleLimits{}.rows)
    throwUsage("--show: expected 0 to " + countText(SampleLimits{}.rows) + ", got " + std::to_string(options.show));
  Project project = loadProject(projectFile(options.project));
  apply(options.changes, project);
  const std::string pipeline = pipelineName(project, options.changes.pipeline);
  const End end = endOf(options.output, project.graph(pipeline));
  const PortPlan way = planUpTo(project, pipeline, check(project, pipeline), end);
  watchSignals();
  const Preview made = preview(way.plan, way.block, way.port, {.rows = options.rows, .stop = &stopAsked()});
  if (context.json) {
    context.printJson(json(made, options.show));
    return 0;
  }
  const Sample& sample = made.sample;
  context.print(statisticsText(sample, context));
  if (options.show > 0 && sample.shownRows() > 0)
    context.print("\n" +
                  (sample.row_shape.size() > 1 ? heatText(sample, context) : rowsText(sample, options.show, context)));
  context.say("\n" + aboutText(made));
  return 0;
}

}  // namespace

Verb peekVerb() {
  return {"peek", "Show what flows out of a block's port, without training",
          "blockyard peek flowers standardize.y            # statistics and the first rows\n"
          "blockyard peek flowers mlp --rows 2000          # the first output, on more rows\n"
          "blockyard peek flowers conv1.y --set conv1.kernel=[5] --json",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            app.add_option("PROJECT", options->project, "a file NAME.blockyard, or a folder with one")->required();
            app.add_option("BLOCK.PORT", options->output, "an output port; of a block alone its first one")->required();
            app.add_option("--rows", options->rows,
                           "how many rows of the source to look at, from the first one on; blocks that are fitted are "
                           "fitted on these; " +
                               std::to_string(kPreviewRows) + " if not given")
                ->type_name("N");
            app.add_option("--show", options->show, "how many rows to print; 10 if not given")->type_name("N");
            addChanges(app, options->changes);
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
