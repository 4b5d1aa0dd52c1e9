#include "serve/protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/temporary_file.hpp"
#include "data/csv_text.hpp"
#include "export/memory_source.hpp"
#include "export/row_json.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr const char* kBody = "request";  // what a body is called in a message

bool startsWith(const std::string& text, const char* start) {
  return text.rfind(start, 0) == 0;
}

std::string bodyOf(const OrderedJson& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// What is to be filled in: the first port that is not the target.
const std::pair<const std::string, Signature>& inputOf(const Bundle& bundle) {
  for (const auto& input : bundle.inputs())
    if (input.first != "target") return input;
  throw Error({}, "this pipeline's source gives nothing but a target");
}

std::shared_ptr<Source> csvRows(const Bundle& bundle, const std::string& body) {
  const TemporaryFile file(body, ".csv");
  try {
    const auto source = bundle.open(file.path());
    const int64_t rows = source->rows();
    return std::make_shared<MemorySource>(source->read(0, rows).batch, source->outputs());  // the file goes
  } catch (const Error& error) {
    if (error.where().file != file.path()) throw;
    Where where = error.where();
    where.file = kBody;
    throw Error(where, error.problem(), error.hint(), error.fault());
  }
}

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
  const JsonPlace body(json, kBody);
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
    input["datatype"].refuse("expected one of the protocol's types, such as FP32 or BYTES, got \"" + type + "\"");
  V2Tensor out;
  int64_t count = 1;
  for (const JsonPlace& size : input["shape"].items()) {
    out.shape.push_back(static_cast<int64_t>(size.count()));
    if (out.shape.back() > static_cast<int64_t>(kMaxJsonBytes)) size.refuse("this size is too large");
    count = std::min(count * out.shape.back(), static_cast<int64_t>(kMaxJsonBytes));
  }
  appendFlat(input["data"].json(), out.data);
  if (out.shape.empty() || static_cast<int64_t>(out.data.size()) != count)
    input["data"].refuse("expected " + std::to_string(count) + " values for the shape " + input["shape"].json().dump() +
                         ", got " + std::to_string(out.data.size()));
  return out;
}

// The list as nested ones of this shape.
Json nested(const V2Tensor& tensor, size_t axis, size_t& next) {
  if (axis == tensor.shape.size()) return tensor.data[next++];
  Json out = Json::array();
  for (int64_t i = 0; i < tensor.shape[axis]; ++i) out.push_back(nested(tensor, axis + 1, next));
  return out;
}

Json fromOpenInference(const Bundle& bundle, const Json& json) {
  const auto inputs = JsonPlace(json, kBody)["inputs"].items();
  const auto& [port, signature] = inputOf(bundle);
  const bool table = signature.kind == Wire::Table;
  Json out = Json::object();
  for (const JsonPlace& input : inputs) {
    const std::string& name = input["name"].text();
    if (out.contains(name)) input["name"].refuse("the input \"" + name + "\" comes twice");
    const V2Tensor tensor = tensorOf(input);
    if (!table) {
      if (name != port) input["name"].refuse("expected the input \"" + port + "\", got \"" + name + "\"");
      size_t next = 0;
      return nested(tensor, 0, next);
    }
    const auto& columns = signature.columns;
    if (std::none_of(columns.begin(), columns.end(), [&](const ColumnInfo& column) { return column.name == name; })) {
      std::vector<std::string> names;
      for (const auto& column : columns) names.push_back(column.name);
      const std::string near = nearestName(name, names);
      input["name"].refuse("this model has no input \"" + name + "\"",
                           near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    if (tensor.shape.size() > 2 || (tensor.shape.size() == 2 && tensor.shape[1] != 1))
      input["shape"].refuse("expected [N] or [N, 1], got " + input["shape"].json().dump());
    out[name] = tensor.data;
  }
  if (!table) JsonPlace(json, kBody).refuse("expected the input \"" + port + "\", got none");
  for (const auto& [name, data] : out.items())
    if (data.size() != out.begin()->size()) JsonPlace(json, kBody).refuse("the inputs differ in their number of rows");
  return out;
}

const char* v2Type(const Signature& signature) {
  switch (signature.element) {
    case Element::Float32:
      return "FP32";
    case Element::Float64:
      return "FP64";
    case Element::Int64:
      return "INT64";
    case Element::UInt8:
      return "UINT8";
    case Element::Bool:
      return "BOOL";
  }
  return "FP32";
}

OrderedJson v2Outputs(const Table& table) {
  OrderedJson out = OrderedJson::array();
  for (const auto& column : table.columns()) {
    const bool number = column->type == ColumnType::Number;
    OrderedJson data = OrderedJson::array();
    for (int64_t row = 0; row < table.rows(); ++row) {
      const Json cell = cellJson(*column, row);
      data.push_back(OrderedJson(cell.is_null() && !number ? Json("") : cell));
    }
    out.push_back({{"name", column->name},
                   {"shape", {table.rows()}},
                   {"datatype", number ? "FP64" : "BYTES"},
                   {"data", std::move(data)}});
  }
  return out;
}

OrderedJson rowsJson(const Table& table) {
  OrderedJson out = OrderedJson::array();
  for (int64_t row = 0; row < table.rows(); ++row) out.push_back(rowJson(table, row));
  return out;
}

}  // namespace

Lane::Rows rowsOf(Manner manner, const std::string& type, std::string body) {
  return [manner, type, body = std::move(body)](const Bundle& bundle) -> std::shared_ptr<Source> {
    if (body.empty()) throw Error({.file = kBody}, "expected rows, got an empty body");
    const bool csv = startsWith(type, "text/csv");
    if (manner != Manner::OpenInference && csv) return csvRows(bundle, body);
    if (manner == Manner::Rows && (startsWith(type, "image/") || startsWith(type, "application/octet-stream")))
      return bundle.openPicture(body, kBody);
    if (!type.empty() && !startsWith(type, "application/json"))
      throw Error({.file = kBody}, "expected application/json, text/csv or a picture, got the content type " + type);
    const Json json = parseJson(body, kBody);
    if (manner == Manner::OpenInference) return bundle.openRows(fromOpenInference(bundle, json), kBody);
    return bundle.openRows(manner == Manner::Invocations ? fromInvocation(json) : json, kBody);
  };
}

HttpReply replyOf(Manner manner, const HttpRequest& request, const Model& model, const LaneResult& result) {
  if (const auto* error = std::get_if<Error>(&result))
    return errorReply(error->fault() == Fault::BadInput ? 400 : 500, error->what());
  const auto& table = std::get<Table>(result);
  switch (manner) {
    case Manner::Rows:
      if (request.header("accept") == "text/csv") {
        HttpReply reply{.type = "text/csv"};
        appendCsv(reply.body, table, CsvHeader::Yes);
        return reply;
      }
      return jsonReply(rowsJson(table));
    case Manner::Invocations:
      return jsonReply({{"predictions", rowsJson(table)}});
    case Manner::OpenInference:
      break;
  }
  return jsonReply({{"model_name", model.name}, {"model_version", model.version}, {"outputs", v2Outputs(table)}});
}

HttpReply jsonReply(const OrderedJson& json) {
  return {.body = bodyOf(json)};
}

OrderedJson metadataOf(const Model& model) {
  const auto& [port, signature] = inputOf(model.lane->bundle());
  OrderedJson inputs = OrderedJson::array();
  if (signature.kind == Wire::Table) {
    for (const auto& column : signature.columns) {
      const char* type = column.type == ColumnType::Number ? "FP64" : "BYTES";
      inputs.push_back({{"name", column.name}, {"datatype", type}, {"shape", {-1}}});
    }
  } else {
    OrderedJson shape = OrderedJson::array();
    for (const Dim& dim : signature.shape) shape.push_back(dim.known() ? dim.size : -1);
    inputs.push_back({{"name", port}, {"datatype", v2Type(signature)}, {"shape", shape}});
  }
  return {{"name", model.name}, {"versions", {model.version}}, {"platform", "blockyard"}, {"inputs", inputs}};
}

OrderedJson formOf(const Model& model) {
  const auto& [port, signature] = inputOf(model.lane->bundle());
  OrderedJson out{{"name", model.name}, {"version", model.version}, {"input", signature.text()}};
  out["kind"] = signature.kind == Wire::Table ? "table" : signature.kind == Wire::Image ? "picture" : "tensor";
  const std::vector<std::string> unused = model.lane->bundle().unusedColumns();
  OrderedJson columns = OrderedJson::array();
  for (const auto& column : signature.columns)
    if (std::find(unused.begin(), unused.end(), column.name) == unused.end())
      columns.push_back({{"name", column.name}, {"type", nameOf(column.type)}, {"classes", column.classes}});
  out["columns"] = columns;
  return out;
}

}  // namespace blockyard
