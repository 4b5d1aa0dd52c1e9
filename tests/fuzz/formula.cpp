// Formulas: what is accepted while wiring can be worked out on rows of such columns.
#include "blocks/formula.hpp"

#include <algorithm>

#include "fuzz.hpp"

namespace blockyard::fuzz {
namespace {

Table rows() {
  const auto shared = [](Column column) { return std::make_shared<const Column>(std::move(column)); };
  return Table(
      {shared({.name = "n", .numbers = {0, -1.5, 1e300, kMissingNumber}}),
       shared({.name = "t", .type = ColumnType::Time, .numbers = {0, -1e12, 1.7e9, kMissingNumber}}),
       shared({.name = "c",
               .type = ColumnType::Category,
               .codes = {0, 1, 1, kMissingCode},
               .classes = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"cat", "dog"})}),
       shared({.name = "s", .type = ColumnType::Text, .texts = {"a", "12", "\xc3\xa4", ""}})});
}

}  // namespace
}  // namespace blockyard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  static const Table kRows = fuzz::rows();
  fuzz::Input input(data, size);
  Signature table{.kind = Wire::Table, .shape = {"N"}};
  for (const auto& column : kRows.columns())
    table.columns.push_back(
        {column->name, column->type, column->classes ? *column->classes : std::vector<std::string>{}});
  table.open = input.choice(2) == 1;
  std::string text(input.rest());
  std::replace(text.begin(), text.end(), '\n', ' ');  // a message shows the formula as it was typed
  fuzz::refusal([&] {
    const Formula formula(text, table, "formula");
    const ColumnInfo info = formula.column("new");
    const Column column = formula.evaluate(kRows, "new");
    fuzz::require(column.rows() == kRows.rows(), "another number of rows");
    if (!table.open) fuzz::require(column.type == info.type, "another type than was promised");
    for (int64_t i = 0; i < column.rows(); ++i) {
      if (column.type == ColumnType::Category)
        fuzz::require(column.codes[static_cast<size_t>(i)] < static_cast<int32_t>(column.classes->size()),
                      "a class that does not exist");
      column.cell(i);
    }
  });
  return 0;
}
