// A table as the bytes of a Parquet file.
#pragma once
#include <string>

#include "data/arrow_file.hpp"

namespace blockyard {

// See parquetOf(). Throws Error.
std::string writeParquet(const Table& table, const ParquetTypes& types);

}  // namespace blockyard
