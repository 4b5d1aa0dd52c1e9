// The line for a terminal that repeats a run. Pure but for reading the project's file.
#pragma once
#include <filesystem>
#include <string>

#include "runs/run.hpp"

namespace blockyard {

// How the line names the project: so that it works anywhere on this machine, or so that it works on every machine, in
// the project's folder.
enum class NameProject { WithItsPath, FromItsFolder };

// "blockyard train flowers.blockyard --set mlp.hidden=64 --purpose wider": what was given on the command line then, and
// a --set for every setting in which the plan of the run differs from the project as it is now. Where that would not
// give the plan's hash, because the project has other blocks by now, the line says --same-as RUN.
std::string commandOfRun(const RunRecord& record, const std::filesystem::path& project_folder,
                         NameProject name = NameProject::WithItsPath);

// As a shell takes it: in quotes only if need be.
std::string shellQuoted(const std::string& text);

}  // namespace blockyard
