// What flows through a trained pipeline when rows are answered, and the answers as a table. Any thread, one at a time.
#pragma once
#include "training/pipeline.hpp"

namespace blockyard {

// `rows` of the source through the blocks that work once per row.
Flow prepareRows(const Pipeline& pipeline, Batch rows);
// Prepared rows [first, first + count) through the model, on `device`, and the postprocessors.
Flow answerRows(const Pipeline& pipeline, const Flow& prepared, int64_t first, int64_t count, at::Device device);
// What no block takes any further, a column each, with names that tell them apart.
Table answersOf(const Pipeline& pipeline, const Flow& flow);

}  // namespace blockyard
