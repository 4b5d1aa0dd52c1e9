#include "help.hpp"

#include <algorithm>

namespace blockyard::cli {
namespace {

struct Line {
  std::string left{};
  std::string right{};
};

// Two columns, the right one wrapped.
std::string columns(const Terminal& terminal, const std::vector<Line>& lines) {
  constexpr size_t kMaxLeft = 26;
  const size_t width = static_cast<size_t>(std::clamp(terminal.width(), 60, 120));
  size_t left = 0;
  for (const auto& line : lines) {
    if (widthOf(line.left) <= kMaxLeft) left = std::max(left, widthOf(line.left));
  }
  std::string out;
  for (const auto& line : lines) {
    const std::string indent(left + 4, ' ');
    std::string text = wrapped(line.right, width, indent);
    if (widthOf(line.left) > left) {
      out += "  " + line.left + "\n" + text;
    } else {
      if (text.empty())
        text = "\n";
      else
        text.erase(0, indent.size());
      out += "  " + line.left + std::string(left + 2 - widthOf(line.left), ' ') + text;
    }
  }
  return out;
}

std::string examplesText(const Terminal& terminal, const char* examples) {
  std::string out;
  std::string_view rest = examples;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    // A remark behind the call is dimmed.
    const size_t remark = line.find("  # ");
    if (remark != std::string::npos) line = line.substr(0, remark) + terminal.dim(line.substr(remark));
    out += "  " + line + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string leftOf(const CLI::Option& option) {
  std::string names;
  for (const auto& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const auto& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  const std::string type = option.get_type_name();
  return option.get_items_expected() == 0 || type.empty() ? names : names + " " + type;
}

std::string usage(const std::string& path, const CLI::App& app) {
  std::string line = "blockyard " + path;
  bool options = false;
  for (const auto* option : app.get_options()) {
    if (!option->get_positional()) options |= !option->get_group().empty();
  }
  for (const auto* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  return line + (options ? " [options]" : "");
}

std::vector<Line> globalLines() {
  return {{"--json", "for machines: one JSON object, or one per line; errors too"},
          {"-q, --quiet", "no progress, no advice"},
          {"--no-color", "no colors (as NO_COLOR or TERM=dumb in the environment)"},
          {"-h, --help", "this help"}};
}

}  // namespace

std::string helpText(const Terminal& terminal) {
  std::string out = "Blockyard trains pipelines that are built from blocks, and uses them.\n\n";
  out +=
      terminal.bold("Examples") + "\n" +
      examplesText(terminal,
                   "blockyard new flowers --data iris.csv --target species  # a project for a table\n"
                   "blockyard train flowers                                 # train it; prints scores and a run's id\n"
                   "blockyard predict latest new.csv -o answers.csv         # use what was trained\n"
                   "blockyard runs compare                                  # what was better, and why");
  std::vector<Line> lines;
  for (const auto& verb : verbs()) lines.push_back({verb.name, verb.summary});
  out += "\n" + terminal.bold("Verbs") + "  (blockyard VERB --help tells more)\n" + columns(terminal, lines);
  out += "\n" + terminal.bold("With every verb") + "\n" + columns(terminal, globalLines()) +
         columns(terminal, {{"--version", "the version"}});
  out += "\nData goes to standard output, everything else to standard error.\n" +
         wrapped(
             "Exit codes: 0 done, 1 failed, 2 usage, 3 bad project or data, 4 device missing, 5 out of memory, "
             "6 diverged, 75 try again, 130 stopped by Ctrl-C.",
             static_cast<size_t>(std::clamp(terminal.width(), 60, 120)), "");
  return out;
}

std::string helpText(const Terminal& terminal, const Verb& verb, const std::string& path, const CLI::App& app) {
  std::string out = verb.summary + std::string(".\n\n") + terminal.bold("Examples") + "\n" +
                    examplesText(terminal, verb.examples) + "\n";
  if (!verb.verbs.empty()) {
    std::vector<Line> lines;
    for (const auto& child : verb.verbs)
      if (!child.hidden) lines.push_back({child.name, child.summary});
    out += terminal.bold("Verbs") + "  (blockyard " + path + " VERB --help tells more)\n" + columns(terminal, lines);
    return out + "\n" + terminal.bold("With every verb") + "\n" + columns(terminal, globalLines());
  }
  out += terminal.bold("Usage") + "\n  " + usage(path, app) + "\n\n";
  std::vector<Line> arguments, options;
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) {
      arguments.push_back({option->get_name(true), option->get_description()});
    } else if (!option->get_group().empty()) {
      options.push_back({leftOf(*option), option->get_description()});
    }
  }
  if (!arguments.empty()) out += terminal.bold("Arguments") + "\n" + columns(terminal, arguments) + "\n";
  if (!options.empty()) out += terminal.bold("Options") + "\n" + columns(terminal, options) + "\n";
  return out + terminal.bold("With every verb") + "\n" + columns(terminal, globalLines());
}

std::string versionText() {
  return "blockyard " BLOCKYARD_VERSION "\n";
}

}  // namespace blockyard::cli
