// The rows that a query gives from an SQLite database, as typed columns. The database is opened for reading alone and
// taken as it lies on disk; nothing but one SELECT runs on it.
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "data/csv_detect.hpp"
#include "data/row_block.hpp"

namespace blockyard {

// Told by the first bytes; false if there is no such file.
bool isSqliteFile(const std::string& path);
// Of `options` the types, `only`, `may_lack` and the texts that are missing count. Throws Error at the parameter
// `query` with SQLite's words if it is not one SELECT that runs.
std::unique_ptr<TableReader> openSqlite(const std::string& path, const std::string& query, const CsvOptions& options,
                                        const std::atomic<bool>* stop);

}  // namespace blockyard
