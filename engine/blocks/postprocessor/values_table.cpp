// Values table: predicted numbers as a table, one named column for each.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

class ValuesTable final : public Block {
 public:
  Batch forward(const Batch& in, Step&) override {
    const at::Tensor values = in["values"].detach().to(at::kCPU, at::kDouble);  // [N, K]
    const std::vector<std::string>& names = in.packet("values").meaning().columns;
    std::vector<Table::Shared> columns;
    for (int64_t i = 0; i < values.size(1); ++i) {
      const bool named = names.size() == static_cast<size_t>(values.size(1));
      const std::string name = named ? names[static_cast<size_t>(i)] : "value_" + std::to_string(i + 1);
      columns.push_back(numberColumn(name, values.select(1, i)));
    }
    return {{"answer", Packet(Table(std::move(columns)))}};
  }
};

// The names come with the data: here only their number is known, if at all.
Signatures inferValuesTable(const Values&, const Signatures& inputs) {
  const Signature& values = inputs.at("values");
  std::vector<ColumnInfo> columns;
  for (int64_t i = 0; i < values.shape[1].size; ++i)
    columns.push_back({"value_" + std::to_string(i + 1), ColumnType::Number});
  Signature answer = answerOf(std::move(columns), values);
  answer.open = true;
  return {{"answer", answer}};
}

}  // namespace

BlockType values_table() {
  return {.schema = {.title = "Values table",
                     .doc = "Puts predicted numbers into a table whose columns are named as the target's.",
                     .inputs = {{"values", "float[N, K]"}},
                     .outputs = {{"answer", "table", "one column for each predicted number"}},
                     .examples = {{.in = {{"values", {{2, 1}, {0.5, -1}}}},
                                   .out_tables = {{"answer", "value_1\n0.5\n-1\n"}}}}},
          .make = make<ValuesTable>,
          .infer = inferValuesTable};
}

}  // namespace blockyard::postprocessor
