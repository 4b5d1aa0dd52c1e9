// blockyard inspect: what a data file holds, column by column.
#include "blocks/inspect.hpp"

#include "blocks/catalog.hpp"
#include "column_text.hpp"
#include "graph/plan.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string file{}, pipeline{};
};

bool isProject(const Options& options) {
  const std::filesystem::path path(options.file);
  return std::filesystem::is_directory(path) || path.extension() == ".blockyard";
}

// The source block that reads a file, by its ending; a project's own source for a project.
PlanNode sourceFor(const Options& options, std::string& folder) {
  const std::filesystem::path path(options.file);
  if (isProject(options)) {
    const Project project = loadProject(projectFile(options.file));
    const Plan plan = makePlan(project, pipelineName(project, options.pipeline));
    folder = plan.folder;
    for (const auto& node : plan.nodes)
      if (blockType(node.type).schema.kind == Kind::Source) return node;
  }
  std::string name = path.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (name.ends_with(".npy")) return {.id = "array", .type = "source/array", .values = {{"values", options.file}}};
  if (name.ends_with("ubyte") || name.ends_with(".idx"))
    return {.id = "images", .type = "source/images", .values = {{"images", options.file}}};
  return {.id = "table", .type = "source/table", .values = {{"file", options.file}}};
}

Json json(const DataProfile& profile) {
  Json columns = Json::array();
  for (const auto& column : profile.columns) columns.push_back(toJson(column));
  return {{"rows", profile.rows}, {"fingerprint", profile.fingerprint}, {"columns", columns}};
}

int run(const Options& options, Context& context) {
  std::string folder;
  const PlanNode node = sourceFor(options, folder);
  watchSignals();
  DataProfile profile;
  try {
    profile = inspectSource(node.type, node.values, folder, &stopAsked());
  } catch (const Error& error) {
    throw isProject(options) ? error : error.inFile();
  }
  if (context.json) {
    context.printJson(json(profile));
    return 0;
  }
  TextTable table({"column", "type", ">missing", ">distinct", "values"});
  for (const auto& column : profile.columns)
    table.add({printable(column.name), column.type, countText(column.missing),
               countText(column.distinct) + (column.more_distinct ? "+" : ""), valuesText(column)});
  context.print(table.text(context.out));
  context.say(countText(profile.rows) + " rows");
  return 0;
}

}  // namespace

Verb inspectVerb() {
  return {
      "inspect", "Show what a data file or a project's data holds",
      "blockyard inspect penguins.csv\n"
      "blockyard inspect projects/penguins                # as the project reads it, with its target\n"
      "blockyard inspect train-images-idx3-ubyte.gz --json",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option("FILE", options->file, "CSV, TSV, Parquet, Arrow, IDX or NPY file, or a project")->required();
        app.add_option("--pipeline", options->pipeline, "of the project");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
