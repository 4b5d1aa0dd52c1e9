#include "blocks/signature_json.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

// The enumerator whose name is `name`.
template <class Enum>
Enum named(const std::string& name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name == nameOf(static_cast<Enum>(i))) return static_cast<Enum>(i);
  throw Error({}, "a signature names \"" + name + "\", which this version does not know");
}

}  // namespace

Json toJson(const Signature& signature) {
  Json out = {{"kind", nameOf(signature.kind)}};
  if (signature.kind == Wire::Tensor || signature.kind == Wire::Image) out["element"] = nameOf(signature.element);
  for (const auto& dim : signature.shape) out["shape"].push_back(dim.known() ? Json(dim.size) : Json(dim.name));
  for (const auto& column : signature.columns) {
    Json one = {{"name", column.name}, {"type", nameOf(column.type)}};
    if (column.type == ColumnType::Category) one["classes"] = column.classes;
    out["columns"].push_back(std::move(one));
  }
  if (!signature.classes.empty()) out["classes"] = signature.classes;
  if (!signature.unit.empty()) out["unit"] = signature.unit;
  return out;
}

Json toJson(const Signatures& signatures) {
  Json out = Json::object();
  for (const auto& [port, signature] : signatures) out[port] = toJson(signature);
  return out;
}

Signature signatureFromJson(const Json& json) {
  try {
    Signature out{.kind = named(json.at("kind").get<std::string>(), Wire::Environment)};
    if (json.contains("element")) out.element = named(json["element"].get<std::string>(), Element::Bool);
    if (out.kind == Wire::Label) out.element = Element::Int64;
    if (json.contains("shape"))
      for (const auto& dim : json["shape"])
        out.shape.push_back(dim.is_string() ? Dim(dim.get<std::string>()) : Dim(dim.get<int64_t>()));
    if (json.contains("columns"))
      for (const auto& column : json["columns"])
        out.columns.push_back({column.at("name").get<std::string>(),
                               named(column.at("type").get<std::string>(), ColumnType::Time),
                               column.value("classes", std::vector<std::string>{})});
    out.classes = json.value("classes", std::vector<std::string>{});
    out.unit = json.value("unit", std::string());
    return out;
  } catch (const Json::exception& error) {
    throw Error({}, std::string("a signature is damaged: ") + error.what());
  }
}

Signatures signaturesFromJson(const Json& json) {
  Signatures out;
  for (const auto& [port, signature] : json.items()) out.emplace(port, signatureFromJson(signature));
  return out;
}

}  // namespace blockyard
