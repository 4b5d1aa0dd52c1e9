// TableSource: rows of a table with the target on a port of its own. What the sources of tables share, whatever they
// read from.
#pragma once
#include <memory>

#include "blocks/schema.hpp"
#include "blocks/source.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

// What the settings of such a source say about the target, and what it was opened with. The files and their format are
// for the caller to add. With `most_rows`, only so many of the first file.
TableSettings tableSettings(const SourceSetup& setup, int64_t most_rows);
std::unique_ptr<Source> openTableSource(const SourceSetup& setup, TableSettings settings);
// Rows to look at: types and classes are found as the checks find them, so that a look agrees with what stands on the
// wires. 0: all.
int64_t rowsToLookAt(const SourceSetup& setup);
// The setting `types`: columns by name. Throws Error there.
std::map<std::string, ColumnType> typesOf(const Texts& settings);
// The settings target, target_kind, missing_target and unit, then types and missing.
std::vector<Param> tableParams();

}  // namespace blockyard
