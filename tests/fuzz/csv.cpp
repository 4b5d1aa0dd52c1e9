// CSV files under any settings: whether there are rows and which depends neither on the size of the blocks nor on the
// number of threads.
#include "data/csv.hpp"

#include "data/table_rows.hpp"
#include "fuzz.hpp"

namespace blockyard::fuzz {
namespace {

// Every cell as text, behind the names and types of the columns.
std::string cells(const std::string& path, const CsvOptions& options, const CsvReading& reading) {
  std::string out;
  CsvReader reader(path, options, reading);
  const auto& columns = reader.columns();
  for (const auto& column : columns) out += column.name + ":" + nameOf(column.type) + (column.undecided ? "?;" : ";");
  std::vector<std::string> values(columns.size());
  for (RowBlock block; reader.next(block);) {
    require(block.columns.size() == columns.size(), "a block of other columns");
    for (size_t c = 0; c < columns.size(); ++c) {
      const ColumnBlock& column = block.columns[c];
      for (size_t i = 0; i < static_cast<size_t>(block.rows); ++i) {
        const int64_t line = block.lineOf(static_cast<int64_t>(i));
        values[c] += std::to_string(line) + "=";
        if (columns[c].type == ColumnType::Category)
          values[c] += column.codes.at(i) < 0 ? "-" : column.classes[static_cast<size_t>(column.codes.at(i))];
        else if (columns[c].type == ColumnType::Text)
          values[c] += column.texts[i];
        else
          values[c] += numberText(column.numbers.at(i));
        values[c] += ";";
      }
    }
  }
  for (const auto& value : values) out += value + "\n";
  return out;
}

}  // namespace
}  // namespace blockyard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  using namespace blockyard::fuzz;
  Input input(data, size);
  CsvOptions options;
  options.delimiter = std::vector<std::string>{"auto", ",", ";", "tab", "|", "none", " "}[input.choice(7)];
  options.decimal = std::vector<std::string>{"auto", ".", ","}[input.choice(3)];
  options.encoding =
      std::vector<std::string>{"auto", "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252"}[input.choice(6)];
  options.header = std::vector<std::string>{"auto", "yes", "no"}[input.choice(3)];
  options.quotes = std::vector<std::string>{"auto", "double", "none"}[input.choice(3)];
  const auto type = static_cast<ColumnType>(input.choice(4));
  if (input.choice(2) == 1) options.types["a"] = type;
  const size_t block = 1 + input.choice(64);
  const MemoryFile file(input.rest());
  std::string whole, pieces;
  const std::string refused = refusal([&] { whole = cells(file.path(), options, {}); });
  const std::string refused_too =
      refusal([&] { pieces = cells(file.path(), options, {.threads = block % 8 == 0 ? 2 : 1, .block_bytes = block}); });
  // Of several mistakes in one file, which is told may depend on the blocks.
  if (refused.empty() != refused_too.empty()) defect("one: \"" + refused + "\", another: \"" + refused_too + "\"");
  if (!refused.empty()) return 0;
  if (whole != pieces) defect("one reading:\n" + whole + "another:\n" + pieces);
  return 0;
}
