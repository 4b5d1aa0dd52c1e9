// Settings from the command line become edits of the project, so that a run from there and one from the window with the
// same changes are the same run.
#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/catalog.hpp"
#include "graph/composite.hpp"
#include "graph/json_text.hpp"
#include "graph/project.hpp"
#include "graph/settle.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

// What a setting names: a parameter with its type, or a variable (param is null).
struct Target {
  std::string block{};  // "training", "variables", a block, or "encoder/conv1" inside a composite
  std::string name{};
  const Param* param = nullptr;
  bool bypass = false;
  bool is_set = false;  // a parameter of a block that does not have its default
};

[[noreturn]] void refuse(Where where, const std::string& problem, const std::string& hint) {
  throw Error(std::move(where), problem, hint, Fault::Usage);
}

const Param* requireParam(const std::vector<Param>& params, const std::string& name, const Where& where) {
  if (const Param* param = findParam(params, name)) return param;
  refuse(where, "there is no such parameter", didYouMean(name, namesOf(params)));
}

// The block, wherever in the composites it is, and what it is to the catalogue: nullptr for a composite.
struct Found {
  Node node{};
  const BlockType* type = nullptr;
};

Found findBlock(const Project& project, const std::string& pipeline, const Where& where) {
  const Graph& graph = project.graph(pipeline);
  const Expanded flat = hasComposites(graph) ? expanded(project, pipeline) : Expanded{.graph = graph};
  if (const Node* node = flat.graph.find({where.block})) {
    const BlockType* type = findBlockType(node->type);
    if (type == nullptr) refuse(where, "the block \"" + node->type + "\" is unknown here, so it cannot be set", "");
    return {*node, type};
  }
  if (flat.composites.count(where.block) > 0) return {{.id = {where.block}}};
  std::vector<std::string> names{"training", "variables"};
  for (const auto& node : flat.graph.nodes()) names.push_back(node.id.name);
  for (const auto& [path, composite] : flat.composites) names.push_back(path);
  refuse({}, "there is no block \"" + where.block + "\"", didYouMean(where.block, names));
}

// A composite has no parameters; the first block inside that has such a one may be meant.
[[noreturn]] void refuseComposite(const Project& project, const std::string& pipeline, const Where& where) {
  std::string near;
  const Expanded flat = expanded(project, pipeline);
  for (const auto& node : flat.graph.nodes()) {
    if (!node.id.name.starts_with(where.block + "/")) continue;
    const BlockType* type = findBlockType(node.type);
    const bool has = type != nullptr && type->schema.findParam(where.parameter) != nullptr;
    if (near.empty() || has) near = node.id.name + "." + (has ? where.parameter : "PARAMETER");
    if (has) break;
  }
  refuse(where, "this block is a composite, so it has no parameters of its own",
         near.empty() ? "" : "name a block in it: \"" + near + "\"");
}

Target findTarget(const Project& project, const std::string& pipeline, const std::string& block,
                  const std::string& name) {
  const Where where{.block = block, .parameter = name};
  if (block == "training") return {block, name, requireParam(trainingParams(), name, where)};
  if (block == "variables") {
    std::vector<std::string> names;
    for (const auto& [key, value] : project.variables.items()) names.push_back(key);
    if (!project.variables.contains(name)) refuse(where, "there is no such variable", didYouMean(name, names));
    return {block, name};
  }
  const Found found = findBlock(project, pipeline, where);
  if (name == "bypassed" && (found.type == nullptr || found.type->schema.findParam(name) == nullptr))
    return {block, name, nullptr, true};
  if (found.type == nullptr) refuseComposite(project, pipeline, where);
  return {.block = block,
          .name = name,
          .param = requireParam(found.type->schema.params, name, where),
          .is_set = found.node.params.contains(name)};
}

// Without a value: back to the default.
Edit editFor(const Project& project, const std::string& pipeline, const Target& target,
             std::optional<OrderedJson> value) {
  if (target.block == "training") return SetTraining{target.name, std::move(value)};
  if (target.block == "variables") return SetVariable{target.name, std::move(value)};
  const size_t slash = target.block.rfind('/');
  const bool inside = slash != std::string::npos;
  const NodeId id{inside ? target.block.substr(slash + 1) : target.block};
  const Edit edit = target.bypass ? Edit(Bypass{id, value && value->get<bool>()})
                    : value       ? Edit(SetParam{id, target.name, std::move(*value)})
                                  : Edit(ClearParam{id, target.name});
  return inside ? editInside(project, pipeline, target.block.substr(0, slash), edit) : edit;
}

// A text that names a variable is kept as it is: its type is known only when the variables are replaced.
bool namesVariable(const OrderedJson& value) {
  return value.is_string() && value.get_ref<const std::string&>().find("${") != std::string::npos;
}

// A variable has no schema: a number stays a number, everything else keeps its type.
OrderedJson variableFromText(const std::string& text, const OrderedJson& old) {
  Value like = valueFromJson(nlohmann::json(old));
  if (like.is<int64_t>()) like = 0.0;
  const Value value = valueFromText(text, like);
  if (value.is<double>() && value.as<double>() == static_cast<double>(static_cast<int64_t>(value.as<double>())))
    return static_cast<int64_t>(value.as<double>());
  return toJson(value);
}

void requireFit(const Target& target, const Value& value) {
  const std::string problem = target.param == nullptr ? "" : complaint(*target.param, value);
  if (!problem.empty()) throw Error({}, problem);
}

OrderedJson valueFor(const Project& project, const Target& target, const std::string& text) {
  if (namesVariable(text)) return text;
  if (target.block == "variables") return variableFromText(text, project.variables.at(target.name));
  const Value value = valueFromText(text, target.bypass ? Value(false) : target.param->fallback);
  requireFit(target, value);
  return toJson(value);
}

OrderedJson valueFor(const Target& target, const OrderedJson& json) {
  if (namesVariable(json) || target.block == "variables") return json;
  if (target.param != nullptr) settledValue(*target.param, json);
  if (target.bypass) valueFromJson(nlohmann::json(json), Value(false));
  return json;
}

}  // namespace

Edit editFromSetting(const Project& project, const std::string& pipeline, const std::string& setting) {
  const size_t equals = setting.find('='), dot = setting.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals || dot == 0 || dot + 1 == equals)
    refuse({}, "expected block.parameter=value, got \"" + setting + "\"", "for example training.epochs=20");
  const Target target =
      findTarget(project, pipeline, setting.substr(0, dot), setting.substr(dot + 1, equals - dot - 1));
  try {
    return editFor(project, pipeline, target, valueFor(project, target, setting.substr(equals + 1)));
  } catch (const Error& error) {
    refuse({.block = target.block, .parameter = target.name}, error.problem(), error.hint());
  }
}

Edit editFromConfig(const Project& project, const std::string& pipeline, std::string_view text,
                    const std::string& file) {
  const OrderedJson config = parseOrdered(text, file);
  if (!config.is_object()) refuse({.file = file}, "expected an object {block: {parameter: value}}", "");
  Compound out{"Settings of " + file, {}};
  Project now = project;  // an edit inside a composite starts from those before it
  for (const auto& [block, members] : config.items()) {
    if (!members.is_object())
      refuse({.file = file},
             pointerStep(block) + ": expected an object {parameter: value}, got " + members.dump().substr(0, 60), "");
    for (const auto& [name, value] : members.items()) {
      try {
        const Target target = findTarget(now, pipeline, block, name);
        if (value.is_null() && target.param != nullptr && block != "training" && !target.is_set) continue;
        out.edits.push_back(
            editFor(now, pipeline, target, value.is_null() ? std::nullopt : std::optional(valueFor(target, value))));
        now.apply(pipeline, out.edits.back());
      } catch (const Error& error) {
        refuse({.file = file}, pointerStep(block) + pointerStep(name) + ": " + error.problem(), error.hint());
      }
    }
  }
  return out;
}

void applySet(Project& project, const std::string& pipeline, const std::string& setting) {
  project.apply(pipeline, editFromSetting(project, pipeline, setting));
}

void applyConfig(Project& project, const std::string& pipeline, const std::filesystem::path& file) {
  project.apply(pipeline, editFromConfig(project, pipeline, readFile(file), file.string()));
}

}  // namespace blockyard
