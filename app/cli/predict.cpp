// blockyard predict: new rows or pictures through a trained pipeline.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/temporary_file.hpp"
#include "data/picture.hpp"
#include "export/predict_files.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "row_writer.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::string what{};
  std::vector<std::string> files{};
  std::string project{};
  std::string out{};
  std::string format{};
  std::string device = "cpu";
  int threads = 0;
};

std::string readStandardInput() {
  constexpr size_t kMost = size_t{1} << 30;
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR && signalSeen() == 0) continue;
    if (got < 0) throwFileError("standard input", "read", errno);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.size() > kMost) throw Error({}, "more than 1 GiB on standard input", "put the rows into a file");
  }
}

bool looksLikeJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
}

// Predicts on one source and adds its answers.
void addAnswers(Bundle& bundle, Source& source, RowWriter& writer) {
  bundle.predict(source, [&](const Table& answers) { writer.add(answers); });
}

void addStandardInput(Bundle& bundle, RowWriter& writer) {
  const std::string text = readStandardInput();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error({.file = "standard input"}, "there are no rows");
  if (looksLikeJson(text)) {
    addAnswers(bundle, *bundle.openJson(text, "standard input"), writer);
    return;
  }
  if (pictureFormat(text) != PictureFormat::None) {
    const TemporaryFile file(text, ".picture");
    const auto picture = bundle.openPictures({file.path()});
    bundle.predict(*picture, [&](const Table& answers) {
      // The first column is the file, which has no name.
      writer.add(Table(std::vector(answers.columns().begin() + 1, answers.columns().end())));
    });
    return;
  }
  const TemporaryFile file(text, ".csv");
  try {
    addAnswers(bundle, *bundle.open(file.path()), writer);
  } catch (const Error& error) {
    if (error.where().file != file.path()) throw;
    Where where = error.where();
    where.file = "standard input";
    throw Error(where, error.problem(), error.hint(), error.fault());
  }
}

void addFiles(Bundle& bundle, const std::vector<std::string>& files, RowWriter& writer) {
  predictFiles(bundle, files, [&](const Answers& answers) { writer.add(answers.table); });
}

int run(const Options& options, const Context& context) {
  const RowFormat format = rowFormat(options.format.empty() && context.json ? "json" : options.format,
                                     options.out == "-" ? "" : options.out);
  const Trained trained = findTrained(options.what, options.project);
  checkReplacesNone(options.out, options.files);
  checkReplacesNone(options.out, {trained.bundle.string()});
  watchSignals();
  PredictOptions predict;
  predict.device = options.device;
  predict.threads = options.threads;
  predict.stop = &stopAsked();
  Bundle bundle(trained.bundle.string(), predict);
  bundle.settle();
  RowWriter writer(format, options.out, context.out);
  const bool piped = std::find(options.files.begin(), options.files.end(), "-") != options.files.end();
  if (!piped) {
    addFiles(bundle, options.files, writer);
  } else if (std::any_of(options.files.begin(), options.files.end(), isPictureFile)) {
    throwUsage("pictures and standard input cannot be mixed in one call", "call it once for each");
  } else {
    for (const auto& file : options.files)
      if (file == "-")
        addStandardInput(bundle, writer);
      else
        addFiles(bundle, {file}, writer);
  }
  if (signalSeen() != 0) return signalExitCode();
  writer.finish();
  if (!options.out.empty() && options.out != "-") context.say(countText(writer.rows()) + " rows in " + options.out);
  return 0;
}

}  // namespace

Verb predictVerb() {
  return {
      "predict", "Answer for new rows or pictures with a trained pipeline",
      "blockyard predict latest new.csv                     # answers as CSV "
      "on standard output\n"
      "blockyard predict latest new.parquet -o answers.json\n"
      "blockyard predict flowers.safetensors *.png --format jsonl\n"
      "blockyard predict flowers.safetensors new_pictures/\n"
      "echo '[{\"length\": 39.1, \"island\": \"Biscoe\"}]' | blockyard predict "
      "latest -",
      [](CLI::App& app) -> Work {
        auto options = std::make_shared<Options>();
        app.add_option("TRAINED", options->what,
                       "a run (its id, the beginning of one, or \"latest\"), a "
                       "bundle file, or a project")
            ->required();
        app.add_option("FILE", options->files,
                       "rows (CSV, TSV, Parquet, Arrow, JSON), pictures (JPEG, PNG, "
                       "BMP, TIFF, WebP, IDX), sounds (WAV, FLAC, Ogg, MP3, AIFF, AU) or folders of them, or arrays "
                       "(NPY, FILE.npz/ARRAY), as the pipeline's "
                       "source reads "
                       "them; - for CSV or JSON on standard input")
            ->required();
        app.add_option("-o,--output", options->out, "the file to write; standard output if not given")
            ->type_name("FILE");
        app.add_option("--format", options->format, "csv, json or jsonl; by the file's ending if not given")
            ->type_name("FORMAT");
        addProjectOption(app, options->project);
        app.add_option("--device", options->device, "auto, cpu, cuda or cuda:N")->type_name("NAME");
        app.add_option("--threads", options->threads, "threads of the computation; 0 is one per core")->type_name("N");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace blockyard::cli
