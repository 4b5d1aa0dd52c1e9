// blockyard new: a project to begin with.
#include "base/file.hpp"
#include "data/picture.hpp"
#include "data/sound.hpp"
#include "graph/check.hpp"
#include "graph/templates.hpp"
#include "locate.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name{};
  std::string from{};
  std::string data{};
  std::string labels{};
  std::vector<std::string> target{};
  std::string task{};
};

// Where the project goes: NAME.blockyard as it is, else into a folder of its
// own.
fs::path fileOf(const std::string& name) {
  const fs::path path(name);
  if (path.extension() == ".blockyard") return path;
  const std::string stem = path.filename().empty() ? path.parent_path().filename().string() : path.filename().string();
  return path / (stem + ".blockyard");
}

// The data file as the project names it: relative to its folder where that is
// possible.
std::string nameInProject(const std::string& data, const fs::path& folder) {
  if (data.empty()) return "";
  const fs::path path = fs::absolute(data).lexically_normal();
  if (!fs::exists(path)) throwFileError(data, "open", ENOENT);
  const fs::path relative = path.lexically_relative(fs::absolute(folder).lexically_normal());
  return relative.empty() ? path.string() : relative.string();
}

bool isPictures(const std::string& data) {
  return data.find("idx") != std::string::npos;
}

// What the data's ports carry, found out by a look at the file; rows without a target are left out from here on, if
// there are some. Throws the Error of a file that cannot be read.
Signatures peek(TemplateWish& wish, const std::string& data, const Context& context) {
  TemplateWish there = wish;
  there.data = fs::absolute(data).string();  // the project's folder may not be there yet
  const Project project = projectFromTemplate("table", there);
  const Checked checked = check(project, "main");
  const auto found = checked.outputs.find({"data"});
  if (found != checked.outputs.end()) return found->second;
  for (const auto& problem : checked.problems) {
    if (problem.where.block != "data") continue;
    if (problem.where.parameter != "missing_target" || wish.drop_missing_target) throw problem.error().inFile();
    wish.drop_missing_target = true;
    context.say(problem.problem + ": such rows are left out");
    return peek(wish, data, context);
  }
  return {};
}

// Chooses the target, if it was not named, and what it is.
void choose(const Options& options, TemplateWish& wish, const Context& context) {
  if (options.data.empty()) return;
  if (wish.target.empty()) {
    const Signatures found = peek(wish, options.data, context);
    const auto features = found.find("features");
    if (features == found.end() || features->second.columns.empty()) return;
    wish.target = {features->second.columns.back().name};
    context.say("the target is \"" + printable(wish.target[0]) + "\", the last column; --target names another");
  }
  const bool several = wish.target.size() > 1;
  if (options.task == "classes") {
    wish.target_kind = several ? "target" : "label";
    if (several) wish.task = Task::Tags;
  }
  const Signatures found = peek(wish, options.data, context);
  const auto target = found.find("target");
  if (options.task.empty() && target != found.end()) {
    wish.task = target->second.kind == Wire::Label ? Task::Label : Task::Number;
  }
  const auto features = found.find("features");
  if (features == found.end()) return;
  std::string names;
  for (const ColumnInfo& column : features->second.columns) {
    if (column.type != ColumnType::Text) continue;
    wish.leave_out.push_back(column.name);
    names += (names.empty() ? "\"" : ", \"") + printable(column.name) + "\"";
  }
  if (!names.empty()) context.say("left out, as free texts: " + names);
}

int run(Options options, const Context& context) {
  const std::string last = fs::path(options.name).filename().string();
  if (last.empty() || last == "." || last == "..")
    throwUsage("NAME: expected a name for the project, got \"" + options.name + "\"");
  const fs::path file = fileOf(options.name);
  if (fs::exists(file))
    throw Error({.file = file.string()}, "there is a project already", "choose another name", Fault::Usage);
  const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
  const std::string sound = holdsPictures(options.data) ? "" : firstSoundBelow(options.data);
  if (options.from.empty())
    options.from = !sound.empty()                   ? "audio-folder"
                   : fs::is_directory(options.data) ? "image-folder"
                   : isPictures(options.data)       ? "images"
                                                    : "table";
  TemplateWish wish{.name = file.stem().string(),
                    .data = nameInProject(options.data, folder),
                    .labels = nameInProject(options.labels, folder)};
  if (!options.task.empty() && options.task != "classes" && options.task != "numbers") {
    throwUsage("unknown task \"" + options.task + "\"", "--task classes or --task numbers");
  }
  if (!sound.empty()) wish.rate = SoundFile(sound).rate();
  if (options.task == "numbers") wish.task = Task::Number;
  wish.target = options.target;
  if (options.from == "table") choose(options, wish, context);
  const Project project = projectFromTemplate(options.from, wish);
  makeFolder(folder);
  saveProject(project, file);
  if (context.json) {
    context.printJson({{"project", file.string()}, {"template", options.from}});
    return 0;
  }
  context.say("wrote " + file.string());
  const std::string name = fs::path(options.name).extension() == ".blockyard" ? file.string() : options.name;
  context.say(options.data.empty() ? "Name the data in it (parameter \"file\" of the block "
                                     "\"data\"), then\n  blockyard check " +
                                         name
                                   : "  blockyard check " + name + "\n  blockyard train " + name);
  return 0;
}

}  // namespace

Verb newVerb() {
  return {"new", "Make a project",
          "blockyard new flowers --data iris.csv --target species\n"
          "blockyard new prices --data houses.parquet --target price\n"
          "blockyard new clothes --data train-images-idx3-ubyte.gz --labels "
          "train-labels-idx1-ubyte.gz\n"
          "blockyard new flowers --data pictures/          # one folder for each class\n"
          "blockyard new words --data recordings/          # the same with sounds\n"
          "blockyard new study.blockyard --template empty",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            std::string names;
            for (const auto& line : templates()) names += (names.empty() ? "" : "; ") + line.name + ": " + line.doc;
            app.add_option("NAME", options->name,
                           "a folder to make, with the project in it; or a file "
                           "NAME.blockyard")
                ->required();
            app.add_option("--template", options->from, names + ". By the data if not given")->type_name("NAME");
            app.add_option("--data", options->data, "the file to learn from, or the folder of pictures or sounds")
                ->type_name("FILE");
            app.add_option("--labels", options->labels, "pictures: the file with their labels")->type_name("FILE");
            app.add_option("--target", options->target,
                           "the column to predict; the last one if not given; may "
                           "be repeated")
                ->type_name("COLUMN")
                ->allow_extra_args(false);
            app.add_option("--task", options->task, "classes or numbers; by the target column if not given")
                ->type_name("TASK");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
