// Answers as JSON, the same from the command and from a service. Torch-free.
#pragma once
#include <nlohmann/json.hpp>

#include "data/table.hpp"

namespace blockyard {

// A cell: a number, a text (times as ISO 8601, "inf" and "-inf"), or null if it is missing.
nlohmann::json cellJson(const Column& column, int64_t row);
// A row as an object, in the order of the columns.
nlohmann::ordered_json rowJson(const Table& table, int64_t row);

}  // namespace blockyard
