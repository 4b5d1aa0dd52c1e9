// blockyard runs tag, note, archive, pin, delete, restore, trash: what people say about runs afterwards, and where they
// put them.
#include <unistd.h>

#include <iostream>

#include "locate.hpp"
#include "runs/trash.hpp"
#include "runs_verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string project{};
  std::string run{};
  std::vector<std::string> words{};  // runs, tags or the text of a note
  bool remove = false, undo = false, none = false, empty = false, yes = false;
};

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : " ") + text;
  return out;
}

std::string countOfRuns(size_t count) {
  return countText(static_cast<int64_t>(count)) + (count == 1 ? " run" : " runs");
}

int tag(const Options& options, const Context& context) {
  const Run run = openRun(options.run, options.project);
  const RunNotes notes = changeNotes(run.folder(), [&](RunNotes& change) {
    for (const auto& word : options.words) {
      if (options.remove)
        removeTag(change, word);
      else
        addTag(change, word);
    }
  });
  if (context.json)
    context.printJson({{"run", run.id().text}, {"tags", notes.tags}});
  else if (!notes.tags.empty())
    context.print(joined(notes.tags) + "\n");
  else
    context.say("run " + run.id().text + " has no tags");
  return 0;
}

int note(const Options& options, const Context& context) {
  const Run run = openRun(options.run, options.project);
  const RunNotes notes = changeNotes(run.folder(), [&](RunNotes& change) {
    if (options.remove)
      change.text.clear();
    else if (!options.words.empty())
      change.text = joined(options.words);
  });
  if (context.json)
    context.printJson({{"run", run.id().text}, {"note", notes.text}});
  else if (!notes.text.empty())
    context.print(printable(notes.text) + "\n");
  else
    context.say("run " + run.id().text + " has no note");
  return 0;
}

int archive(const Options& options, const Context& context) {
  std::vector<Run> runs;
  for (const auto& name : options.words) runs.push_back(openRun(name, options.project));
  for (const auto& run : runs) changeNotes(run.folder(), [&](RunNotes& change) { change.archived = !options.undo; });
  if (options.undo)
    context.say(countOfRuns(runs.size()) + (runs.size() == 1 ? " is" : " are") + " in the list again");
  else
    context.say("archived " + countOfRuns(runs.size()) + "; \"blockyard runs list --all\" shows archived runs too");
  return 0;
}

int pin(const Options& options, const Context& context) {
  const auto folder = projectFolder(options.project);
  if (options.none && !options.run.empty()) throwUsage("--none takes no run");
  if (options.none)
    pinBaseline(folder, "");
  else if (!options.run.empty())
    pinBaseline(folder, openRun(options.run, options.project).id().text);
  const std::string pinned = pinnedBaseline(folder);
  if (context.json)
    context.printJson({{"baseline", pinned}});
  else if (pinned.empty())
    context.say("no run is pinned; \"blockyard runs pin RUN\" makes one the baseline");
  else
    context.print(pinned + "\n");
  return 0;
}

int remove(const Options& options, const Context& context) {
  const auto folder = projectFolder(options.project);
  std::vector<RunId> ids, purged;
  for (const auto& name : options.words) ids.push_back(openRun(name, options.project).id());
  for (const auto& id : ids) {
    std::vector<RunId> gone;
    deleteRun(folder, id, &gone);
    purged.insert(purged.end(), gone.begin(), gone.end());
  }
  context.say("moved " + countOfRuns(ids.size()) + " to the trash; \"blockyard runs restore " + ids.back().text +
              "\" brings it back within " + std::to_string(kTrashDays) + " days");
  if (!purged.empty())
    context.say(countOfRuns(purged.size()) + " that had been in the trash for more than " + std::to_string(kTrashDays) +
                " days " + (purged.size() == 1 ? "is" : "are") + " gone for good");
  return 0;
}

int restore(const Options& options, const Context& context) {
  for (const auto& name : options.words)
    context.say("run " + restoreRun(projectFolder(options.project), name).text + " is back");
  return 0;
}

void confirm(size_t count, const Context& context) {
  if (isatty(STDIN_FILENO) != 1) throwUsage("deleting runs for good wants to be confirmed", "--yes says so");
  context.err.write("delete " + countOfRuns(count) + " for good? [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Error({}, "nothing was deleted", {}, Fault::Failed);
}

int trash(const Options& options, const Context& context) {
  const auto folder = projectFolder(options.project);
  const auto runs = listTrash(folder);
  if (options.empty) {
    if (!runs.empty() && !options.yes) confirm(runs.size(), context);
    context.say("deleted " + countOfRuns(emptyTrash(folder).size()) + " for good");
    return 0;
  }
  if (context.json) {
    Json json = Json::array();
    for (const auto& run : runs) json.push_back({{"id", run.id.text}, {"deleted", run.notes.deleted}});
    context.printJson({{"runs", json}, {"days", kTrashDays}});
    return 0;
  }
  TextTable table({"run", "deleted", "purpose"});
  for (const auto& run : runs)
    table.add({run.id.text, run.notes.deleted, printable(run.record ? run.record->purpose : run.damage)});
  if (runs.empty())
    context.say("the trash is empty");
  else
    context.print(table.text(context.out));
  return 0;
}

using Call = int (*)(const Options&, const Context&);
using Declare = void (*)(CLI::App&, Options&);

template <Declare declare, Call call>
Work declared(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declare(app, *options);
  addProjectOption(app, options->project);
  return [options](Context& context) { return call(*options, context); };
}

void declareTag(CLI::App& app, Options& options) {
  app.add_option("RUN", options.run, runWord())->required();
  app.add_option("TAG", options.words, "words without spaces; none shows those it has");
  app.add_flag("--remove", options.remove, "take these tags off");
}
void declareNote(CLI::App& app, Options& options) {
  app.add_option("RUN", options.run, runWord())->required();
  app.add_option("TEXT", options.words, "takes the place of the note; none shows it");
  app.add_flag("--remove", options.remove, "take the note off");
}
void declareRuns(CLI::App& app, Options& options) {
  app.add_option("RUN", options.words, "each " + runWord())->required();
}
void declareArchive(CLI::App& app, Options& options) {
  declareRuns(app, options);
  app.add_flag("--undo", options.undo, "put them into the list again");
}
void declarePin(CLI::App& app, Options& options) {
  app.add_option("RUN", options.run, runWord() + "; none shows the pinned one");
  app.add_flag("--none", options.none, "pin no run");
}
void declareTrash(CLI::App& app, Options& options) {
  app.add_flag("--empty", options.empty, "delete what is in it for good");
  app.add_flag("-y,--yes", options.yes, "do not ask");
}

}  // namespace

std::vector<Verb> runsNotesVerbs() {
  return {
      {"tag", "Give a run tags, or take them off",
       "blockyard runs tag latest good wider\nblockyard runs tag latest good --remove\nblockyard runs list --tag good",
       declared<declareTag, tag>},
      {"note", "Write a note about a run", "blockyard runs note latest \"overfits after epoch 12\"",
       declared<declareNote, note>},
      {"archive", "Leave runs out of the list without deleting them",
       "blockyard runs archive 20261121-1145\nblockyard runs archive 20261121-1145 --undo",
       declared<declareArchive, archive>},
      {"pin", "Make a run the baseline that all comparisons are with",
       "blockyard runs pin latest\nblockyard runs pin --none", declared<declarePin, pin>},
      {"delete", "Move runs to the trash, where they stay for 30 days",
       "blockyard runs delete 20261121-1145\nblockyard runs restore 20261121-1145", declared<declareRuns, remove>},
      {"restore", "Bring runs back from the trash", "blockyard runs restore latest   # the one deleted last",
       declared<declareRuns, restore>},
      {"trash", "Show the runs in the trash, or empty it", "blockyard runs trash\nblockyard runs trash --empty",
       declared<declareTrash, trash>},
  };
}

}  // namespace blockyard::cli
