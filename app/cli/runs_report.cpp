// blockyard runs report, export, mlflow: what runs have come to, for other people and other programs.
#include <algorithm>

#include "base/file.hpp"
#include "locate.hpp"
#include "report/mlflow.hpp"
#include "report/run_command.hpp"
#include "report/run_html.hpp"
#include "report/run_markdown.hpp"
#include "report/runs_table.hpp"
#include "row_writer.hpp"
#include "runs_verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options : RunOptions {
  std::string out{}, format{};
  bool all = false, no_artifacts = false, no_examples = false;
};

// The lower-case ending, which tells the form.
std::string endingOf(const std::string& file) {
  std::string out = std::filesystem::path(file).extension().string();
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

int report(const Options& options, const Context& context) {
  const std::string ending = endingOf(options.out);
  const bool markdown = ending == ".md" || ending == ".markdown";
  if (!options.out.empty() && !markdown && ending != ".html" && ending != ".htm")
    throwUsage("cannot tell from \"" + options.out + "\" how to write the report", "end it with .html or .md");
  const Run run = runOf(options);
  RunFacts facts = runFacts(run.folder());
  if (options.no_examples) facts.errors.reset();
  const std::string file = options.out.empty() ? "report-" + run.id().text + ".html" : options.out;
  writeDurably(file, markdown ? runMarkdown(facts) : runHtml(facts));
  for (const std::string& text : facts.missing) context.warn("left out: " + text);
  if (context.json)
    context.printJson({{"run", run.id().text}, {"report", file}, {"missing", facts.missing}});
  else
    context.say("the report of run " + run.id().text + " is in " + file);
  return 0;
}

// Those that are named, else all but the archived ones, or really all of them.
std::vector<RunEntry> chosenRuns(const Options& options) {
  std::vector<RunEntry> out;
  for (const std::string& name : options.runs) out.push_back(readRun(openRun(name, options.project).folder()));
  if (!options.runs.empty()) return out;
  out = listRuns(projectFolder(options.project));
  std::erase_if(out, [&](const RunEntry& run) { return run.notes.archived && !options.all; });
  return out;
}

void tellDamaged(const std::vector<RunEntry>& runs, const Context& context) {
  for (const RunEntry& run : runs)
    if (!run.record) context.warn("left out run " + run.id.text + ": " + run.damage);
}

int exportTable(const Options& options, const Context& context) {
  const bool parquet = options.format == "parquet" || (options.format.empty() && endingOf(options.out) == ".parquet");
  if (parquet && (options.out.empty() || options.out == "-"))
    throwUsage("Parquet goes into a file", "--out runs.parquet");
  const RowFormat format = parquet ? RowFormat::Csv : rowFormat(options.format, options.out);
  const auto runs = chosenRuns(options);
  const auto [table, types] = runsTable(runs);
  if (parquet) {
    writeDurably(options.out, parquetOf(table, types));
  } else {
    RowWriter writer(format, options.out, context.out);
    writer.add(table);
    writer.finish();
  }
  tellDamaged(runs, context);
  if (!options.out.empty() && options.out != "-")
    context.say(countText(table.rows()) + (table.rows() == 1 ? " run, " : " runs, ") +
                countText(static_cast<int64_t>(table.columns().size())) + " columns in " + options.out);
  return 0;
}

int mlflow(const Options& options, const Context& context) {
  const auto runs = chosenRuns(options);
  const MlflowWritten written = writeMlflow(projectFolder(options.project), runs, options.out,
                                            options.no_artifacts ? Artifacts::LeaveOut : Artifacts::Copy);
  for (const std::string& text : written.left_out) context.warn("left out of run " + text);
  if (context.json) {
    context.printJson({{"runs", written.runs}, {"experiment", written.experiment}, {"folder", written.to.string()}});
    return 0;
  }
  context.say(countText(written.runs) + (written.runs == 1 ? " run" : " runs") + " of the experiment \"" +
              printable(written.experiment) + "\" in " + written.to.string());
  context.say("to look at them: MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri " +
              shellQuoted(options.out));
  return 0;
}

void addRuns(CLI::App& app, Options& options) {
  app.add_option("RUN", options.runs, "each " + runWord() + "; none: all of the project");
  app.add_flag("-a,--all", options.all, "archived runs too");
  addProjectOption(app, options.project);
}

Verb exportTableVerb() {
  return {"export", "All runs as one table: settings that differ, and every score",
          "blockyard runs export -o runs.csv\nblockyard runs export -o runs.parquet\nblockyard runs export --all -o "
          "runs.json\n"
          "blockyard runs export | less",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRuns(app, *options);
            app.add_option("-o,--out", options->out,
                           "where to; .csv, .parquet, .json or .jsonl [standard output, as CSV]")
                ->type_name("FILE");
            app.add_option("--format", options->format, "csv, parquet, json or jsonl, whatever the file is called")
                ->type_name("FORMAT");
            return [options](Context& context) { return exportTable(*options, context); };
          }};
}

Verb mlflowVerb() {
  return {"mlflow", "Write runs as MLflow keeps them, so that its pages show them",
          "blockyard runs mlflow --to mlruns\n"
          "MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri mlruns   # to look at them\n"
          "blockyard runs mlflow latest --to ~/mlruns --no-artifacts",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRuns(app, *options);
            app.add_option("--to", options->out, "folder of MLflow's file store; what is in it stays")
                ->type_name("FOLDER")
                ->required();
            app.add_flag("--no-artifacts", options->no_artifacts, "leave out the files of the runs, such as the model");
            return [options](Context& context) { return mlflow(*options, context); };
          }};
}

Verb reportVerb() {
  return {"report", "One run as a page to read and send on, or as a model card",
          "blockyard runs report latest\n"
          "blockyard runs report 20261121-1145 -o flowers.html\n"
          "blockyard runs report latest -o README.md   # a model card for the Hugging Face Hub",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            addRun(app, *options);
            app.add_option("-o,--out", options->out, "where to; .html is a page, .md a model card [report-RUN.html]")
                ->type_name("FILE");
            app.add_flag("--no-examples", options->no_examples,
                         "without the rows that it got wrong, for readers who may not see the data");
            return [options](Context& context) { return report(*options, context); };
          }};
}

}  // namespace

std::vector<Verb> runsReportVerbs() {
  return {reportVerb(), exportTableVerb(), mlflowVerb()};
}

}  // namespace blockyard::cli
