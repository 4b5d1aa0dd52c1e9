#include "blocks/catalog.hpp"

#include <map>

#include "base/error.hpp"

namespace blockyard {

#define BLOCK(kind, name) \
  namespace kind {        \
  BlockType name();       \
  }
#include "blocks/all_blocks.inc"
#undef BLOCK

namespace {

Kind kindNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Kind::Postprocessor); ++i)
    if (name == nameOf(static_cast<Kind>(i))) return static_cast<Kind>(i);
  throw Error({}, "all_blocks.inc names the kind \"" + name + "\", which does not exist");
}

BlockType listed(BlockType type, const std::string& kind, const std::string& name) {
  type.schema.kind = kindNamed(kind);
  type.schema.id = kind + "/" + name;
  if (type.schema.kind == Kind::Source) {
    type.schema.params.push_back(
        {kOriginParam, "", {}, "where the data comes from, such as an address; goes into the record of each run"});
    type.schema.params.push_back({kLicenceParam, "", {}, "the licence of the data; goes into the record of each run"});
  }
  return type;
}

std::vector<BlockType> allBlocks() {
  return {
#define BLOCK(kind, name) listed(kind::name(), #kind, #name),
#include "blocks/all_blocks.inc"
#undef BLOCK
  };
}

}  // namespace

const std::vector<BlockType>& catalog() {
  static const std::vector<BlockType> kAll = allBlocks();
  return kAll;
}

const BlockType* findBlockType(const std::string& id) {
  static const std::map<std::string, const BlockType*> kById = [] {
    std::map<std::string, const BlockType*> out;
    for (const auto& type : catalog()) out.emplace(type.schema.id, &type);
    return out;
  }();
  const auto it = kById.find(id);
  return it == kById.end() ? nullptr : it->second;
}

const BlockType& blockType(const std::string& id) {
  if (const BlockType* type = findBlockType(id)) return *type;
  std::vector<std::string> ids;
  for (const auto& type : catalog()) ids.push_back(type.schema.id);
  const std::string near = nearestName(id, ids);
  throw Error({}, "there is no block \"" + id + "\"",
              near.empty() ? "\"blockyard blocks\" lists them" : "did you mean \"" + near + "\"?");
}

Signatures inferOutputs(const BlockType& type, const Values& values, const Signatures& inputs) {
  Bindings bindings;
  for (const auto& port : type.schema.inputs) {
    for (int64_t i = 0;; ++i) {
      const std::string slot = i == 0 ? port.name : port.name + ":" + std::to_string(i);
      const auto it = inputs.find(slot);
      if (it == inputs.end()) break;
      if (const auto expected = match(port.pattern, it->second, bindings))
        throw Error({.port = port.name}, "expected " + *expected + ", got " + it->second.text());
      if (port.wires != Wires::Many) break;
    }
  }
  if (type.infer != nullptr) return type.infer(values, inputs);
  std::map<std::string, int64_t> sizes;
  for (const auto& [name, value] : values.items())
    if (value.is<int64_t>()) sizes.emplace(name, value.as<int64_t>());
  Signatures out;
  for (const auto& port : type.schema.outputs) out[port.name] = resolve(port.pattern, bindings, inputs, sizes);
  return out;
}

}  // namespace blockyard
