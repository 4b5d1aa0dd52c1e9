#include "serve/request_rows.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/value.hpp"
#include "export/json_rows.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// {"columns": ["a", "b"], "data": [[1, 2], ...]} as {"a": [1, ...], "b": [2, ...]}.
Json fromSplit(const JsonPlace& split) {
  const std::vector<std::string> names = split["columns"].texts();
  Json out = Json::object();
  for (const auto& name : names) out[name] = Json::array();
  for (const JsonPlace& row : split["data"].items()) {
    const auto cells = row.items();
    if (cells.size() != names.size())
      row.refuse("expected " + std::to_string(names.size()) + " values, as there are columns, got " +
                 std::to_string(cells.size()));
    for (size_t i = 0; i < names.size(); ++i) out[names[i]].push_back(cells[i].json());
  }
  return out;
}

Json fromInvocation(const Json& json) {
  const JsonPlace body(json, kRequestBody);
  if (const auto split = body.find("dataframe_split")) return fromSplit(*split);
  for (const char* name : {"dataframe_records", "instances", "inputs"})
    if (const auto rows = body.find(name)) return rows->json();
  body.refuse("expected dataframe_split, dataframe_records, instances or inputs, got none of them");
}

void appendFlat(const Json& json, std::vector<Json>& into) {
  if (!json.is_array()) {
    into.push_back(json);
    return;
  }
  for (const Json& part : json) appendFlat(part, into);
}

struct V2Tensor {
  std::vector<int64_t> shape{};
  std::vector<Json> data{};  // row by row
};

V2Tensor tensorOf(const JsonPlace& input) {
  static const std::vector<std::string> kTypes{"BOOL",  "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16",
                                               "INT32", "INT64", "FP16",   "FP32",   "FP64",   "BYTES"};
  const std::string& type = input["datatype"].text();
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end())
    input["datatype"].refuse("expected one of the protocol's types, such as FP32 or BYTES, got " + inLine(type));
  V2Tensor out;
  int64_t count = 1;
  const auto sizes = input["shape"].items();
  if (sizes.size() > static_cast<size_t>(kMaxJsonDepth))
    input["shape"].refuse("expected at most " + std::to_string(kMaxJsonDepth) + " sizes, got " +
                          std::to_string(sizes.size()));
  for (const JsonPlace& size : sizes) {
    out.shape.push_back(static_cast<int64_t>(size.count()));
    if (out.shape.back() > static_cast<int64_t>(kMaxJsonBytes)) size.refuse("this size is too large");
    // A large number of empty lists would be made of a few bytes.
    if (out.shape.size() > 1 && out.shape.back() == 0) size.refuse("expected at least 1, got 0");
    count = std::min(count * out.shape.back(), static_cast<int64_t>(kMaxJsonBytes));
  }
  appendFlat(input["data"].json(), out.data);
  if (out.shape.empty() || static_cast<int64_t>(out.data.size()) != count)
    input["data"].refuse("expected " + std::to_string(count) + " values for the shape " +
                         inLine(input["shape"].json()) + ", got " + std::to_string(out.data.size()));
  return out;
}

// The list as nested ones of this shape.
Json nested(const V2Tensor& tensor, size_t axis, size_t& next) {
  if (axis == tensor.shape.size()) return tensor.data[next++];
  Json out = Json::array();
  for (int64_t i = 0; i < tensor.shape[axis]; ++i) out.push_back(nested(tensor, axis + 1, next));
  return out;
}

Json fromOpenInference(const Signatures& wanted, const Json& json) {
  const auto inputs = JsonPlace(json, kRequestBody)["inputs"].items();
  const auto& [port, signature] = inputOf(wanted);
  const bool table = signature.kind == Wire::Table;
  Json out = Json::object();
  for (const JsonPlace& input : inputs) {
    const std::string& name = input["name"].text();
    if (out.contains(name)) input["name"].refuse("the input " + inLine(name) + " comes twice");
    const V2Tensor tensor = tensorOf(input);
    if (!table) {
      if (name != port) input["name"].refuse("expected the input \"" + port + "\", got " + inLine(name));
      size_t next = 0;
      return nested(tensor, 0, next);
    }
    const auto& columns = signature.columns;
    if (std::none_of(columns.begin(), columns.end(), [&](const ColumnInfo& column) { return column.name == name; })) {
      std::vector<std::string> names;
      for (const auto& column : columns) names.push_back(column.name);
      const std::string near = nearestName(name, names);
      input["name"].refuse("this model has no input " + inLine(name),
                           near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    if (tensor.shape.size() > 2 || (tensor.shape.size() == 2 && tensor.shape[1] != 1))
      input["shape"].refuse("expected [N] or [N, 1], got " + inLine(input["shape"].json()));
    out[name] = tensor.data;
  }
  if (!table) JsonPlace(json, kRequestBody).refuse("expected the input \"" + port + "\", got none");
  for (const auto& [name, data] : out.items())
    if (data.size() != out.begin()->size())
      JsonPlace(json, kRequestBody).refuse("the inputs differ in their number of rows");
  return out;
}

}  // namespace

// What is to be filled in: the first port that is not the target.
const std::pair<const std::string, Signature>& inputOf(const Signatures& inputs) {
  for (const auto& input : inputs)
    if (input.first != "target") return input;
  throw Error({}, "this pipeline's source gives nothing but a target");
}

Json requestRows(Manner manner, const Signatures& inputs, std::string_view body) {
  Json json = parseJson(body, kRequestBody);
  if (manner == Manner::OpenInference) return fromOpenInference(inputs, json);
  return manner == Manner::Invocations ? fromInvocation(json) : json;
}

}  // namespace blockyard
