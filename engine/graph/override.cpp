// Settings from the command line become edits of the project, so that a run from there and one from the window with the
// same changes are the same run.
#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/catalog.hpp"
#include "graph/acts.hpp"
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
  enum class Act { Set, Bypass, Remove, ChangeType } act = Act::Set;
  bool is_set = false;  // a parameter of a block that does not have its default
};

[[noreturn]] void refuseOverride(Where where, const std::string& problem, const std::string& hint) {
  throw Error(std::move(where), problem, hint, Fault::Usage);
}

const Param* requireParam(const std::vector<Param>& params, const std::string& name, const Where& where) {
  if (const Param* param = findParam(params, name)) return param;
  refuseOverride(where, "there is no such parameter", didYouMean(name, namesOf(params)));
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
    if (type == nullptr)
      refuseOverride(where, "the block \"" + node->type + "\" is unknown here, so it cannot be set", "");
    return {*node, type};
  }
  if (flat.composites.count(where.block) > 0) return {{.id = {where.block}}};
  std::vector<std::string> names{"training", "variables"};
  for (const auto& node : flat.graph.nodes()) names.push_back(node.id.name);
  for (const auto& [path, composite] : flat.composites) names.push_back(path);
  refuseOverride({}, "there is no block \"" + where.block + "\"", didYouMean(where.block, names));
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
  refuseOverride(where, "this block is a composite, so it has no parameters of its own",
                 near.empty() ? "" : "name a block in it: \"" + near + "\"");
}

Target findTarget(const Project& project, const std::string& pipeline, const std::string& block,
                  const std::string& name) {
  const Where where{.block = block, .parameter = name};
  if (block == "training") return {block, name, requireParam(trainingParams(), name, where)};
  if (block == "variables") {
    std::vector<std::string> names;
    for (const auto& [key, value] : project.variables.items()) names.push_back(key);
    if (!project.variables.contains(name)) refuseOverride(where, "there is no such variable", didYouMean(name, names));
    return {block, name};
  }
  const Found found = findBlock(project, pipeline, where);
  if (found.type == nullptr || found.type->schema.findParam(name) == nullptr) {
    if (name == "bypassed") return {block, name, nullptr, Target::Act::Bypass};
    if (name == "removed") return {block, name, nullptr, Target::Act::Remove};
    if (name == "block" && found.type != nullptr) return {block, name, nullptr, Target::Act::ChangeType};
  }
  if (found.type == nullptr) refuseComposite(project, pipeline, where);
  return {.block = block,
          .name = name,
          .param = requireParam(found.type->schema.params, name, where),
          .is_set = found.node.params.contains(name)};
}

// The block takes another type; settings that the new type does not know are dropped.
Edit editOfType(const Graph& graph, const NodeId& id, const std::string& type) {
  const BlockSchema& known = blockType(type).schema;
  Compound out{"Replace " + id.name, {}};
  for (const auto& [name, value] : graph.node(id).params.items())
    if (known.findParam(name) == nullptr) out.edits.push_back(ClearParam{id, name});
  out.edits.push_back(ChangeType{id, type});
  return out;
}

// Acts that need the graph the block lies in; a composite's is that of the composite.
Edit editOfGraph(const Project& project, const std::string& pipeline, const Target& target,
                 const std::optional<OrderedJson>& value) {
  if (target.block.find('/') != std::string::npos)
    throw Error({}, "a block inside a composite can be set and bypassed, not removed or replaced",
                "open the composite, or bypass the block");
  const NodeId id{target.block};
  const Graph& graph = project.graph(pipeline);
  if (target.act == Target::Act::ChangeType)
    return editOfType(graph, id, value ? value->get<std::string>() : graph.node(id).type);
  return value && value->get<bool>() ? removing(graph, {id}) : Edit(Compound{"Keep " + id.name, {}});
}

// Without a value: back to the default.
Edit editFor(const Project& project, const std::string& pipeline, const Target& target,
             std::optional<OrderedJson> value) {
  if (target.block == "training") return SetTraining{target.name, std::move(value)};
  if (target.block == "variables") return SetVariable{target.name, std::move(value)};
  if (target.act == Target::Act::Remove || target.act == Target::Act::ChangeType)
    return editOfGraph(project, pipeline, target, value);
  const size_t slash = target.block.rfind('/');
  const bool inside = slash != std::string::npos;
  const NodeId id{inside ? target.block.substr(slash + 1) : target.block};
  const Edit edit = target.act == Target::Act::Bypass ? Edit(Bypass{id, value && value->get<bool>()})
                    : value                           ? Edit(SetParam{id, target.name, std::move(*value)})
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

// The type of what is no parameter.
Value likeOf(const Target& target) {
  return target.act == Target::Act::ChangeType ? Value("") : Value(false);
}

OrderedJson valueFor(const Project& project, const Target& target, const std::string& text) {
  if (namesVariable(text)) return text;
  if (target.block == "variables") return variableFromText(text, project.variables.at(target.name));
  const Value value = valueFromText(text, target.param == nullptr ? likeOf(target) : target.param->fallback);
  requireFit(target, value);
  return toJson(value);
}

OrderedJson valueFor(const Target& target, const OrderedJson& json) {
  if (namesVariable(json) || target.block == "variables") return json;
  if (target.param != nullptr) settledValue(*target.param, json);
  if (target.param == nullptr) valueFromJson(nlohmann::json(json), likeOf(target));
  return json;
}

}  // namespace

Edit editFromSetting(const Project& project, const std::string& pipeline, const std::string& setting) {
  const size_t equals = setting.find('='), dot = setting.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals || dot == 0 || dot + 1 == equals)
    refuseOverride({}, "expected block.parameter=value, got \"" + setting + "\"", "for example training.epochs=20");
  const Target target =
      findTarget(project, pipeline, setting.substr(0, dot), setting.substr(dot + 1, equals - dot - 1));
  try {
    return editFor(project, pipeline, target, valueFor(project, target, setting.substr(equals + 1)));
  } catch (const Error& error) {
    refuseOverride({.block = target.block, .parameter = target.name}, error.problem(), error.hint());
  }
}

Edit editFromConfig(const Project& project, const std::string& pipeline, std::string_view text,
                    const std::string& file) {
  const OrderedJson config = parseOrdered(text, file);
  if (!config.is_object()) refuseOverride({.file = file}, "expected an object {block: {parameter: value}}", "");
  Compound out{"Settings of " + file, {}};
  Project now = project;  // an edit inside a composite starts from those before it
  for (const auto& [block, members] : config.items()) {
    if (!members.is_object())
      refuseOverride(
          {.file = file},
          pointerStep(block) + ": expected an object {parameter: value}, got " + members.dump().substr(0, 60), "");
    for (const auto& [name, value] : members.items()) {
      try {
        const Target target = findTarget(now, pipeline, block, name);
        if (value.is_null() && target.param != nullptr && block != "training" && !target.is_set) continue;
        out.edits.push_back(
            editFor(now, pipeline, target, value.is_null() ? std::nullopt : std::optional(valueFor(target, value))));
        now.apply(pipeline, out.edits.back());
      } catch (const Error& error) {
        refuseOverride({.file = file}, pointerStep(block) + pointerStep(name) + ": " + error.problem(), error.hint());
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
