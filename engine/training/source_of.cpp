#include "training/source_of.hpp"

#include "blocks/catalog.hpp"

namespace blockyard {

std::vector<std::string> filesIn(const BlockType& type, const Values& values) {
  std::vector<std::string> out;
  for (const Param& param : type.schema.params) {
    const Value* value = param.role == Role::File ? values.find(param.name) : nullptr;
    if (value == nullptr) continue;
    if (value->is<Texts>())
      out.insert(out.end(), value->as<Texts>().begin(), value->as<Texts>().end());
    else if (!value->as<std::string>().empty())
      out.push_back(value->as<std::string>());
  }
  return out;
}

std::optional<FoundSource> sourceOf(const Project& project, const std::string& pipeline, const Checked& checked) {
  for (const Node& node : project.graph(pipeline).nodes()) {
    const BlockType* type = findBlockType(node.type);
    const auto values = checked.values.find(node.id);
    if (type == nullptr || type->schema.kind != Kind::Source || node.bypassed || values == checked.values.end())
      continue;
    return FoundSource{node.id, type, values->second, filesIn(*type, values->second)};
  }
  return std::nullopt;
}

}  // namespace blockyard
