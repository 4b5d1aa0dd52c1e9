// Bodies of requests in all manners, for a pipeline that starts with a table and for others: rows that are taken are
// whole, and a table written as JSON is read as the same one.
#include "serve/request_rows.hpp"

#include "base/json.hpp"
#include "export/json_rows.hpp"
#include "export/row_json.hpp"
#include "fuzz.hpp"

namespace {
using namespace blockyard;
using fuzz::require;

const std::vector<ColumnInfo> kColumns{{"n", ColumnType::Number, {}},
                                       {"c", ColumnType::Category, {"cat", "dog"}},
                                       {"t", ColumnType::Time, {}},
                                       {"s", ColumnType::Text, {}}};

nlohmann::json written(const Table& table) {
  nlohmann::json out = nlohmann::json::array();
  for (int64_t row = 0; row < table.rows(); ++row) out.push_back(nlohmann::json(rowJson(table, row)));
  return out;
}

void readTable(const nlohmann::json& json, bool may_lack) {
  const Table table = tableFromJson(
      json, kColumns, may_lack ? std::vector<std::string>{"t", "s"} : std::vector<std::string>{}, kRequestBody);
  require(table.columns().size() == kColumns.size(), "other columns than are wanted");
  if (table.rows() == 0) return;
  const nlohmann::json rows = written(table);
  require(written(tableFromJson(rows, kColumns, {}, kRequestBody)) == rows, "written and read, the rows differ");
}

void readNumbers(const nlohmann::json& json, const Signature& signature) {
  const NestedNumbers found = numbersFromJson(json, signature, kRequestBody);
  require(found.sizes.size() == signature.shape.size(), "another shape than is wanted");
  size_t count = 1;
  for (const int64_t size : found.sizes) count *= static_cast<size_t>(size);
  require(count == found.numbers.size(), "another number of values than the shape has");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const auto manner = static_cast<Manner>(input.choice(3));
  const size_t kind = input.choice(4);
  const std::string_view body = input.rest();
  Signature wanted{.kind = Wire::Table, .shape = {"N"}, .columns = kColumns};
  if (kind == 2) wanted = {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 2, 2}};
  if (kind == 3) wanted = {.shape = {"N", "L", 2}};
  const Signatures inputs{{"features", wanted}, {"target", {.kind = Wire::Label}}};
  fuzz::refusal([&] {
    const nlohmann::json rows = requestRows(manner, inputs, body);
    if (wanted.kind == Wire::Table)
      readTable(rows, kind == 1);
    else
      readNumbers(rows, wanted);
  });
  return 0;
}
