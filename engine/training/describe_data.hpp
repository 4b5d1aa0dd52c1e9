// What the data of a plan is, for the record of a run and for an exported pipeline.
#pragma once
#include "graph/plan.hpp"
#include "runs/data_card.hpp"

namespace blockyard {

class Source;

// `source` is open for `plan`; its first rows are looked at. Throws Error as it does. Engine thread.
DataCard dataCard(const Plan& plan, Source& source);

}  // namespace blockyard
