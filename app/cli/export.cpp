// blockyard export: the trained pipeline of a run as a file to take away.
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "export/bundle.hpp"
#include "export/eight_bit_loss.hpp"
#include "export/predict_files.hpp"
#include "export/trained_runs.hpp"
#include "graph/metric_names.hpp"
#include "locate.hpp"
#include "report/markup.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string what{};
  std::string file{};
  std::string format{};
  bool check = false;
  bool no_rows = false;
  bool int8 = false;
  std::string project{};
};

// What the rows say that a bundle holds with their answers.
std::string proofText(const Certified& proof) {
  if (proof.rows == 0) return "holds no rows to show that it answers as it was trained";
  return "certified on " + countText(proof.rows) + " " + nameOf(proof.part) + (proof.rows == 1 ? " row" : " rows") +
         ": the largest deviation from what was trained is " + shortNumber(proof.deviation);
}

// What the pipeline can be written as, and why not: a line for each format.
int check(const Trained& trained, const Context& context) {
  nlohmann::json rows = nlohmann::json::array();
  if (!context.json) context.say(proofText(Bundle(trained.bundle.string()).certified()));
  if (!context.json) context.say("the trained pipeline of " + trained.name + " can be written as");
  for (const Readiness& one : exportReadiness(trained.bundle)) {
    const std::string why = one.refused ? one.refused->what() : "";
    nlohmann::json row = {{"format", one.format.name}, {"ending", one.format.ending}, {"ready", !one.refused}};
    if (one.refused) {
      row["block"] = one.refused->where().block;
      row["why"] = one.refused->problem();
      row["hint"] = one.refused->hint();
    }
    rows.push_back(row);
    const std::string name =
        one.format.name + std::string(one.format.name.size() < 12 ? 12 - one.format.name.size() : 1, ' ');
    if (!context.json) std::cout << name << (one.refused ? "refused  " + why : "ready    " + one.format.doc) << "\n";
  }
  if (context.json) context.printJson(rows);
  return 0;
}

std::string formatOf(const Options& options) {
  if (!options.int8) return options.format.empty() ? formatOfFile(options.file).name : options.format;
  if (!options.format.empty() && options.format != "onnx" && options.format != kEightBitFormat)
    throw Error({}, "--int8: expected the format onnx, got " + options.format, "leave --format out", Fault::Usage);
  return kEightBitFormat;
}

// "accuracy 0.9712 -> 0.9703", the metrics that count most.
std::string textOf(const EightBitLoss& loss) {
  std::string out;
  for (const std::string& name : mainMetrics(loss.before))
    out += (out.empty() ? "" : ", ") + name + " " + shortNumberText(loss.before.at(name)) + " -> " +
           shortNumberText(loss.after.at(name));
  return out;
}

int run(const Options& options, const Context& context) {
  const Trained trained = findTrained(options.what, options.project);
  if (options.check) return check(trained, context);
  if (options.file.empty())
    throw Error({}, "expected FILE, the file to write", "or --check, which tells what can be written", Fault::Usage);
  checkReplacesNone(options.file, {trained.bundle.string()});
  const std::string format = formatOf(options);
  std::optional<EightBitLoss> loss;
  if (options.int8) {
    if (!trained.in_run)
      throw Error({.file = options.what}, "--int8 measures on test rows, which a bundle by itself does not know",
                  "name the run, or take --format " + std::string(kEightBitFormat) + ", which measures nothing",
                  Fault::Usage);
    loss = eightBitLoss(trained.bundle, folderOf(trained));
  }
  const int64_t size = exportTrained(trained.bundle, options.file, format, Existing::Replace,
                                     options.no_rows ? Proof::LeaveOut : Proof::Keep);
  if (context.json) {
    nlohmann::json out{{"file", options.file}, {"format", format}, {"bytes", size}};
    if (loss) out["scores"] = {{"as trained", loss->before}, {"in 8 bits", loss->after}};
    context.printJson(out);
  } else {
    context.say("wrote the trained pipeline of " + trained.name + " to " + options.file + " (" +
                bytesText(static_cast<double>(size)) + ")");
    if (loss) context.say("  in 8 bits, on the test rows: " + textOf(*loss));
    if (format == "bundle") {
      const Bundle written(options.file);
      context.say("  " + proofText(written.certified()));
      context.say("  blockyard predict " + options.file + " " + newRowsFile(written.plan()));
    }
  }
  return 0;
}

}  // namespace

Verb exportVerb() {
  return {
      "export", "Save the trained pipeline of a run to take it away",
      "blockyard export latest flowers.safetensors\n"
      "blockyard predict flowers.safetensors new.csv   # works anywhere, "
      "without the project\n"
      "blockyard export latest flowers.onnx            # for ONNX Runtime\n"
      "blockyard export latest small.onnx --int8       # a quarter of the size; tells what it costs\n"
      "blockyard export latest flowers.pt              # for PyTorch: torch.jit.load\n"
      "blockyard export latest flowers --format mlflow # a folder; also hub\n"
      "blockyard export latest --check                 # what it can be written as, and why not",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option("TRAINED", options->what,
                       "a run (its id, the beginning of one, or \"latest\"), "
                       "or a project")
            ->required();
        app.add_option("FILE", options->file,
                       "the file to write; its ending tells the format. Of some formats, a folder");
        std::string formats;
        for (const ExportFormat& format : exportFormats())
          formats += (formats.empty() ? "" : "; ") + format.name + (format.folder() ? "" : " (" + format.ending + ")") +
                     ": " + format.doc;
        app.add_option("--format", options->format, formats)->type_name("FORMAT");
        app.add_flag("--check", options->check, "write nothing; tell which formats can hold the pipeline, and why not");
        app.add_flag("--no-rows", options->no_rows,
                     "a bundle without the rows of the data that it otherwise holds to show that it answers right");
        app.add_flag("--int8", options->int8, "ONNX with weights in 8 bits; tells what that costs on the test rows");
        addProjectOption(app, options->project);
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
