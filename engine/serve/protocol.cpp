#include "serve/protocol.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/temporary_file.hpp"
#include "data/csv_text.hpp"
#include "data/picture.hpp"
#include "export/memory_source.hpp"
#include "export/row_json.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

bool startsWith(const std::string& text, const char* start) {
  return text.rfind(start, 0) == 0;
}

std::string bodyOf(const OrderedJson& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
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
    where.file = kRequestBody;
    throw Error(where, error.problem(), error.hint(), error.fault());
  }
}

// Pixels as they are, uint8 [N, C, H, W], for pipelines that know the size; null for a file of a picture and for bodies
// that hold no whole number of such rows.
std::shared_ptr<Source> plainPixels(const Bundle& bundle, const std::string& body) {
  const auto& [port, signature] = inputOf(bundle.inputs());
  if (signature.kind != Wire::Image || pictureFormat(body) != PictureFormat::None) return nullptr;
  std::vector<int64_t> sizes{0};
  int64_t bytes = 1;
  for (size_t axis = 1; axis < signature.shape.size(); ++axis) {
    if (!signature.shape[axis].known()) return nullptr;
    sizes.push_back(signature.shape[axis].size);
    bytes *= sizes.back();
  }
  const auto given = static_cast<int64_t>(body.size());
  if (bytes == 0 || given % bytes != 0) return nullptr;
  sizes[0] = given / bytes;
  at::Tensor pixels = at::empty(sizes, at::kByte);
  std::copy(body.begin(), body.end(), reinterpret_cast<char*>(pixels.mutable_data_ptr<uint8_t>()));
  Batch rows;
  rows.set(port, Packet(std::move(pixels)));
  return std::make_shared<MemorySource>(std::move(rows), Signatures{{port, signature}});
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
    if (body.empty()) throw Error({.file = kRequestBody}, "expected rows, got an empty body");
    const bool csv = startsWith(type, "text/csv");
    if (manner != Manner::OpenInference && csv) return csvRows(bundle, body);
    const bool bytes = startsWith(type, "application/octet-stream");
    if (manner == Manner::Rows && bytes)
      if (auto pixels = plainPixels(bundle, body)) return pixels;
    if (manner == Manner::Rows && (bytes || startsWith(type, "image/"))) return bundle.openPicture(body, kRequestBody);
    if (!type.empty() && !startsWith(type, "application/json"))
      throw Error({.file = kRequestBody},
                  "expected application/json, text/csv or a picture, got the content type " + type);
    return bundle.openRows(requestRows(manner, bundle.inputs(), body), kRequestBody);
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
  const auto& [port, signature] = inputOf(model.lane->bundle().inputs());
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
  const auto& [port, signature] = inputOf(model.lane->bundle().inputs());
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
