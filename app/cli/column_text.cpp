#include "column_text.hpp"

#include <algorithm>
#include <cmath>

namespace blockyard::cli {
namespace {

std::string rangeText(const ColumnProfile& column) {
  if (std::isnan(column.min)) return {};
  const auto shown = [&](double v) { return column.type == "time" ? timeText(v) : shortNumber(v); };
  return shown(column.min) + " to " + shown(column.max) +
         (column.type == "time" ? "" : ", mean " + shortNumber(column.mean));
}

}  // namespace

std::string valuesText(const ColumnProfile& column) {
  std::string out = rangeText(column);
  for (size_t i = 0; i < std::min<size_t>(column.top.size(), 5); ++i)
    out += (out.empty() ? "" : ", ") + printable(column.top[i].first) + " " + countText(column.top[i].second);
  if (column.top.size() > 5 || (!column.top.empty() && column.distinct > static_cast<int64_t>(column.top.size())))
    out += ", ...";
  if (!std::isnan(column.mean_length))
    out = "mean length " + shortNumber(column.mean_length) + ", longest " + countText(column.longest);
  return out;
}

nlohmann::json jsonNumber(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json toJson(const ColumnProfile& column) {
  nlohmann::json out = {{"port", column.port},
                        {"name", column.name},
                        {"type", column.type},
                        {"rows", column.rows},
                        {"missing", column.missing},
                        {"distinct", column.distinct},
                        {"more_distinct", column.more_distinct},
                        {"min", jsonNumber(column.min)},
                        {"max", jsonNumber(column.max)},
                        {"mean", jsonNumber(column.mean)},
                        {"deviation", jsonNumber(column.deviation)}};
  for (size_t i = 0; i < column.quantiles.size(); ++i)
    out["quantiles"].push_back({{"share", kQuantiles[i]}, {"value", jsonNumber(column.quantiles[i])}});
  if (!column.histogram.empty()) {
    out["outliers"] = column.outliers;
    out["histogram"] = {{"from", column.histogram_from}, {"to", column.histogram_to}, {"counts", column.histogram}};
  }
  if (!column.measure.empty()) out["association"] = {{"measure", column.measure}, {"value", column.association}};
  for (const auto& [name, count] : column.top) out["top"].push_back({{"class", name}, {"rows", count}});
  return out;
}

}  // namespace blockyard::cli
