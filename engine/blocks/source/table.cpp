// Table: rows of a CSV, Parquet or Arrow file, with the target on a port of its own.
#include "blocks/table_source.hpp"
#include "data/file_list.hpp"
#include "data/path_guard.hpp"

namespace blockyard::source {
namespace {

CsvOptions csvOptions(const Values& values) {
  return {.delimiter = values.text("delimiter"),
          .decimal = values.text("decimal"),
          .encoding = values.text("encoding"),
          .header = values.text("header"),
          .quotes = values.text("quotes"),
          .missing = values.texts("missing"),
          .types = typesOf(values.texts("types"))};
}

// With `most_rows`, only so many of the first file.
TableSettings fileSettings(const SourceSetup& setup, int64_t most_rows) {
  const Values& values = setup.values;
  TableSettings settings = tableSettings(setup, most_rows);
  settings.format = values.text("format");
  settings.csv = csvOptions(values);
  if (values.text("file").empty())
    throw Error({.parameter = "file"}, "no file is named", "name a CSV, Parquet or Arrow file");
  for (const char* role : {"file", "validation_file", "test_file"}) {
    if (values.text(role).empty() || (role != std::string("file") && !setup.all_files)) continue;
    try {
      for (auto& [path, folders] : listFiles(dataPath(setup.folder, values.text(role))))
        settings.files.push_back({path, role, folders});
    } catch (const Error& error) {
      throw error.at({.parameter = role});
    }
  }
  return settings;
}

std::unique_ptr<Source> openTable(const SourceSetup& setup) {
  return openTableSource(setup, fileSettings(setup, rowsToLookAt(setup)));
}

Signatures peekTable(const SourceSetup& setup) {
  return openTableSource(setup, fileSettings(setup, kDetectRows))->outputs();
}

// The files, then what all tables have, then what only files need.
std::vector<Param> fileParams() {
  std::vector<Param> out = {
      {"file",
       "",
       {},
       "the file with the rows; or a folder, a pattern: data/*.csv, or s3://bucket/key.parquet",
       "",
       Role::File},
      {"validation_file", "", {}, "its rows are the validation rows (split: given)", "", Role::File},
      {"test_file", "", {}, "its rows are the test rows (split: given)", "", Role::File}};
  for (Param& param : tableParams()) out.push_back(std::move(param));
  const std::vector<Param> formats = {
      {"format", "auto", Choices{"auto", "csv", "parquet", "arrow"}, "auto: by the first bytes of the file"},
      {"delimiter", "auto", {}, "of CSV: auto, one character, tab, or none if a line is one field"},
      {"decimal", "auto", Choices{"auto", ".", ","}, "decimal point of CSV"},
      {"encoding", "auto", Choices{"auto", "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin-1"},
       "of CSV"},
      {"header", "auto", Choices{"auto", "yes", "no"}, "does the first row of CSV name the columns"},
      {"quotes", "auto", Choices{"auto", "double", "none"},
       "are fields of CSV in double quotes, or are quotes plain text"}};
  out.insert(out.end(), formats.begin(), formats.end());
  return out;
}

}  // namespace

BlockType table() {
  return {
      .schema =
          {.title = "Table",
           .doc =
               "Rows of a CSV, TSV, Parquet, Arrow or Feather file (CSV also packed as .gz or .zst). Delimiter, "
               "decimal "
               "comma, encoding, header and column types are found out from the first rows; what is found wrong can "
               "be set. A folder, or a pattern such as data/*.csv or data/**/*.parquet, stands for all of its files as "
               "one table, sorted by name; folders such as year=2024 become columns. The target leaves on a port of "
               "its own. Empty fields, and those that `missing` names, are "
               "missing values. Parquet and Arrow files are also read from S3-compatible storage: "
               "s3://bucket/key.parquet, s3://bucket/folder/ or s3://bucket/*.parquet, with AWS_ACCESS_KEY_ID, "
               "AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL from the environment; they "
               "are kept nowhere.",
           .outputs = {{"features", "table", "every column but the target"},
                       {"target", "label|target", "class index, or number(s) to predict"}},
           .params = fileParams()},
      .open = openTable,
      .peek = peekTable};
}

}  // namespace blockyard::source
