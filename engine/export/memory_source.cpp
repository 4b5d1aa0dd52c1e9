#include "export/memory_source.hpp"

#include <ATen/ATen.h>

#include "export/json_rows.hpp"

namespace blockyard {
namespace {

at::ScalarType scalarOf(Element element) {
  switch (element) {
    case Element::Float32:
      return at::kFloat;
    case Element::Float64:
      return at::kDouble;
    case Element::Int64:
      return at::kLong;
    case Element::UInt8:
      return at::kByte;
    case Element::Bool:
      return at::kBool;
  }
  return at::kFloat;
}

}  // namespace

at::Tensor tensorFromJson(const nlohmann::json& json, const Signature& signature, const std::string& file) {
  const NestedNumbers found = numbersFromJson(json, signature, file);
  return at::tensor(found.numbers, at::kDouble).view(found.sizes).to(scalarOf(signature.element));
}

Batch joined(const std::vector<Batch>& batches) {
  Batch out;
  for (const auto& [port, _] : batches.front().items()) {
    std::vector<Packet> parts;
    for (const auto& batch : batches) parts.push_back(batch.packet(port));
    out.set(port, Packet::concat(parts));
  }
  return out;
}

}  // namespace blockyard
