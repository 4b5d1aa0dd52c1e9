#include "parse.hpp"

#include <algorithm>

#include "base/value.hpp"
#include "help.hpp"

namespace blockyard::cli {
namespace {

// The words of the command line that are not used up yet.
using Words = std::vector<std::string>;

struct Called {
  const Verb* verb = nullptr;
  std::string path{};  // "runs show"
};

bool isGlobal(const std::string& word) {
  return word == "--json" || word == "--quiet" || word == "-q" || word == "--no-color";
}

bool asksForHelp(const std::string& word) {
  return word == "--help" || word == "-h";
}

std::vector<std::string> namesOf(const std::vector<Verb>& verbs) {
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.emplace_back(verb.name);
  return names;
}

// Finds the verb that the first word names and takes the word away; flags that every verb knows may stand before it.
const Verb& takeVerb(Words& words, const std::vector<Verb>& verbs, const std::string& path) {
  const auto word = std::find_if_not(words.begin(), words.end(), isGlobal);
  const std::string command = path.empty() ? "blockyard" : "blockyard " + path;
  if (word == words.end())
    throwUsage("what should be done? \"" + command + "\" wants a verb", command + " --help lists them");
  for (const auto& verb : verbs) {
    if (*word != verb.name) continue;
    words.erase(word);
    return verb;
  }
  const std::string nearest = nearestName(*word, namesOf(verbs));
  const std::string what = word->starts_with('-') ? "unknown option " : "unknown verb \"";
  throwUsage(what + *word + (word->starts_with('-') ? "" : "\""),
             nearest.empty() ? command + " --help lists the verbs" : "did you mean \"" + nearest + "\"?");
}

[[noreturn]] void throwExtra(const CLI::App& app, const std::string& word, const std::string& path) {
  const std::string help = "blockyard " + path + " --help shows what it takes";
  if (!word.starts_with('-') || word == "-") throwUsage("unexpected argument \"" + word + "\"", help);
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const auto* option : app.get_options()) {
    for (const auto& text : option->get_lnames()) known.push_back("--" + text);
    for (const auto& text : option->get_snames()) known.push_back("-" + text);
  }
  const std::string nearest = nearestName(name, known);
  throwUsage("unknown option " + name, nearest.empty() ? help : "did you mean " + nearest + "?");
}

void addGlobals(CLI::App& app, Context& context, bool& no_color) {
  app.add_flag("--json", context.json, "for machines: one JSON object, or one per line")->group("");
  app.add_flag("-q,--quiet", context.quiet, "no progress, no advice")->group("");
  app.add_flag("--no-color", no_color, "no colors")->group("");
}

void parseWords(CLI::App& app, Words words, const std::string& path) {
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(words);
  } catch (const CLI::ExtrasError&) {
    const auto extra = app.remaining();
    throwExtra(app, extra.empty() ? "" : extra.front(), path);
  } catch (const CLI::ArgumentMismatch& error) {
    // "--set: 1 required A.B=VALUE missing"
    const std::string text = error.what(), name = text.substr(0, text.find(':'));
    throwUsage(name + " wants a value behind it", "blockyard " + path + " --help shows what it takes");
  } catch (const CLI::ParseError& error) {
    throwUsage(error.what(), "blockyard " + path + " --help shows what it takes");
  }
}

// Until the command line is understood, somebody may already have to hear what is wrong with it.
Color readGlobalsEarly(const Words& words, Context& context) {
  const auto end = std::find(words.begin(), words.end(), "--");
  context.json = std::find(words.begin(), end, "--json") != end;
  return std::find(words.begin(), end, "--no-color") != end ? Color::Never : Color::Auto;
}

}  // namespace

int runCommand(int argc, char** argv, Context& context) {
  Words words(argv + std::min(argc, 1), argv + argc);
  const Color color = readGlobalsEarly(words, context);
  context.out = Terminal(1, color);
  context.err = Terminal(2, color);
  const auto first = std::find_if_not(words.begin(), words.end(), isGlobal);
  if (first == words.end() && !context.json) {
    context.err.write(helpText(context.err));
    return static_cast<int>(Fault::Usage);
  }
  if (first != words.end() && *first == "--version") {
    context.print(versionText());
    return 0;
  }
  if (first != words.end() && (asksForHelp(*first) || *first == "help")) {
    const bool all = std::next(first) == words.end();
    words.erase(first);
    if (!all) words.push_back("--help");
    if (all) context.print(helpText(context.out));
    if (all) return 0;
  }

  Called called{&takeVerb(words, verbs(), ""), {}};
  called.path = called.verb->name;
  const auto end = std::find(words.begin(), words.end(), "--");
  const bool help = std::any_of(words.begin(), end, asksForHelp);
  while (!called.verb->verbs.empty() && !(help && asksForHelp(words.front()))) {
    called.verb = &takeVerb(words, called.verb->verbs, called.path);
    called.path += std::string(" ") + called.verb->name;
  }

  CLI::App app(called.verb->summary);
  app.set_help_flag();
  bool no_color = false;
  addGlobals(app, context, no_color);
  const Work work = called.verb->declare == nullptr ? Work() : called.verb->declare(app);
  if (help) {
    context.print(helpText(context.out, *called.verb, called.path, app));
    return 0;
  }
  parseWords(app, words, called.path);
  return work(context);
}

}  // namespace blockyard::cli
