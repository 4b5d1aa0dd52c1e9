// ArrangedReader: the columns of another reader in a wanted order, beside columns that hold one value in every row
// (what the folders on the way to a file say).
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/row_block.hpp"

namespace blockyard {

// A column by name, and the text in all of its rows; "" is missing.
using ConstantColumns = std::vector<std::pair<std::string, std::string>>;

// `columns` are what comes out: each is a constant or a column of `inner`, which may have more. Throws Error at `file`
// for a constant that is not of its type.
std::unique_ptr<TableReader> arranged(std::unique_ptr<TableReader> inner, std::vector<ColumnSpec> columns,
                                      const ConstantColumns& constants, const std::string& file);

}  // namespace blockyard
