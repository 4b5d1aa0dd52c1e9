// The help of the command and its verbs, made from their declarations: what it does, examples first, then the options.
#pragma once
#include "command.hpp"

namespace blockyard::cli {

// Of the whole command: all verbs with their summaries.
std::string helpText(const Terminal& terminal);
// Of one verb; `path` is how it is called: "runs show".
std::string helpText(const Terminal& terminal, const Verb& verb, const std::string& path, const CLI::App& app);
// What `blockyard --version` prints.
std::string versionText();

}  // namespace blockyard::cli
