// The verbs of "blockyard runs" that stand in files of their own.
#pragma once
#include "command.hpp"

namespace blockyard::cli {

// What a RUN may be, for the help.
std::string runWord();

Verb runsCompareVerb();
Verb runsRepeatVerb();
// tag, note, archive, pin, delete, restore, trash.
std::vector<Verb> runsNotesVerbs();
// report, export, mlflow.
std::vector<Verb> runsReportVerbs();

}  // namespace blockyard::cli
