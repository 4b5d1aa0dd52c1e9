// From the words of a command line to the verb that is meant.
#pragma once
#include "command.hpp"

namespace blockyard::cli {

// Parses, fills in `context`, and does what the verb says. Returns the exit code; throws Error (Usage) with the nearest
// name for a verb or an option that does not exist.
int runCommand(int argc, char** argv, Context& context);

}  // namespace blockyard::cli
