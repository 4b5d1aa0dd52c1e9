// Rules of blocks that say which columns there are, and of those that look categories up.
#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "blocks/state_lists.hpp"
#include "export/onnx/block_rules.hpp"

namespace blockyard::rules {
namespace {

const OnnxColumn& columnNamed(const std::vector<OnnxColumn>& columns, const std::string& name) {
  for (const OnnxColumn& column : columns)
    if (column.name == name) return column;
  throw Error({.port = "x"}, "there is no column \"" + name + "\"");
}

// A table of which every row is the first of `table`, but for one column: that has a row for every code from
// kUnknownCode on.
Table probeOf(const Table& table, const OnnxColumn& asked) {
  const auto rows = static_cast<int64_t>(asked.classes.size()) + 2;
  std::vector<Table::Shared> columns;
  const Table repeated = table.take(std::vector<int64_t>(static_cast<size_t>(rows), 0));
  for (const auto& column : repeated.columns()) {
    if (column->name != asked.name) {
      columns.push_back(column);
      continue;
    }
    Column probe{.name = asked.name, .type = ColumnType::Category};
    std::vector<std::string> classes = asked.classes;
    std::string unknown = "?";
    while (std::find(classes.begin(), classes.end(), unknown) != classes.end()) unknown += "?";
    classes.push_back(unknown);
    probe.codes = {static_cast<int32_t>(asked.classes.size()), kMissingCode};
    for (int32_t code = 0; code < static_cast<int32_t>(asked.classes.size()); ++code) probe.codes.push_back(code);
    probe.classes = std::make_shared<const std::vector<std::string>>(std::move(classes));
    columns.push_back(std::make_shared<const Column>(std::move(probe)));
  }
  return Table(std::move(columns));
}

// What the block makes of every class of one column.
struct Lookup {
  const OnnxColumn* column = nullptr;
  Table made{};
  std::vector<std::string> names{};  // the number columns of `made` that follow from it
};

bool varies(const Column& column) {
  const auto differs = [&](double v) { return std::memcmp(&v, &column.numbers.front(), sizeof v) != 0; };
  return std::any_of(column.numbers.begin(), column.numbers.end(), differs);
}

OnnxValue codesFrom0(BlockToWrite& block, const OnnxColumn& column) {
  return block.op("Add", {column.value, block.graph.integer(-kUnknownCode)}, OnnxType::Int64);
}

// [N, names]
OnnxValue looked(BlockToWrite& block, const Lookup& lookup) {
  const auto width = static_cast<int64_t>(lookup.names.size());
  at::Tensor table = at::empty({lookup.made.rows(), width}, at::kDouble);
  for (int64_t k = 0; k < width; ++k) {
    const Column& column = lookup.made.column(lookup.names[static_cast<size_t>(k)]);
    for (int64_t row = 0; row < table.size(0); ++row)
      table.mutable_data_ptr<double>()[row * width + k] = column.numbers[static_cast<size_t>(row)];
  }
  const OnnxValue codes = codesFrom0(block, *lookup.column);  // [N, 1]
  const OnnxValue flat = block.op("Squeeze", {codes, block.graph.integers({1})}, OnnxType::Int64);
  return block.op("Gather", {block.graph.constant(table), flat}, OnnxType::Double, {{"axis", int64_t{0}}});
}

}  // namespace

OnnxBatch passOn(BlockToWrite& block) {
  if (block.example_out.table("y").columns().size() != block.columns().size())
    throw Error({}, "a column that flags rows can't be written", "let the block leave rows out instead");
  return tableOf(block.columns());
}

OnnxBatch select(BlockToWrite& block) {
  std::vector<OnnxColumn> out;
  for (const auto& column : block.example_out.table("y").columns())
    out.push_back(columnNamed(block.columns(), column->name));
  return tableOf(std::move(out));
}

OnnxBatch rename(BlockToWrite& block) {
  std::vector<OnnxColumn> out = block.columns();
  const auto names = block.example_out.table("y").names();
  for (size_t i = 0; i < out.size(); ++i) out[i].name = names[i];
  return tableOf(std::move(out));
}

OnnxBatch toFeatures(BlockToWrite& block) {
  OnnxBatch out;
  for (const auto& port : {"y", "codes"}) {
    std::vector<OnnxColumn> columns;
    for (const std::string& name : block.example_out.packet(port).meaning().columns)
      columns.push_back(columnNamed(block.columns(), name));
    if (columns.empty()) continue;
    const OnnxType type = port == std::string("y") ? OnnxType::Float : OnnxType::Int64;
    out[port] = {.tensor = block.graph.cast(block.sideBySide(columns), type)};
  }
  return out;
}

// Blocks that put numbers in the place of categories, column by column: what they make of every class becomes a table
// in the graph, whatever they have learned.
OnnxBatch lookUp(BlockToWrite& block) {
  const Texts changed = stateTexts(block.state, "columns");
  const Table& rows = block.example_in.table("x");
  std::vector<Lookup> lookups;
  std::map<std::string, size_t> owner;  // of each column that is made
  for (const auto& name : changed) {
    Lookup lookup{.column = &columnNamed(block.columns(), name)};
    Step step(false, KeyedRandom(0));
    Batch in = block.example_in;
    in.set("x", Packet(probeOf(rows, *lookup.column)));
    lookup.made = block.node.block->forward({{"x", in.packet("x")}}, step).table("y");
    for (const auto& column : lookup.made.columns()) {
      const bool passed = in.table("x").find(column->name) == column;
      if (passed || column->numbers.empty() || (owner.count(column->name) > 0 && !varies(*column))) continue;
      owner[column->name] = lookups.size();
    }
    lookups.push_back(std::move(lookup));
  }
  for (const auto& column : block.example_out.table("y").columns())
    if (const auto it = owner.find(column->name); it != owner.end()) lookups[it->second].names.push_back(column->name);
  std::vector<OnnxValue> values;
  for (const Lookup& lookup : lookups) values.push_back(lookup.names.empty() ? OnnxValue{} : looked(block, lookup));
  std::vector<OnnxColumn> out;
  for (const auto& column : block.example_out.table("y").columns()) {
    const auto it = owner.find(column->name);
    if (it == owner.end()) {
      out.push_back(columnNamed(block.columns(), column->name));
      continue;
    }
    const auto& names = lookups[it->second].names;
    out.push_back({.name = column->name,
                   .value = values[it->second],
                   .at = std::find(names.begin(), names.end(), column->name) - names.begin(),
                   .width = static_cast<int64_t>(names.size())});
  }
  return tableOf(std::move(out));
}

OnnxBatch cast(BlockToWrite& block) {
  std::vector<OnnxColumn> out = block.columns();
  for (OnnxColumn& column : out) {
    const Column& made = block.example_out.table("y").column(column.name);
    const bool numbers = column.type == ColumnType::Number || column.type == ColumnType::Time;
    if (made.type == column.type && made.type != ColumnType::Category) continue;
    if (numbers && (made.type == ColumnType::Number || made.type == ColumnType::Time)) {
      column.type = made.type;
      continue;
    }
    if (column.type != ColumnType::Category || made.type == ColumnType::Text)
      throw Error({.parameter = "columns"},
                  "making column \"" + column.name + "\" of type " + nameOf(column.type) + " a " + nameOf(made.type) +
                      " can't be written",
                  "let the source read it as this type");
    Step step(false, KeyedRandom(0));
    const Table probe = probeOf(block.example_in.table("x"), column);
    const Table looked_up = block.node.block->forward({{"x", Packet(probe)}}, step).table("y");
    const Column& answers = looked_up.column(column.name);
    if (made.type != ColumnType::Category) {
      column.value = looked(block, {&column, looked_up, {column.name}});
    } else {
      std::vector<int64_t> codes(answers.codes.begin(), answers.codes.end());
      column.value = block.op("Gather", {block.graph.integers(codes), codesFrom0(block, column)}, OnnxType::Int64,
                              {{"axis", int64_t{0}}});
      column.classes = *made.classes;
    }
    column.type = made.type;
  }
  return tableOf(std::move(out));
}

}  // namespace blockyard::rules
