// The verbs, one file each.
#pragma once
#include "command.hpp"

namespace blockyard::cli {

Verb newVerb();
Verb checkVerb();
Verb blocksVerb();
Verb inspectVerb();
Verb peekVerb();
Verb trainVerb();
Verb evaluateVerb();
Verb predictVerb();
Verb runsVerb();
Verb studyVerb();
Verb profileVerb();
Verb benchmarkVerb();
Verb exportVerb();
Verb serveVerb();
Verb cacheVerb();
Verb doctorVerb();
Verb openVerb();

}  // namespace blockyard::cli
