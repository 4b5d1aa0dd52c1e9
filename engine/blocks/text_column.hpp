// What blocks for texts share: which column of a table holds the texts, and lists of texts in a block's state.
#pragma once
#include <string>
#include <vector>

#include "blocks/block.hpp"
#include "blocks/columns.hpp"

namespace blockyard {

// The column that a setting stands for: the one named (text or category), or if it is empty the only text column.
// Throws Error at port x or at the parameter `column`. `open` is for a signature that does not know its columns yet:
// then the answer may be empty.
std::string textColumn(const std::vector<ColumnInfo>& have, const std::string& wanted, bool open = false);
Param textColumnParam();
// The texts of that column in a table, "" for a missing cell.
Texts textsIn(const Table& table, const std::string& wanted);
// Throws Error at port x if the signature has no such column: for infer.
void requireTextColumn(const Values& values, const Signatures& inputs);

// Many texts as two tensors of a state, `name` (uint8, all bytes) and `name.ends` (int64): any text survives a file.
void putTexts(State& state, const std::string& name, const Texts& texts);
Texts takeTexts(const State& state, const std::string& name);

}  // namespace blockyard
