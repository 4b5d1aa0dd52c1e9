// The verbs of "blockyard runs" that stand in files of their own.
#pragma once
#include "command.hpp"
#include "runs/run.hpp"

namespace blockyard::cli {

// What a RUN may be, for the help.
std::string runWord();

// The runs of a project that a verb is about.
struct RunOptions {
  std::string project{};
  std::vector<std::string> runs{};  // as given
};
// RUN, which need not be given, and --project.
void addRun(CLI::App& app, RunOptions& options);
// The one that is given, else the latest. Throws Error.
Run runOf(const RunOptions& options);

Verb runsCompareVerb();
Verb runsRepeatVerb();
// tag, note, archive, pin, delete, restore, trash.
std::vector<Verb> runsNotesVerbs();
// report, export, mlflow.
std::vector<Verb> runsReportVerbs();

}  // namespace blockyard::cli
