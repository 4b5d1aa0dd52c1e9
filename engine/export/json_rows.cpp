#include "export/json_rows.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/json.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// The value of a column in every row, as pointers into the document.
std::vector<const Json*> cellsOf(const Json& json, const std::string& column, bool may_lack, const std::string& file) {
  static const Json kNone;
  std::vector<const Json*> out;
  const auto missing = [&](const Json& object, int64_t row) -> Error {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    const std::string near = nearestName(column, names);
    return {{.file = file},
            "the column \"" + column + "\" is missing" + (row >= 0 ? " in row " + std::to_string(row + 1) : ""),
            near.empty() ? "" : "did you mean " + inLine(near) + "?"};
  };
  if (json.is_array()) {
    for (size_t row = 0; row < json.size(); ++row) {
      if (!json[row].is_object())
        throw Error({.file = file},
                    "expected an object in row " + std::to_string(row + 1) + ", got " + json[row].type_name());
      const auto it = json[row].find(column);
      const bool lacks = it == json[row].end();
      if (lacks && !may_lack) throw missing(json[row], static_cast<int64_t>(row));
      out.push_back(lacks ? &kNone : &*it);
    }
    return out;
  }
  if (!json.is_object())
    throw Error({.file = file},
                std::string("expected rows as a list of objects or an object of lists, got ") + json.type_name());
  const auto it = json.find(column);
  if (it == json.end() && may_lack) {
    size_t rows = 1;
    for (const auto& list : json)
      if (list.is_array()) rows = list.size();
    return std::vector<const Json*>(rows, &kNone);
  }
  if (it == json.end()) throw missing(json, -1);
  if (!it->is_array()) return {&*it};
  for (const auto& cell : *it) out.push_back(&cell);
  return out;
}

// The classes that the pipeline knows, and behind them those that only the rows have: it decides about these. The known
// ones are few beside what else a row costs, and a table of them would cost more than a single row asks for.
class ClassCodes {
 public:
  explicit ClassCodes(const std::vector<std::string>& known) : known_(known) {}

  int32_t code(const std::string& name) {
    const auto it = std::find(known_.begin(), known_.end(), name);
    if (it != known_.end()) return static_cast<int32_t>(it - known_.begin());
    const auto [at, fresh] = others_.try_emplace(name, static_cast<int32_t>(known_.size() + names_.size()));
    if (fresh) names_.push_back(name);
    return at->second;
  }
  std::vector<std::string> all() && {
    names_.insert(names_.begin(), known_.begin(), known_.end());
    return std::move(names_);
  }

 private:
  const std::vector<std::string>& known_;
  std::unordered_map<std::string, int32_t> others_;
  std::vector<std::string> names_;
};

void setCell(Column& column, const Json& cell, ClassCodes& classes, const Where& where) {
  const auto wrong = [&](const char* wanted) -> Error {
    return {where, std::string("expected ") + wanted + " in column \"" + column.name + "\", got " + inLine(cell)};
  };
  const auto text = [&]() -> std::string {
    if (cell.is_null()) return {};
    if (cell.is_string()) return cell.get<std::string>();
    if (cell.is_boolean()) return cell.get<bool>() ? "true" : "false";
    if (cell.is_number_integer()) return cell.dump();  // a double holds no more than 16 digits of it
    if (cell.is_number()) return numberText(cell.get<double>());
    throw wrong("a text");
  };
  switch (column.type) {
    case ColumnType::Number:
      if (!cell.is_null() && !cell.is_number()) throw wrong("a number");
      column.numbers.push_back(cell.is_null() ? kMissingNumber : cell.get<double>());
      return;
    case ColumnType::Time:
      column.numbers.push_back(cell.is_number() ? cell.get<double>() : timeFromText(text()));
      if (!cell.is_null() && std::isnan(column.numbers.back())) throw wrong("a time such as 2012-01-31T08:30:00");
      return;
    case ColumnType::Text:
      column.texts.push_back(text());
      return;
    case ColumnType::Category: {
      const std::string name = text();
      column.codes.push_back(name.empty() ? kMissingCode : classes.code(name));
    }
  }
}

void appendNumbers(const Json& json, size_t axis, const std::vector<int64_t>& sizes, Element element,
                   std::vector<double>& into, const std::string& file) {
  const auto expected = [&](const std::string& wanted) -> Error {
    return {{.file = file}, "expected " + wanted + ", got " + inLine(json)};
  };
  if (axis == sizes.size()) {
    if (!json.is_number() && !json.is_boolean()) throw expected("a number");
    const double value = json.is_boolean() ? static_cast<double>(json.get<bool>()) : json.get<double>();
    const bool whole = element != Element::Float32 && element != Element::Float64;
    if (whole && value != std::floor(value)) throw expected("a whole number");
    if (element == Element::UInt8 && (value < 0 || value > 255)) throw expected("a whole number from 0 to 255");
    into.push_back(value);
    return;
  }
  if (!json.is_array() || static_cast<int64_t>(json.size()) != sizes[axis])
    throw expected("a list of " + std::to_string(sizes[axis]));
  for (const Json& part : json) appendNumbers(part, axis + 1, sizes, element, into, file);
}

}  // namespace

bool holdsJsonLines(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t\r\n");
  const size_t end = start == std::string_view::npos ? start : text.find('\n', start);
  if (end == std::string_view::npos || text[start] != '{') return false;
  return text.find_first_not_of(" \t\r\n", end) != std::string_view::npos &&
         Json::accept(text.substr(start, end - start));
}

Json parseJsonLines(std::string_view text, const std::string& file) {
  Json rows = Json::array();
  int64_t number = 1;
  for (size_t at = 0; at < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      rows.push_back(parseJson(line, file));
    } catch (const Error& error) {
      Where where = error.where();
      where.line = number;
      throw Error(where, error.problem(), error.hint());
    }
  }
  return rows;
}

std::string inLine(const Json& json) {
  constexpr size_t kMost = 80;
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kMost) return text;
  text.resize(kMost);
  return text += "...";
}

Table tableFromJson(const Json& json, const std::vector<ColumnInfo>& wanted, const std::vector<std::string>& may_lack,
                    const std::string& file) {
  std::vector<Table::Shared> columns;
  for (const auto& info : wanted) {
    Column column{.name = info.name, .type = info.type};
    ClassCodes classes(info.classes);
    int64_t row = 0;
    const bool lacks = std::find(may_lack.begin(), may_lack.end(), info.name) != may_lack.end();
    for (const Json* cell : cellsOf(json, info.name, lacks, file))
      setCell(column, *cell, classes, {.file = file, .line = ++row});
    if (info.type == ColumnType::Category)
      column.classes = std::make_shared<const std::vector<std::string>>(std::move(classes).all());
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  return Table(std::move(columns));
}

NestedNumbers numbersFromJson(const Json& json, const Signature& signature, const std::string& file) {
  NestedNumbers out;
  const Json* inner = &json;
  for (size_t axis = 0; axis < signature.shape.size(); ++axis) {
    const Dim& dim = signature.shape[axis];
    if (!inner->is_array())
      throw Error({.file = file}, "expected rows as nested lists of shape " + textOf(signature.shape) + ", got " +
                                      std::string(json.type_name()));
    out.sizes.push_back(axis > 0 && dim.known() ? dim.size : static_cast<int64_t>(inner->size()));
    if (inner->empty()) break;
    inner = &inner->front();
  }
  out.sizes.resize(signature.shape.size(), 0);
  appendNumbers(json, 0, out.sizes, signature.element, out.numbers, file);
  return out;
}

}  // namespace blockyard
