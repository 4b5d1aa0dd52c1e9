// Rows that come as JSON. Torch-free.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "blocks/signature.hpp"

namespace blockyard {

// Whether each line is an object of its own, as in .jsonl files; one object that takes a line is none of these.
bool holdsJsonLines(std::string_view text);
// These as one list. Throws Error with the line.
nlohmann::json parseJsonLines(std::string_view text, const std::string& file);

// A value as one short line, for a message.
std::string inLine(const nlohmann::json& json);

// JSON rows as a table with the columns wanted: a list of objects ([{"x": 1}, ...]), one object of lists ({"x": [1,
// ...]}), or one row as an object. null, missing markers and columns in `may_lack` that do not come are missing values.
// Throws Error at the row and column for a value of another type, or another column that is missing. `file` is only
// named.
Table tableFromJson(const nlohmann::json& json, const std::vector<ColumnInfo>& wanted,
                    const std::vector<std::string>& may_lack, const std::string& file);

struct NestedNumbers {
  std::vector<int64_t> sizes{};
  std::vector<double> numbers{};  // row by row
};
// Nested lists of numbers as the rows that `signature` [N, ...] describes. Throws Error where a list has another length
// than its neighbours or than the shape wants, or something is no number of its element type.
NestedNumbers numbersFromJson(const nlohmann::json& json, const Signature& signature, const std::string& file);

}  // namespace blockyard
