#include "runs/data_card.hpp"

#include "base/json.hpp"

namespace blockyard {

nlohmann::json toJson(const DataCard& card) {
  nlohmann::json columns = nlohmann::json::array();
  for (const CardColumn& column : card.columns)
    columns.push_back({{"name", column.name}, {"type", column.type}, {"missing", column.missing}});
  return {{"source", card.source},           {"origin", card.origin}, {"licence", card.licence},
          {"fingerprint", card.fingerprint}, {"rows", card.rows},     {"looked_at", card.looked_at},
          {"columns", std::move(columns)},   {"notes", card.notes}};
}

DataCard dataCardFrom(const JsonPlace& place) {
  DataCard out{.source = place.text("source", ""),
               .origin = place.text("origin", ""),
               .licence = place.text("licence", ""),
               .fingerprint = place.text("fingerprint", ""),
               .rows = place.integer("rows", 0),
               .looked_at = place.integer("looked_at", 0)};
  if (const auto columns = place.find("columns"))
    for (const JsonPlace& column : columns->items())
      out.columns.push_back({column.text("name", ""), column.text("type", ""), column.integer("missing", 0)});
  if (const auto notes = place.find("notes")) out.notes = notes->texts();
  return out;
}

}  // namespace blockyard
