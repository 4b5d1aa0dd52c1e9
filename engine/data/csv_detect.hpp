// What a CSV file looks like, told from its first rows: delimiter, decimal point, header, types of the columns.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_block.hpp"

namespace blockyard {

// What is known about a file; "auto" is found out.
struct CsvOptions {
  std::string delimiter = "auto";  // auto, ",", ";", tab, "|", another single character, or none
  std::string decimal = "auto";    // auto, ".", ","
  std::string encoding = "auto";   // auto, or see encodingNamed
  std::string header = "auto";     // auto, yes, no
  std::string quotes = "auto";     // auto, double, none
  std::vector<std::string> missing = MissingMarkers::usual();
  std::map<std::string, ColumnType> types{};  // of columns by name; the others are found out
  // Only these columns, in this order; each must be there. Empty: all.
  std::vector<std::string> only{};
  // With `only`: a column that is not in the file is left out instead of being an error.
  std::vector<std::string> may_lack{};
};

// Rows that decide. More would cost time on every start, fewer would miss rare values.
constexpr int64_t kDetectRows = 10000;

// `sample` holds the first rows of the file, as UTF-8, each with its newline. Throws Error.
CsvLayout detectCsv(std::string_view sample, const CsvOptions& options, const std::string& file);
// The delimiter alone, from a sample whose last row may be cut.
char detectDelimiter(std::string_view sample, const CsvOptions& options);
// Whether quotes enclose fields, for a known delimiter: they do unless taking them so leaves text behind a closing
// quote or a field that never ends, while taking them as text gives rows of equal length.
bool detectQuotes(std::string_view sample, char delimiter, const CsvOptions& options);

}  // namespace blockyard
