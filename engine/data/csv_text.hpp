// A CSV text that is in memory already, as a table: worked examples, tests, rows sent to a service.
#pragma once
#include <string>

#include "data/csv_detect.hpp"

namespace blockyard {

// The classes of categories are sorted. Throws Error.
Table tableFromCsv(std::string text, const CsvOptions& options = {});

}  // namespace blockyard
