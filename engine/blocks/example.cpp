#include "blocks/example.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/error.hpp"

namespace blockyard {
namespace {

using ExampleCells = std::vector<std::string>;

std::vector<ExampleCells> cellsOf(const std::string& csv) {
  std::vector<ExampleCells> rows;
  ExampleCells row{""};
  bool quoted = false, filled = false;
  const auto end_row = [&] {
    if (filled) rows.push_back(row);
    row.assign(1, "");
    filled = false;
  };
  for (const char c : csv) {
    if (c == '"') {
      quoted = !quoted;
      filled = true;
    } else if (quoted || (c != ',' && c != '\n')) {
      row.back() += c;
      filled = true;
    } else if (c == ',') {
      row.emplace_back();
      filled = true;
    } else {
      end_row();
    }
  }
  end_row();
  return rows;
}

bool readNumber(const std::string& text, double& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

ColumnType detected(const ExampleCells& cells) {
  double value = 0;
  const auto fits = [&](const std::string& cell) { return cell.empty() || readNumber(cell, value); };
  return std::all_of(cells.begin(), cells.end(), fits) ? ColumnType::Number : ColumnType::Category;
}

Column columnOf(const std::string& header, const ExampleCells& cells) {
  Column out{.name = header, .type = detected(cells)};
  for (const auto type : {ColumnType::Number, ColumnType::Category, ColumnType::Text, ColumnType::Time}) {
    const std::string suffix = std::string(":") + nameOf(type);
    if (!header.ends_with(suffix)) continue;
    out.type = type;
    out.name = header.substr(0, header.size() - suffix.size());
  }
  if (out.type == ColumnType::Text) {
    out.texts = cells;
  } else if (out.type == ColumnType::Category) {
    std::set<std::string> names(cells.begin(), cells.end());
    names.erase("");
    const std::vector<std::string> classes(names.begin(), names.end());
    for (const auto& cell : cells) {
      const auto at = std::lower_bound(classes.begin(), classes.end(), cell) - classes.begin();
      out.codes.push_back(cell.empty() ? kMissingCode : static_cast<int32_t>(at));
    }
    out.classes = std::make_shared<const std::vector<std::string>>(classes);
  } else {
    for (const auto& cell : cells) {
      double value = kMissingNumber;
      if (out.type == ColumnType::Time)
        value = cell.empty() ? kMissingNumber : timeFromText(cell);
      else if (!cell.empty() && !readNumber(cell, value))
        throw Error({}, "expected a number in column \"" + out.name + "\", got \"" + cell + "\"");
      out.numbers.push_back(value);
    }
  }
  return out;
}

bool near(double expected, double got, double tolerance) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  return expected == got || std::abs(expected - got) <= tolerance * std::max(1.0, std::abs(expected));
}

}  // namespace

Table tableFromText(const std::string& csv) {
  const std::vector<ExampleCells> rows = cellsOf(csv);
  if (rows.empty()) throw Error({}, "expected a header line, got no text");
  std::vector<Table::Shared> columns;
  for (size_t c = 0; c < rows.front().size(); ++c) {
    ExampleCells cells;
    for (size_t r = 1; r < rows.size(); ++r) {
      if (rows[r].size() != rows.front().size())
        throw Error({.line = static_cast<int64_t>(r) + 1}, "expected " + std::to_string(rows.front().size()) +
                                                               " cells, got " + std::to_string(rows[r].size()));
      cells.push_back(rows[r][c]);
    }
    columns.push_back(std::make_shared<const Column>(columnOf(rows.front()[c], cells)));
  }
  return Table(std::move(columns));
}

std::optional<std::string> difference(const Table& expected, const Table& got, double tolerance) {
  const auto listed = [](const Table& table) {
    std::string out;
    for (const auto& name : table.names()) out += (out.empty() ? "" : ", ") + name;
    return out;
  };
  if (expected.names() != got.names()) return "expected the columns " + listed(expected) + ", got " + listed(got);
  if (expected.rows() != got.rows())
    return "expected " + std::to_string(expected.rows()) + " rows, got " + std::to_string(got.rows());
  for (size_t c = 0; c < expected.columns().size(); ++c) {
    const Column &want = *expected.columns()[c], &have = *got.columns()[c];
    if (want.type != have.type)
      return "expected column " + want.name + " to hold " + nameOf(want.type) + ", got " + nameOf(have.type);
    for (int64_t r = 0; r < want.rows(); ++r) {
      const bool numeric = want.type == ColumnType::Number || want.type == ColumnType::Time;
      const auto i = static_cast<size_t>(r);
      const bool same = numeric ? near(want.numbers[i], have.numbers[i], tolerance) : want.cell(r) == have.cell(r);
      if (!same)
        return "expected " + want.name + " = \"" + want.cell(r) + "\" in row " + std::to_string(r + 1) + ", got \"" +
               have.cell(r) + "\"";
    }
  }
  return std::nullopt;
}

}  // namespace blockyard
