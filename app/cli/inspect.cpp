// blockyard inspect: what a data file holds, column by column.
#include "blocks/inspect.hpp"

#include <algorithm>
#include <map>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "blocks/catalog.hpp"
#include "column_text.hpp"
#include "data/file_bytes.hpp"
#include "data/npz.hpp"
#include "data/picture.hpp"
#include "data/sound.hpp"
#include "export/croissant.hpp"
#include "export/profile_html.hpp"
#include "graph/check.hpp"
#include "graph/plan.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "training/source_of.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string file{}, pipeline{}, html{}, croissant{};
};

bool isProject(const Options& options) {
  const std::filesystem::path path(options.file);
  return path.extension() == ".blockyard" || (std::filesystem::is_directory(path) && !projectsIn(path).empty());
}

// The source block that reads a file, by its ending; a project's own source for a project.
PlanNode sourceFor(const Options& options, std::string& folder) {
  const std::filesystem::path path(options.file);
  if (isProject(options)) {
    const Project project = loadProject(projectFile(options.file));
    const std::string pipeline = pipelineName(project, options.pipeline);
    folder = project.folder();
    // A project in the making can be looked at, too.
    if (auto source = sourceOf(project, pipeline, check(project, pipeline)))
      return {.id = source->id.name, .type = source->type->schema.id, .values = std::move(source->values)};
    throw Error({.file = options.file}, "the pipeline \"" + pipeline + "\" has no source whose settings are right",
                "\"blockyard check\" tells what is wrong");
  }
  std::string name = path.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (name.ends_with(".npy") || isNpz(options.file))
    return {.id = "array", .type = "source/array", .values = {{"values", options.file}}};
  if (name.ends_with("ubyte") || name.ends_with(".idx"))
    return {.id = "images", .type = "source/images", .values = {{"images", options.file}}};
  if (const std::string sound = firstSoundBelow(options.file); !sound.empty() && !holdsPictures(options.file))
    return {.id = "sounds",
            .type = "source/audio_folder",
            .values = {{"folder", options.file}, {"rate", SoundFile(sound).rate()}}};
  if (std::filesystem::is_directory(path) && holdsPictures(options.file))
    return {.id = "images", .type = "source/image_folder", .values = {{"folder", options.file}}};
  return {.id = "table", .type = "source/table", .values = {{"file", options.file}}};
}

Json json(const DataProfile& profile) {
  Json columns = Json::array();
  for (const auto& column : profile.columns) columns.push_back(toJson(column));
  return {{"rows", profile.rows},
          {"fingerprint", profile.fingerprint},
          {"duplicates", profile.duplicates},
          {"duplicates_estimated", profile.duplicates_estimated},
          {"notes", notesOn(profile)},
          {"columns", columns}};
}

// A histogram in eight heights of one line: "▁▂▇▅▂▁".
std::string barsText(const std::vector<int64_t>& counts) {
  static constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr int64_t kHeights = 8;
  const int64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  std::string out;
  for (const int64_t count : counts) out += kBars[most == 0 ? 0 : (count * kHeights + most - 1) / most];
  return out;
}

std::string tableText(const DataProfile& profile, const Context& context) {
  const bool related = std::any_of(profile.columns.begin(), profile.columns.end(),
                                   [](const ColumnProfile& column) { return !column.measure.empty(); });
  std::vector<std::string> titles = {"column", "type", ">missing", ">distinct", "histogram", "values"};
  if (related) titles.insert(titles.end() - 2, ">with target");
  TextTable table(titles);
  for (const auto& column : profile.columns) {
    std::vector<std::string> cells = {
        printable(column.name),     column.type,
        countText(column.missing),  (column.more_distinct ? "~" : "") + countText(column.distinct),
        barsText(column.histogram), valuesText(column)};
    if (related) cells.insert(cells.end() - 2, column.measure.empty() ? "" : shortNumber(column.association));
    table.add(cells);
  }
  return table.text(context.out);
}

CroissantWish wishFor(const Options& options, const PlanNode& node, const std::string& folder) {
  const std::filesystem::path file = options.file;
  CroissantWish wish{.name = (file.has_filename() ? file : file.parent_path()).stem().string()};
  const auto text = [&](const char* name) { return node.values.has(name) ? node.values.text(name) : std::string(); };
  wish.origin = text(kOriginParam), wish.licence = text(kLicenceParam);
  static const std::map<std::string, std::string> kFormats = {{".csv", "text/csv"},
                                                              {".tsv", "text/tab-separated-values"},
                                                              {".parquet", "application/x-parquet"},
                                                              {".gz", "application/gzip"}};
  for (const std::string& name : filesIn(blockType(node.type), node.values)) {
    const std::filesystem::path path = npzPath(pathFrom(folder, name)).file;
    std::error_code code;
    if (!std::filesystem::is_regular_file(path, code)) continue;
    const auto format = kFormats.find(path.extension().string());
    const MappedFile bytes(path);
    wish.files.push_back({.name = path.filename().string(),
                          .url = name,
                          .format = format == kFormats.end() ? "application/octet-stream" : format->second,
                          .sha256 = sha256Hex(bytes.bytes()),
                          .bytes = static_cast<int64_t>(bytes.bytes().size())});
  }
  return wish;
}

int run(const Options& options, Context& context) {
  std::string folder;
  const PlanNode node = sourceFor(options, folder);
  std::vector<std::string> inputs = {options.file};
  for (const std::string& name : filesIn(blockType(node.type), node.values)) inputs.push_back(pathFrom(folder, name));
  for (const std::string* out : {&options.html, &options.croissant}) checkReplacesNone(*out, inputs);
  watchSignals();
  DataProfile profile;
  try {
    profile = inspectSource(node.type, node.values, folder, &stopAsked());
  } catch (const Error& error) {
    throw isProject(options) ? error : error.inFile();
  }
  if (!options.html.empty()) {
    writeDurably(options.html, profileHtml(profile, std::filesystem::path(options.file).filename().string()));
    context.say("written to " + options.html);
  }
  if (!options.croissant.empty()) {
    writeDurably(options.croissant, croissant(profile, wishFor(options, node, folder)).dump(2) + "\n");
    context.say("written to " + options.croissant);
  }
  if (context.json) {
    context.printJson(json(profile));
    return 0;
  }
  if (!options.html.empty() || !options.croissant.empty()) return 0;
  context.print(tableText(profile, context));
  for (const std::string& note : notesOn(profile)) context.print(context.out.yellow("note: ") + printable(note) + "\n");
  context.say(countText(profile.rows) + " rows");
  return 0;
}

}  // namespace

Verb inspectVerb() {
  return {
      "inspect", "Show what a data file or a project's data holds",
      "blockyard inspect penguins.csv\n"
      "blockyard inspect projects/penguins                # as the project reads it, with its target\n"
      "blockyard inspect penguins.csv --html penguins.html\n"
      "blockyard inspect train-images-idx3-ubyte.gz --json\n"
      "blockyard inspect pictures/                        # a folder of pictures for each class",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option(
               "FILE", options->file,
               "CSV, TSV, Parquet, Arrow, IDX or NPY file, FILE.npz/ARRAY, folder of pictures or sounds, or a project")
            ->required();
        app.add_option("--pipeline", options->pipeline, "of the project");
        app.add_option("--html", options->html, "write a page with histograms to this file");
        app.add_option("--croissant", options->croissant, "write a description in the format Croissant to this file");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
