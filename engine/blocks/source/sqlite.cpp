// SQLite: the rows that a query gives from a database file, with the target on a port of its own.
#include "blocks/table_source.hpp"
#include "data/path_guard.hpp"

namespace blockyard::source {
namespace {

TableSettings querySettings(const SourceSetup& setup, int64_t most_rows) {
  const Values& values = setup.values;
  TableSettings settings = tableSettings(setup, most_rows);
  settings.format = "sqlite";
  settings.query = values.text("query");
  settings.csv.missing = values.texts("missing");
  settings.csv.types = typesOf(values.texts("types"));
  if (values.text("file").empty()) throw Error({.parameter = "file"}, "no file is named", "name an SQLite database");
  settings.files.push_back({dataPath(setup.folder, values.text("file")), "file"});
  return settings;
}

std::unique_ptr<Source> openQuery(const SourceSetup& setup) {
  return openTableSource(setup, querySettings(setup, rowsToLookAt(setup)));
}

Signatures peekQuery(const SourceSetup& setup) {
  return openTableSource(setup, querySettings(setup, kDetectRows))->outputs();
}

std::vector<Param> queryParams() {
  std::vector<Param> out = {
      {"file", "", {}, "the database", "", Role::File},
      {"query", "", {}, "which rows: one SELECT, as in select age, income from customers order by id"}};
  for (Param& param : tableParams()) out.push_back(std::move(param));
  return out;
}

}  // namespace

BlockType sqlite() {
  return {
      .schema = {.title = "SQLite",
                 .doc = "Rows that a query gives from an SQLite database. The file is opened for reading alone; "
                        "nothing is written, attached or set by a query. Types follow from the values: numbers, "
                        "times written as text (2024-01-31), categories if few texts differ, else texts. Without "
                        "ORDER BY the rows come as they lie in the file. New rows to predict may come from a database "
                        "with the same tables, or from a CSV, Parquet or Arrow file.",
                 .outputs = {{"features", "table", "every column of the query but the target"},
                             {"target", "label|target", "class index, or number(s) to predict"}},
                 .params = queryParams()},
      .open = openQuery,
      .peek = peekQuery};
}

}  // namespace blockyard::source
