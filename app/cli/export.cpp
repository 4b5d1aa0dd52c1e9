// blockyard export: the trained pipeline of a run as a file to take away.
#include "export/trained_runs.hpp"
#include "locate.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string what{};
  std::string file{};
  std::string format = "bundle";
  std::string project{};
};

int run(const Options& options, const Context& context) {
  const Trained trained = findTrained(options.what, options.project);
  const int64_t size = exportTrained(trained.bundle, options.file, options.format, Existing::Replace);
  if (context.json) {
    context.printJson({{"file", options.file}, {"format", options.format}, {"bytes", size}});
  } else {
    context.say("wrote the trained pipeline of " + trained.name + " to " + options.file + " (" +
                bytesText(static_cast<double>(size)) + ")");
    context.say("  blockyard predict " + options.file + " NEW.csv");
  }
  return 0;
}

}  // namespace

Verb exportVerb() {
  return {"export", "Save the trained pipeline of a run as one file",
          "blockyard export latest flowers.safetensors\n"
          "blockyard predict flowers.safetensors new.csv   # works anywhere, "
          "without the project",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            app.add_option("TRAINED", options->what,
                           "a run (its id, the beginning of one, or \"latest\"), "
                           "or a project")
                ->required();
            app.add_option("FILE", options->file, "the file to write")->required();
            app.add_option("--format", options->format,
                           "bundle: preprocessing, model and postprocessing in one "
                           "safetensors file")
                ->type_name("FORMAT");
            addProjectOption(app, options->project);
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
