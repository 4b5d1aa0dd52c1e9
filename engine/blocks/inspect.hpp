// What a source holds, column by column: for `blockyard inspect` and the data view. Reads the rows once, in chunks.
#pragma once
#include <atomic>
#include <string>
#include "base/value.hpp"
#include "data/profile.hpp"

namespace blockyard {

class Source;

// Columns of tables one by one; labels; targets; of other tensors one entry over all their elements. In the order of
// the ports, the target last. Throws Error "stopped" once `stop` is set.
DataProfile inspect(Source& source, const std::atomic<bool>* stop = nullptr);
// The same of some first rows only: at most `most_rows` of them, fewer where rows are large.
DataProfile inspectHead(Source& source, int64_t most_rows);
// Opens the source block `type` with `values` (defaults are filled in) and inspects it.
DataProfile inspectSource(const std::string& type, const Values& values, const std::string& folder,
                          const std::atomic<bool>* stop = nullptr);

}  // namespace blockyard
