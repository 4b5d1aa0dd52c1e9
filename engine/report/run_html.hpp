// The report of a run as one page: no resource from outside, no script, light and dark as the reader's desktop is, and
// well-formed XML too. Pure.
#pragma once
#include <string>

#include "report/run_facts.hpp"

namespace blockyard {

std::string runHtml(const RunFacts& facts);

}  // namespace blockyard
