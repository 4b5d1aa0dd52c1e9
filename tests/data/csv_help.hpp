// Writing small files and reading them back, for the tests of readers.
#pragma once
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "base/random.hpp"
#include "checks.hpp"
#include "data/csv.hpp"
#include "data/row_store.hpp"

namespace blockyard {

inline std::string writeText(const std::string& path, const std::string& bytes) {
  // A new file instead of an old one cut to nothing: for those, file systems wait for the disk.
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// All rows of a file, through the store.
inline Table readCsv(const std::string& path, const CsvOptions& options = {}, const CsvReading& reading = {}) {
  CsvReader reader(path, options, reading);
  RowStore store(reader.columns(), std::numeric_limits<int64_t>::max());
  RowBlock block;
  while (reader.next(block)) store.append(block);
  store.finish();
  return store.read(0, store.rows());
}

// Column names and types, then all cells: "a:number b:text|1;x|2;y".
inline std::string describe(const Table& table) {
  std::string text;
  for (const auto& column : table.columns())
    text += (text.empty() ? "" : " ") + column->name + ":" + nameOf(column->type);
  for (int64_t row = 0; row < table.rows(); ++row) {
    for (size_t c = 0; c < table.columns().size(); ++c) {
      text += c == 0 ? "|" : ";";
      text += table.columns()[c]->cell(row);
    }
  }
  return text;
}

// The bytes with one to three of them replaced, every fourth time cut short as well: the same for the same `number`.
inline std::string damaged(std::string bytes, uint64_t number) {
  const KeyedRandom random = KeyedRandom(11).key(number);
  if (number % 4 == 0) bytes.resize(random.below(0, bytes.size()));
  for (uint64_t k = 1; k < 2 + number % 3 && !bytes.empty(); ++k) {
    const uint64_t at = random.below(2 * k, bytes.size());
    bytes[at] = static_cast<char>(random.below(2 * k + 1, 256));
  }
  return bytes;
}

}  // namespace blockyard
