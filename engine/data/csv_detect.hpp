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
  bool may_be_empty = false;  // a header without rows is no mistake: one of many files
};

// Rows that decide. More would cost time on every start, fewer would miss rare values.
constexpr int64_t kDetectRows = 10000;

// `sample` holds the first rows of the file, as UTF-8, each with its newline. Throws Error.
CsvLayout detectCsv(std::string_view sample, const CsvOptions& options, const std::string& file);
// The delimiter alone, from a sample whose last row may be cut.
char detectDelimiter(std::string_view sample, const CsvOptions& options);
// Whether quotes enclose fields, for a known delimiter: they do unless most fields that hold one are not enclosed (as
// in sentences that quote somebody) and taking quotes as text gives rows of equal length. One odd field is a mistake.
bool detectQuotes(std::string_view sample, char delimiter, const CsvOptions& options);
// Throws Error at the first field of whole rows with text behind its closing quote, unless the dialect allows that.
void checkQuotes(std::string_view rows, const CsvDialect& dialect, const std::string& file);

}  // namespace blockyard
