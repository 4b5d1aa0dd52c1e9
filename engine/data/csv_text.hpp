// A table as CSV text (RFC 4180: commas, quotes only where need be). Torch-free, stateless.
#pragma once
#include <string>

#include "data/table.hpp"

namespace blockyard {

enum class CsvHeader { Yes, No };
// Appends the rows, one per line, behind a line with the names of the columns if asked for.
void appendCsv(std::string& out, const Table& table, CsvHeader header);

}  // namespace blockyard
