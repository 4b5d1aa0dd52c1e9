#include "export/row_json.hpp"

#include <cmath>

namespace blockyard {

nlohmann::json cellJson(const Column& column, int64_t row) {
  if (column.missing(row)) return nullptr;
  if (column.type == ColumnType::Number) {
    const double value = column.numbers[static_cast<size_t>(row)];
    return std::isinf(value) ? nlohmann::json(value > 0 ? "inf" : "-inf") : nlohmann::json(value);
  }
  return column.cell(row);
}

nlohmann::ordered_json rowJson(const Table& table, int64_t row) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& column : table.columns()) out[column->name] = cellJson(*column, row);
  return out;
}

}  // namespace blockyard
