#include "verbs.hpp"

namespace blockyard::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs = {newVerb(),     checkVerb(),     blocksVerb(),  inspectVerb(), peekVerb(),
                                           trainVerb(),   evaluateVerb(),  predictVerb(), runsVerb(),    studyVerb(),
                                           profileVerb(), benchmarkVerb(), exportVerb(),  serveVerb(),   cacheVerb(),
                                           doctorVerb(),  openVerb()};
  return kVerbs;
}

}  // namespace blockyard::cli
