#include "blocks/text_column.hpp"

#include <ATen/ATen.h>

namespace blockyard {

std::string textColumn(const std::vector<ColumnInfo>& have, const std::string& wanted, bool open) {
  Texts texts;
  for (const auto& column : have)
    if (column.type == ColumnType::Text) texts.push_back(column.name);
  if (!wanted.empty()) {
    const auto picked = pickColumns(have, {wanted}, {ColumnType::Text, ColumnType::Category}, "column", open);
    return picked.empty() ? std::string() : picked.front();
  }
  if (texts.size() == 1) return texts.front();
  if (open && texts.empty()) return {};
  if (texts.empty())
    throw Error({.port = "x"}, "expected a column of texts, got none",
                "name a category column in `column`, or set its type to text in the source");
  std::string all;
  for (const auto& name : texts) all += (all.empty() ? "\"" : ", \"") + name + "\"";
  throw Error({.parameter = "column"}, "the table has several columns of texts: " + all, "name one of them");
}

Param textColumnParam() {
  return {"column", "", {}, "the column with the texts; empty: the only text column", "", Role::Column};
}

Texts textsIn(const Table& table, const std::string& wanted) {
  const Column& column = table.column(textColumn(columnsOf(table), wanted));
  if (column.type == ColumnType::Text) return column.texts;
  Texts out;
  for (int64_t row = 0; row < column.rows(); ++row) out.push_back(column.cell(row));
  return out;
}

void requireTextColumn(const Values& values, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  textColumn(x.columns, values.text("column"), x.open);
}

void putTexts(State& state, const std::string& name, const Texts& texts) {
  at::Tensor ends = at::empty({static_cast<int64_t>(texts.size())}, at::kLong);
  std::string bytes;
  for (size_t i = 0; i < texts.size(); ++i) {
    bytes += texts[i];
    ends.mutable_data_ptr<int64_t>()[i] = static_cast<int64_t>(bytes.size());
  }
  at::Tensor all = at::empty({static_cast<int64_t>(bytes.size())}, at::kByte);
  std::copy(bytes.begin(), bytes.end(), all.mutable_data_ptr<uint8_t>());
  state.tensors.insert_or_assign(name, all);
  state.tensors.insert_or_assign(name + ".ends", ends);
}

Texts takeTexts(const State& state, const std::string& name) {
  const auto bytes = state.tensors.find(name), ends = state.tensors.find(name + ".ends");
  const auto broken = [&] { return Error({}, "the saved state holds no \"" + name + "\"", "the file is damaged"); };
  if (bytes == state.tensors.end() || ends == state.tensors.end()) throw broken();
  if (bytes->second.scalar_type() != at::kByte || ends->second.scalar_type() != at::kLong) throw broken();
  const at::Tensor all = bytes->second.contiguous(), until = ends->second.contiguous();
  const auto* const data = reinterpret_cast<const char*>(all.const_data_ptr<uint8_t>());
  Texts out;
  int64_t from = 0;
  for (int64_t i = 0; i < until.numel(); ++i) {
    const int64_t to = until.const_data_ptr<int64_t>()[i];
    if (to < from || to > all.numel()) throw broken();
    out.emplace_back(data + from, static_cast<size_t>(to - from));
    from = to;
  }
  return out;
}

}  // namespace blockyard
