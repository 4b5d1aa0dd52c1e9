// Worked examples as text: the tables of an Example are CSV, made into a Table here and compared with what a block
// gave. For help pages and tests only; data is read by the sources.
#pragma once
#include <optional>
#include <string>

#include "data/table.hpp"

namespace blockyard {

// "a,b\n1,x\n,y" with a header. A column is number if every cell is one or empty, else category with its classes in
// alphabetical order; an empty cell is missing. "a:text" (or number, category, time) in the header sets the type. A
// cell may be quoted ("a, b"). Throws Error if a row has another number of cells than the header.
Table tableFromText(const std::string& csv);
// The first difference (a column, a type, a cell) as a sentence, or nullopt. Numbers may differ by `tolerance`,
// relative to the larger of 1 and the expected one; classes are compared cell by cell.
std::optional<std::string> difference(const Table& expected, const Table& got, double tolerance);

}  // namespace blockyard
