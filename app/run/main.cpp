// blockyard-run BUNDLE FILE...: the answers of a trained pipeline, as `blockyard predict` gives them. For machines that
// need nothing else: no training, no window.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <new>

#include "export/predict_files.hpp"
#include "interrupt.hpp"
#include "row_writer.hpp"
#include "training/cpu_allocator.hpp"

namespace {

using namespace blockyard;
using namespace blockyard::cli;

struct Options {
  std::string bundle{};
  std::vector<std::string> files{};
  std::string out{};
  std::string format{};
  PredictOptions predict{};
};

int run(const Options& options) {
  const Terminal out(STDOUT_FILENO, Color::Never);
  const RowFormat format = rowFormat(options.format, options.out);
  Bundle bundle(options.bundle, options.predict);
  bundle.settle();
  RowWriter writer(format, options.out, out);
  predictFiles(bundle, options.files, [&](const Answers& answers) { writer.add(answers.table); });
  if (signalSeen() != 0) return signalExitCode();
  writer.finish();
  return 0;
}

int report(const std::string& text, Fault fault) {
  Terminal(STDERR_FILENO, Color::Never).write("error: " + printable(text) + "\n");
  return static_cast<int>(fault);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Answers for the rows of files with a trained pipeline");
  app.set_version_flag("--version", "blockyard-run " BLOCKYARD_VERSION);
  app.add_option("BUNDLE", options.bundle, "a trained pipeline, from \"blockyard export\"")->required();
  app.add_option("FILE", options.files, "rows (CSV, Parquet, JSON), pictures, sounds or folders of them")->required();
  app.add_option("-o,--output", options.out, "the file to write; standard output if not given");
  app.add_option("--format", options.format, "csv, json or jsonl; by the file's ending if not given");
  app.add_option("--device", options.predict.device, "auto, cpu, cuda or cuda:N");
  app.add_option("--threads", options.predict.threads, "threads of the computation; 0 is one per core");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Fault::Usage);
  }
  tuneMalloc();
  installCpuAllocator();
  watchSignals();
  options.predict.stop = &stopAsked();
  try {
    return run(options);
  } catch (const Error& error) {
    return report(error.what(), error.fault());
  } catch (const std::bad_alloc&) {
    return report("out of memory", Fault::OutOfMemory);
  } catch (const std::exception& error) {
    return report(error.what(), Fault::Failed);
  }
}
